"""Files that were uploaded to be brought in, what their rows are understood as, and what people
have said about such files before.

A file is kept until it is brought in or thrown away, and `KEPT_DAYS` at most. Rows that were
brought in stay, as the record of where stock came from; the others stay `KEPT_DAYS` more, to be
downloaded and mended.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.catalog.models import Item, Location
from inventory.imports.planned import Outcome

KEPT_DAYS = 30
KEPT = timedelta(days=KEPT_DAYS)
LONGEST_NAME = 200


class Import(models.Model):
    """One uploaded file: open until its accepted rows are brought in, all of them together."""

    kind = models.CharField(max_length=12)
    file_name = models.CharField(max_length=200)
    # SHA-256 of the file: the same one is brought in once for each kind.
    content_hash = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    # Where a row goes that names no place.
    place = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # By the sheet's title, the field of each column: {"Main": {"0": "item"}}. Empty: guessed.
    columns = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    # Whether a person has seen the columns, or had for such a file before.
    is_matched = models.BooleanField(default=False)
    # How many rows of each outcome, as they were planned last.
    accepted = models.PositiveIntegerField(default=0)
    undecided = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    committed_at = models.DateTimeField(null=True, blank=True)
    # What would be written, as in "38 lots into 3 places".
    summary = models.TextField(blank=True)
    # What was written, in a sentence, and where to look at it: pairs of a label and an address.
    written = models.TextField(blank=True)
    links = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "content_hash"],
                condition=Q(committed_at__isnull=False),
                name="a_file_is_brought_in_once",
            ),
            models.CheckConstraint(
                condition=Q(committed_at__isnull=True, committed_by__isnull=True)
                | Q(committed_at__isnull=False, committed_by__isnull=False),
                name="what_was_brought_in_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(committed_at__isnull=True, content__isnull=False)
                | Q(committed_at__isnull=False, content__isnull=True),
                name="a_file_is_kept_until_it_is_brought_in",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.committed_at is None

    @property
    def rows_left(self) -> int:
        """How many rows did not go in, and can be mended."""
        return self.undecided + self.refused


class ImportRow(models.Model):
    """A row of an uploaded file, as it was planned last, with what people have answered.

    `cells` and `understood` are by field; the latter are values as text, as in "240" or
    "2027-12-31". Messages are pairs of a column and a sentence.
    """

    upload = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=200, blank=True)
    number = models.PositiveIntegerField()
    outcome = models.CharField(
        max_length=8, choices=[(outcome.value, outcome.name.title()) for outcome in Outcome]
    )
    cells = models.JSONField(default=dict)
    understood = models.JSONField(default=dict)
    messages = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    # The name of the item in one spelling: rows with the same one are answered together.
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    # The SKU that was understood.
    item = models.CharField(max_length=64, blank=True)
    # Tells the very same line in another file, once this one went in.
    mark = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["upload", "outcome", "id"], name="import_row_outcome"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "sheet", "number"], name="a_row_once_an_import"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["accept", "decide", "reject", "ignore"]),
                name="an_import_row_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="import_rows_are_counted_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}, row {self.number}" if self.sheet else f"Row {self.number}"


class ImportLayout(models.Model):
    """What the columns of a file of this layout were said to mean: {"0": "item"}."""

    kind = models.CharField(max_length=12)
    # A hash of the headings, as `layout` makes it.
    key = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="a_layout_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} layout {self.pk}"


class KnownName(models.Model):
    """What people write for an item: somebody picked or confirmed the item for this name."""

    name = models.CharField(max_length=LONGEST_NAME, unique=True)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="known_names")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_known_name_says_something"),
        ]

    def __str__(self) -> str:
        return self.name
