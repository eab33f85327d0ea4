"""A history as a list, on the screen and as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from inventory.stock.history import Happening, History
from inventory.web.tables import Column, DateTimeColumn, QuantityColumn, Table
from inventory.web.words import quantity_words, time_words

# The sentence tells them on the screen; in a sheet they can be sorted and filtered by.
ONLY_IN_THE_SHEET = ("recorded_at", "by", "what", "item", "lot", "where", "undone")


class HistoryRows(TableData):
    """The rows of a history as a table takes them: a page at a time, always newest first."""

    def __init__(self, history: History) -> None:
        super().__init__(None)
        self.history = history

    @cached_property
    def count(self) -> int:
        return len(self.history)

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, part: Any) -> Any:
        # The table turns to its first page before it turns to the one that is asked for.
        return SimpleLazyObject(lambda: self.history[part])

    def __iter__(self) -> Iterator[Happening]:
        return iter(self.history)

    def order_by(self, aliases: Any) -> None:
        """Leave the order as it is: no column of a history sorts."""


class ChangeColumn(QuantityColumn):
    """A net change, with its sign."""

    def words(self, value: Any) -> str:
        return f"+{quantity_words(value)}" if value > 0 else quantity_words(value)


class HistoryTable(Table):
    """A row for each thing that happened: when, and a sentence with its numbers and links."""

    at = DateTimeColumn(verbose_name="When", orderable=False)
    recorded_at = DateTimeColumn(verbose_name="Recorded", orderable=False)
    by = Column(verbose_name="Who", orderable=False)
    what = Column(verbose_name="What", orderable=False)
    sentence = Column(
        verbose_name="What happened",
        orderable=False,
        attrs={"cell": {"class": "history-said"}},
    )
    item = Column(verbose_name="Item", orderable=False)
    lot = Column(accessor="lots", verbose_name="Lot", orderable=False)
    where = Column(verbose_name="Where", orderable=False)
    quantity = ChangeColumn(verbose_name="Change", unit="unit", orderable=False)
    undone = Column(verbose_name="Undone", orderable=False)

    class Meta:
        empty_text = "Nothing has happened yet."

    def render_at(self, value: Any, record: Happening) -> SafeString:
        when = time_words(value, self.today)
        if record.movement:
            url = reverse("movement_detail", args=[record.movement.pk])
            when = format_html('<a href="{}">{}</a>', url, when)
        if record.recorded_at is None:
            return format_html("{}", when)
        recorded = time_words(record.recorded_at, self.today)
        return format_html('{} <span class="note">recorded {}</span>', when, recorded)

    def value_at(self, value: Any) -> Any:
        return value

    def render_sentence(self, value: str, record: Happening) -> SafeString:
        links = format_html_join("", '<a href="{}">{}</a>', _links(record))
        return format_html('{}<div class="note history-links">{}</div>', value, links)

    def value_sentence(self, value: str) -> str:
        return value

    def value_lot(self, record: Happening) -> str:
        return ", ".join(lot.number for lot in record.lots) if record.item else ""


def _links(row: Happening) -> Iterator[tuple[str, str]]:
    """Where a row leads: what undid it or what it undid, its procedure, its lots."""
    if row.undone_by:
        yield reverse("movement_detail", args=[row.undone_by.pk]), row.undone
    if row.movement and row.movement.reverses_id:
        yield reverse("movement_detail", args=[row.movement.reverses_id]), "what was undone"
    if row.procedure:
        yield reverse("procedure_detail", args=[row.procedure.pk]), "the procedure"
    if row.item:
        for lot in row.lots:
            name = f"lot {lot}" if lot.number else row.item.name
            yield reverse("lot_detail", args=[lot.pk]), name
