"""The billing units of procedures' lines, by the code that counts on the day they were performed.

Only what comes in single-dose containers has any: a multi-dose vial carries neither JW nor JZ, and
what is discarded of it is no line of a claim.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from inventory.catalog.billing_codes import Code, code_on
from inventory.catalog.models import BillingCode, Item
from inventory.procedures.billing import BillingUnits, CannotBill, Rate, rate_of, shared_out
from inventory.procedures.models import ProcedureLine

DatedCodes = Mapping[int, Sequence[BillingCode]]


def dated_codes(items: Iterable[Item]) -> DatedCodes:
    """The codes by date of those that come in single-dose containers, by item: one query.

    None where nothing of them does.
    """
    codes: dict[int, list[BillingCode]] = defaultdict(list)
    single_doses = {item.pk for item in items if item.is_single_dose}
    for code in BillingCode.objects.filter(item__in=single_doses):
        codes[code.item_id].append(code)
    return codes


def code_of(item: Item, day: date, dated: DatedCodes) -> Code:
    """The code that counts for an item on a day: a dated one, or the item's own."""
    return code_on(day, item, dated.get(item.pk, ()))


def rate_on(item: Item, day: date, dated: DatedCodes) -> Rate:
    """How a single-dose item is billed on a day. Raises CannotBill."""
    code = code_of(item, day, dated)
    return rate_of(
        hcpcs=code.hcpcs,
        billing_unit=code.billing_unit,
        item_unit=item.unit,
        strength=item.strength,
    )


def line_units(
    lines: Sequence[ProcedureLine], day: date, dated: DatedCodes
) -> list[BillingUnits | None]:
    """The units of each line of one procedure, in their order; None where none apply.

    Lines of one item are one dose, and share the rounding. Wants the items fetched.
    """
    by_item: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if line.item.is_single_dose:
            by_item[line.item_id].append(number)
    units: list[BillingUnits | None] = [None] * len(lines)
    for numbers in by_item.values():
        same = [lines[number] for number in numbers]
        try:
            rate = rate_on(same[0].item, day, dated)
        except CannotBill:
            continue
        shares = shared_out(rate, [(line.quantity, line.discarded) for line in same])
        for number, share in zip(numbers, shares, strict=True):
            units[number] = share
    return units
