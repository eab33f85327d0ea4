"""The billing units of a procedure's lines, by what the item is and by the code of the day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.models import BillingCode, Item
from inventory.procedures.billing import BillingUnits
from inventory.procedures.models import ProcedureLine
from inventory.procedures.units import line_units

DAY = date(2026, 11, 23)
NOWHERE: dict[int, list[BillingCode]] = {}


def kenalog(**changes: Any) -> Item:
    facts: dict[str, Any] = {
        "pk": 1,
        "unit": "mL",
        "container": "single_dose_vial",
        "container_volume": Decimal(1),
        "strength": Decimal(40),
        "hcpcs": "J3301",
        "billing_unit": "10 mg",
    }
    return Item(**facts | changes)


def line(item: Item, quantity: str, discarded: str = "0") -> ProcedureLine:
    return ProcedureLine(item=item, quantity=Decimal(quantity), discarded=Decimal(discarded))


def test_each_single_dose_item_has_units_of_its_own() -> None:
    botox = Item(
        pk=2, unit="unit", container="single_dose_vial", hcpcs="J0585", billing_unit="1 unit"
    )

    units = line_units([line(kenalog(), "0.5", "0.5"), line(botox, "155", "45")], DAY, NOWHERE)

    assert units == [BillingUnits("J3301", 2, 2), BillingUnits("J0585", 155, 45)]


def test_an_ampule_is_a_single_dose_too() -> None:
    assert line_units([line(kenalog(container="ampule"), "1")], DAY, NOWHERE) == [
        BillingUnits("J3301", 4, 0)
    ]


@given(st.decimals("0.001", "50", places=3), st.decimals("0", "50", places=3))
def test_a_multi_dose_vial_has_none_whatever_was_discarded_of_it(
    dose: Decimal, rest: Decimal
) -> None:
    vial = kenalog(container="multi_dose_vial", container_volume=Decimal(10))
    taken = ProcedureLine(item=vial, quantity=dose, discarded=rest)

    assert line_units([taken], DAY, NOWHERE) == [None]


def test_what_the_item_lacks_leaves_its_line_without_units() -> None:
    saline = kenalog(pk=3, hcpcs="", billing_unit="")

    assert line_units([line(saline, "1"), line(kenalog(), "1")], DAY, NOWHERE) == [
        None,
        BillingUnits("J3301", 4, 0),
    ]


def test_lines_of_one_item_share_the_rounding_though_others_stand_between() -> None:
    other = kenalog(pk=2)
    lines = [line(kenalog(), "0.3", "0.4"), line(other, "0.3", "0.7"), line(kenalog(), "0.3")]

    assert line_units(lines, DAY, NOWHERE) == [
        BillingUnits("J3301", 2, 1),
        BillingUnits("J3301", 2, 2),
        BillingUnits("J3301", 1, 0),
    ]


@pytest.mark.parametrize(
    ("day", "units"),
    [
        (date(2024, 3, 31), BillingUnits("J1030", 1, 0)),
        (date(2024, 4, 1), BillingUnits("J1010", 20, 20)),
    ],
)
def test_the_code_of_the_day_and_its_unit_count(day: date, units: BillingUnits) -> None:
    depo = kenalog(hcpcs="J1010", billing_unit="1 mg")
    former = BillingCode(hcpcs="J1030", billing_unit="40 mg", effective_to=date(2024, 3, 31))

    assert line_units([line(depo, "0.5", "0.5")], day, {1: [former]}) == [units]


def test_a_code_by_date_that_is_empty_bills_nothing() -> None:
    nothing = BillingCode(effective_from=DAY)

    assert line_units([line(kenalog(), "1")], DAY, {1: [nothing]}) == [None]
