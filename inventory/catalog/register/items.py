"""Items and the codes that identify them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from inventory.accounts.models import User
from inventory.catalog import codes as product_codes
from inventory.catalog.checks import Checks
from inventory.catalog.errors import NotAccepted, Taken
from inventory.catalog.models import Item, ItemCode
from inventory.catalog.register.common import (
    Counted,
    check_billing,
    check_levels,
    check_package,
    check_service_level,
    insert,
    save,
)

SETTLED_BY_LOTS = {
    "unit": "unit",
    "container": "container",
    "container_volume": "container volume",
    "lot_tracked": "lot tracking",
}


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """What an item is; the meaning of each field stands at the model."""

    sku: str
    name: str
    kind: str
    unit: str
    container: str = Item.Container.NONE
    container_volume: Decimal | None = None
    beyond_use_days: int | None = None
    strength: Decimal | None = None
    hcpcs: str = ""
    billing_unit: str = ""
    storage: str = Item.Storage.ROOM
    preservative_free: bool | None = None
    lot_tracked: bool = True
    reorder_point: Decimal | None = None
    par_level: Decimal | None = None
    levels_reason: str = ""
    service_level: Decimal | None = None
    is_active: bool = True

    @property
    def levels(self) -> tuple[Decimal | None, Decimal | None]:
        """The reorder point and the par level that are set by hand."""
        return self.reorder_point, self.par_level


@dataclass(frozen=True)
class Signature:
    """Who writes, and on which of the clinic's days: kept with levels that are set by hand."""

    by: User
    on: date


@dataclass(frozen=True, kw_only=True)
class CodeFacts:
    """A code of an item. Without a quantity, `each` holds one container or one piece."""

    kind: str
    value: str
    level: str = ItemCode.Level.EACH
    quantity: Decimal | None = None


@transaction.atomic
def add_item(
    facts: ItemFacts, codes: Sequence[CodeFacts] = (), *, signed: Signature | None = None
) -> Item:
    """Add an item together with its codes. Raises Taken, NotAccepted."""
    tidy = checked_item(facts)
    clash = Item.objects.filter(sku=tidy.sku).first()
    taken = Taken("sku", f"The SKU {tidy.sku} is taken{f' by {clash.name}' if clash else ''}.")
    if clash:
        raise taken
    item = insert(Item(**asdict(tidy), **_set_by_hand(tidy, signed)), taken)
    for position, code in enumerate(codes):
        try:
            add_code(item, code)
        except (Taken, NotAccepted) as refusal:
            raise refusal.within(f"codes.{position}") from refusal
    return item


@transaction.atomic
def change_item(item: Item, facts: ItemFacts, *, signed: Signature | None = None) -> Item:
    """Change an item; its SKU stays. Levels that change are signed anew. Raises NotAccepted."""
    kept = Item.objects.select_for_update().get(pk=item.pk)
    tidy = checked_item(replace(facts, sku=kept.sku))
    if kept.lots.exists():
        check_settled_by_lots(kept, tidy)
    packages = [
        *kept.codes.values_list("quantity", flat=True),
        *kept.offers.values_list("pack_quantity", flat=True),
    ]
    check_packages_still_fit(packages, tidy)
    stays = tidy.levels == (kept.reorder_point, kept.par_level)
    return save(kept, asdict(tidy) | ({} if stays else _set_by_hand(tidy, signed)))


@transaction.atomic
def add_code(item: Item, facts: CodeFacts) -> ItemCode:
    """Add a code to an item. Raises Taken, NotAccepted."""
    tidy = checked_code(facts, item)
    normalized = product_codes.normalize(tidy.kind, tidy.value)
    taken = _code_taken(tidy.kind, normalized)
    if taken:
        raise taken
    code = ItemCode(item=item, normalized=normalized, **asdict(tidy))
    return insert(code, Taken("value", f"{code} already belongs to an item."))


def _set_by_hand(facts: ItemFacts, signed: Signature | None) -> dict[str, Any]:
    """Return who set the levels of an item and when; nobody where there are none."""
    if signed is None or facts.levels == (None, None):
        return {"levels_set_on": None, "levels_set_by": None}
    return {"levels_set_on": signed.on, "levels_set_by": signed.by}


def remove_code(code: ItemCode) -> None:
    """Take a code away from its item."""
    code.delete()


