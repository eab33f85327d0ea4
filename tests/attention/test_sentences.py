"""What a flag says, word for word, and where its button leads: unsaved rows, no database."""

from datetime import date
from decimal import Decimal

import pytest

from inventory.attention.rules import Finding, Kind, Severity
from inventory.attention.sentences import Flag, Names, amount, containers
from inventory.catalog.models import Item, Location
from inventory.stock.models import Lot

TODAY = date(2026, 11, 22)
LIDOCAINE = Item(
    pk=1,
    sku="lido-1-20",
    name="Lidocaine 1% 20 mL",
    unit="mL",
    container="multi_dose_vial",
    container_volume=Decimal(20),
)
NEEDLE = Item(pk=2, sku="needle-25g-15", name="Needle 25G 1½ in", unit="each")
BOTOX = Item(pk=3, sku="botox-100", name="Botox 100 units", unit="unit")
NAMES = Names(
    items={item.pk: item for item in (LIDOCAINE, NEEDLE, BOTOX)},
    lots={7: Lot(pk=7, number="A1"), 8: Lot(pk=8, number="")},
    locations={
        1: Location(pk=1, code="room-1", name="Room 1"),
        2: Location(pk=2, code="storeroom", name="Storeroom"),
    },
)


def flag(kind: Kind, quantity: str, **facts: object) -> Flag:
    known: dict[str, object] = {"item_id": 1, "severity": Severity.URGENT}
    finding = Finding(**{**known, "kind": kind, "quantity": Decimal(quantity), **facts})  # type: ignore[arg-type]
    return Flag(finding, NAMES, TODAY)


ON_SHELF = {"lot_id": 7, "location_id": 1, "holding_id": 70}


def test_out_says_what_is_in_the_way() -> None:
    said = flag(Kind.OUT, "0", unusable=Decimal(40), reorder_point=Decimal(60))
    assert said.message == (
        "Lidocaine 1% 20 mL: Nothing usable in the clinic; 40 mL on the shelf cannot be used;"
        " the reorder point is 60 mL."
    )


def test_running_out_says_how_fast_and_when() -> None:
    said = flag(
        Kind.STOCKOUT_BEFORE_DELIVERY,
        "8",
        daily_usage=Decimal("3.1111"),
        lead_time_days=3,
        due_on=date(2026, 11, 24),
    )
    assert said.detail == (
        "8 mL usable, 3.1 mL a day, delivery takes 3 days: out in 2 days, Tuesday."
    )


def test_low_says_how_much_there_is() -> None:
    said = flag(Kind.LOW, "310", item_id=2, reorder_point=Decimal(340))
    assert said.message == "Needle 25G 1½ in: 310 usable, reorder point 340."


def test_low_in_one_place_says_where_there_is_some() -> None:
    said = flag(
        Kind.LOW,
        "2",
        item_id=2,
        location_id=1,
        reorder_point=Decimal(10),
        elsewhere=((2, Decimal(41)),),
    )
    assert said.detail == "2 usable in Room 1, reorder point 10; 41 in Storeroom."


def test_low_in_one_place_leads_to_the_transfer_that_fills_it() -> None:
    said = flag(
        Kind.LOW,
        "0",
        item_id=2,
        location_id=1,
        reorder_point=Decimal(10),
        elsewhere=((2, Decimal(41)),),
    )
    assert (said.action_label, said.action_url) == (
        "Transfer",
        "/stock/transfer/?item=needle-25g-15&from=storeroom&to=room-1",
    )


def test_low_in_one_place_leads_to_an_order_when_there_is_none_elsewhere() -> None:
    said = flag(Kind.LOW, "2", location_id=1, reorder_point=Decimal(10))
    assert said.action_label == "Order"


def test_an_expiring_lot_is_named_in_containers_and_units() -> None:
    said = flag(Kind.EXPIRING, "40", due_on=date(2027, 1, 31), **ON_SHELF)
    assert said.message == (
        "Lidocaine 1% 20 mL, lot A1: 2 vials (40 mL) in Room 1; expires Jan 31, 2027, in 70 days."
    )


def test_an_expired_lot_is_discarded_from_its_holding() -> None:
    said = flag(Kind.EXPIRED, "20", due_on=date(2026, 11, 21), **ON_SHELF)
    assert (said.detail, said.action_label, said.action_url) == (
        "1 vial (20 mL) in Room 1; expired Nov 21, 2026, yesterday.",
        "Discard",
        "/stock/discard/?holding=70",
    )


def test_an_opened_vial_is_named_by_about_what_is_left() -> None:
    said = flag(Kind.BEYOND_USE, "12.5", due_on=date(2026, 11, 17), **ON_SHELF)
    assert said.detail == (
        "Opened vial with about 12.5 mL in Room 1;"
        " its beyond-use date was Nov 17, 2026, 5 days ago."
    )


def test_a_recalled_lot_leads_to_its_trace() -> None:
    said = flag(Kind.RECALLED, "40", **ON_SHELF)
    assert (said.action_label, said.action_url) == ("Trace", "/stock/lots/7/")


UNUSABLE_USED = {"procedure_id": 17, "used_on": date(2026, 11, 20), "lot_id": 7, "location_id": 1}


def test_an_unusable_lot_that_was_used_says_how_much_and_when() -> None:
    assert flag(Kind.UNUSABLE_USED, "0.5", **UNUSABLE_USED).detail == (
        "0.5 mL that could not be used went into a procedure on Nov 20, 2026 in Room 1;"
        " a manager has to look at it."
    )


def test_an_unusable_lot_that_was_used_leads_to_the_procedure() -> None:
    assert flag(Kind.UNUSABLE_USED, "0.5", **UNUSABLE_USED).action_url == "/procedures/17/"


def test_an_item_that_is_not_tracked_by_lot_is_named_alone() -> None:
    assert flag(Kind.RECALLED, "4", item_id=2, lot_id=8, location_id=1).subject == NEEDLE.name


@pytest.mark.parametrize(
    ("item", "quantity", "words"),
    [
        (NEEDLE, "310.000", "310"),
        (LIDOCAINE, "12.500", "12.5 mL"),
        (BOTOX, "1", "1 unit"),
        (BOTOX, "99.5", "99.5 units"),
    ],
)
def test_an_amount_names_its_unit_unless_it_is_pieces(
    item: Item, quantity: str, words: str
) -> None:
    assert amount(Decimal(quantity), item) == words


@pytest.mark.parametrize(
    ("quantity", "words"),
    [("20", "1 vial (20 mL)"), ("40", "2 vials (40 mL)"), ("12.5", "12.5 mL")],
)
def test_only_whole_containers_are_counted(quantity: str, words: str) -> None:
    assert containers(Decimal(quantity), LIDOCAINE) == words
