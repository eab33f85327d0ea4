"""The list of recalls, what a notice finds, and the parts of a response; screen and sheet alike."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.procedures.tables import encounter
from inventory.recalls.models import Recall
from inventory.recalls.response import LotBalance, LotPassage
from inventory.recalls.search import FoundLot
from inventory.stock.catalog_tables import HoldingColumns
from inventory.stock.holding_words import holding_words
from inventory.stock.lot_words import lot_pill, reason_words
from inventory.stock.models import Holding
from inventory.stock.tables import UNTRACKED
from inventory.web.pills import Pill
from inventory.web.tables import (
    Column,
    DateColumn,
    DateTimeColumn,
    IntegerColumn,
    QuantityColumn,
    StatusColumn,
    Table,
)
from inventory.web.words import amount_words

# What only the sheet says in a column of its own.
IN_THE_SHEET_ONLY = {"cell": {"class": "d-none"}}
WAYS_OUT = (("waste_add", "Discard"), ("return_add", "Return"), ("transfer_add", "Move"))
NO_BREAK = {"cell": {"class": "text-nowrap"}}


def recall_pill(recall: Recall) -> Pill:
    """Say how far a recall has come."""
    return Pill("held", "open") if recall.is_open else Pill("quiet", "closed")


def balance_pill(balance: LotBalance) -> Pill:
    """Say whether what came is what is there and what became of the rest."""
    unexplained = balance.totals.unexplained
    if not unexplained:
        return Pill("usable", "balances")
    return Pill("bad", f"{amount_words(abs(unexplained), balance.lot.item.unit)} unexplained")


class RecallTable(Table):
    """A row per recall. Wants `lot_count` annotated, and its people fetched."""

    title = Column(linkify=("recall_detail", {"pk": A("pk")}))
    reference = Column(verbose_name="Notice", default="")
    lots = Column(accessor="lot_words", verbose_name="Lots searched", orderable=False)
    lot_count = Column(verbose_name="Found")
    state = StatusColumn(empty_values=(), order_by=("closed_at",))
    opened_at = DateTimeColumn(verbose_name="Opened")
    opened_by = Column(
        verbose_name="By", order_by=("opened_by__first_name", "opened_by__last_name")
    )
    closed_at = DateTimeColumn(verbose_name="Closed")

    class Meta:
        empty_text = "No recall yet. When a notice comes, a manager enters its code and lots here."

    def value_lot_count(self, value: int) -> str:
        return str(self.render_lot_count(value))

    def render_lot_count(self, value: int) -> str:
        if not value:
            return "none found"
        return f"{value} lot{'' if value == 1 else 's'}"

    def render_lots(self, value: str) -> str:
        return value if len(value) <= 60 else f"{value[:60]}…"

    def value_lots(self, value: str) -> str:
        return value

    def render_opened_by(self, record: Recall) -> str:
        return str(record.opened_by)

    def value_state(self, record: Recall) -> str:
        return recall_pill(record).word

    def render_state(self, record: Recall) -> Pill:
        return recall_pill(record)


class LotColumns(Table):
    """A row per lot begins with which it is."""

    item = Column(accessor="lot__item__name", verbose_name="Item")
    lot = Column(
        accessor="lot__number",
        default=UNTRACKED,
        attrs=NO_BREAK,
        linkify=("lot_detail", {"pk": A("lot__pk")}),
    )
    state = StatusColumn(accessor="lot")

    def render_state(self, record: FoundLot | LotBalance) -> Pill:
        return lot_pill(record.lot, self.today)

    def value_state(self, record: FoundLot | LotBalance) -> str:
        return lot_pill(record.lot, self.today).word


# What a notice finds, before anything is held


class FoundTable(LotColumns):
    """The lots that a notice means, and where they are."""

    expires_on = DateColumn(accessor="lot__expires_on", verbose_name="Expires")
    where = Column(accessor="holdings", verbose_name="Where it is", empty_values=())
    received_at = DateTimeColumn(accessor="lot__received_at", verbose_name="Received")
    procedures = IntegerColumn(verbose_name="Procedures")

    class Meta:
        orderable = False
        prefix = "found-"
        sequence = ("item", "lot", "expires_on", "state", "...")

    def render_where(self, value: tuple[Holding, ...]) -> str | SafeString:
        if not value:
            return format_html('<span class="note">none is left</span>')
        rows = [(holding.location.name, _there(holding)) for holding in value]
        return format_html_join("", "<div>{}: {}</div>", rows)


class AlikeTable(FoundTable):
    """The lots that only read like those of the notice, each with a box to tick."""

    pick = Column(accessor="lot", verbose_name="The same lot")

    class Meta:
        sequence = ("pick", "...")
        orderable = False
        prefix = "alike-"

    def __init__(self, *args: Any, ticked: frozenset[int] = frozenset(), **options: Any) -> None:
        super().__init__(*args, **options)
        self.ticked = ticked

    def render_pick(self, record: FoundLot) -> SafeString:
        return format_html(
            '<label class="recall-tick">'
            '<input type="checkbox" name="alike" value="{}" form="hold"{}>'
            ' <span>Hold it too<span class="visually-hidden">: {}</span></span></label>',
            record.lot.pk,
            " checked" if record.lot.pk in self.ticked else "",
            record.lot.full_name,
        )


class UntrackedTable(AlikeTable):
    """What is there without a lot number, each with a box to tick."""

    pick = Column(accessor="lot", verbose_name="Of this lot")

    class Meta:
        sequence = ("pick", "...")
        orderable = False
        prefix = "untracked-"


def _there(holding: Holding) -> str:
    amount = amount_words(holding.quantity, holding.lot.item.unit)
    words = holding_words(holding)
    return f"{amount}, {words}" if words else amount


# The parts of a response


class BalanceTable(LotColumns):
    """Received = on hand + used + wasted + returned - counted, a row per lot."""

    expires_on = DateColumn(
        accessor="lot__expires_on", verbose_name="Expires", attrs=IN_THE_SHEET_ONLY
    )
    unit = Column(accessor="lot__item__unit", verbose_name="Unit", attrs=IN_THE_SHEET_ONLY)
    received = QuantityColumn(accessor="totals__received", unit="lot.item.unit")
    on_hand = QuantityColumn(accessor="totals__on_hand", verbose_name="On hand")
    used = QuantityColumn(accessor="totals__used")
    wasted = QuantityColumn(accessor="totals__wasted")
    returned = QuantityColumn(accessor="totals__returned")
    counted = QuantityColumn(accessor="totals__counted")
    balance = StatusColumn(empty_values=(), verbose_name="Balance")
    held = Column(
        accessor="held", verbose_name="When it was held", empty_values=(), attrs=IN_THE_SHEET_ONLY
    )

    class Meta:
        orderable = False
        prefix = "balance-"
        sequence = ("item", "lot", "expires_on", "state", "...")
        empty_text = "No lot was found."

    def render_balance(self, record: LotBalance) -> Pill:
        return balance_pill(record)

    def value_balance(self, record: LotBalance) -> str:
        return balance_pill(record).word

    def render_held(self, record: LotBalance) -> str:
        if record.held is None:
            return "arrived later"
        there = f"{amount_words(record.held.on_hand, record.lot.item.unit)} on hand"
        if not record.held.by_likeness:
            return there
        why = "its number only read alike" if record.lot.number else "not tracked by lot"
        return f"{there}; {why}"

    def value_held(self, record: LotBalance) -> str:
        return self.render_held(record)


class PassageTable(Table):
    """What movements did to the lots of a recall."""

    happened_at = DateTimeColumn(
        accessor="passage__movement__happened_at",
        verbose_name="When",
        linkify=("movement_detail", {"pk": A("passage__movement__pk")}),
    )
    item = Column(accessor="lot__item__name", verbose_name="Item")
    lot = Column(accessor="lot__number", default=UNTRACKED, attrs=NO_BREAK)
    quantity = QuantityColumn(accessor="passage__quantity", unit="lot.item.unit")

    class Meta:
        orderable = False
        sequence = ("happened_at", "item", "lot", "...", "quantity")


class ReceiptTable(PassageTable):
    """When the lots came, from whom, with which document."""

    supplier = Column(accessor="passage__movement__supplier", default="not said")
    reference = Column(accessor="passage__movement__reference", verbose_name="Document", default="")
    location = Column(accessor="passage__location__name", verbose_name="Into")
    by = Column(accessor="passage__movement__by", verbose_name="Received by")

    class Meta(PassageTable.Meta):
        prefix = "receipts-"
        empty_text = "Never received."


class GivenTable(PassageTable):
    """The procedures that the lots went into. `shows_encounters=False` masks the references."""

    type = Column(
        accessor="procedure__type__name",
        verbose_name="Procedure",
        linkify=("procedure_detail", {"pk": A("procedure__pk")}),
    )
    location = Column(accessor="passage__location__name", verbose_name="Room")
    provider = Column(accessor="procedure__provider", verbose_name="Clinician", default="")
    encounter_ref = Column(
        accessor="procedure__encounter_ref", verbose_name="Encounter", default=""
    )

    class Meta(PassageTable.Meta):
        prefix = "procedures-"
        empty_text = "No procedure has used any of it."

    def __init__(self, *args: Any, shows_encounters: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.shows_encounters = shows_encounters

    def render_encounter_ref(self, value: str) -> str:
        return encounter(value, shown=self.shows_encounters)

    def value_encounter_ref(self, value: str) -> str:
        return encounter(value, shown=self.shows_encounters)


class DisposalTable(PassageTable):
    """What was discarded, and what went back to the supplier."""

    what = Column(accessor="returned", verbose_name="What")
    reason = Column(accessor="passage__movement", verbose_name="Why")
    location = Column(accessor="passage__location__name", verbose_name="Where")
    by = Column(accessor="passage__movement__by", verbose_name="Who")

    class Meta(PassageTable.Meta):
        prefix = "disposals-"
        empty_text = "None was discarded or returned."

    def render_what(self, record: LotPassage) -> str:
        if record.returned:
            supplier = record.passage.movement.supplier
            return f"Returned to {supplier}" if supplier else "Returned"
        return "Discarded"

    def value_what(self, record: LotPassage) -> str:
        return self.render_what(record)

    def render_reason(self, record: LotPassage) -> str:
        movement = record.passage.movement
        if movement.reason:
            return reason_words(movement.reason)
        return "left over" if movement.kind == movement.Kind.USE else ""

    def value_reason(self, record: LotPassage) -> str:
        return self.render_reason(record)


class LeftTable(HoldingColumns):
    """What is left, and where, with what can be done about it. Wants `with_lot()`."""

    item = Column(accessor="lot__item__name", verbose_name="Item")
    lot = Column(accessor="lot__number", verbose_name="Lot", default=UNTRACKED, attrs=NO_BREAK)
    location = Column(
        accessor="location__name",
        verbose_name="Location",
        linkify=("location_detail", {"code": A("location__code")}),
    )
    action = Column(accessor="pk", verbose_name="To do", exclude_from_export=True)

    class Meta:
        orderable = False
        prefix = "left-"
        sequence = ("item", "lot", "location", "...")
        empty_text = "None is left."

    def __init__(
        self, *args: Any, handles: bool = False, exclude: tuple[str, ...] = (), **options: Any
    ) -> None:
        super().__init__(*args, exclude=exclude if handles else (*exclude, "action"), **options)

    def render_action(self, record: Holding) -> SafeString:
        return format_html_join(
            " ",
            '<a class="btn btn-small" href="{}?holding={}" aria-label="{}: {}">{}</a>',
            [
                (reverse(name), record.pk, label, record.lot.full_name, label)
                for name, label in WAYS_OUT
            ],
        )


class LogTable(Table):
    """The response log."""

    at = DateTimeColumn(verbose_name="When")
    by = Column(verbose_name="Who")
    text = Column(verbose_name="What")

    class Meta:
        orderable = False
        prefix = "log-"
