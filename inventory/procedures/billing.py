"""Discarded-drug billing units of single-dose containers (Medicare modifiers JW and JZ). Pure.

Administered units round up; discarded units round down and never count again what rounding up
already took; JW needs one whole discarded unit, otherwise the claim carries JZ (CMS, discarded
drugs policy; The Rheumatologist, Key facts on billing drug wastage). Multi-dose containers carry
neither.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

BILLING_UNIT = re.compile(r"\A\s*(\d{1,6}(?:\.\d{1,3})?)\s*(mg|mL|units?)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class BillingUnits:
    """Whole billing units of one drug on one procedure."""

    hcpcs: str
    administered: int
    discarded: int

    @property
    def modifier(self) -> str:
        return "JW" if self.discarded else "JZ"


def parse_billing_unit(text: str) -> tuple[Decimal, str] | None:
    """Split "10 mg" into its amount and measure (mg, mL or unit); None when it is neither."""
    match = BILLING_UNIT.match(text)
    if not match or not Decimal(match[1]):
        return None
    return Decimal(match[1]), match[2].lower().rstrip("s").replace("ml", "mL")


def billing_units(
    *,
    hcpcs: str,
    billing_unit: str,
    item_unit: str,
    strength: Decimal | None,
    administered: Decimal,
    discarded: Decimal,
) -> BillingUnits | None:
    """Units to bill for what left single-dose containers, quantities in the item's unit.

    None where the item has no code or its billing unit cannot be worked out.
    """
    parsed = parse_billing_unit(billing_unit)
    if not hcpcs or parsed is None:
        return None
    amount, measure = parsed
    if measure == item_unit:
        per_unit = Decimal(1)
    elif measure == "mg" and item_unit == "mL" and strength is not None:
        per_unit = strength
    else:
        return None
    given = _whole(administered * per_unit / amount, ROUND_CEILING)
    thrown = _whole(discarded * per_unit / amount, ROUND_FLOOR)
    whole = _whole((administered + discarded) * per_unit / amount, ROUND_FLOOR)
    return BillingUnits(hcpcs, given, max(0, min(thrown, whole - given)))


def _whole(units: Decimal, rounding: str) -> int:
    return int(units.to_integral_value(rounding=rounding))
