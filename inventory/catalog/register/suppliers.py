"""Suppliers, and what they ask for an item."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db import transaction

from inventory.catalog.checks import Checks
from inventory.catalog.errors import Taken
from inventory.catalog.models import Item, Supplier, SupplierOffer
from inventory.catalog.register.common import Counted, check_package, insert, save


@dataclass(frozen=True, kw_only=True)
class SupplierFacts:
    """Somebody who sells to the clinic."""

    code: str
    name: str
    email: str = ""
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """How a supplier sells an item. `preferred` None: preferred when nothing else is."""

    pack_quantity: Decimal
    pack_price: Decimal
    lead_time_days: int
    order_code: str = ""
    minimum_packs: int = 1
    preferred: bool | None = None
    is_active: bool = True


@transaction.atomic
def add_supplier(facts: SupplierFacts) -> Supplier:
    """Add a supplier. Raises Taken, NotAccepted."""
    tidy = checked_supplier(facts)
    taken = Taken("code", f"The code {tidy.code} is taken by another supplier.")
    if Supplier.objects.filter(code=tidy.code).exists():
        raise taken
    return insert(Supplier(**asdict(tidy)), taken)


@transaction.atomic
def change_supplier(supplier: Supplier, facts: SupplierFacts) -> Supplier:
    """Change a supplier; its code stays. Raises NotAccepted."""
    return save(supplier, asdict(checked_supplier(replace(facts, code=supplier.code))))


@transaction.atomic
def add_offer(supplier: Supplier, item: Item, facts: OfferFacts) -> SupplierOffer:
    """Add what a supplier asks for an item. A preferred one takes the place of the former.

    Raises Taken when the supplier has this order code for the item already, NotAccepted.
    """
    # Two offers that become preferred at the same time wait for each other here.
    item = Item.objects.select_for_update().get(pk=item.pk)
    return _keep_offer(SupplierOffer(supplier=supplier, item=item), facts)


@transaction.atomic
def change_offer(offer: SupplierOffer, facts: OfferFacts) -> SupplierOffer:
    """Change an offer; its supplier and item stay. Raises Taken, NotAccepted."""
    item = Item.objects.select_for_update().get(pk=offer.item_id)
    kept = SupplierOffer.objects.select_related("supplier").get(pk=offer.pk)
    kept.item = item
    return _keep_offer(kept, facts)


@transaction.atomic
def learn_offer_price(offer: SupplierOffer, pack_price: Decimal) -> Decimal:
    """Let an offer have the price that was paid for a pack; return the price it had before."""
    kept = SupplierOffer.objects.select_for_update(no_key=True).get(pk=offer.pk)
    before: Decimal = kept.pack_price
    if before != pack_price:
        save(kept, {"pack_price": pack_price})
        offer.pack_price = pack_price
    return before


@transaction.atomic
def learn_supplier_email(supplier: Supplier, email: str) -> bool:
    """Let a supplier without an address for orders have this one; return whether it was taken."""
    kept = Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
    if kept.email:
        return False
    save(kept, {"email": email})
    supplier.email = email
    return True


def _keep_offer(offer: SupplierOffer, facts: OfferFacts) -> SupplierOffer:
    tidy = checked_offer(facts, offer.item)
    others = SupplierOffer.objects.filter(item=offer.item).exclude(pk=offer.pk)
    clash = others.filter(supplier=offer.supplier, order_code=tidy.order_code)
    if clash.exists():
        code = f"the order code {tidy.order_code}" if tidy.order_code else "no order code"
        raise Taken(
            "order_code", f"{offer.supplier.name} offers {offer.item.name} with {code} already."
        )
    preferred = tidy.preferred
    if preferred is None:
        preferred = not others.filter(preferred=True).exists()
    preferred = preferred and tidy.is_active
    if preferred:
        others.filter(preferred=True).update(preferred=False)
    return save(offer, {**asdict(tidy), "preferred": preferred})


def checked_supplier(facts: SupplierFacts) -> SupplierFacts:
    """Return the facts tidied, if they break no rule; no query. Raises NotAccepted."""
    checks = Checks()
    tidy = replace(
        facts,
        code=checks.slug("code", facts.code),
        name=checks.text("name", facts.name, longest=120, required=True),
        email=checks.email("email", facts.email),
    )
    checks.done()
    return tidy


def checked_offer(facts: OfferFacts, item: Counted) -> OfferFacts:
    """Return the facts tidied, if they break no rule; no query. Raises NotAccepted."""
    checks = Checks()
    check_package(checks, "pack_quantity", facts.pack_quantity, item)
    checks.amount("pack_price", facts.pack_price, places=2)
    checks.whole("lead_time_days", facts.lead_time_days, least=0, most=3650)
    checks.whole("minimum_packs", facts.minimum_packs, least=1, most=1_000_000)
    tidy = replace(facts, order_code=checks.text("order_code", facts.order_code, longest=64))
    checks.done()
    return tidy
