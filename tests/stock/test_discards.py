"""The discard list: all that must not be used, by place, ticked off together."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils.html import strip_tags
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.audit import check_ledger
from inventory.stock.costs import cost_of, total_of
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.requests import StockLine, Want, WasteReason
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    opened_vial,
    otto,
    place,
    priya,
    received,
    signed_in,
    used,
    vic,
)
from tests.walk import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

LIST = "/stock/discards/"
YESTERDAY = TODAY - timedelta(days=1)
TICKED = re.compile(r'name="tick-(\d+)" value="1" checked')


@pytest.fixture(autouse=True)
def _the_ledger_holds(db: None) -> Iterator[None]:
    yield
    assert check_ledger().differences == []


@pytest.fixture
def expired() -> Holding:
    """3 expired vials of Kenalog at $14.05 in Room 1."""
    return received(kenalog(), 3, "K1", YESTERDAY, unit_cost=Decimal("14.05"))


@pytest.fixture
def past() -> Holding:
    """16 mL of lidocaine at 45 cents in a vial that was opened too long ago, in Room 2."""
    then = NOW - timedelta(days=40)
    received(lidocaine(), 20, "L1", where="room-2", at=then, unit_cost=Decimal("0.45"))
    used(Want(lidocaine(), Decimal(4)), where="room-2", at=then)
    return opened_vial(lidocaine())


@pytest.fixture
def recalled() -> Holding:
    """100 needles in Room 1, of which nobody knows the cost, and which must come back."""
    return held(received(needle(), 100, "N1"), Lot.Status.RECALLED)


@pytest.fixture
def quarantined() -> Holding:
    """2 vials of Kenalog in Room 1 that came wet."""
    return held(received(kenalog(), 2, "K2"), Lot.Status.QUARANTINED)


def held(holding: Holding, status: Lot.Status) -> Holding:
    ledger.set_lot_status(holding.lot, by=dana(), status=status, reason="Came wet", now=NOW)
    return Holding.objects.with_lot().get(pk=holding.pk)


def shown(query: str = "", who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(f"{LIST}{query}")
    assert answer.status_code == 200
    return answer.text


def words_of(page: str) -> str:
    return " ".join(strip_tags(page.replace("<", " <")).split())


def ticked_in(page: str) -> set[int]:
    return {int(number) for number in TICKED.findall(page)}


def form(*ticked: Holding, page: str = "") -> dict[str, str]:
    """Return what the page sends when exactly these are ticked."""
    fields = fields_of(page or shown())
    ticks = {f"tick-{holding.pk}" for holding in ticked}
    return {
        name: value
        for name, value in fields.items()
        if name in ticks or name.startswith(("reason-", "seen-", "submission_key"))
    }


def send(fields: dict[str, str], who: User | None = None) -> Any:
    return signed_in(who or mara()).post(f"{LIST}add/", fields, follow=True)


def wasted() -> dict[tuple[str, str], dict[str, Decimal]]:
    """What was wasted, by place and reason: how much of each lot."""
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    for movement in Movement.objects.filter(kind=Movement.Kind.WASTE):
        entries = list(movement.entries.select_related("location", "holding__lot"))
        [location] = {entry.location for entry in entries}
        assert (location.code, movement.reason) not in found
        lots = {entry.holding.lot.number: -entry.quantity for entry in entries}
        found[location.code, movement.reason] = lots
    return found


# The list


def test_everything_that_must_not_be_used_is_listed_with_why_and_what_it_cost(
    expired: Holding, past: Holding, recalled: Holding, quarantined: Holding
) -> None:
    good = received(gauze(), 10)
    page = shown()
    words = words_of(page)
    for part in (
        "Room 1 3 rows, $42.15, and 2 without a known cost",
        "Lot K1 expired last day Nov 22, 2026 3 vials 3 mL $42.15",
        "Lot K2 quarantined Came wet · Dana Lindqvist; it may be released 2 vials",
        "Lot N1 recalled Came wet · Dana Lindqvist 100",
        "Room 2 1 row, $7.20",
        "Lot L1 · opened Oct 14, 11:15 past beyond-use last day Nov 11, 2026 open vial 16 mL $7.20",
    ):
        assert part in words
    assert f"tick-{good.pk}" not in page


def test_all_is_ticked_beforehand_but_what_may_yet_be_released(
    expired: Holding, past: Holding, recalled: Holding, quarantined: Holding
) -> None:
    assert ticked_in(shown()) == {expired.pk, past.pk, recalled.pk}
    assert "Discard 3, $49.35" in shown()


def test_each_row_proposes_its_own_reason(
    expired: Holding, past: Holding, recalled: Holding, quarantined: Holding
) -> None:
    fields = fields_of(shown())
    reasons = [fields[f"reason-{row.pk}"] for row in (expired, past, recalled, quarantined)]
    assert reasons == ["expired", "beyond_use", "recalled", "other"]


def test_the_last_usable_day_itself_is_not_listed() -> None:
    received(kenalog(), 3, expires_on=TODAY)
    assert "Everything on the shelf may be used." in shown()


def test_the_list_narrows_to_a_place(expired: Holding, past: Holding) -> None:
    assert ticked_in(shown("?location=room-2")) == {past.pk}
    assert "Nothing to discard matches" in shown("?q=nothing")


def test_the_list_goes_into_a_sheet_with_its_total(expired: Holding, past: Holding) -> None:
    answer = signed_in(priya()).get(f"{LIST}?export=xlsx")
    sheet: Any = load_workbook(BytesIO(answer.content)).active
    titles, first, second, total = sheet.iter_rows(values_only=True)
    rows = [dict(zip(titles, row, strict=True)) for row in (first, second)]
    assert [row["To discard as"] for row in rows] == ["Expired", "Past beyond-use"]
    assert [row["Cost"] for row in rows] == [42.15, 7.2]
    assert str(total[titles.index("Cost")]).startswith("=SUM(")


@pytest.mark.parametrize("query", ["?q=%00", "?location=nowhere", "?page=x", "?q=VIAL-1-01"])
def test_an_odd_address_is_answered(expired: Holding, query: str) -> None:
    shown(query)


# Discarding


def test_what_is_ticked_goes_together_by_place_and_reason(
    expired: Holding, past: Holding, recalled: Holding, quarantined: Holding
) -> None:
    answer = send(form(expired, past, recalled))
    assert wasted() == {
        ("room-1", "expired"): {"K1": 3},
        ("room-2", "beyond_use"): {"L1": 16},
        ("room-1", "recalled"): {"N1": 100},
    }
    words = words_of(answer.text)
    assert "3 rows discarded, at a cost of $49.35, and 1 without a known cost." in words
    assert "Room 2: Past beyond-use" in words
    assert ticked_in(shown()) == set()
    assert (on_hand(kenalog()), on_hand(lidocaine()), on_hand(needle())) == (2, 0, 0)


def test_two_lots_of_one_place_and_reason_are_one_movement(expired: Holding) -> None:
    other = received(needle(), 7, "N7", YESTERDAY)
    send(form(expired, other))
    assert wasted() == {("room-1", "expired"): {"K1": 3, "N7": 7}}


def test_a_nurse_may_say_another_reason(expired: Holding) -> None:
    send(form(expired) | {f"reason-{expired.pk}": "other"})
    assert wasted() == {("room-1", "other"): {"K1": 3}}


def test_what_is_not_ticked_stays(expired: Holding, past: Holding) -> None:
    send(form(past))
    assert (on_hand(kenalog()), on_hand(lidocaine())) == (3, 0)


def test_managers_and_purchasers_see_on_the_movement_what_it_cost(expired: Holding) -> None:
    send(form(expired))
    path = f"/stock/movements/{Movement.objects.get(kind=Movement.Kind.WASTE).pk}/"
    told = ["Cost of the waste" in signed_in(who()).get(path).text for who in (dana, priya, mara)]
    assert told == [True, True, False]


# It stands or falls as one


def test_nothing_is_discarded_when_one_row_has_changed(expired: Holding, past: Holding) -> None:
    fields = form(expired, past)
    some = StockLine(kenalog(), Decimal(1), holding=expired)
    ledger.waste(
        by=dana(),
        location=place(),
        lines=[some],
        reason=WasteReason.BROKEN,
        happened_at=NOW,
        now=NOW,
    )
    answer = send(fields)
    assert answer.status_code == 422
    assert (
        "Nothing was discarded: something has changed since you looked. Kenalog-40 1 mL"
        " single-dose vial, lot K1: now 2 mL in Room 1, expired Nov 22, 2026." in answer.text
    )
    assert wasted() == {("room-1", "broken"): {"K1": 1}}


def test_what_is_not_tracked_by_lot_is_named_by_its_item_alone() -> None:
    shelf = received(gauze(), 100, "", expires_on=TODAY - timedelta(days=1))
    answer = send({f"tick-{shelf.pk}": "on", f"seen-{shelf.pk}": "x", f"reason-{shelf.pk}": ""})
    assert f"Say why {gauze().name} is discarded." in answer.text


def test_after_a_look_at_what_has_changed_the_same_press_goes_through(
    expired: Holding, past: Holding
) -> None:
    fields = form(expired, past)
    Lot.objects.filter(pk=past.lot_id).update(expires_on=YESTERDAY)
    refused = send(fields)
    assert refused.status_code == 422
    assert ticked_in(refused.text) == {expired.pk, past.pk}
    assert send(form(expired, past, page=refused.text)).status_code == 200
    assert on_hand(kenalog()) == on_hand(lidocaine()) == 0


def test_a_refused_list_keeps_what_was_ticked_and_chosen(
    expired: Holding, past: Holding, recalled: Holding
) -> None:
    fields = form(expired, recalled) | {f"reason-{expired.pk}": "other"}
    refused = send(fields | {f"seen-{recalled.pk}": "5 in room-1, recalled"})
    assert ticked_in(refused.text) == {expired.pk, recalled.pk}
    assert fields_of(refused.text)[f"reason-{expired.pk}"] == "other"


def test_a_lot_that_was_released_meanwhile_is_kept(expired: Holding, quarantined: Holding) -> None:
    fields = form(expired, quarantined)
    held(quarantined, Lot.Status.AVAILABLE)
    answer = send(fields)
    assert "lot K2: now 2 mL in Room 1, and it may be used." in answer.text
    assert wasted() == {}


def test_stock_that_was_moved_meanwhile_is_kept(expired: Holding, past: Holding) -> None:
    fields, line = form(expired, past), StockLine(lidocaine(), holding=past)
    ledger.transfer(
        by=dana(),
        source=place("room-2"),
        destination=place("room-3"),
        lines=[line],
        happened_at=NOW,
        now=NOW,
    )
    assert "lot L1: now 16 mL in Room 3, past beyond-use Nov 11, 2026." in send(fields).text
    assert wasted() == {}


# Pressing twice, and after somebody else


def test_two_presses_of_one_button_discard_once(expired: Holding, past: Holding) -> None:
    fields = form(expired, past)
    first, second = send(fields), send(fields)
    assert first.redirect_chain == second.redirect_chain
    assert len(wasted()) == 2


def test_one_button_does_not_discard_something_else_the_second_time(
    expired: Holding, past: Holding
) -> None:
    page = shown()
    send(form(expired, page=page))
    answer = send(form(past, page=page))
    assert answer.status_code == 422
    assert "used before with other contents" in answer.text
    assert on_hand(lidocaine()) == 16


def test_the_second_nurse_hears_that_the_first_was_faster(expired: Holding, past: Holding) -> None:
    mine, yours = form(expired, past), form(past)
    send(yours, who=dana())
    answer = send(mine)
    assert "lot L1: none of it is left in Room 2; somebody was faster." in answer.text
    assert on_hand(kenalog()) == 3


# Nonsense


def test_nothing_ticked_discards_nothing(expired: Holding) -> None:
    answer = send(form())
    assert (answer.status_code, wasted()) == (422, {})
    assert "Tick what you discard." in answer.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reason", "", "Say why Kenalog-40 1 mL single-dose vial, lot K1, is discarded."),
        ("reason", "stolen", "lot K1: expected one of the reasons of the page."),
        ("reason", "expired\0", "lot K1: expected one of the reasons of the page."),
        ("seen", "", "lot K1: expected a row of this page."),
        ("seen", "x" * 5000, "at most 200 characters"),
        ("seen", "3\0", "a character that cannot be shown"),
        ("seen", "999 in room-1, expired 2026-11-22", "something has changed since you looked"),
    ],
)
def test_a_row_that_is_not_of_the_page_is_refused(
    expired: Holding, field: str, value: str, sentence: str
) -> None:
    answer = send(form(expired) | {f"{field}-{expired.pk}": value})
    assert (answer.status_code, wasted()) == (422, {})
    assert sentence in answer.text


@pytest.mark.parametrize("tick", ["x", "", "-1", "1.5", "٣", "9" * 18, "9" * 40, "1\0"])
def test_a_tick_of_nothing_is_no_tick(expired: Holding, tick: str) -> None:
    answer = send(form() | {f"tick-{tick}": "1"})
    assert (answer.status_code, wasted()) == (422, {})
    assert "Tick what you discard." in answer.text


@pytest.mark.parametrize("movements", ["", "x", "1,x,,%00", "9" * 40, "-1", ",".join("1" * 600)])
def test_a_page_of_what_nobody_discarded_says_so(expired: Holding, movements: str) -> None:
    answer = signed_in(mara()).get(f"{LIST}done/", {"movements": movements})
    assert "Nothing was discarded here." in answer.text


# Who


@pytest.mark.parametrize(
    ("who", "handles"), [(mara, True), (dana, True), (priya, False), (vic, False)]
)
def test_all_look_and_those_who_treat_or_manage_discard(
    expired: Holding, who: Any, handles: bool
) -> None:
    page = shown(who=who())
    assert "K1" in page
    assert ('id="discard-press"' in page, "tick-" in page) == (handles, handles)
    fields = form(expired)
    assert send(fields, who=who()).status_code == (200 if handles else 403)
    assert on_hand(kenalog()) == (0 if handles else 3)


def test_somebody_without_a_role_sees_nothing(expired: Holding) -> None:
    assert signed_in(otto()).get(LIST).status_code == 403


# What it costs


def test_each_line_is_rounded_to_the_cent_by_itself() -> None:
    costs = [cost_of(Decimal(quantity), Decimal("0.0825")) for quantity in ("1", "1", "12.5")]
    assert costs == [Decimal("0.08"), Decimal("0.08"), Decimal("1.03")]
    assert total_of(costs).known == Decimal("1.19")


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ([], "$0.00"),
        ([Decimal("1.50"), Decimal(2)], "$3.50"),
        ([Decimal("1.50"), None], "$1.50, and 1 without a known cost"),
        ([None, None], "cost not known"),
    ],
)
def test_a_total_never_hides_what_nobody_knows(costs: list[Decimal | None], words: str) -> None:
    assert str(total_of(costs)) == words
