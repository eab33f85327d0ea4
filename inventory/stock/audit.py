"""Proves the ledger: every holding against its entries, and what must hold of every movement."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, Q, Sum

from inventory.stock.models import Entry, Holding, Movement
from inventory.web.decimals import plain

GUARDS = {
    "sqlite": {
        *(
            f"inventory_{table}_{rule}"
            for table in ("movement", "entry")
            for rule in ("no_update", "no_delete", "no_replace")
        ),
        # PostgreSQL's columns take nothing but whole numbers anyway.
        *(f"inventory_holding_number_on_{event}" for event in ("insert", "update")),
        "inventory_entry_number_on_insert",
    },
    "postgresql": {"inventory_movement_append_only", "inventory_entry_append_only"},
}


@dataclass
class Proof:
    """What was proved, and each difference in a sentence."""

    holdings: int = 0
    movements: int = 0
    entries: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.differences


def check_ledger(progress: Callable[[int], object] = bool) -> Proof:
    """Prove all of it; `progress` is told of each holding as it is done."""
    proof = Proof(movements=Movement.objects.count(), entries=Entry.objects.count())
    sums = _sums_by_holding()
    for holding in Holding.objects.with_lot().order_by("pk").iterator(chunk_size=2000):
        proof.holdings += 1
        proof.differences += _holding_differences(holding, sums.get(holding.pk, {}))
        progress(1)
    proof.differences += _missing_triggers()
    for check in (_unbalanced, _split_single_doses, _entries_at_odds):
        proof.differences += check()
    return proof


def _sums_by_holding() -> dict[int, dict[int, Decimal]]:
    """The sum of the entries of each holding, by the place where they happened."""
    sums: dict[int, dict[int, Decimal]] = {}
    rows = Entry.objects.order_by().values_list("holding", "location").annotate(Sum("quantity"))
    for holding, location, quantity in rows.iterator(chunk_size=5000):
        sums.setdefault(holding, {})[location] = quantity
    return sums


def _holding_differences(holding: Holding, sums: dict[int, Decimal]) -> Iterator[str]:
    lot, item = holding.lot, holding.lot.item
    name = f"Holding {holding.pk} ({item.sku}, lot {lot}, {holding.location.code})"
    total = sum(sums.values(), Decimal(0))
    if total != holding.quantity:
        yield f"{name}: holds {plain(holding.quantity)}, its entries add up to {plain(total)}."
    if holding.quantity < 0:
        yield f"{name}: holds {plain(holding.quantity)}, below nothing."
    for location, quantity in sums.items():
        if location != holding.location_id and quantity:
            yield f"{name}: {plain(quantity)} is entered at location {location}, where it is not."
    volume = item.container_volume
    if not holding.is_opened and volume and holding.quantity % volume:
        yield f"{name}: {plain(holding.quantity)} is not whole containers of {plain(volume)}."
    if holding.is_opened and not item.is_multi_dose:
        yield f"{name}: an opened container of an item that is not a multi-dose vial."


def _unbalanced() -> Iterator[str]:
    """What was opened or moved left one holding for another: those entries come to nothing."""
    rows = (
        Entry.objects.order_by()
        .filter(kind__in=[Entry.Kind.OPEN, Entry.Kind.TRANSFER])
        .values_list("movement", "item", "kind")
        .annotate(total=Sum("quantity"))
        .exclude(total=0)
    )
    for movement, item, kind, total in rows:
        yield f"Movement {movement}: its {kind} entries of item {item} leave {plain(total)} over."


def _split_single_doses() -> Iterator[str]:
    """A single-dose container leaves whole: administered and discarded make up its label."""
    rows = (
        Entry.objects.order_by()
        .filter(
            kind__in=[Entry.Kind.USE, Entry.Kind.WASTE],
            item__container__in=["single_dose_vial", "ampule"],
        )
        .values_list("movement", "holding", "item__container_volume")
        .annotate(total=Sum("quantity"))
    )
    for movement, holding, volume, total in rows.iterator(chunk_size=5000):
        if total % volume:
            yield f"Movement {movement}: {plain(total)} left holding {holding} of single doses."


def _entries_at_odds() -> Iterator[str]:
    """What an entry repeats of its movement and holding must be the same."""
    odd = Entry.objects.exclude(
        Q(happened_at=F("movement__happened_at")) & Q(item=F("holding__lot__item"))
    )
    for entry in odd:
        yield f"Entry {entry.pk}: its time or item is not that of its movement or holding."
    twice = (
        Movement.objects.order_by()
        .filter(reverses__isnull=False)
        .values("reverses")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    for row in twice:
        yield f"Movement {row['reverses']}: reversed {row['times']} times."


def _missing_triggers() -> Iterator[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    for name in sorted(GUARDS[connection.vendor] - present):
        yield f"The database no longer guards the ledger: its trigger {name} is missing."
