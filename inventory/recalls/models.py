"""Recalls: what a notice was about, the lots that were held for it, and what the clinic did.

- `Recall`: one notice and the answer to it; "none found" is an answer.
- `RecallLot`: a lot that was held for it, with what was on hand at that moment.
- `RecallNote`: a line of the response log. Never changed, never deleted; the database refuses.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inventory.catalog.models import Item
from inventory.stock.models import Lot, LotHold
from inventory.web.fields import QuantityField


class Recall(models.Model):
    """A notice about lots that must not be used, and what was searched for."""

    reference = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    # What was typed or scanned, where the items were found by it or none was.
    code = models.CharField(max_length=64, blank=True)
    items = models.ManyToManyField(Item, related_name="recalls")
    # Of `stock.lot_patterns`, one a line.
    patterns = models.TextField(blank=True)
    all_lots = models.BooleanField(default=False)
    status = models.CharField(
        max_length=12,
        choices=[
            (Lot.Status.RECALLED.value, "Recalled"),
            (Lot.Status.QUARANTINED.value, "Quarantined"),
        ],
    )
    lots: "models.ManyToManyField[Lot, RecallLot]" = models.ManyToManyField(
        Lot, through="RecallLot", related_name="recalls"
    )
    # What waits for lots that arrive later.
    holds = models.ManyToManyField(LotHold, related_name="recalls")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(all_lots=True, patterns="") | (Q(all_lots=False) & ~Q(patterns="")),
                name="a_recall_names_lots_or_all_of_them",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["quarantined", "recalled"]), name="a_recall_holds"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | (
                    Q(closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(outcome="")
                    & Q(closed_at__gte=F("opened_at"))
                ),
                name="a_closed_recall_says_who_when_and_how_it_ended",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(reason=""), name="a_recall_says_what_and_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def name(self) -> str:
        """The number of the notice, or else what it is about."""
        return self.reference or self.title

    @property
    def lot_words(self) -> str:
        """Return "all lots", or the patterns with commas between them."""
        return "all lots" if self.all_lots else ", ".join(self.patterns.splitlines())


class RecallLot(models.Model):
    """A lot that was held for a recall, and what there was at that moment."""

    recall = models.ForeignKey(
        Recall, on_delete=models.PROTECT, related_name="held_lots", db_index=False
    )
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    on_hand = QuantityField()
    status_before = models.CharField(max_length=12, choices=Lot.Status.choices)
    # The number only read like one of the notice, or there was none; somebody looked at the label
    # and ticked it.
    by_likeness = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["recall", "lot"], name="a_recall_holds_a_lot_once"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0), name="a_recalled_lot_is_never_below_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"recalled lot {self.pk}"


class RecallNote(models.Model):
    """What somebody did, found out or decided about a recall."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_note_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
