"""What the procedures of a month took of single-dose containers, and how each dose is billed.

A dose is one item in one procedure: several lines of the item are one dose on the claim.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.catalog.models import BillingCode, Item
from inventory.procedures.billing import ZERO, BillingUnits, CannotBill
from inventory.procedures.models import Procedure, ProcedureLine
from inventory.procedures.units import DatedCodes, code_of, dated_codes, rate_on
from inventory.stock.models import Entry
from inventory.web.days import midnight, month_after

NOT_BILLED_THAT_DAY = "By its billing codes by date it is not billed on this day."


@dataclass(frozen=True)
class Dose:
    """One item in one procedure, quantities in the item's unit.

    Without `units` it cannot be billed, and `why_not` says what is missing; `is_exempt` where the
    clinic has said that nothing is billed.
    """

    procedure: Procedure
    item: Item
    quantity: Decimal
    discarded: Decimal
    lots: tuple[str, ...]
    hcpcs: str
    units: BillingUnits | None
    why_not: str = ""
    is_exempt: bool = False

    @property
    def labelled(self) -> Decimal:
        """What the labels of its containers say that they held together."""
        return self.quantity + self.discarded

    @property
    def is_missing(self) -> bool:
        """Whether it goes unbilled though nobody has said so."""
        return self.units is None and not self.is_exempt


@dataclass(frozen=True)
class ClaimLine:
    """One line of a claim: where units were discarded a dose has a second one, with JW."""

    dose: Dose
    modifier: str
    units: int
    quantity: Decimal


@dataclass(frozen=True)
class CodeSummary:
    """What one code adds up to; a dose counts as one with JW or one with JZ."""

    hcpcs: str
    administered: int
    discarded: int
    with_jw: int
    with_jz: int


def doses_of_month(first: date) -> list[Dose]:
    """The doses of a month of the clinic's days, oldest first: three queries.

    Voided procedures are left out.
    """
    lines = list(
        ProcedureLine.objects.filter(item__container__in=Item.SINGLE_DOSE, **_month(first))
        .select_related("procedure__type", "procedure__location", "item")
        .order_by("procedure__performed_at", "procedure_id", "position")
    )
    lots = _lots(first)
    codes = dated_codes({line.item_id: line.item for line in lines}.values())
    by_dose: dict[tuple[int, int], list[ProcedureLine]] = defaultdict(list)
    for line in lines:
        by_dose[line.procedure_id, line.item_id].append(line)
    return [_dose(same, lots[key], codes) for key, same in by_dose.items()]


def claim_lines(doses: Iterable[Dose]) -> list[ClaimLine]:
    """The lines of the claims in the order of the doses: administered units, then those with JW."""
    lines = []
    for dose in doses:
        if dose.units is None:
            continue
        discarded = dose.units.discarded
        modifier = "" if discarded else dose.units.modifier
        lines.append(ClaimLine(dose, modifier, dose.units.administered, dose.quantity))
        if discarded:
            lines.append(ClaimLine(dose, dose.units.modifier, discarded, dose.discarded))
    return lines


def summary_by_code(doses: Iterable[Dose]) -> list[CodeSummary]:
    """What each code adds up to, in the order of the codes."""
    by_code: dict[str, list[BillingUnits]] = defaultdict(list)
    for dose in doses:
        if dose.units is not None:
            by_code[dose.units.hcpcs].append(dose.units)
    return [
        CodeSummary(
            hcpcs=hcpcs,
            administered=sum(each.administered for each in units),
            discarded=sum(each.discarded for each in units),
            with_jw=sum(each.modifier == "JW" for each in units),
            with_jz=sum(each.modifier == "JZ" for each in units),
        )
        for hcpcs, units in sorted(by_code.items())
    ]


def _month(first: date, procedure: str = "procedure") -> dict[str, Any]:
    return {
        f"{procedure}__status": Procedure.Status.LOGGED,
        f"{procedure}__performed_at__gte": midnight(first),
        f"{procedure}__performed_at__lt": midnight(month_after(first)),
    }


def _lots(first: date) -> dict[tuple[int, int], tuple[str, ...]]:
    """The numbers of the lots that each dose took, by procedure and item."""
    taken: dict[tuple[int, int], dict[str, None]] = defaultdict(dict)
    for procedure, item, number in (
        Entry.objects.filter(
            kind=Entry.Kind.USE,
            item__container__in=Item.SINGLE_DOSE,
            **_month(first, "movement__procedure"),
        )
        .order_by("pk")
        .values_list("movement__procedure", "item", "holding__lot__number")
    ):
        if number:
            taken[procedure, item][number] = None
    return defaultdict(tuple, {dose: tuple(numbers) for dose, numbers in taken.items()})


def _dose(lines: Sequence[ProcedureLine], lots: tuple[str, ...], codes: DatedCodes) -> Dose:
    procedure, item = lines[0].procedure, lines[0].item
    quantity = sum((line.quantity for line in lines), ZERO)
    discarded = sum((line.discarded for line in lines), ZERO)
    day = timezone.localdate(procedure.performed_at)
    code = code_of(item, day, codes)
    units, why_not = None, ""
    is_exempt = isinstance(code, BillingCode) and not code.hcpcs
    try:
        units = rate_on(item, day, codes).units(quantity, discarded)
    except CannotBill as refusal:
        why_not = NOT_BILLED_THAT_DAY if is_exempt else str(refusal)
    return Dose(
        procedure=procedure,
        item=item,
        quantity=quantity,
        discarded=discarded,
        lots=lots,
        hcpcs=code.hcpcs,
        units=units,
        why_not=why_not,
        is_exempt=is_exempt,
    )
