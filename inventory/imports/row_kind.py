"""What the kinds share whose rows stand each for itself: items, codes, offers, procedures."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from inventory.catalog.errors import CatalogRefusal, NotAccepted, Taken
from inventory.catalog.models import Item
from inventory.imports.clinic_facts import catalogue
from inventory.imports.kinds import Kind, RowsRefused, Source
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.planned import Field, Message, PlannedRow, RowKey
from inventory.imports.row_draft import ADD, CHANGE, ToldRow
from inventory.imports.told_rows import BAND, ignored, told_rows
from inventory.web.roles import MANAGER

TOLD_EVERY = 50


class Planner(Protocol):
    """Plans the rows of one file, in their order."""

    def plan(self, told: ToldRow) -> PlannedRow:
        """Say what becomes of a row."""


class RowKind(Kind):
    """A kind whose rows are planned one after the other, by a planner that is made for the file."""

    roles: tuple[str, ...] = (MANAGER,)
    takes_place = False
    takes_lone_cells = False
    """Whether a row may consist of one cell; elsewhere that is a heading across the row."""

    @property
    def reported(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def planner(self, source: Source) -> Planner:
        """Return a planner that knows what the clinic has."""
        raise NotImplementedError

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """Return the clinic's own words for the template, by field."""
        return {}

    def template_fields(self) -> Sequence[Field]:
        choices = self.choices()
        return [
            replace(field, choices=choices.get(field.name, field.choices)) for field in self.fields
        ]

    def plan(self, source: Source) -> Iterator[PlannedRow]:
        planner = self.planner(source)
        for told in told_rows(source, self.layouts(source.rows), self.fields):
            if not isinstance(told, ToldRow):
                yield told
            elif told.is_alone and not self.takes_lone_cells:
                yield ignored(told.sheet, told.row, BAND)
            else:
                yield planner.plan(told)


def finder(source: Source, items: Iterable[Item]) -> ItemFinder:
    """Return what finds the items of a file's rows."""
    return ItemFinder(items, catalogue(source.known_names))


def names_in_use() -> tuple[str, ...]:
    """Return the names of the items in use, to pick from."""
    return tuple(Item.objects.filter(is_active=True).values_list("name", flat=True))


def write_rows(
    rows: Iterable[PlannedRow],
    write: Callable[[Mapping[str, Any]], object],
    progress: Callable[[int], None],
) -> None:
    """Write one row after the other. Raises RowsRefused with every row that the catalog refuses."""
    refused: dict[RowKey, Message] = {}
    for number, row in enumerate(rows, start=1):
        try:
            write(row.values)
        except CatalogRefusal as refusal:
            refused[row.sheet, row.row] = _message(refusal)
        if number % TOLD_EVERY == 0:
            progress(TOLD_EVERY)
    if refused:
        raise RowsRefused(refused)


def counted(count: int, noun: str) -> str:
    """Return "1 item" or "1,200 items"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def added_and_changed(rows: Iterable[PlannedRow], noun: str) -> str:
    """Return "12 new items, 3 changed" for rows whose `action` says so."""
    actions = [row.values["action"] for row in rows]
    added, changed = actions.count(ADD), actions.count(CHANGE)
    parts = [counted(added, f"new {noun}")] if added else []
    parts += [f"{counted(changed, noun)} changed"] if changed else []
    return " and ".join(parts)


def _message(refusal: CatalogRefusal) -> Message:
    if isinstance(refusal, Taken):
        return Message(refusal.field, refusal.message)
    if isinstance(refusal, NotAccepted):
        return Message(refusal.errors[0].field, refusal.errors[0].message)
    return Message("", str(refusal))
