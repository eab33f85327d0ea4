"""Discarded-drug billing units of single-dose containers (Medicare modifiers JW and JZ). Pure.

Administered units round up; discarded units round down and never count again what rounding up
already took; JW needs one whole discarded unit, otherwise the claim carries JZ (CMS, discarded
drugs policy; The Rheumatologist, Key facts on billing drug wastage). Multi-dose containers carry
neither.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from inventory.web.words import unit_words

BILLING_UNIT = re.compile(r"\A\s*(\d{1,6}(?:\.\d{1,3})?)\s*(mg|mL|units?)\s*\Z", re.IGNORECASE)
ZERO = Decimal(0)


class CannotBill(Exception):
    """Units cannot be worked out; `str()` says what is missing."""


@dataclass(frozen=True)
class BillingUnits:
    """Whole billing units of one drug on one procedure."""

    hcpcs: str
    administered: int
    discarded: int

    @property
    def modifier(self) -> str:
        return "JW" if self.discarded else "JZ"


@dataclass(frozen=True)
class Rate:
    """How an item is billed: `amount` in the code's measure is one unit, and the item's unit holds
    `content` in that measure."""

    hcpcs: str
    content: Decimal
    amount: Decimal

    def units(self, administered: Decimal, discarded: Decimal) -> BillingUnits:
        """Units of what left single-dose containers, quantities in the item's unit."""
        given = self.rounded(administered, ROUND_CEILING)
        thrown = self.rounded(discarded, ROUND_FLOOR)
        whole = self.rounded(administered + discarded, ROUND_FLOOR)
        return BillingUnits(self.hcpcs, given, max(0, min(thrown, whole - given)))

    def rounded(self, quantity: Decimal, rounding: str) -> int:
        """Whole units in a quantity of the item's unit."""
        return int((quantity * self.content / self.amount).to_integral_value(rounding=rounding))


def parse_billing_unit(text: str) -> tuple[Decimal, str] | None:
    """Split "10 mg" into its amount and measure (mg, mL or unit); None when it is neither."""
    match = BILLING_UNIT.match(text)
    if not match or not Decimal(match[1]):
        return None
    return Decimal(match[1]), match[2].lower().rstrip("s").replace("ml", "mL")


def rate_of(*, hcpcs: str, billing_unit: str, item_unit: str, strength: Decimal | None) -> Rate:
    """How an item with this unit and strength, in mg per mL, is billed. Raises CannotBill."""
    if not hcpcs:
        raise CannotBill("It has no HCPCS code.")
    parsed = parse_billing_unit(billing_unit)
    if parsed is None:
        came = f"“{billing_unit}” says nothing" if billing_unit.strip() else "it is not set"
        raise CannotBill(f"Its billing unit has to be an amount, as in 10 mg; {came}.")
    amount, measure = parsed
    if measure == item_unit:
        return Rate(hcpcs, Decimal(1), amount)
    if measure != "mg" or item_unit != "mL":
        dosed_in = "pieces" if item_unit == "each" else unit_words(2, item_unit)
        raise CannotBill(f"It is billed by the {measure}, but dosed in {dosed_in}.")
    if strength is None:
        raise CannotBill("It is billed by the mg, but its strength in mg per mL is not set.")
    return Rate(hcpcs, strength, amount)


def shared_out(rate: Rate, lines: Sequence[tuple[Decimal, Decimal]]) -> list[BillingUnits]:
    """Units of each line that took of one item in one procedure: (administered, discarded) each.

    Together they are the units of the whole dose. Rounded up line by line, a container that two
    lines drew from would be billed for more than it held.
    """
    left = rate.units(sum((a for a, _ in lines), ZERO), sum((d for _, d in lines), ZERO)).discarded
    shares, dose, billed = [], ZERO, 0
    for administered, discarded in lines:
        dose += administered
        up_to_here = rate.rounded(dose, ROUND_CEILING)
        thrown = min(left, rate.rounded(discarded, ROUND_CEILING))
        shares.append(BillingUnits(rate.hcpcs, up_to_here - billed, thrown))
        billed, left = up_to_here, left - thrown
    return shares
