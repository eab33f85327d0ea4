"""Filling a place up to its par levels from another."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location, LocationLevel
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.requests import StockLine, Want
from inventory.stock.restock import restock
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
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

ADDRESS = "/stock/restock/?to=room-1&from=storeroom"
SOON, LATER = TODAY + timedelta(days=60), TODAY + timedelta(days=400)


def kept(item: Item, par: int, where: str = "room-1", reorder_point: int = 1) -> None:
    LocationLevel.objects.create(
        item=item, location=place(where), reorder_point=reorder_point, par_level=par
    )


def stored(item: Item, quantity: int, lot: str = "A1", **options: Any) -> Holding:
    return received(item, quantity, lot=lot, where="storeroom", **options)


def shown(address: str = ADDRESS) -> str:
    answer = signed_in(mara()).get(address)
    assert answer.status_code == 200
    return answer.text


def listed(address: str = ADDRESS) -> dict[str, str]:
    """Return what the list would send as it stands; the switches of its items are on."""
    fields = fields_of(shown(address))
    return {
        name: "on" if name.startswith("take-") else value
        for name, value in fields.items()
        if name not in {"to", "from"}
    }


def send(fields: dict[str, str], address: str = ADDRESS, who: User | None = None) -> Any:
    return signed_in(who or mara()).post(address, fields, follow=True)


def number(holding: Holding) -> str:
    return f"holding-{holding.pk}"


def switch(item: Item) -> str:
    return f"take-{item.pk}"


def in_place(item: Item, where: str) -> Decimal:
    found = Holding.objects.filter(lot__item=item, location=place(where))
    return sum((holding.quantity for holding in found), Decimal(0))


# The list


def test_a_cart_is_filled_up_to_par_the_first_to_expire_first() -> None:
    later, sooner = stored(lidocaine(), 100, "LATER"), stored(lidocaine(), 40, "SOON")
    Lot.objects.filter(pk=sooner.lot_id).update(expires_on=SOON)
    kept(lidocaine(), 90)
    fields = listed()
    # 90 mL are five vials: both of the sooner lot, and three of the later one.
    assert (fields[number(sooner)], fields[number(later)]) == ("2", "3")


def test_what_is_there_already_is_not_fetched_again() -> None:
    received(needle(), 12)
    shelf = stored(needle(), 50)
    kept(needle(), 20)
    assert listed()[number(shelf)] == "8"


def test_what_is_opened_counts_toward_par() -> None:
    received(lidocaine(), 20)
    used(Want(lidocaine(), Decimal(5)))
    shelf = stored(lidocaine(), 100, "B1")
    kept(lidocaine(), 50)
    # 35 mL are missing with the 15 mL that are left in the opened vial.
    assert listed()[number(shelf)] == "2"


def test_an_item_at_par_is_not_on_the_list() -> None:
    received(needle(), 20)
    stored(needle(), 50)
    kept(needle(), 20)
    assert "all that is kept here is at par" in shown()


def test_a_place_without_par_levels_says_who_sets_them() -> None:
    stored(needle(), 50)
    place("room-1")
    assert "No item has a par level here. A manager sets it" in shown()


def test_no_place_is_asked_for_first() -> None:
    place("room-1")
    assert "Choose a place to see what it is missing." in shown("/stock/restock/")


@pytest.mark.parametrize(
    "spoiled", [Lot.Status.QUARANTINED, Lot.Status.RECALLED], ids=["held", "recalled"]
)
def test_a_lot_that_may_not_be_used_is_not_fetched(spoiled: Lot.Status) -> None:
    bad, good = stored(needle(), 50, "BAD", expires_on=SOON), stored(needle(), 50, "GOOD")
    ledger.set_lot_status(bad.lot, by=dana(), status=spoiled, reason="Notice", now=NOW)
    kept(needle(), 20)
    fields = listed()
    assert (number(bad) in fields, fields[number(good)]) == (False, "20")


def test_an_expired_lot_is_not_fetched() -> None:
    old = stored(needle(), 50, expires_on=TODAY - timedelta(days=1))
    kept(needle(), 20)
    assert number(old) not in listed()


def test_what_the_source_does_not_have_is_said_with_who_else_has_it() -> None:
    stored(needle(), 5)
    received(needle(), 7, where="room-2")
    kept(needle(), 20)
    page = shown()
    assert "15 of that is not in Storeroom" in page
    assert "7 in Room 2</a>" in page


def test_what_nobody_has_is_said() -> None:
    place("storeroom")
    kept(kenalog(), 5)
    assert "5 mL of that is nowhere in the clinic." in shown("/stock/restock/?to=room-1")


def test_without_a_source_the_place_that_can_spare_most_is_chosen() -> None:
    received(needle(), 50, where="room-2")
    kept(needle(), 50, where="room-2")
    stored(needle(), 30)
    kept(needle(), 20)
    # Room 2 has more, but needs it.
    source = restock(place("room-1"), None, TODAY).source
    assert source == place("storeroom")


def test_one_treatment_room_is_not_emptied_to_fill_another() -> None:
    received(needle(), 500, where="room-2")
    Location.objects.filter(code="room-2").update(treatment_area=True)
    stored(needle(), 5)
    kept(needle(), 20)
    assert restock(place("room-1"), None, TODAY).source == place("storeroom")


def test_the_list_costs_no_more_queries_with_more_items(
    django_assert_num_queries: Any,
) -> None:
    for item in (needle(), kenalog(), lidocaine(), gauze()):
        stored(item, 100)
        kept(item, 40)
    room = place("room-1")
    with django_assert_num_queries(3):
        needs = restock(room, None, TODAY).needs
    assert len(needs) == 4


def test_a_room_where_patients_are_treated_warns_of_multi_dose_vials() -> None:
    stored(lidocaine(), 100)
    kept(lidocaine(), 40)
    Location.objects.filter(code="room-1").update(treatment_area=True)
    assert "a multi-dose vial that is opened there is for one patient" in shown()


# Moving it


def test_one_press_moves_all_of_it_in_one_movement() -> None:
    stored(needle(), 50)
    stored(lidocaine(), 100)
    kept(needle(), 20)
    kept(lidocaine(), 40)
    answer = send(listed())
    movement = Movement.objects.latest("pk")
    assert "Room 1 is restocked from Storeroom." in answer.text
    assert (in_place(needle(), "room-1"), in_place(lidocaine(), "room-1")) == (20, 40)
    assert (movement.kind, movement.reason, movement.by) == ("transfer", "Restock", mara())


def test_an_item_that_is_switched_off_stays_where_it_is() -> None:
    stored(needle(), 50)
    stored(gauze(), 50)
    kept(needle(), 20)
    kept(gauze(), 20)
    fields = listed()
    del fields[switch(gauze())]
    send(fields)
    assert (in_place(needle(), "room-1"), in_place(gauze(), "room-1")) == (20, 0)


def test_another_lot_may_be_taken_than_the_one_that_is_suggested() -> None:
    sooner, later = stored(needle(), 50, "SOON", expires_on=SOON), stored(needle(), 50, "LATER")
    kept(needle(), 20)
    send(listed() | {number(sooner): "", number(later): "20"})
    sooner.refresh_from_db()
    assert (sooner.quantity, in_place(needle(), "room-1")) == (50, 20)


def test_everything_switched_off_moves_nothing() -> None:
    stored(needle(), 50)
    kept(needle(), 20)
    fields = listed()
    del fields[switch(needle())]
    answer = send(fields)
    assert answer.status_code == 422
    assert "Nothing is switched on." in answer.text


def test_pressing_twice_moves_it_once() -> None:
    stored(needle(), 50)
    kept(needle(), 20)
    fields = listed()
    answers = [send(fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert in_place(needle(), "room-1") == 20


# What happened meanwhile


def test_nothing_moves_when_a_lot_has_gone_meanwhile() -> None:
    shelf = stored(needle(), 50)
    stored(gauze(), 50)
    kept(needle(), 20)
    kept(gauze(), 20)
    fields = listed()
    used(Want(needle(), Decimal(45)), where="storeroom")
    answer = send(fields)
    assert answer.status_code == 422
    assert "Nothing was moved." in answer.text
    assert f"{needle().name}, lot A1: 20 wanted, 5 left in Storeroom." in answer.text
    assert (in_place(needle(), "room-1"), in_place(gauze(), "room-1")) == (0, 0)
    # The list is made anew: what is left is suggested.
    assert fields_of(answer.text)[number(shelf)] == "5"


def test_nothing_moves_when_a_lot_has_been_emptied_meanwhile() -> None:
    stored(needle(), 20)
    kept(needle(), 20)
    fields = listed()
    used(Want(needle(), Decimal(20)), where="storeroom")
    answer = send(fields)
    assert (answer.status_code, "Nothing was moved." in answer.text) == (422, True)


def test_nothing_moves_when_a_lot_has_been_held_meanwhile() -> None:
    shelf = stored(needle(), 50)
    kept(needle(), 20)
    fields = listed()
    ledger.set_lot_status(
        shelf.lot, by=dana(), status=Lot.Status.QUARANTINED, reason="Wet", now=NOW
    )
    answer = send(fields)
    assert "lot A1: cannot be used any more, quarantined." in answer.text
    assert in_place(needle(), "room-1") == 0


def test_nothing_moves_when_somebody_else_has_filled_up_meanwhile() -> None:
    stored(needle(), 50)
    kept(needle(), 20)
    first, second = listed(), listed()
    send(first, who=dana())
    answer = send(second)
    assert "20 in Room 1 by now, not 0; somebody has filled up." in answer.text
    assert in_place(needle(), "room-1") == 20


def test_what_was_typed_for_the_other_items_is_kept() -> None:
    stored(needle(), 50)
    shelf = stored(gauze(), 50)
    kept(needle(), 20)
    kept(gauze(), 20)
    fields = listed() | {number(shelf): "7"}
    used(Want(needle(), Decimal(45)), where="storeroom")
    assert fields_of(send(fields).text)[number(shelf)] == "7"


def test_what_has_been_used_in_the_room_meanwhile_is_no_matter() -> None:
    received(needle(), 5)
    stored(needle(), 50, "B1")
    kept(needle(), 20)
    fields = listed()
    used(Want(needle(), Decimal(3)))
    send(fields)
    assert in_place(needle(), "room-1") == 17


# Who, and what else may come


@pytest.mark.parametrize("who", [priya, vic, otto])
def test_others_do_not_restock(who: Any) -> None:
    stored(needle(), 50)
    kept(needle(), 20)
    fields = listed()
    client = signed_in(who())
    answers = client.get(ADDRESS), client.post(ADDRESS, fields)
    assert [answer.status_code for answer in answers] == [403, 403]
    assert in_place(needle(), "room-1") == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "greater than or equal to 0"),
        ("51", "51 wanted, 50 left in Storeroom"),
        ("1.5", "counted in whole pieces"),
        ("x", "Expected an amount like 2 or 0.5"),
        ("1e9", ""),
        ("NaN", ""),
        ("٣\0", ""),
    ],
)
def test_it_refuses_what_cannot_be_moved(typed: str, sentence: str) -> None:
    shelf = stored(needle(), 50)
    kept(needle(), 20)
    answer = send(listed() | {number(shelf): typed})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert in_place(needle(), "room-1") == 0


def test_half_a_vial_does_not_move() -> None:
    shelf = stored(lidocaine(), 100)
    kept(lidocaine(), 40)
    answer = send(listed() | {number(shelf): "1.5"})
    assert (answer.status_code, in_place(lidocaine(), "room-1")) == (422, 0)


@pytest.mark.parametrize(
    "query",
    ["?to=%00", "?to=nowhere&from=nowhere", "?to=room-1&from=room-1", "?to=" + "x" * 5000],
)
def test_an_odd_address_is_answered(query: str) -> None:
    stored(needle(), 50)
    kept(needle(), 20)
    assert signed_in(mara()).get(f"/stock/restock/{query}").status_code == 200


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"holding-99999999999999999999": "1"},
        {"holding-x": "1", "take-x": "on", "here-x": "1"},
        {"holding-999": "1"},
    ],
)
def test_odd_forms_move_nothing(odd: dict[str, str]) -> None:
    stored(needle(), 50)
    kept(needle(), 20)
    answer = send({"submission_key": str(uuid4())} | odd)
    assert (answer.status_code, Movement.objects.count()) == (422, 1)


def test_a_holding_of_another_place_does_not_come_along() -> None:
    stored(needle(), 50)
    other = received(kenalog(), 5, where="room-2")
    kept(needle(), 20)
    answer = send(listed() | {number(other): "1", switch(kenalog()): "on"})
    assert (answer.status_code, in_place(needle(), "room-1")) == (422, 0)


# The page of the location, and opened vials


def test_the_page_of_a_location_lists_its_levels_and_leads_to_the_restock() -> None:
    received(needle(), 5)
    kept(needle(), 20)
    page = shown("/catalog/locations/room-1/")
    assert "5 each usable · fill up at 1, to 20" in page
    assert "/stock/restock/?to=room-1" in page


def test_a_location_without_levels_offers_no_restock() -> None:
    place("room-1")
    assert "/stock/restock/?to=room-1" not in shown("/catalog/locations/room-1/")


def test_an_opened_vial_is_never_part_of_a_restock() -> None:
    stored(lidocaine(), 20)
    used(Want(lidocaine(), Decimal(4)), where="storeroom")
    kept(lidocaine(), 20)
    assert number(opened_vial(lidocaine())) not in listed("/stock/restock/?to=room-1")


def test_opened_vials_are_moved_as_themselves_from_a_list_of_their_own() -> None:
    received(needle(), 5)
    received(lidocaine(), 40)
    used(Want(lidocaine(), Decimal(4)))
    vial = opened_vial(lidocaine())
    place("room-2")
    address = "/stock/transfer/?from=room-1&opened=1"
    page = shown(address)
    fields = {number(vial): "on", "destination": "room-2", "submission_key": str(uuid4())}
    send(fields, address)
    vial.refresh_from_db()
    assert (number(vial) in page, needle().name in page) == (True, False)
    assert (vial.location, vial.quantity, vial.opened_at) == (place("room-2"), 16, NOW)


def test_one_who_takes_an_opened_vial_from_where_patients_are_treated_is_warned() -> None:
    received(lidocaine(), 20)
    # Opened there before the room became one.
    used(Want(lidocaine(), Decimal(4)))
    Location.objects.filter(code="room-1").update(treatment_area=True)
    page = shown("/stock/transfer/?from=room-1")
    assert "an opened vial from there is for one patient" in page


def test_a_vial_that_moved_meanwhile_says_where_it_is() -> None:
    received(lidocaine(), 20)
    used(Want(lidocaine(), Decimal(4)))
    vial = opened_vial(lidocaine())
    fields = {number(vial): "on", "destination": "room-3", "submission_key": str(uuid4())}
    place("room-3")
    ledger.transfer(
        by=dana(),
        source=place("room-1"),
        destination=place("room-2"),
        lines=[StockLine(lidocaine(), None, holding=vial)],
        happened_at=NOW,
        now=NOW,
    )
    answer = send(fields, "/stock/transfer/?from=room-1")
    vial.refresh_from_db()
    assert (answer.status_code, vial.location) == (422, place("room-2"))
    assert "Room 2" in answer.text
