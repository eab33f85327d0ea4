"""Procedure types with their kits, the procedures that were logged, and those from before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from inventory.catalog.models import Item, Location, slug
from inventory.stock.models import Lot, Movement, PastFile, PastUse
from inventory.web.fields import QuantityField


class ProcedureType(models.Model):
    """A kind of injection procedure, in the clinic's own words."""

    code = models.CharField(max_length=64, unique=True, validators=[slug])
    name = models.CharField(max_length=120)
    # CPT is a registered trademark of the AMA: the number alone is kept, never its wording.
    cpt = models.CharField("procedure code (CPT)", max_length=8, blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = [Lower("name")]

    def __str__(self) -> str:
        return self.name


class KitLine(models.Model):
    """A supply that a procedure type normally takes."""

    class Per(models.TextChoices):
        PROCEDURE = "procedure", "procedure"
        MUSCLE = "muscle", "muscle"
        SITE = "site", "site"

    procedure_type = models.ForeignKey(ProcedureType, on_delete=models.CASCADE, related_name="kit")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="kit_lines")
    quantity = QuantityField()
    per = models.CharField(max_length=10, choices=Per.choices, default=Per.PROCEDURE)
    optional = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure_type", "item"], name="kit_names_an_item_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="kit_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"kit line {self.pk}"


class KitSubstitute(models.Model):
    """An item that may stand in for a kit line's item; the first is offered first."""

    line = models.ForeignKey(KitLine, on_delete=models.CASCADE, related_name="substitutes")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "item"], name="substitute_named_once"),
        ]

    def __str__(self) -> str:
        return f"substitute {self.pk}"


class Procedure(models.Model):
    """One logged injection procedure. It never names a patient: `encounter_ref` is opaque."""

    class Status(models.TextChoices):
        LOGGED = "logged", "Logged"
        VOIDED = "voided", "Voided"

    class Supplies(models.TextChoices):
        RETURNED = "returned", "Put back"
        WASTED = "wasted", "Counted as wasted"

    type = models.ForeignKey(ProcedureType, on_delete=models.PROTECT, related_name="procedures")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="procedures")
    performed_at = models.DateTimeField(db_index=True)
    provider = models.CharField(max_length=100, blank=True)
    muscles = models.PositiveSmallIntegerField(default=1)
    sites = models.PositiveSmallIntegerField(default=1)
    encounter_ref = models.CharField(max_length=32, blank=True)
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="procedures",
        db_index=False,
    )
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="procedure")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.LOGGED)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    void_reason = models.CharField(max_length=200, blank=True)
    void_supplies = models.CharField(max_length=8, choices=Supplies.choices, blank=True)
    # The procedure that this one was logged in place of; it was voided in the same step.
    amends = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by"
    )

    class Meta:
        ordering = ["-performed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="logged", voided_at__isnull=True)
                | Q(status="voided", voided_at__isnull=False),
                name="a_voided_procedure_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"procedure {self.pk}"


class ProcedureLine(models.Model):
    """What one procedure took of an item: administered, and discarded of single doses."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="lines")
    # The number of this line in the movement's entries.
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = QuantityField()
    discarded = QuantityField(default=0)
    # Set when somebody knowingly used what could not be used: the lot, why, and who looked at it.
    unusable_lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    unusable_reason = models.CharField(max_length=200, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["position"]
        indexes = [
            # Read by attention: what a manager has still to look at.
            models.Index(
                fields=["procedure"],
                condition=~Q(unusable_reason="") & Q(reviewed_at__isnull=True),
                name="line_to_review",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "position"], name="line_has_its_place"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(discarded__gte=0), name="line_amounts_make_sense"
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class PastProcedure(models.Model):
    """A procedure from before it could be logged here, as a file says.

    It is history: no stock moved for it, nothing is billed by it. Like its `PastUse` rows it is
    never changed, and goes only when its whole file is taken back.
    """

    file = models.ForeignKey(PastFile, on_delete=models.PROTECT, related_name="procedures")
    type = models.ForeignKey(
        ProcedureType, on_delete=models.PROTECT, related_name="past_procedures"
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    performed_at = models.DateTimeField(db_index=True)
    provider = models.CharField(max_length=100, blank=True)
    muscles = models.PositiveSmallIntegerField(default=1)
    sites = models.PositiveSmallIntegerField(default=1)
    encounter_ref = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["-performed_at", "-id"]

    def __str__(self) -> str:
        return f"past procedure {self.pk}"


class PastProcedureLine(models.Model):
    """What a past procedure used of one item."""

    procedure = models.ForeignKey(PastProcedure, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    use = models.OneToOneField(PastUse, on_delete=models.PROTECT, related_name="line")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "position"], name="past_line_has_its_place"
            ),
        ]

    def __str__(self) -> str:
        return f"past line {self.pk}"
