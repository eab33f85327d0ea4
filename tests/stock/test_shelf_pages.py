"""Moving, discarding and counting on the pages that list what is in one place."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.accounts.models import User
from inventory.catalog.models import Location, LocationLevel
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    opened_vial,
    place,
    priya,
    received,
    signed_in,
    used,
    vic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

PAGES = ("transfer", "discard", "count")


def shown(address: str, who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(f"/stock/{address}")
    assert answer.status_code == 200
    return answer.text


def send(address: str, numbers: dict[Holding, str], **form: str) -> Any:
    fields = {f"holding-{holding.pk}": number for holding, number in numbers.items()}
    known = {"submission_key": str(uuid4())}
    return signed_in(mara()).post(f"/stock/{address}", known | fields | form, follow=True)


def in_place(item: Any, location: Location) -> Decimal:
    found = Holding.objects.filter(lot__item=item, location=location)
    return sum((holding.quantity for holding in found), Decimal(0))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", [mara, dana])
def test_nurses_and_managers_handle_stock(page: str, who: Any) -> None:
    assert signed_in(who()).get(f"/stock/{page}/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", [priya, vic])
def test_others_do_not(page: str, who: Any) -> None:
    assert signed_in(who()).get(f"/stock/{page}/").status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query",
    ["?holding=999", "?holding=x", "?holding=99999999999999999999", "?location=%00&item=%00"],
)
def test_an_odd_address_is_answered(page: str, query: str) -> None:
    assert signed_in(mara()).get(f"/stock/{page}/{query}").status_code == 200


def test_the_shelf_narrows_to_the_item_looked_for() -> None:
    received(needle(), 5)
    received(kenalog(), 5)
    page = shown("discard/?location=room-1&item=kena")
    assert (kenalog().name in page, needle().name in page) == (True, False)


# Move


def test_two_sealed_vials_move_to_the_room() -> None:
    shelf = received(lidocaine(), 100, where="storeroom")
    place("room-1")
    send("transfer/?from=storeroom", {shelf: "2"}, destination="room-1")
    assert (in_place(lidocaine(), place("storeroom")), in_place(lidocaine(), place())) == (60, 40)


def test_an_opened_vial_moves_as_it_is() -> None:
    received(lidocaine(), 20)
    used(Want(lidocaine(), Decimal(4)))
    vial = opened_vial(lidocaine())
    place("room-2")
    send("transfer/?from=room-1", {vial: "on"}, destination="room-2")
    vial.refresh_from_db()
    assert (vial.location, vial.quantity) == (place("room-2"), 16)


def test_a_restock_is_filled_in_up_to_par_the_first_to_expire_first() -> None:
    later = received(lidocaine(), 100, lot="LATER", where="storeroom")
    sooner = received(
        lidocaine(), 40, lot="SOON", where="storeroom", expires_on=TODAY + timedelta(days=60)
    )
    LocationLevel.objects.create(
        item=lidocaine(), location=place("room-1"), reorder_point=20, par_level=90
    )
    page = shown("transfer/?item=lido-1-20&from=storeroom&to=room-1")
    assert [
        f'name="holding-{shelf.pk}" value="{n}"' in page for shelf, n in ((sooner, 2), (later, 3))
    ] == [True, True]


def test_more_than_there_is_does_not_move() -> None:
    shelf = received(needle(), 5, where="storeroom")
    place("room-1")
    answer = send("transfer/?from=storeroom", {shelf: "6"}, destination="room-1")
    assert (answer.status_code, in_place(needle(), place("storeroom"))) == (422, 5)


def test_a_place_does_not_move_to_itself() -> None:
    shelf = received(needle(), 5)
    answer = send("transfer/?from=room-1", {shelf: "1"}, destination="room-1")
    assert "in Room 1 already" in answer.text


def test_a_recalled_lot_may_still_be_set_aside() -> None:
    shelf = received(needle(), 5)
    ledger.set_lot_status(
        shelf.lot, by=dana(), status=Lot.Status.RECALLED, reason="Notice", now=NOW
    )
    place("quarantine")
    send(f"transfer/?holding={shelf.pk}", {shelf: "5"}, destination="quarantine")
    assert in_place(needle(), place("quarantine")) == 5


# Discard


def test_the_page_of_one_expired_lot_needs_one_press() -> None:
    shelf = received(lidocaine(), 40, expires_on=TODAY - timedelta(days=1))
    page = shown(f"discard/?holding={shelf.pk}")
    chosen = '<option value="expired" selected>'
    assert (f'name="holding-{shelf.pk}" value="2"' in page, chosen in page) == (True, True)


def test_the_page_of_one_opened_vial_discards_what_is_left() -> None:
    received(lidocaine(), 20, at=NOW - timedelta(days=40))
    used(Want(lidocaine(), Decimal("4.5")), at=NOW - timedelta(days=40))
    vial = opened_vial(lidocaine())
    page = shown(f"discard/?holding={vial.pk}")
    chosen = '<option value="beyond_use" selected>'
    assert (f'name="holding-{vial.pk}" value="15.5"' in page, chosen in page) == (True, True)


def test_what_is_discarded_is_gone_with_its_reason() -> None:
    shelf = received(lidocaine(), 40)
    send(f"discard/?holding={shelf.pk}", {shelf: "1"}, reason="broken")
    assert (on_hand(lidocaine()), Movement.objects.latest("pk").reason) == (20, "broken")


def test_a_recalled_lot_is_discarded_as_recalled() -> None:
    shelf = received(lidocaine(), 40)
    ledger.set_lot_status(
        shelf.lot, by=dana(), status=Lot.Status.RECALLED, reason="Notice", now=NOW
    )
    assert '<option value="recalled" selected>' in shown(f"discard/?holding={shelf.pk}")


def test_pressing_twice_discards_once() -> None:
    shelf, key = received(needle(), 5), str(uuid4())
    for _ in range(2):
        answer = send("discard/?location=room-1", {shelf: "1"}, reason="broken", submission_key=key)
    assert (answer.status_code, on_hand(needle())) == (200, 4)


def test_the_same_key_with_another_number_is_refused() -> None:
    shelf, key = received(needle(), 5), str(uuid4())
    for number in ("1", "2"):
        answer = send(
            "discard/?location=room-1", {shelf: number}, reason="broken", submission_key=key
        )
    assert (answer.status_code, on_hand(needle())) == (422, 4)


@pytest.mark.parametrize(
    ("number", "reason", "sentence"),
    [
        ("1", "", "Choose one."),
        ("", "broken", "Say what to discard"),
        ("0", "broken", "Expected a quantity above 0"),
        ("1.5", "broken", "counted in whole pieces"),
        ("-1", "broken", "greater than or equal to 0"),
        ("6", "broken", "Not enough stock"),
        ("x", "broken", "Expected an amount like 2 or 0.5"),
        ("1e9", "broken", ""),
        ("NaN", "broken", ""),
    ],
)
def test_it_refuses_what_cannot_be_discarded(number: str, reason: str, sentence: str) -> None:
    shelf = received(needle(), 5)
    answer = send("discard/?location=room-1", {shelf: number}, reason=reason)
    assert (answer.status_code, sentence in answer.text, on_hand(needle())) == (422, True, 5)


def test_a_number_for_what_is_gone_meanwhile_is_not_passed_over() -> None:
    gone, there = received(needle(), 1), received(kenalog(), 5)
    used(Want(needle(), Decimal(1)))
    answer = send("discard/?location=room-1", {gone: "1", there: "1"}, reason="broken")
    assert (answer.status_code, on_hand(kenalog())) == (422, 5)


def test_a_number_for_what_moved_meanwhile_is_not_passed_over() -> None:
    elsewhere, there = received(needle(), 1, where="room-2"), received(kenalog(), 5)
    answer = send("discard/?location=room-1", {elsewhere: "1", there: "1"}, reason="broken")
    assert (answer.status_code, on_hand(kenalog())) == (422, 5)


# Count


def test_a_count_makes_the_shelf_what_was_counted() -> None:
    shelf = received(lidocaine(), 100)
    answer = send("count/?location=room-1", {shelf: "4"}, reason="Count")
    assert (on_hand(lidocaine()), "20 mL less than expected" in answer.text) == (80, True)


class TestWhatMovesWhileItIsCounted:
    """Mara has the page of Room 1 open, which shows ten needles; meanwhile two are logged."""

    @pytest.fixture
    def needles(self) -> Holding:
        return received(needle(), 10)

    def counted(self, needles: Holding, number: str, **form: str) -> Any:
        form = {"shown": f"{needles.pk}:10", "reason": "Count", **form}
        return send("count/?location=room-1", {needles: number}, **form)

    def test_the_page_sends_back_what_it_showed(self, needles: Holding) -> None:
        page = shown("count/?location=room-1")
        assert f'name="shown" value="{needles.pk}:10"' in page

    def test_what_was_used_since_the_page_was_opened_is_not_overwritten(
        self, needles: Holding
    ) -> None:
        used(Want(needle(), Decimal(2)))
        answer = self.counted(needles, "10")
        assert (answer.status_code, on_hand(needle())) == (422, 8)
        assert "The ledger said 10 when this page was opened, and says 8 now." in answer.text

    def test_nothing_that_was_typed_is_lost(self, needles: Holding) -> None:
        other = received(kenalog(), 5)
        used(Want(needle(), Decimal(2)))
        typed = {f"holding-{other.pk}": "4", "reason": "Before the audit"}
        form = self.counted(needles, "9", **typed).context["form"]
        typed[f"holding-{needles.pk}"] = "9"
        assert {name: form[name].value() for name in typed} == typed
        assert on_hand(kenalog()) == 5

    def test_saved_again_it_is_what_is_there_now(self, needles: Holding) -> None:
        used(Want(needle(), Decimal(2)))
        again = self.counted(needles, "7").context["form"]["shown"].value()
        assert again == f"{needles.pk}:8"
        self.counted(needles, "7", shown=again)
        assert on_hand(needle()) == 7

    def test_a_scan_forgets_nothing_that_a_typed_row_showed(self, needles: Holding) -> None:
        other = received(kenalog(), 5)
        used(Want(needle(), Decimal(2)), Want(kenalog(), Decimal(1)))
        showed = f"{needles.pk}:10,{other.pk}:5"
        page = self.counted(needles, "10", scan="NDC 1", shown=showed)
        kept = set(page.context["form"]["shown"].value().split(","))
        assert kept == {f"{needles.pk}:10", f"{other.pk}:4"}

    def test_what_moves_in_a_row_that_is_left_empty_is_nobodys_business(
        self, needles: Holding
    ) -> None:
        other = received(kenalog(), 5)
        used(Want(needle(), Decimal(2)))
        self.counted(needles, "", **{f"holding-{other.pk}": "4"})
        assert (on_hand(needle()), on_hand(kenalog())) == (8, 4)

    def test_what_somebody_has_used_up_meanwhile_is_told_too(self, needles: Holding) -> None:
        used(Want(needle(), Decimal(10)))
        answer = self.counted(needles, "10")
        assert (answer.status_code, "and says 0 now." in answer.text) == (422, True)

    def test_what_a_page_does_not_say_is_not_asked_about(self, needles: Holding) -> None:
        for junk in ("", "x", "9" * 400, f"{'9' * 18}:1", f"{needles.pk}:-1", "²:³"):
            answer = send("count/?location=room-1", {needles: "10"}, shown=junk, reason="Count")
            assert (answer.status_code, on_hand(needle())) == (200, 10)

    @pytest.mark.parametrize("junk", ["\0", "x" * 40_001])
    def test_what_no_page_says_is_refused_with_a_sentence(
        self, needles: Holding, junk: str
    ) -> None:
        answer = send("count/?location=room-1", {needles: "4"}, shown=junk, reason="Count")
        assert (answer.status_code, on_hand(needle())) == (422, 10)
        assert 'role="alert"' in answer.text


def test_an_empty_row_is_left_as_it_is() -> None:
    counted, other = received(needle(), 5), received(kenalog(), 5)
    send("count/?location=room-1", {counted: "0", other: ""}, reason="Count")
    assert (on_hand(needle()), on_hand(kenalog())) == (0, 5)


def test_a_count_as_expected_says_so() -> None:
    shelf = received(needle(), 5)
    answer = send("count/?location=room-1", {shelf: "5"}, reason="Count")
    assert "Counted 1: all as expected." in answer.text


def test_pieces_are_said_as_a_number_alone() -> None:
    shelf = received(needle(), 5)
    answer = send("count/?location=room-1", {shelf: "3"}, reason="Count")
    assert f"{needle().name} 2 less than expected." in answer.text


def test_a_vial_that_nobody_knew_of_is_counted_in_by_its_lot() -> None:
    received(lidocaine(), 40, where="storeroom")
    shelf = received(needle(), 5)
    send(
        "count/?location=room-1",
        {shelf: "5"},
        reason="Count",
        found_item="lido-1-20",
        found_lot="a1",
        found_counted="20",
    )
    assert in_place(lidocaine(), place("room-1")) == 20


def test_a_lot_that_nobody_knows_is_received_and_not_counted() -> None:
    shelf = received(needle(), 5)
    lidocaine()
    answer = send(
        "count/?location=room-1",
        {shelf: "5"},
        reason="Count",
        found_item="lido-1-20",
        found_lot="??",
        found_counted="20",
    )
    assert ("Receive it instead" in answer.text, on_hand(lidocaine())) == (True, 0)


def test_a_vial_cannot_hold_more_than_it_is_made_for() -> None:
    received(lidocaine(), 20)
    used(Want(lidocaine(), Decimal(4)))
    vial = opened_vial(lidocaine())
    answer = send("count/?location=room-1", {vial: "30"}, reason="Count")
    assert ("overfill" in answer.text, on_hand(lidocaine())) == (True, 16)


@pytest.mark.parametrize(
    ("quantity", "entered"),
    [("7", "7"), ("50", "50"), ("51", "50"), ("0", "50"), ("-1", "50"), ("x%00", "50"), ("", "50")],
)
def test_a_link_may_say_how_much_of_a_holding_to_move(quantity: str, entered: str) -> None:
    shelf = received(needle(), 50)

    page = shown(f"transfer/?holding={shelf.pk}&quantity={quantity}")

    assert f'name="holding-{shelf.pk}" value="{entered}"' in page
