"""What an item is billed by on some days, where that is not the item's own code."""

from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db import transaction

from inventory.catalog.billing_codes import overlap
from inventory.catalog.checks import Checks
from inventory.catalog.errors import Taken
from inventory.catalog.models import BillingCode, Item
from inventory.catalog.register.common import check_billing, save


@dataclass(frozen=True, kw_only=True)
class BillingCodeFacts:
    """A code and the days that it covers, both included. Without a code: not billed."""

    hcpcs: str = ""
    billing_unit: str = ""
    effective_from: date | None = None
    effective_to: date | None = None


@transaction.atomic
def add_billing_code(item: Item, facts: BillingCodeFacts) -> BillingCode:
    """Add a code that counts on some days. Raises Taken when another covers one, NotAccepted."""
    # Two codes that are added at the same time wait for each other here.
    item = Item.objects.select_for_update().get(pk=item.pk)
    return _keep(BillingCode(item=item), facts)


@transaction.atomic
def change_billing_code(code: BillingCode, facts: BillingCodeFacts) -> BillingCode:
    """Change a code or its days; its item stays. Raises Taken, NotAccepted."""
    item = Item.objects.select_for_update().get(pk=code.item_id)
    kept = BillingCode.objects.get(pk=code.pk)
    kept.item = item
    return _keep(kept, facts)


def remove_billing_code(code: BillingCode) -> None:
    """Let the item's own code count on these days."""
    code.delete()


def _keep(code: BillingCode, facts: BillingCodeFacts) -> BillingCode:
    tidy = _checked(facts)
    for other in code.item.billing_codes.exclude(pk=code.pk):
        if overlap(tidy, other):
            field = "effective_to" if tidy.effective_from is None else "effective_from"
            raise Taken(
                field,
                f"{code.item.name} has a code for some of these days already: {other}."
                " Change that one first, or choose other days.",
            )
    return save(code, asdict(tidy))


def _checked(facts: BillingCodeFacts) -> BillingCodeFacts:
    checks = Checks()
    tidy = replace(
        facts,
        hcpcs=checks.text("hcpcs", facts.hcpcs, longest=8).upper(),
        billing_unit=checks.text("billing_unit", facts.billing_unit, longest=24),
    )
    check_billing(checks, tidy)
    if tidy.hcpcs and not tidy.billing_unit:
        checks.refuse("billing_unit", "Expected what one billing unit is, as in 10 mg.")
    if tidy.billing_unit and not tidy.hcpcs:
        checks.refuse(
            "hcpcs", "Expected the code of this billing unit; to bill nothing, leave both empty."
        )
    begins, ends = tidy.effective_from, tidy.effective_to
    if begins is None and ends is None:
        checks.refuse(
            "effective_from",
            "Expected a first day, a last day or both. What always counts belongs to the item.",
        )
    if begins and ends and ends < begins:
        checks.refuse(
            "effective_to", f"Expected a day from {begins} on, but got {ends}: it ends first."
        )
    checks.done()
    return tidy
