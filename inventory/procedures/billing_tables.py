"""The billing report: its doses, the lines of their claims, and what each code adds up to."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from inventory.procedures.billing_report import Dose
from inventory.procedures.tables import encounter
from inventory.web.pills import Pill
from inventory.web.tables import (
    Column,
    DateTimeColumn,
    IntegerColumn,
    QuantityColumn,
    StatusColumn,
    Table,
)
from inventory.web.words import amount_words, quantity_words

# The screen says it beneath something else.
IN_THE_SHEET_ONLY = {"cell": {"class": "d-none"}}
# A heading of two words may take two lines.
NARROW = {"cell": {"class": "number"}, "th": {"class": "number text-wrap"}}


class _WithEncounters(Table):
    """`shows_encounters=False` masks the references, on the screen and in the sheet."""

    def __init__(self, *args: object, shows_encounters: bool = False, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.shows_encounters = shows_encounters


class DoseTable(_WithEncounters):
    """A row per dose: what was administered and discarded, in amounts and in units."""

    performed_at = DateTimeColumn(accessor="procedure__performed_at", verbose_name="Performed")
    procedure = Column(accessor="procedure__type__name", order_by="procedure__type__name__casefold")
    number = IntegerColumn(
        accessor="procedure__pk", verbose_name="Procedure no.", attrs=IN_THE_SHEET_ONLY
    )
    encounter_ref = Column(
        accessor="procedure__encounter_ref",
        verbose_name="Encounter",
        default="",
        orderable=False,
        attrs=IN_THE_SHEET_ONLY,
    )
    provider = Column(accessor="procedure__provider", default="", attrs=IN_THE_SHEET_ONLY)
    location = Column(accessor="procedure__location__name", attrs=IN_THE_SHEET_ONLY)
    item = Column(accessor="item__name", order_by="item__name__casefold")
    lots = Column(orderable=False, default="", attrs=IN_THE_SHEET_ONLY)
    hcpcs = Column(verbose_name="HCPCS", default="—")
    quantity = QuantityColumn(
        verbose_name="Administered", unit="item.unit", attrs=IN_THE_SHEET_ONLY
    )
    administered = IntegerColumn(
        accessor="units__administered",
        verbose_name="Administered units",
        empty_values=(),
        attrs=NARROW,
    )
    discarded = QuantityColumn(unit="item.unit", attrs=IN_THE_SHEET_ONLY)
    thrown = IntegerColumn(
        accessor="units__discarded",
        verbose_name="Discarded units",
        empty_values=(),
        attrs=NARROW,
    )
    labelled = QuantityColumn(
        verbose_name="Labelled total", unit="item.unit", attrs=IN_THE_SHEET_ONLY
    )
    modifier = StatusColumn(
        accessor="units__modifier", empty_values=(), order_by=("units__modifier",)
    )
    why_not = Column(verbose_name="What is missing", default="", attrs=IN_THE_SHEET_ONLY)

    class Meta:
        empty_text = "No single-dose container was used in this month."

    def render_procedure(self, value: str, record: Dose) -> SafeString:
        procedure = record.procedure
        reference = encounter(procedure.encounter_ref, shown=self.shows_encounters)
        facts = (procedure.provider, procedure.location.name, reference)
        url = reverse("procedure_detail", args=[procedure.pk])
        return _noted(
            format_html('<a href="{}">{}</a>', url, value), " · ".join(filter(None, facts))
        )

    def value_procedure(self, value: str) -> str:
        return value

    def render_encounter_ref(self, value: str) -> str:
        return encounter(value, shown=self.shows_encounters)

    def render_item(self, value: str, record: Dose) -> SafeString:
        url = reverse("item_detail", args=[record.item.sku])
        lots = f"lot {', '.join(record.lots)}" if record.lots else ""
        link = format_html('<a href="{}">{}</a>', url, value)
        return _noted(link, lots, record.why_not)

    def value_item(self, value: str) -> str:
        return value

    def render_lots(self, value: Iterable[str]) -> str:
        return ", ".join(value)

    def value_hcpcs(self, value: str) -> str:
        return value

    def render_administered(self, value: int | None, record: Dose) -> SafeString:
        return _noted(_units(value), amount_words(record.quantity, record.item.unit))

    def value_administered(self, value: int | None) -> int | None:
        return value

    def render_thrown(self, value: int | None, record: Dose) -> SafeString:
        of_all = amount_words(record.labelled, record.item.unit)
        return _noted(_units(value), f"{quantity_words(record.discarded)} of {of_all}")

    def value_thrown(self, value: int | None) -> int | None:
        return value

    def render_modifier(self, value: str | None, record: Dose) -> Pill:
        if value is None:
            return Pill("quiet" if record.is_exempt else "bad", "not billed")
        return Pill("soon" if value == "JW" else "usable", value)

    def value_modifier(self, value: str | None) -> str | None:
        return value


class ClaimLineTable(_WithEncounters):
    """A row per line of a claim, as it is typed off."""

    performed_at = DateTimeColumn(
        accessor="dose__procedure__performed_at", verbose_name="Performed"
    )
    number = IntegerColumn(accessor="dose__procedure__pk", verbose_name="Procedure no.")
    encounter_ref = Column(
        accessor="dose__procedure__encounter_ref", verbose_name="Encounter", default=""
    )
    provider = Column(accessor="dose__procedure__provider", default="")
    item = Column(accessor="dose__item__name")
    hcpcs = Column(accessor="dose__hcpcs", verbose_name="HCPCS")
    modifier = Column(default="")
    units = IntegerColumn()
    quantity = QuantityColumn(verbose_name="Amount", unit="dose.item.unit")
    labelled = QuantityColumn(
        accessor="dose__labelled", verbose_name="Labelled total", unit="dose.item.unit"
    )

    class Meta:
        orderable = False

    def render_encounter_ref(self, value: str) -> str:
        return encounter(value, shown=self.shows_encounters)

    def value_performed_at(self, value: datetime) -> datetime:
        return value


class CodeSummaryTable(Table):
    """A row per code."""

    hcpcs = Column(verbose_name="HCPCS")
    administered = IntegerColumn(verbose_name="Administered units")
    discarded = IntegerColumn(verbose_name="Discarded units (JW)")
    with_jw = IntegerColumn(verbose_name="Doses with JW")
    with_jz = IntegerColumn(verbose_name="Doses with JZ")

    class Meta:
        orderable = False
        prefix = "codes-"


def _units(units: int | None) -> str:
    return "—" if units is None else f"{units:,}"


def _noted(text: str | SafeString, *notes: str) -> SafeString:
    below = format_html_join(
        "", '<span class="note d-block">{}</span>', ((note,) for note in notes if note)
    )
    return format_html("<div>{}{}</div>", text, below)
