"""Purchase orders: what is asked of a supplier, and what of it came.

- `PurchaseOrder`: one order, from its draft to its end. Its number is never given twice.
- `OrderLine`: an item in packs of one size, as ordered, and as the supplier confirmed it.
- `OrderReceipt`: what a receipt of the ledger brought of a line, and what was paid for it.
- `OrderEvent`: who did what with the order, in words.

Nothing here is stock. What counts as received is net: a receipt that was reversed brought nothing,
so that undoing it reopens the order by itself. Therefore "received" is no status that is kept: an
order that was sent is received once nothing of it is open. That `is_complete` only says where
there is nothing to look for, so that what is on order is not looked for among all that ever was.
The modules of `orders` named `..._record` are the only writers.
"""

from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from inventory.catalog.models import Item, Location, Supplier, SupplierOffer
from inventory.purchasing.orders.due import FACTS, due_on
from inventory.stock.models import Movement
from inventory.web.fields import PriceField, QuantityField

NOTHING = Decimal(0)
STILL_OPEN = Q(open__gt=0)
NET = Q(receipts__movement__reversed_by__isnull=True)


class PurchaseOrderQuerySet(models.QuerySet["PurchaseOrder"]):
    def with_people(self) -> Self:
        """Fetch along whom a page names."""
        people = ("created_by", "approved_by", "sent_by", "ended_by")
        return self.select_related("supplier", "deliver_to", *people)

    def on_order(self) -> Self:
        """Those that were approved or sent, without those of which surely nothing is open."""
        undone = OrderReceipt.objects.undone().values("line__order")
        return self.filter(
            Q(is_complete=False) | Q(pk__in=undone), status__in=PurchaseOrder.ON_ORDER
        )

    def with_progress(self) -> Self:
        """Annotate with `has_open_lines` and `has_receipts`: what is to come, and what came."""
        lines = OrderLine.objects.filter(order=OuterRef("pk"))
        receipts = OrderReceipt.objects.net().filter(line__order=OuterRef("pk"))
        return self.annotate(
            has_open_lines=Exists(lines.still_open()),
            has_receipts=Exists(receipts),
        )

    def with_value(self) -> Self:
        """Annotate with `line_count`, and with `value`: what the order is to cost, as far as its
        lines are priced."""
        price = Coalesce("confirmed_price", "pack_price")
        packs = Coalesce("confirmed_packs", "packs")
        # Whole packs times a price is a price: the one product that its scale survives.
        cost = models.ExpressionWrapper(packs * price, output_field=PriceField())
        lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
        return self.annotate(
            line_count=Coalesce(Subquery(lines.annotate(count=Count("pk")).values("count")), 0),
            value=Subquery(lines.annotate(priced=Sum(cost)).values("priced")),
        )


