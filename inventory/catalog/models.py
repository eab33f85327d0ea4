"""What the clinic stocks, who sells it, and the places that hold it.

Every quantity is in the item's unit, at three decimals. Prices have two decimals, unit costs four.
"""

from decimal import ROUND_CEILING, Decimal

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from inventory.web.fields import PriceField, QuantityField
from inventory.web.words import period_words

THOUSANDTH = Decimal("0.001")
# No stock is enough for every cycle; below half of them nothing is planned.
LEAST_SERVICE, FULL_SERVICE = Decimal(50), Decimal(100)

slug = RegexValidator(
    r"\A[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z",
    "Use lower-case letters, digits and single hyphens, as in lido-1-20.",
)


class Clinic(models.Model):
    """The clinic's own settings: one row, made by a migration."""

    name = models.CharField(max_length=120, default="Our clinic")
    # The letterhead of its orders: the address as it is written, line by line.
    address = models.CharField(max_length=400, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    purchasing_email = models.EmailField(blank=True)
    expiring_days = models.PositiveSmallIntegerField(
        default=90, help_text="Flag a lot this many days before it expires."
    )
    expiring_soon_days = models.PositiveSmallIntegerField(default=60)
    expiring_now_days = models.PositiveSmallIntegerField(default=30)
    procedure_backdating_days = models.PositiveSmallIntegerField(default=7)
    receipt_backdating_days = models.PositiveSmallIntegerField(default=90)
    nurse_void_days = models.PositiveSmallIntegerField(default=7)
    # Percent of the order cycles in which nothing is to run out.
    service_level = QuantityField(default=Decimal(95))
    order_every_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="clinic_is_one_row"),
            models.CheckConstraint(
                condition=Q(service_level__gte=LEAST_SERVICE, service_level__lt=FULL_SERVICE),
                name="clinic_service_level_makes_sense",
            ),
            models.CheckConstraint(
                condition=Q(order_every_days__gte=1, order_every_days__lte=90),
                name="clinic_orders_every_90_days_at_least",
            ),
            models.CheckConstraint(
                condition=Q(expiring_now_days__lte=models.F("expiring_soon_days"))
                & Q(expiring_soon_days__lte=models.F("expiring_days")),
                name="clinic_expiring_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A building or address of the clinic."""

    code = models.CharField(max_length=64, unique=True, validators=[slug])
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A place that holds stock: storeroom, procedure room, cart, refrigerator."""

    code = models.CharField(max_length=64, unique=True, validators=[slug])
    name = models.CharField(max_length=120)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="locations")
    treatment_area = models.BooleanField(
        "immediate treatment area",
        default=False,
        help_text="Patients are treated here: a multi-dose vial that comes here is for one.",
    )
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Supplier(models.Model):
    """Somebody who sells to the clinic."""

    code = models.CharField(max_length=64, unique=True, validators=[slug])
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """Something the clinic stocks, at one size."""

    class Kind(models.TextChoices):
        NEEDLE = "needle", "Needle"
        SYRINGE = "syringe", "Syringe"
        LOCAL_ANESTHETIC = "local_anesthetic", "Local anesthetic"
        CORTICOSTEROID = "corticosteroid", "Corticosteroid"
        TOXIN = "toxin", "Toxin"
        OTHER_DRUG = "other_drug", "Other drug"
        PREP = "prep", "Prep"
        DRESSING = "dressing", "Dressing"
        GLOVE = "glove", "Glove"
        OTHER = "other", "Other"

    class Unit(models.TextChoices):
        EACH = "each", "each"
        ML = "mL", "mL"
        UNIT = "unit", "unit"

    class Container(models.TextChoices):
        NONE = "none", "None"
        AMPULE = "ampule", "Ampule"
        SINGLE_DOSE_VIAL = "single_dose_vial", "Single-dose vial"
        MULTI_DOSE_VIAL = "multi_dose_vial", "Multi-dose vial"

    class Storage(models.TextChoices):
        ROOM = "room", "Room temperature"
        ROOM_DARK = "room_dark", "Room temperature, protected from light"
        FRIDGE = "fridge", "Refrigerator, 2 to 8 °C"
        FREEZER = "freezer", "Freezer"

    SINGLE_DOSE = frozenset({Container.SINGLE_DOSE_VIAL, Container.AMPULE})

    sku = models.CharField("SKU", max_length=64, unique=True, validators=[slug])
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    unit = models.CharField(max_length=8, choices=Unit.choices, default=Unit.EACH)
    container = models.CharField(max_length=20, choices=Container.choices, default=Container.NONE)
    container_volume = QuantityField(
        null=True, blank=True, help_text="How much of the unit one container holds, by its label."
    )
    beyond_use_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Days an opened multi-dose vial may be used; 28 unless the label says otherwise.",
    )
    strength = QuantityField("strength, mg per mL", null=True, blank=True)
    hcpcs = models.CharField("HCPCS code", max_length=8, blank=True)
    billing_unit = models.CharField(
        max_length=24, blank=True, help_text="As in 10 mg, 1 unit or 10 mL."
    )
    storage = models.CharField(max_length=12, choices=Storage.choices, default=Storage.ROOM)
    preservative_free = models.BooleanField(null=True, blank=True)
    lot_tracked = models.BooleanField(default=True)
    reorder_point = QuantityField(null=True, blank=True)
    par_level = QuantityField(null=True, blank=True)
    # Of the levels by hand: since when, whose they are, and why. None: set before that was kept.
    levels_set_on = models.DateField(null=True, blank=True)
    levels_set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    levels_reason = models.CharField(max_length=200, blank=True)
    # None: the clinic's.
    service_level = QuantityField(null=True, blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(container="none", container_volume__isnull=True)
                # A rule that comes to NULL passes: it has to be said that there is a volume.
                | (
                    ~Q(container="none") & Q(container_volume__isnull=False, container_volume__gt=0)
                ),
                name="item_container_has_a_volume",
                violation_error_message="A container needs a volume; without one leave it empty.",
            ),
            models.CheckConstraint(
                condition=Q(beyond_use_days__isnull=True)
                | (Q(container="multi_dose_vial") & Q(beyond_use_days__gt=0)),
                name="item_beyond_use_days_for_multi_dose_vials",
                violation_error_message="Only a multi-dose vial has beyond-use days.",
            ),
            models.CheckConstraint(
                condition=Q(reorder_point__isnull=True) | Q(reorder_point__gte=0),
                name="item_reorder_point_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(par_level__isnull=True)
                | Q(par_level__gte=0)
                & (Q(reorder_point__isnull=True) | Q(par_level__gte=models.F("reorder_point"))),
                name="item_par_not_below_reorder_point",
                violation_error_message="The par level cannot be below the reorder point.",
            ),
            models.CheckConstraint(
                condition=Q(strength__isnull=True) | Q(strength__gt=0),
                name="item_strength_positive",
            ),
            models.CheckConstraint(
                condition=Q(levels_set_on__isnull=True, levels_set_by__isnull=True)
                | Q(levels_set_on__isnull=False, levels_set_by__isnull=False),
                name="item_levels_say_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(reorder_point__isnull=False)
                | Q(par_level__isnull=False)
                | Q(levels_set_on__isnull=True, levels_reason=""),
                name="item_without_levels_says_nothing_of_them",
            ),
            models.CheckConstraint(
                condition=Q(service_level__isnull=True)
                | Q(service_level__gte=LEAST_SERVICE, service_level__lt=FULL_SERVICE),
                name="item_service_level_makes_sense",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_single_dose(self) -> bool:
        """True where one container serves one procedure only: single-dose vials and ampules."""
        return self.container in self.SINGLE_DOSE

    @property
    def is_multi_dose(self) -> bool:
        return self.container == self.Container.MULTI_DOSE_VIAL

    def whole(self, quantity: Decimal) -> Decimal:
        """Round up to what can be counted out: whole pieces for `each`, else the fixed scale."""
        step = Decimal(1) if self.unit == self.Unit.EACH else THOUSANDTH
        return quantity.quantize(step, rounding=ROUND_CEILING)


class ItemCode(models.Model):
    """A code that identifies an item at one packaging level."""

    class Kind(models.TextChoices):
        GTIN = "gtin", "GTIN"
        NDC = "ndc", "NDC"
        REF = "ref", "REF"
        HIBC = "hibc", "HIBC"
        UPC = "upc", "UPC"

    class Level(models.TextChoices):
        EACH = "each", "Each"
        INNER = "inner", "Inner package"
        CASE = "case", "Case"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="codes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=64)
    # What is compared: a GTIN or UPC at 14 digits, an NDC without hyphens, others in upper case.
    normalized = models.CharField(max_length=64, editable=False)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.EACH)
    # None: nobody has said yet how much this package holds.
    quantity = QuantityField(
        null=True, blank=True, help_text="How much of the item's unit this package holds."
    )

    class Meta:
        ordering = ["item", "kind", "quantity", "value"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "normalized"], name="item_code_is_taken_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="item_code_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class BillingCode(models.Model):
    """What an item is billed by on some days, where that is not the item's own code.

    Without a code nothing is billed on these days. The periods of an item have no day in common:
    triggers of the database see to that too.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="billing_codes")
    hcpcs = models.CharField("HCPCS code", max_length=8, blank=True)
    billing_unit = models.CharField(max_length=24, blank=True)
    # Both days included; None: without that end.
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["item", models.F("effective_from").asc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_from__isnull=False) | Q(effective_to__isnull=False),
                name="billing_code_has_a_date",
            ),
            models.CheckConstraint(
                # A comparison with what is not there is unknown, and no refusal.
                condition=Q(effective_from__lte=models.F("effective_to")),
                name="billing_code_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(hcpcs="", billing_unit="") | ~(Q(hcpcs="") | Q(billing_unit="")),
                name="billing_code_comes_with_its_unit",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.hcpcs or 'not billed'} {period_words(self.effective_from, self.effective_to)}"
        )


