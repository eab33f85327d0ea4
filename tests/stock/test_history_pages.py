"""The histories of an item, a lot, a holding, a location and a person, as pages and workbooks."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import ProcedureWanted, record, void
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.requests import ReceiptLine, StockLine, WasteReason
from inventory.web.tables import PAGE_SIZE
from tests.clinic import (
    NOW,
    dana,
    kenalog,
    lidocaine,
    logged,
    mara,
    needle,
    otto,
    place,
    priya,
    procedure_type,
    received,
    signed_in,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

OF_NEEDLES = "/catalog/items/needle-25g-15/history/"
OF_THE_ROOM = "/catalog/locations/room-1/history/"
YESTERDAY = NOW - timedelta(days=1)


def page(address: str, who: User | None = None) -> str:
    answer = signed_in(who or vic()).get(address)
    assert answer.status_code == 200
    return answer.text


def status(address: str, who: User) -> int:
    return signed_in(who).get(address).status_code


def of_person(person: User) -> str:
    return f"/people/{person.pk}/history/"


def exported(address: str) -> list[dict[str, Any]]:
    """The rows of the workbook, the newest first, by their headings."""
    joined = "&" if "?" in address else "?"
    answer = signed_in(vic()).get(f"{address}{joined}export=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if "What happened" in row)
    headings = [str(heading) for heading in rows[start]]
    return [dict(zip(headings, row, strict=True)) for row in rows[start + 1 :] if row[0]]


def discard(shelf: Holding, quantity: int, at: datetime = NOW) -> Movement:
    line = StockLine(shelf.lot.item, Decimal(quantity), holding=shelf)
    return ledger.waste(
        by=mara(),
        location=place(),
        lines=[line],
        reason=WasteReason.BROKEN,
        happened_at=at,
        now=at,
    )


def a_few_things() -> Holding:
    """Needles came yesterday; one was used, two broke and the lot was held today."""
    shelf = received(needle(), 20, lot="N1", at=YESTERDAY)
    logged(LineWanted(needle(), Decimal(1)))
    discard(shelf, 2)
    ledger.set_lot_status(
        shelf.lot, by=dana(), status=Lot.Status.QUARANTINED, reason="Wet carton", now=NOW
    )
    return shelf


# The pages


def test_everything_that_has_a_history_leads_to_it() -> None:
    shelf = received(needle(), 5)
    missing = [
        address
        for address in (
            "/catalog/items/needle-25g-15/",
            "/catalog/locations/room-1/",
            f"/stock/lots/{shelf.lot_id}/",
            f"/stock/holdings/{shelf.pk}/",
        )
        if f'href="{address}history/"' not in page(address)
    ]
    assert missing == []


def test_a_person_finds_their_own_history_in_their_account() -> None:
    assert f'href="{of_person(mara())}"' in page("/account/", mara())


@pytest.mark.parametrize("of", ["lots", "holdings"])
def test_a_lot_and_a_holding_tell_theirs_alone(of: str) -> None:
    shelf, other = received(needle(), 5, lot="N1"), received(needle(), 7, lot="N2")
    number = shelf.lot_id if of == "lots" else shelf.pk
    shown = page(f"/stock/{of}/{number}/history/")
    assert ("5 × Needle" in shown, f"7 × Needle, lot {other.lot}" in shown) == (True, False)


def test_a_location_tells_what_happened_there_alone() -> None:
    received(needle(), 5)
    received(kenalog(), 3, where="storeroom")
    shown = page(OF_THE_ROOM)
    assert ("5 × Needle" in shown, "Kenalog" in shown) == (True, False)


def test_a_person_is_told_what_they_did_alone() -> None:
    shelf = received(needle(), 5)
    discard(shelf, 2)
    shown = page(of_person(mara()), mara())
    assert ("discarded 2 × Needle" in shown, "received 5 × Needle" in shown) == (True, False)


def test_the_newest_comes_first_by_when_it_happened() -> None:
    received(needle(), 5, lot="TODAY")
    received(needle(), 7, lot="BEFORE", at=YESTERDAY)
    shown = page(OF_NEEDLES)
    assert shown.index("lot TODAY, into") < shown.index("lot BEFORE, into")


def test_a_row_leads_to_its_movement_its_procedure_and_its_lot() -> None:
    shelf = received(needle(), 5, at=YESTERDAY)
    procedure = logged(LineWanted(needle(), Decimal(1))).procedure
    shown = page(OF_NEEDLES)
    assert [
        f'href="{address}"' in shown
        for address in (
            f"/stock/movements/{procedure.movement_id}/",
            f"/procedures/{procedure.pk}/",
            f"/stock/lots/{shelf.lot_id}/",
        )
    ] == [True, True, True]


def test_what_was_undone_leads_to_what_undid_it_and_back() -> None:
    broken = discard(received(needle(), 5), 2)
    contrary = ledger.reverse(broken, by=dana(), reason="It was not", happened_at=NOW, now=NOW)
    shown = page(OF_NEEDLES)
    assert f'<a href="/stock/movements/{contrary.pk}/">undone by Dana Lindqvist, 10:15</a>' in shown
    assert f'<a href="/stock/movements/{broken.pk}/">what was undone</a>' in shown


def test_nothing_has_happened_to_a_new_item() -> None:
    needle()
    assert "Nothing has happened yet." in page(OF_NEEDLES)


def test_a_movements_page_begins_with_its_sentence() -> None:
    broken = discard(received(needle(), 5), 2)
    assert "Mara Ortiz discarded 2 × Needle 25G 1½ in, lot A1, in Room 1: broken" in page(
        f"/stock/movements/{broken.pk}/"
    )


def test_no_history_shows_an_encounter() -> None:
    received(needle(), 5)
    wanted = ProcedureWanted(
        procedure_type(),
        place(),
        NOW,
        encounter_ref="E-10492",
        lines=[LineWanted(needle(), Decimal(1))],
    )
    record(wanted, by=mara(), now=NOW)
    addresses = (OF_NEEDLES, OF_THE_ROOM, of_person(mara()))
    assert [address for address in addresses if "E-10492" in page(address, dana())] == []


# When it happened and when it was recorded


def backdated() -> None:
    day = date(2027, 12, 31)
    ledger.receive(
        by=dana(),
        location=place(),
        lines=[ReceiptLine(needle(), Decimal(5), "N1", day)],
        happened_at=NOW - timedelta(days=3),
        now=NOW,
    )


def test_what_was_recorded_later_shows_both_times() -> None:
    backdated()
    shown = page(OF_NEEDLES)
    assert (">Nov 20, 10:15</a>" in shown, "recorded 10:15" in shown) == (True, True)


def test_what_was_recorded_at_once_shows_one_time() -> None:
    received(needle(), 5)
    assert "recorded 10:15" not in page(OF_NEEDLES)


def test_a_workbook_keeps_both_times() -> None:
    backdated()
    (row,) = exported(OF_NEEDLES)
    assert (row["When"], row["Recorded"]) == (
        datetime(2026, 11, 20, 10, 15),  # noqa: DTZ001 - a workbook knows no time zones
        datetime(2026, 11, 23, 10, 15),  # noqa: DTZ001
    )


def test_the_days_asked_for_are_those_on_which_it_happened() -> None:
    backdated()
    assert "5 × Needle" in page(f"{OF_NEEDLES}?since=2026-11-20&until=2026-11-20")


# Filters


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["held", "discarded", "used", "received"]),
        ("?kind=receipt", ["received"]),
        ("?kind=use", ["used"]),
        ("?kind=waste", ["discarded"]),
        ("?kind=status", ["held"]),
        ("?by=dana", ["held", "received"]),
        ("?by=mara&kind=waste", ["discarded"]),
        ("?since=2026-11-23", ["held", "discarded", "used"]),
        ("?until=2026-11-22", ["received"]),
        ("?q=carton", ["held"]),
        ("?q=trigger+point", ["used"]),
        ("?q=n1+wet", ["held"]),
        ("?q=kenalog", []),
        ("?kind=transfer", []),
    ],
)
def test_a_history_narrows(query: str, found: list[str]) -> None:
    lot = a_few_things().lot_id
    shown = page(f"/stock/lots/{lot}/history/{query}")
    signs = {
        "held": "in quarantine: Wet",
        "discarded": "discarded 2",
        "used": "used 1",
        "received": "received 20",
    }
    assert [word for word, sign in signs.items() if sign in shown] == found


def test_a_lots_number_finds_its_part_of_an_items_history() -> None:
    received(needle(), 5, lot="N1")
    received(needle(), 7, lot="X2")
    shown = page(f"{OF_NEEDLES}?q=x2")
    assert ("7 × Needle" in shown, "5 × Needle" in shown) == (True, False)


def test_a_persons_history_asks_for_no_person() -> None:
    assert 'name="by"' not in page(of_person(mara()), mara())


@pytest.mark.parametrize(
    "query",
    [
        "?kind=everything",
        "?by=%00",
        "?by=nobody",
        "?since=never&until=9999-12-31",
        "?until=0001-01-01&since=9999-12-31",
        "?q=%00%25_%27",
        "?q=" + "x+" * 400,
        "?page=0",
        "?page=99999999999999999999",
        "?sort=sentence",
        "?export=pdf",
    ],
)
@pytest.mark.parametrize("address", [OF_NEEDLES, OF_THE_ROOM])
def test_an_odd_address_is_answered(address: str, query: str) -> None:
    a_few_things()
    assert "History of" in page(f"{address}{query}")


@pytest.mark.parametrize(
    "address",
    [
        "/catalog/items/nothing/history/",
        "/catalog/locations/nowhere/history/",
        "/stock/lots/999/history/",
        "/stock/lots/99999999999999999999/history/",
        "/stock/holdings/999/history/",
        "/people/999/history/",
    ],
)
def test_what_is_not_there_has_no_history(address: str) -> None:
    assert status(address, dana()) == 404


def test_a_history_is_only_read() -> None:
    received(needle(), 5)
    assert signed_in(dana()).post(OF_NEEDLES).status_code == 405


# The workbook


def test_a_workbook_has_a_row_for_each_thing_that_happened() -> None:
    a_few_things()
    assert [(row["What"], row["Who"]) for row in exported(OF_NEEDLES)] == [
        ("Discarded", "Mara Ortiz"),
        ("Used", "Mara Ortiz"),
        ("Held", "Dana Lindqvist"),
        ("Received", "Dana Lindqvist"),
    ]


def test_a_workbook_says_each_thing_in_columns_of_its_own() -> None:
    a_few_things()
    row = exported(f"{OF_NEEDLES}?kind=waste")[0]
    assert [row[name] for name in ("What happened", "Item", "Lot", "Where", "Change")] == [
        "Mara Ortiz discarded 2 × Needle 25G 1½ in, lot N1, in Room 1: broken",
        "Needle 25G 1½ in",
        "N1",
        "Room 1",
        -2,
    ]


def test_a_workbook_says_what_was_undone() -> None:
    broken = discard(received(needle(), 5), 2)
    ledger.reverse(broken, by=dana(), reason="It was not", happened_at=NOW, now=NOW)
    row = exported(f"{OF_NEEDLES}?kind=waste")[0]
    assert row["Undone"] == "undone by Dana Lindqvist, 10:15"


def test_a_workbook_holds_more_than_a_page() -> None:
    many(PAGE_SIZE + 5)
    assert len(exported(OF_NEEDLES)) == PAGE_SIZE + 5


def test_a_workbook_of_many_items_leaves_the_change_empty() -> None:
    received(needle(), 5, at=YESTERDAY)
    received(kenalog(), 5, at=YESTERDAY)
    logged(LineWanted(needle(), Decimal(1)), LineWanted(kenalog(), Decimal(1)))
    row = exported(f"{OF_THE_ROOM}?kind=use")[0]
    assert [row[name] for name in ("Item", "Lot", "Where", "Change")] == [
        None,
        None,
        "Room 1",
        None,
    ]


# Who may see what


@pytest.mark.parametrize("who", [mara, dana, priya, vic])
def test_everybody_who_has_a_role_reads_what_happened_to_stock(who: Any) -> None:
    shelf = received(needle(), 5)
    addresses = (
        OF_NEEDLES,
        OF_THE_ROOM,
        f"/stock/lots/{shelf.lot_id}/history/",
        f"/stock/holdings/{shelf.pk}/history/",
    )
    assert [status(address, who()) for address in addresses] == [200, 200, 200, 200]


@pytest.mark.parametrize("who", [mara, dana, priya, vic])
def test_everybody_reads_what_they_did_themselves(who: Any) -> None:
    assert status(of_person(who()), who()) == 200


def test_a_manager_reads_what_anybody_did() -> None:
    assert [status(of_person(other()), dana()) for other in (mara, priya, vic)] == [200, 200, 200]


@pytest.mark.parametrize("who", [mara, priya, vic])
def test_others_do_not_read_what_a_colleague_did(who: Any) -> None:
    assert status(of_person(dana()), who()) == 403


@pytest.mark.parametrize("export", ["", "?export=xlsx"])
def test_a_nurse_is_not_told_whether_there_is_such_a_person(export: str) -> None:
    assert status(f"/people/999/history/{export}", mara()) == 403


def test_who_has_no_role_reads_no_history() -> None:
    received(needle(), 5)
    assert [status(address, otto()) for address in (OF_NEEDLES, of_person(otto()))] == [403, 403]


# Long histories


def many(movements: int) -> None:
    """Needles come so many times, a minute apart; the first is lot M0."""
    for number in range(movements):
        at = NOW - timedelta(minutes=movements - number)
        received(needle(), 1, lot=f"M{number}", at=at)


def test_pages_follow_each_other_without_a_gap() -> None:
    many(PAGE_SIZE + 2)
    first, second = page(OF_NEEDLES), page(f"{OF_NEEDLES}?page=2")
    shown = [sum(f"lot M{n}," in text for n in range(PAGE_SIZE + 2)) for text in (first, second)]
    assert (shown, "lot M1," in second) == ([PAGE_SIZE, 2], True)


def test_moments_that_are_alike_are_shown_once_each() -> None:
    for number in range(PAGE_SIZE + 2):
        received(needle(), 1, lot=f"S{number}")
    both = page(OF_NEEDLES) + page(f"{OF_NEEDLES}?page=2")
    assert [n for n in range(PAGE_SIZE + 2) if both.count(f"lot S{n}, into") != 1] == []


def queries(address: str, django_assert_max_num_queries: Any, most: int) -> None:
    client = signed_in(dana())
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


@pytest.mark.parametrize("of", ["item", "lot", "holding", "location", "person"])
def test_a_history_costs_no_more_queries_with_more_in_it(
    of: str, django_assert_max_num_queries: Any
) -> None:
    shelf = received(needle(), 90, at=YESTERDAY)
    received(lidocaine(), 200, at=YESTERDAY)
    for number in range(12):
        procedure = logged(
            LineWanted(needle(), Decimal(1)), LineWanted(lidocaine(), Decimal(2))
        ).procedure
        discard(shelf, 1)
        line = StockLine(needle(), Decimal(shelf.lot.holdings.get().quantity - 1), holding=shelf)
        ledger.count(
            by=mara(), location=place(), lines=[line], reason="Count", happened_at=NOW, now=NOW
        )
        if number % 3 == 0:
            supplies = Procedure.Supplies.RETURNED
            void(procedure, by=mara(), reason="Twice", supplies=supplies, now=NOW)
    address = {
        "item": OF_NEEDLES,
        "lot": f"/stock/lots/{shelf.lot_id}/history/",
        "holding": f"/stock/holdings/{shelf.pk}/history/",
        "location": OF_THE_ROOM,
        "person": of_person(mara()),
    }[of]
    queries(address, django_assert_max_num_queries, most=28)
