"""How much a package holds, as price lists say it."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from inventory.imports.meaning.packages import containers_meant, package_quantity
from inventory.sheets.plain_cells import CellNotUnderstood


@dataclass(frozen=True)
class Counted:
    unit: str
    container_volume: Decimal | None = None


VIAL = Counted("mL", Decimal(20))
NEEDLE = Counted("each")
TOXIN = Counted("unit", Decimal(100))


@pytest.mark.parametrize(
    ("text", "item", "holds"),
    [
        ("500", VIAL, 500),
        ("500 mL", VIAL, 500),
        ("25 vials", VIAL, 500),
        ("25 x 20 mL", VIAL, 500),
        ("25 vials of 20 mL", VIAL, 500),
        ("tray of 25 vials", VIAL, 500),
        ("25 vials/tray", VIAL, 500),
        ("1 vial", VIAL, 20),
        ("100", NEEDLE, 100),
        ("box of 100", NEEDLE, 100),
        ("bx/100", NEEDLE, 100),
        ("100/box", NEEDLE, 100),
        ("100 per box", NEEDLE, 100),
        ("1,000 ea", NEEDLE, 1000),
        ("10 x 100", NEEDLE, 1000),
        ("2 vials", TOXIN, 200),
        ("100 units", TOXIN, 100),
    ],
)
def test_a_package_is_counted_in_the_unit_of_the_item(text: str, item: Counted, holds: int) -> None:
    assert package_quantity(text, item) == holds


def test_another_column_may_say_what_is_counted() -> None:
    assert package_quantity("25", VIAL, "vial") == 500
    assert package_quantity("100", NEEDLE, "box") == 100


@pytest.mark.parametrize(
    ("text", "item"),
    [("a few", VIAL), ("25 x 10 mL", VIAL), ("25 mL", NEEDLE), ("3 boxes", NEEDLE), ("5 mg", VIAL)],
)
def test_what_cannot_be_counted_is_refused(text: str, item: Counted) -> None:
    with pytest.raises(CellNotUnderstood, match=r"Expected .* but got “"):
        package_quantity(text, item)


def test_a_number_that_fits_no_container_can_only_count_them() -> None:
    assert containers_meant(Decimal(25), VIAL) == 500
    assert containers_meant(Decimal(500), VIAL) is None
    assert containers_meant(Decimal(25), NEEDLE) is None