def checked_code(facts: CodeFacts, item: Counted) -> CodeFacts:
    """Return the facts tidied, if they break no rule; no query. Raises NotAccepted."""
    checks = Checks()
    checks.choice("kind", facts.kind, ItemCode.Kind.values)
    checks.choice("level", facts.level, ItemCode.Level.values)
    quantity = _package_quantity(checks, facts, item)
    if not checks.has("kind"):
        _check_value(checks, facts)
    checks.done()
    return replace(facts, value=facts.value.strip(), quantity=quantity)


def _package_quantity(checks: Checks, facts: CodeFacts, item: Counted) -> Decimal | None:
    if facts.quantity is not None:
        check_package(checks, "quantity", facts.quantity, item)
    elif facts.level == ItemCode.Level.EACH:
        return item.container_volume or Decimal(1)
    # Taking one for a box would receive a box as a piece, silently.
    return facts.quantity


def _check_value(checks: Checks, facts: CodeFacts) -> None:
    try:
        product_codes.normalize(facts.kind, facts.value)
    except product_codes.CodeNotUnderstood as refusal:
        checks.refuse("value", str(refusal))


def _code_taken(kind: str, normalized: str) -> Taken | None:
    kinds = product_codes.kinds_to_compare(kind)
    clash = ItemCode.objects.filter(kind__in=kinds, normalized=normalized).select_related("item")
    first = clash.first()
    return Taken("value", f"{first} already belongs to {first.item.name}.") if first else None


def checked_item(facts: ItemFacts) -> ItemFacts:
    """Return the facts tidied, if they break no rule; no query. Raises NotAccepted."""
    checks = Checks()
    tidy = replace(
        facts,
        sku=checks.slug("sku", facts.sku),
        name=checks.text("name", facts.name, longest=200, required=True),
        kind=checks.choice("kind", facts.kind, Item.Kind.values),
        unit=checks.choice("unit", facts.unit, Item.Unit.values),
        container=checks.choice("container", facts.container, Item.Container.values),
        storage=checks.choice("storage", facts.storage, Item.Storage.values),
        strength=checks.amount("strength", facts.strength, above_zero=True),
        hcpcs=checks.text("hcpcs", facts.hcpcs, longest=8).upper(),
        billing_unit=checks.text("billing_unit", facts.billing_unit, longest=24),
        levels_reason=_levels_reason(checks, facts),
    )
    _check_container(checks, tidy)
    check_billing(checks, tidy)
    check_levels(checks, tidy.unit, *tidy.levels)
    check_service_level(checks, tidy.service_level)
    checks.done()
    return tidy


def _levels_reason(checks: Checks, facts: ItemFacts) -> str:
    """Why the levels are what they are; without levels there is nothing to give a reason for."""
    reason = checks.text("levels_reason", facts.levels_reason, longest=200)
    return "" if facts.levels == (None, None) else reason


def _check_container(checks: Checks, facts: ItemFacts) -> None:
    volume = checks.amount("container_volume", facts.container_volume, above_zero=True)
    checks.multiple("container_volume", volume, unit=facts.unit, container_volume=None)
    if facts.container == Item.Container.NONE and volume is not None:
        checks.refuse("container_volume", "Without a container leave its volume empty.")
    if facts.container != Item.Container.NONE and volume is None:
        checks.refuse("container_volume", f"Expected how many {facts.unit} one container holds.")
    if facts.beyond_use_days is None:
        return
    checks.whole("beyond_use_days", facts.beyond_use_days, least=1, most=3650)
    if facts.container != Item.Container.MULTI_DOSE_VIAL:
        checks.refuse("beyond_use_days", "Only a multi-dose vial has beyond-use days.")


def check_settled_by_lots(item: Item, facts: ItemFacts) -> None:
    """Refuse to change of an item with lots what they were counted by; no query: NotAccepted."""
    changed = [name for name in SETTLED_BY_LOTS if getattr(item, name) != getattr(facts, name)]
    checks = Checks()
    for name in changed:
        checks.refuse(
            name,
            f"The {SETTLED_BY_LOTS[name]} cannot change any more: there are lots of"
            f" {item.name}. Add a new item instead.",
        )
    checks.done()


def check_packages_still_fit(packages: Iterable[Decimal | None], facts: ItemFacts) -> None:
    """Refuse facts that what codes and offers hold does not fit; no query: NotAccepted."""
    checks = Checks()
    for quantity in packages:
        check_package(checks, "container_volume", quantity, facts)
    if checks.errors:
        sentence = f"A code or an offer of this item no longer fits. {checks.errors[0].message}"
        field = "unit" if facts.container_volume is None else "container_volume"
        checks = Checks()
        checks.refuse(field, sentence)
    checks.done()
