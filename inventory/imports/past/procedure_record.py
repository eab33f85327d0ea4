"""Past procedures from a file: planned, and kept as history."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from inventory.catalog.models import Item, Location
from inventory.imports.kinds import Link, Source, Writing, Written
from inventory.imports.past.procedure_rows import (
    EXAMPLES,
    FIELDS,
    ITEM,
    Known,
    KnownType,
    ProcedurePlanner,
    Same,
    item_fields,
)
from inventory.imports.planned import Field, PlannedRow
from inventory.imports.row_kind import RowKind, counted, finder
from inventory.procedures import past_record
from inventory.procedures.models import KitLine, PastProcedure, Procedure, ProcedureType
from inventory.procedures.past_record import PastWanted
from inventory.stock.models import Lot
from inventory.web.words import day_words

REPORTED = (
    *("performed_at", "type", "location", "provider", "muscles", "sites", "encounter_ref"),
    "supplies",
)


class ProcedureImport(RowKind):
    """What was done before procedures were logged here: it counts for what to order."""

    code = "procedures"
    title = "Past procedures"
    about = (
        "A row for each procedure from before: when, which type, where, and what was used in place"
        " of the kit. It moves no stock."
    )
    takes_place = True
    reported = REPORTED
    examples = EXAMPLES

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a column may say; a column may also be headed with the name of an item."""
        return (*FIELDS, *item_fields(Item.objects.all()))

    def template_fields(self) -> list[Field]:
        # A column for each item would hide the others; who wants some adds them.
        return [field for field in super().template_fields() if not field.name.startswith(ITEM)]

    def planner(self, source: Source) -> ProcedurePlanner:
        items = list(Item.objects.all())
        return ProcedurePlanner(
            _known(items),
            finder(source, items),
            source.answers,
            today=source.today,
            place=source.place,
        )

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        types = ProcedureType.objects.filter(is_active=True).values_list("name", flat=True)
        places = Location.objects.filter(is_active=True).values_list("name", flat=True)
        return {"type": tuple(types), "location": tuple(places)}

    def summary(self, rows: Iterable[PlannedRow]) -> str:
        days = [_day(row) for row in rows]
        if not days:
            return ""
        return (
            f"{counted(len(days), 'past procedure')} from {day_words(min(days))} to"
            f" {day_words(max(days))}"
        )

    def commit(self, rows: Iterable[PlannedRow], writing: Writing) -> Written:
        """Keep the procedures and what they used; no stock is moved."""
        planned = list(rows)
        file = past_record.take_in(
            writing.file_name,
            _Fetched().wanted(planned),
            by=writing.by,
            now=writing.now,
            progress=writing.progress,
        )
        procedures = f"{reverse('past_procedure_list')}?file={file.pk}"
        links = (
            Link("The procedures", procedures),
            Link("The file", reverse("past_file_detail", args=[file.pk])),
        )
        return Written(self.summary(planned), links)


PROCEDURES = ProcedureImport()


class _Fetched:
    """What rows name, fetched once."""

    def __init__(self) -> None:
        self.types = ProcedureType.objects.in_bulk(field_name="code")
        self.places = Location.objects.in_bulk(field_name="code")
        self.items = Item.objects.in_bulk(field_name="sku")

    def wanted(self, rows: Iterable[PlannedRow]) -> list[PastWanted]:
        return [self._wanted(row.values) for row in rows]

    def _wanted(self, values: Mapping[str, Any]) -> PastWanted:
        supplies = json.loads(values["supplies"])
        return PastWanted(
            type=self.types[values["type"]],
            location=self.places[values["location"]],
            performed_at=values["performed_at"],
            muscles=values["muscles"],
            sites=values["sites"],
            provider=values["provider"],
            encounter_ref=values["encounter_ref"],
            supplies=[(self.items[sku], Decimal(amount)) for sku, amount in supplies.items()],
        )


def _known(items: list[Item]) -> Known:
    kits: dict[int, list[KitLine]] = {}
    for line in KitLine.objects.select_related("item"):
        kits.setdefault(line.procedure_type_id, []).append(line)
    types = [KnownType(each, kits.get(each.pk, [])) for each in ProcedureType.objects.all()]
    # Whatever is done to an item, the first is that some of it was received.
    first = Lot.objects.filter(received_at__isnull=False).order_by().values_list("item__sku")
    since: dict[str, datetime] = dict(first.annotate(since=Min("received_at")))
    return Known(
        types=types,
        places=list(Location.objects.all()),
        items=items,
        past=_same(PastProcedure.objects),
        logged=_same(Procedure.objects.filter(status=Procedure.Status.LOGGED)),
        counted_since=since,
    )


def _same(procedures: Any) -> Iterable[Same]:
    rows = procedures.order_by().values_list(
        "type__code", "performed_at", "location__code", "encounter_ref"
    )
    found: Iterable[Same] = rows.iterator(chunk_size=5000)
    return found


def _day(row: PlannedRow) -> Any:
    values: Mapping[str, Any] = row.values
    return timezone.localdate(values["performed_at"])
