"""Sheets on which a place is counted, before the ledger hears of it.

- `CountSheet`: one count of one place, or of part of it: open, then posted or cancelled.
- `CountSheetLine`: one holding, or a lot that was found there; what the ledger said, and what was
  counted.

Nothing here is stock: only posting a sheet writes movements, through `ledger`. `record` is
the only writer of sheets.
"""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum

from inventory.catalog.models import Location
from inventory.stock.models import Holding, Lot, Movement
from inventory.web.fields import PriceField, QuantityField


class CountSheetQuerySet(models.QuerySet["CountSheet"]):
    def still_open(self) -> Self:
        return self.filter(posted_at__isnull=True, cancelled_at__isnull=True)

    def with_progress(self) -> Self:
        """Annotate with `rows`, `rows_counted`, `rows_differing` and `value_found`."""
        differing = Q(lines__variance__isnull=False) & ~Q(lines__variance=0)
        return self.annotate(
            rows=Count("lines"),
            rows_counted=Count("lines", filter=Q(lines__counted__isnull=False)),
            rows_differing=Count("lines", filter=differing),
            value_found=Sum("lines__value"),
        )


class CountSheet(models.Model):
    """One count of one place. A place has at most one that is open."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="count_sheets")
    # What of the place it is about, in words: "everything", "opened vials".
    about = models.CharField(max_length=200)
    blind = models.BooleanField(
        default=True, help_text="What is expected stays hidden until the review."
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # From here on those who count may have seen what was expected.
    reviewed_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # The newest entry when it was posted: a higher id came after the count.
    posted_up_to = models.PositiveBigIntegerField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = CountSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["location"],
                condition=Q(posted_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_count_sheet_a_place",
            ),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="a_count_sheet_is_posted_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(
                    posted_at__isnull=True, posted_by__isnull=True, posted_up_to__isnull=True
                )
                | Q(posted_at__isnull=False, posted_by__isnull=False, posted_up_to__isnull=False),
                name="a_posted_count_sheet_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="a_cancelled_count_sheet_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"count sheet {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.posted_at is None and self.cancelled_at is None

    @property
    def closed_at(self) -> datetime | None:
        return self.posted_at or self.cancelled_at

    @property
    def hides_expected(self) -> bool:
        """True while nobody who counts may see what the ledger expects."""
        return self.blind and self.is_open and self.reviewed_at is None


class CountSheetLine(models.Model):
    """One row of a sheet, in the item's unit.

    `expected` is what the ledger said when the row was made. The marks named `..._up_to` are ids of
    entries of the holding, 0 where it had none: an entry with a higher id came afterwards.
    """

    sheet = models.ForeignKey(CountSheet, on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    # None: a lot that was found where the ledger knows of none.
    holding = models.ForeignKey(
        Holding, on_delete=models.PROTECT, null=True, blank=True, related_name="count_sheet_lines"
    )
    found = models.BooleanField(default=False)
    expected = QuantityField()
    # The newest entry that `expected` includes.
    expected_up_to = models.PositiveBigIntegerField(default=0)

    counted = QuantityField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # What was counted before anybody saw what was expected.
    counted_first = QuantityField(null=True, blank=True)

    reason = models.CharField(max_length=200, blank=True)
    # Where stock moved since: the newest entry that had happened when the person counted, and the
    # newest that the person knew of when they said so.
    counted_up_to = models.PositiveBigIntegerField(null=True, blank=True)
    answered_up_to = models.PositiveBigIntegerField(null=True, blank=True)

    # Once posted.
    movement = models.ForeignKey(
        Movement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="count_sheet_lines",
    )
    variance = QuantityField(null=True, blank=True)
    # The variance at the lot's unit cost, to the cent; None where the cost is not known.
    value = PriceField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "holding"], name="a_holding_once_a_count_sheet"
            ),
            models.UniqueConstraint(
                fields=["sheet", "lot"],
                condition=Q(holding__isnull=True),
                name="a_found_lot_once_a_count_sheet",
            ),
            models.CheckConstraint(
                condition=Q(expected__gte=0)
                & (Q(counted__isnull=True) | Q(counted__gte=0))
                & (Q(counted_first__isnull=True) | Q(counted_first__gte=0)),
                name="counted_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, counted_at__isnull=True, counted_by__isnull=True)
                | Q(counted__isnull=False, counted_at__isnull=False, counted_by__isnull=False),
                name="what_is_counted_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(counted_up_to__isnull=True, answered_up_to__isnull=True)
                | Q(
                    counted_up_to__isnull=False,
                    answered_up_to__isnull=False,
                    counted_up_to__gte=F("expected_up_to"),
                    answered_up_to__gte=F("counted_up_to"),
                ),
                name="count_marks_in_order",
            ),
            models.CheckConstraint(
                condition=Q(movement__isnull=True, variance__isnull=True, value__isnull=True)
                | Q(
                    movement__isnull=False,
                    variance__isnull=False,
                    counted__isnull=False,
                    holding__isnull=False,
                ),
                name="only_what_is_counted_is_posted",
            ),
            models.CheckConstraint(
                condition=Q(variance__isnull=True) | Q(variance=0) | ~Q(reason=""),
                name="a_variance_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of a count sheet"

    @property
    def is_counted(self) -> bool:
        return self.counted is not None

    @property
    def is_opened(self) -> bool:
        """True for an opened vial, which is counted by what is left in it."""
        return self.holding is not None and self.holding.is_opened

    @property
    def expected_then(self) -> Decimal:
        """What was expected when it was counted; the same as `expected` until it is posted."""
        expected: Decimal = self.expected
        if self.counted is not None and self.variance is not None:
            expected = self.counted - self.variance
        return expected

    @property
    def step(self) -> Decimal:
        """How much one step of the number that people enter is in the item's unit."""
        volume = self.lot.item.container_volume
        return volume if volume and not self.is_opened else Decimal(1)