class PurchaseOrder(models.Model):
    """One order to one supplier."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        SENT = "sent", "Sent"
        CLOSED = "closed", "Closed short"
        CANCELLED = "cancelled", "Cancelled"

    class How(models.TextChoices):
        MAILED = "mailed", "Mailed"
        DOWNLOADED = "downloaded", "Sent by hand"

    # What is or may be on its way.
    ON_ORDER = (Status.APPROVED, Status.SENT)
    ENDED = (Status.CLOSED, Status.CANCELLED)

    number = models.CharField(max_length=20, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    deliver_to = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    note = models.CharField("note to the supplier", max_length=500, blank=True)
    # What we ask for, and when the last of it comes: as the supplier says, else as far as we can
    # reckon.
    needed_by = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    # Goes up with every change: whoever changes what they saw says which one that was.
    version = models.PositiveIntegerField(default=1)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # A mail is under way since then; no transaction waits for a mail server.
    sending_since = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Nothing was open after the last receipt or answer; that none is undone since, it cannot say.
    is_complete = models.BooleanField(default=False)
    how = models.CharField(max_length=10, choices=How.choices, blank=True)
    sent_to = models.EmailField(blank=True)
    # Closed short or cancelled.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    end_reason = models.CharField(max_length=200, blank=True)

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Read for every position: few orders are on their way at a time.
            models.Index(fields=["status", "is_complete"], name="order_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="an_approved_order_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", approved_at__isnull=True)
                | (Q(status__in=["approved", "sent", "closed"]) & Q(approved_at__isnull=False))
                | Q(status="cancelled"),
                name="a_draft_is_not_approved_and_the_rest_is",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True, how="", sent_to="")
                | Q(
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    approved_at__isnull=False,
                    how="downloaded",
                    sent_to="",
                )
                | (
                    Q(
                        sent_at__isnull=False,
                        sent_by__isnull=False,
                        approved_at__isnull=False,
                        how="mailed",
                    )
                    & ~Q(sent_to="")
                ),
                name="a_sent_order_says_how_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "approved"], sent_at__isnull=True)
                | Q(status__in=["sent", "closed"], sent_at__isnull=False)
                | Q(status="cancelled"),
                name="an_order_is_sent_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=Q(sending_since__isnull=True) | Q(status="approved"),
                name="only_an_approved_order_is_being_sent",
            ),
            models.CheckConstraint(
                condition=Q(expected_on__isnull=True) | Q(sent_at__isnull=False),
                name="only_a_sent_order_is_expected",
            ),
            models.CheckConstraint(
                condition=Q(is_complete=False) | Q(sent_at__isnull=False),
                name="only_a_sent_order_is_complete",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(status__in=["closed", "cancelled"])
                    & Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                )
                | (
                    Q(status__in=["closed", "cancelled"])
                    & Q(ended_at__isnull=False, ended_by__isnull=False)
                    & ~Q(end_reason="")
                ),
                name="an_ended_order_says_when_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def with_received(self) -> Self:
        """Annotate with `received` and with `open`, what is still to come, in the item's unit.

        Both are net of what was reversed; `open` is never below zero.
        """
        wanted = Coalesce("confirmed_packs", "packs") * F("pack_quantity")
        zero = Value(NOTHING, output_field=QuantityField())
        # Whole packs times a quantity is a quantity: the one product that its scale survives.
        return self.annotate(
            received=Coalesce(Sum("receipts__quantity", filter=NET), zero),
            wanted=models.ExpressionWrapper(wanted, output_field=QuantityField()),
        ).annotate(
            open=Case(
                When(wanted__gt=F("received"), then=F("wanted") - F("received")),
                default=zero,
                output_field=QuantityField(),
            )
        )

    def with_due(self) -> Self:
        """Annotate with what `due_on` needs."""
        of_order = OrderLine.objects.filter(order=OuterRef("order")).order_by()
        days = of_order.values("order").annotate(days=Max("offer__lead_time_days"))
        return self.annotate(
            # An answer moves the day of the order: maybe to that of another line.
            own_day=Case(
                When(Exists(of_order.filter(confirmed_on__isnull=False)), F("order__needed_by")),
                default=Coalesce("order__expected_on", "order__needed_by"),
            ),
            since=Coalesce("order__sent_at", "order__approved_at"),
            longest_days=Subquery(days.values("days")),
        )

    def still_open(self) -> Self:
        """Those of which something is still to come."""
        return self.with_received().filter(STILL_OPEN)

    def with_paid(self) -> Self:
        """Annotate with `paid`: what was paid for what was received, net of what was reversed."""
        return self.annotate(paid=Sum("receipts__cost", filter=NET))

    def on_order(self) -> Self:
        """What is still to come of orders that were approved or sent."""
        return self.filter(order__in=PurchaseOrder.objects.on_order().values("pk")).still_open()


class OrderLine(models.Model):
    """An item in packs of one size. `pack_quantity` is in the item's unit, prices are for a pack.

    What is `confirmed` comes from the supplier: that many packs, at that price, on that day, and
    what else was remarked.
    """

    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    # From 1: what the supplier's workbook calls the line by.
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="order_lines")
    offer = models.ForeignKey(
        SupplierOffer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    order_code = models.CharField(max_length=64, blank=True)
    pack_quantity = QuantityField()
    packs = models.PositiveIntegerField()
    # None: nobody knows the price.
    pack_price = PriceField(null=True, blank=True)
    confirmed_packs = models.PositiveIntegerField(null=True, blank=True)
    confirmed_price = PriceField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    remark = models.CharField(max_length=400, blank=True)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="an_order_line_has_its_place"
            ),
            models.UniqueConstraint(
                fields=["order", "item", "order_code", "pack_quantity"],
                name="an_order_names_a_pack_once",
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1)
                & Q(packs__gte=1)
                & Q(pack_quantity__gt=0)
                & (Q(pack_price__isnull=True) | Q(pack_price__gte=0))
                & (Q(confirmed_price__isnull=True) | Q(confirmed_price__gte=0)),
                name="order_line_amounts_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.position}"

    @property
    def quantity(self) -> Decimal:
        """How much was ordered, in the item's unit."""
        quantity: Decimal = self.packs * self.pack_quantity
        return quantity

    @property
    def is_offered(self) -> bool:
        """Whether the supplier still offers this pack; its offer has to be fetched along."""
        offer = self.offer
        return bool(offer and offer.is_active and offer.pack_quantity == self.pack_quantity)

    @property
    def promised_packs(self) -> int:
        """The packs that are to come: as confirmed, else as ordered."""
        return self.packs if self.confirmed_packs is None else self.confirmed_packs

    @property
    def price(self) -> Decimal | None:
        """What a pack is to cost: as confirmed, else as ordered."""
        ordered: Decimal | None = self.pack_price
        confirmed: Decimal | None = self.confirmed_price
        return ordered if confirmed is None else confirmed

    @property
    def due_on(self) -> date | None:
        """When it is due, of a line read `with_due()`."""
        return due_on(*(getattr(self, fact) for fact in FACTS))

    @property
    def cost(self) -> Decimal | None:
        """What the line is to cost; None where no price is known."""
        return None if self.price is None else self.promised_packs * self.price


class OrderReceiptQuerySet(models.QuerySet["OrderReceipt"]):
    def net(self) -> Self:
        """Without what was reversed."""
        return self.filter(movement__reversed_by__isnull=True)

    def undone(self) -> Self:
        """What was reversed alone; found from the reversals, which are few."""
        reversals = Movement.objects.filter(reverses__isnull=False).order_by()
        return self.filter(movement__in=reversals.values("reverses")).order_by()


class OrderReceipt(models.Model):
    """What a receipt brought of an order line, in the item's unit, and what was paid for that."""

    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="receipts", db_index=False
    )
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="order_receipts")
    quantity = QuantityField()
    # To the cent; None: nobody said.
    cost = PriceField(null=True, blank=True)

    objects = OrderReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "movement"], name="a_receipt_counts_once_an_order_line"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(cost__isnull=True) | Q(cost__gte=0)),
                name="order_receipt_amounts_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"order receipt {self.pk}"


class OrderEvent(models.Model):
    """Something that somebody did with an order, as a sentence. Only ever added."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.CharField(max_length=600)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_order_event_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
