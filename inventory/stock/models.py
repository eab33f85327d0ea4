"""Lots, where they are, and the ledger of everything that happened to them.

- `Lot`: one batch of an item.
- `Holding`: how much of a lot is in one place. The sealed containers of a lot at a location are
  one holding; every opened multi-dose vial is a holding of its own.
- `Movement`: one thing that happened to stock. Never changed, never deleted.
- `Entry`: what a movement did to one holding. Never changed, never deleted.
- `LotHold`: lots of an item that must not be used when they arrive, for as long as it lasts.
- `PastUse`: what was used before the stock was counted here, as a `PastFile` says.

A holding's quantity is the sum of its entries: a cache that only `ledger` writes, in the same
database transaction as the entries. `audit` proves it.
"""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inventory.catalog.models import Item, Location, Supplier
from inventory.web.fields import QuantityField, UnitCostField


class Lot(models.Model):
    """One batch of an item. An item that is not lot-tracked has one lot without a number."""

    class Status(models.TextChoices):
        AVAILABLE = "available", "Available"
        QUARANTINED = "quarantined", "Quarantined"
        RECALLED = "recalled", "Recalled"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(
        max_length=64, blank=True, help_text="Trimmed and in upper case; empty when not tracked."
    )
    expires_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.AVAILABLE)
    unit_cost = UnitCostField(null=True, blank=True)
    # The first receipt into the clinic breaks ties between equal expiry dates.
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["item", F("expires_on").asc(nulls_last=True), "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="lot_named_once_an_item"),
        ]

    def __str__(self) -> str:
        return self.number or "no lot number"

    @property
    def full_name(self) -> str:
        """Return "Lidocaine 1% 20 mL, lot A1"; the item alone where it is not tracked by lot."""
        return f"{self.item.name}, lot {self.number}" if self.number else self.item.name

    @property
    def subject(self) -> str:
        """Return "Lot A1", to begin a sentence; the item where it is not tracked by lot."""
        return f"Lot {self.number}" if self.number else self.item.name


class LotHold(models.Model):
    """Lots of an item that are held as soon as they are received. `pattern` is of `lot_patterns`.

    Written by `ledger` alone, which asks it whenever stock is received.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds", db_index=False)
    pattern = models.CharField(max_length=65)
    status = models.CharField(max_length=12, choices=Lot.Status.choices)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            # Read by every receipt.
            models.Index(fields=["item"], condition=Q(ended_at__isnull=True), name="hold_in_force"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["quarantined", "recalled"]), name="a_hold_holds"
            ),
            models.CheckConstraint(condition=~Q(pattern=""), name="a_hold_names_lots"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_hold_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pattern}: {self.reason}"


class LotStatusChange(models.Model):
    """Who put a lot on hold, recalled it or released it, and why."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="status_changes")
    status = models.CharField(max_length=12, choices=Lot.Status.choices)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    # What held the lot when it arrived; `by` is who received it.
    hold = models.ForeignKey(
        LotHold, on_delete=models.PROTECT, null=True, blank=True, related_name="caught"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.reason}"


class HoldingQuerySet(models.QuerySet["Holding"]):
    def on_hand(self) -> Self:
        return self.filter(quantity__gt=0)

    def sealed(self) -> Self:
        return self.filter(opened_at__isnull=True)

    def opened(self) -> Self:
        return self.filter(opened_at__isnull=False)

    def usable_on(self, today: date) -> Self:
        """What `usable.why_not` has no objection to, in SQL."""
        return self.filter(
            Q(lot__expires_on__isnull=True) | Q(lot__expires_on__gte=today),
            Q(beyond_use_on__isnull=True) | Q(beyond_use_on__gte=today),
            lot__status=Lot.Status.AVAILABLE,
        )

    def with_lot(self) -> Self:
        """Fetch lot, item and location along, so that a row can be shown without more queries."""
        return self.select_related("lot__item", "location")


class Holding(models.Model):
    """How much of a lot is in one place: its sealed containers, or one opened vial."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holdings", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="holdings")
    quantity = QuantityField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    beyond_use_on = models.DateField(null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lot", "location"], name="holding_lot_location"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=0), name="holding_never_negative"),
            models.UniqueConstraint(
                fields=["lot", "location"],
                condition=Q(opened_at__isnull=True),
                name="one_sealed_holding_a_lot_and_place",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(beyond_use_on__isnull=True),
                name="only_an_opened_vial_has_a_beyond_use_date",
            ),
        ]

    def __str__(self) -> str:
        return f"holding {self.pk}"

    @property
    def is_opened(self) -> bool:
        return self.opened_at is not None


class Movement(models.Model):
    """One thing that happened to stock: the redundant record that balances cannot replace.

    It answers what left, when, from which lot, by whom and why, and it is the only reason for which
    a holding's quantity ever changes. Written by `ledger` alone. The database refuses UPDATE and
    DELETE; a mistake is put right by a reversal, at most one for each movement.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Receipt"
        USE = "use", "Use"
        OPEN = "open", "Opening"
        WASTE = "waste", "Waste"
        TRANSFER = "transfer", "Transfer"
        COUNT = "count", "Count"
        RETURN = "return", "Return"
        REVERSAL = "reversal", "Reversal"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    reason = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="a_reversal_names_what_it_reverses",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Entry(models.Model):
    """What a movement did to one holding.

    `kind` says what became of the quantity; a reversal's entries keep the kind of what they undo,
    with the sign turned, so that a sum over one kind is net of everything that was put back.
    `location`, `item` and `happened_at` repeat what holding and movement say: an opened vial's
    entries stay where they happened when the vial moves on, and usage is read from one index.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Received"
        USE = "use", "Used"
        OPEN = "open", "Opened"
        WASTE = "waste", "Wasted"
        TRANSFER = "transfer", "Moved"
        COUNT = "count", "Counted"
        RETURN = "return", "Returned"

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="entries")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="entries")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    quantity = QuantityField()
    # Which line of the request this entry serves, from 0.
    line = models.PositiveSmallIntegerField(default=0)
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["id"]
        indexes = [
            # Read by purchasing.usage, from the index alone: days of one item and kind, summed.
            models.Index(
                fields=["item", "kind", "happened_at", "quantity"], name="entry_item_usage"
            ),
        ]
        constraints = [
            # A count says what was found, be it what was expected.
            models.CheckConstraint(
                condition=~Q(quantity=0) | Q(kind="count"), name="an_entry_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class PastFile(models.Model):
    """A file of what was used before the stock was counted here.

    A file that was a mistake is taken back as a whole: its rows go, this one stays and says so.
    """

    name = models.CharField(max_length=200)
    taken_in_at = models.DateTimeField()
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    taken_back_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="a_file_taken_back_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PastUse(models.Model):
    """How much of an item was used at one time before the stock was counted here.

    Purchasing counts it as use; it moves no stock and is in no lot's trace. The database refuses
    to change a row, and lets go of one only when the whole file is taken back. `discarded` is what
    was left over in containers for one dose.
    """

    file = models.ForeignKey(PastFile, on_delete=models.PROTECT, related_name="uses")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    used_at = models.DateTimeField()
    quantity = QuantityField()
    discarded = QuantityField(default=0)

    class Meta:
        ordering = ["id"]
        indexes = [
            # Read by purchasing.usage, from the index alone.
            models.Index(
                fields=["item", "used_at", "quantity", "discarded"], name="past_use_of_item"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(discarded__gte=0),
                name="past_use_amounts_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"past use {self.pk}"