class SupplierOffer(models.Model):
    """An item as one supplier sells it."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="offers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="offers")
    order_code = models.CharField(max_length=64, blank=True)
    pack_quantity = QuantityField(help_text="How much of the item's unit one pack holds.")
    pack_price = PriceField()
    lead_time_days = models.PositiveSmallIntegerField()
    minimum_packs = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    preferred = models.BooleanField(default=False)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["item", "-preferred", "supplier"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "item", "order_code"], name="offer_named_once"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(preferred=True), name="one_preferred_offer_an_item"
            ),
            models.CheckConstraint(
                condition=Q(pack_quantity__gt=0) & Q(pack_price__gte=0) & Q(minimum_packs__gte=1),
                name="offer_amounts_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return self.order_code or f"offer {self.pk}"


class LocationLevel(models.Model):
    """The reorder point and par level of an item in one place, where they differ from nothing."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="location_levels")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="levels")
    reorder_point = QuantityField()
    par_level = QuantityField()

    class Meta:
        ordering = ["location", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "location"], name="one_level_an_item_and_place"
            ),
            models.CheckConstraint(
                condition=Q(reorder_point__gte=0) & Q(par_level__gte=models.F("reorder_point")),
                name="location_par_not_below_reorder_point",
                violation_error_message="The par level cannot be below the reorder point.",
            ),
        ]

    def __str__(self) -> str:
        return f"level {self.pk}"
