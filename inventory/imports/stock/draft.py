"""One row of a stock sheet while it is being understood, and what all of them share. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from inventory.imports.cells.dates import Expiry, ReadDay, day_text, read_expiry
from inventory.imports.cells.lots import ReadLot, read_lot
from inventory.imports.cells.notes import NO_NOTE, Note, read_note
from inventory.imports.layout import SheetLayout
from inventory.imports.meaning.catalogue import CatalogItem, Catalogue
from inventory.imports.meaning.matching import Match, Matcher
from inventory.imports.meaning.places import Places, Suppliers
from inventory.imports.planned import (
    Answers,
    Choice,
    Message,
    Outcome,
    PlannedRow,
    Question,
    Value,
)
from inventory.imports.stock.lots_seen import LotsSeen
from inventory.sheets.cells import EMPTY, SheetCell, SheetRow

LEAVE_OUT, TAKE_IN, QUARANTINE, NO_DATE = "leave_out", "take_in", "quarantine", "none"
LEAVE_OUT_CHOICE = Choice(LEAVE_OUT, "Leave this row out")


@dataclass(frozen=True)
class Stores:
    """What the clinic has already: its lots with their expiry, those that are held, those that a
    recall names (each with a sentence), and the fingerprints of rows that went in before."""

    known_lots: Mapping[tuple[str, str], date | None] = field(default_factory=dict)
    held_lots: Mapping[tuple[str, str], str] = field(default_factory=dict)
    recalled: Mapping[tuple[str, str], str] = field(default_factory=dict)
    gone_in: Collection[str] = frozenset()


class Shelf:
    """What every row is understood with: the catalogue, the day, the answers, the other rows."""

    def __init__(
        self,
        matcher: Matcher,
        catalogue: Catalogue,
        today: date,
        answers: Answers,
        default_place: str | None,
        stores: Stores,
    ) -> None:
        self.matcher = matcher
        self.items: Mapping[str, CatalogItem] = self.matcher.items
        self.places = Places(catalogue.places)
        self.suppliers = Suppliers(catalogue.suppliers)
        self.today = today
        self.answers = answers
        self.default_place = default_place
        self.stores = stores
        self.lots = LotsSeen(stores.known_lots)
        self.lines: dict[tuple[object, ...], tuple[str, int]] = {}
        self._expiries: dict[tuple[object, ...], ReadDay] = {}

    def match(self, name: str, code: str) -> Match:
        return self.matcher.match(name, code)

    def expiry(self, cell: SheetCell) -> ReadDay:
        value = cell.value
        if isinstance(value, Decimal) and not value.is_finite():
            return read_expiry(cell, self.today)
        key = type(value), value, cell.number_format, cell.formula
        read = self._expiries.get(key)
        if read is None:
            read = self._expiries[key] = read_expiry(cell, self.today)
        return read

    def lot(self, cell: SheetCell) -> ReadLot:
        return read_lot(cell)


@dataclass
class Draft:
    """A row with what is understood of it so far."""

    row: SheetRow
    layout: SheetLayout
    cells: Mapping[str, SheetCell]
    texts: Mapping[str, str]
    answers: Mapping[str, str]
    values: dict[str, Value] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refused: bool = False
    ignored: bool = False
    item: CatalogItem | None = None
    candidates: tuple[CatalogItem, ...] = ()
    expiry: Expiry | None = None
    # The item of this row, and of the last row above that names one, by SKU.
    sku: str | None = None
    above: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return self.row.sheet, self.row.number

    def cell(self, name: str) -> SheetCell:
        return self.cells.get(name, EMPTY)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def answer(self, name: str) -> str:
        return self.answers.get(name, "").strip()

    def say(self, column: str, text: str) -> None:
        if text:
            self.messages.append(Message(column, text))

    def ask(self, question: Question, column: str | None = None) -> None:
        """Put a question; its sentence stands at the cell too."""
        self.questions.append(question)
        self.say(question.name if column is None else column, question.text)

    def refuse(self, column: str, text: str, question: Question | None = None) -> None:
        """Say why the row cannot go in as it stands; an answer may still mend it."""
        self.refused = True
        self.say(column, text)
        if question is not None:
            self.questions.append(question)

    def leave_out(self, column: str, why: str) -> None:
        self.ignored = True
        self.say(column, why)

    @property
    def may_have_lot(self) -> bool:
        """Whether a lot may belong to it, as far as it is known what it is."""
        if self.item is not None:
            return self.item.lot_tracked
        return not self.candidates or any(each.lot_tracked for each in self.candidates)

    @property
    def needs_lot(self) -> bool:
        """Whether a lot belongs to it, whichever of the candidates it is."""
        if self.item is not None:
            return self.item.lot_tracked
        return bool(self.candidates) and all(each.lot_tracked for each in self.candidates)

    def planned(self) -> PlannedRow:
        outcome = Outcome.ACCEPT
        if self.ignored:
            outcome = Outcome.IGNORE
        elif self.refused:
            outcome = Outcome.REJECT
        elif self.questions:
            outcome = Outcome.DECIDE
        return PlannedRow(
            self.row.sheet,
            self.row.number,
            outcome,
            cells=dict(self.texts),
            values={} if self.ignored else self.values,
            messages=tuple(dict.fromkeys(self.messages)),
            questions=() if self.ignored else _once(self.questions),
        )


def _once(questions: Iterable[Question]) -> tuple[Question, ...]:
    """One question of each name, the first."""
    by_name: dict[str, Question] = {}
    for question in questions:
        by_name.setdefault(question.name, question)
    return tuple(by_name.values())


def note_of(draft: Draft, shelf: Shelf) -> Note:
    """What the row's note means for it."""
    text = draft.text("note")
    return read_note(text, shelf.today) if text else NO_NOTE


def row_words(draft: Draft, row: tuple[str, int]) -> str:
    """Name another row to a reader of this one."""
    sheet, number = row
    return f"row {number}" if sheet == draft.row.sheet else f"row {number} of the sheet “{sheet}”"


def day_choice(day: date) -> Choice:
    return Choice(day.isoformat(), day_text(day))
