"""The rows of an upload as a person looks at them: what was typed, and what was understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from inventory.catalog.models import Item, Location
from inventory.imports.kinds import Kind
from inventory.imports.models import Import, ImportRow
from inventory.imports.planned import Outcome
from inventory.web.pills import Pill
from inventory.web.words import amount_words, day_words, money_words

PILLS = {
    Outcome.ACCEPT: Pill("usable", "will do"),
    Outcome.DECIDE: Pill("soon", "needs a decision"),
    Outcome.REJECT: Pill("bad", "refused"),
    Outcome.IGNORE: Pill("quiet", "left out"),
}
BROUGHT_IN = Pill("usable", "brought in")
# What a choice does not have to be picked from: a better answer may be typed.
TYPED_TOO = {"quantity", "expires_on", "lot", "opened_on"}
AMOUNTS = {"quantity", "opened_left"}
MOST_BUTTONS = 6


@dataclass(frozen=True)
class ShownCell:
    """What a file says of one field, what was made of it, and what there is to say about it."""

    name: str
    title: str
    typed: str
    understood: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class AskedQuestion:
    """A question with its name, and how it is answered: by a button, from a list, by typing."""

    name: str
    text: str
    kind: str
    choices: tuple[tuple[str, str], ...]

    @property
    def by_button(self) -> bool:
        return 0 < len(self.choices) <= MOST_BUTTONS

    @property
    def is_typed(self) -> bool:
        return not self.choices or self.name in TYPED_TOO or self.kind == "item"


@dataclass(frozen=True)
class ShownRow:
    """One row; `alike` is how many rows that need a decision have the same name."""

    row: ImportRow
    cells: tuple[ShownCell, ...]
    messages: tuple[str, ...]
    questions: tuple[AskedQuestion, ...]
    is_open: bool
    alike: int = 0
    refusal: str = ""

    @property
    def pill(self) -> Pill:
        return outcome_pill(self.row.outcome, is_open=self.is_open)

    @property
    def only_buttons(self) -> bool:
        """Whether one press decides it."""
        return len(self.questions) == 1 and self.questions[0].by_button

    @property
    def all_by_button(self) -> bool:
        """Whether there is nothing to send but the buttons themselves."""
        return self.only_buttons and not self.questions[0].is_typed

    @property
    def offers_leaving_out(self) -> bool:
        """Whether leaving the row out is one of the answers already."""
        return any(value == "leave_out" for each in self.questions for value, _ in each.choices)

    @property
    def is_no_line(self) -> bool:
        """Whether the file itself says that this is no row of the table."""
        return self.row.outcome == Outcome.IGNORE and not self.row.answers

    @property
    def left_out(self) -> bool:
        return bool(self.row.answers.get("row") == "leave_out")


def outcome_pill(outcome: str, *, is_open: bool) -> Pill:
    """Say what becomes of a row, or became of it."""
    if outcome == Outcome.ACCEPT and not is_open:
        return BROUGHT_IN
    return PILLS[Outcome(outcome)]


def shown_rows(
    upload: Import,
    kind: Kind,
    rows: Sequence[ImportRow],
    refusals: Mapping[int, str] | None = None,
) -> list[ShownRow]:
    """Return rows of one upload to be looked at; `refusals` say why an answer was not taken."""
    words = _Words(rows)
    alike = _alike(rows)
    return [
        ShownRow(
            row=row,
            cells=tuple(_cells(kind, row, words)),
            messages=_messages(kind, row),
            questions=asked(row),
            is_open=upload.is_open,
            alike=alike.get(row.name, 0) if row.name else 0,
            refusal=(refusals or {}).get(row.pk, ""),
        )
        for row in rows
    ]


def asked(row: ImportRow) -> tuple[AskedQuestion, ...]:
    """Return what has to be answered before a row can go in."""
    return tuple(
        AskedQuestion(
            question["name"],
            question["text"],
            question["kind"],
            tuple((value, label) for value, label in question["choices"]),
        )
        for question in row.questions
    )


class _Words:
    """Values as a person reads them: an item by its name, an amount with its unit."""

    def __init__(self, rows: Sequence[ImportRow]) -> None:
        skus = {row.item for row in rows if row.item}
        codes = {row.understood.get("location", "") for row in rows}
        self.items = Item.objects.in_bulk(skus, field_name="sku")
        self.places = Location.objects.in_bulk(codes, field_name="code")

    def of(self, name: str, row: ImportRow) -> str:
        """Return what was understood of a field, empty where nothing was."""
        value = str(row.understood.get(name, ""))
        if name == "item" and value in self.items:
            return self.items[value].name
        if name == "location" and value in self.places:
            return self.places[value].name
        if name in AMOUNTS:
            return self._amount(value, row)
        if name == "unit_cost":
            return self._cost(value, row)
        return _day(value)

    def _amount(self, value: str, row: ImportRow) -> str:
        item = self.items.get(row.item)
        return amount_words(Decimal(value), item.unit) if item and value else value

    def _cost(self, value: str, row: ImportRow) -> str:
        item = self.items.get(row.item)
        if item is None or not value:
            return value
        of_one = "each" if item.unit == Item.Unit.EACH else f"per {item.unit}"
        return f"{money_words(Decimal(value))} {of_one}"


def _day(value: str) -> str:
    try:
        return day_words(date.fromisoformat(value)) if len(value) == len("2026-11-22") else value
    except ValueError:
        return value


def _cells(kind: Kind, row: ImportRow, words: _Words) -> Iterator[ShownCell]:
    """What the row says anything about. A question says its sentence itself."""
    questions = {question["text"] for question in row.questions}
    for field in kind.fields:
        typed, understood = str(row.cells.get(field.name, "")), words.of(field.name, row)
        messages = tuple(
            text for column, text in row.messages if column == field.name and text not in questions
        )
        same = {understood.casefold(), str(row.understood.get(field.name, "")).casefold()}
        if typed.strip().casefold() in same:
            understood = ""
        if typed or understood or messages:
            yield ShownCell(field.name, field.title, typed, understood, messages)


def _messages(kind: Kind, row: ImportRow) -> tuple[str, ...]:
    elsewhere = {field.name for field in kind.fields}
    questions = {question["text"] for question in row.questions}
    return tuple(
        text for column, text in row.messages if column not in elsewhere and text not in questions
    )


def _alike(rows: Sequence[ImportRow]) -> dict[str, int]:
    names = {row.name for row in rows if row.name and row.outcome == Outcome.DECIDE}
    if not names:
        return {}
    same: Any = ImportRow.objects.filter(
        upload=rows[0].upload_id, outcome=Outcome.DECIDE, name__in=names
    ).order_by()
    return dict(same.values_list("name").annotate(rows=Count("pk")))


def outcome_counts(upload: Import) -> list[tuple[str, str, int]]:
    """Return each outcome with its word and how many rows there are, in the order of need."""
    counts = {
        Outcome.DECIDE: upload.undecided,
        Outcome.REJECT: upload.refused,
        Outcome.ACCEPT: upload.accepted,
        Outcome.IGNORE: upload.left_out,
    }
    return [
        (outcome.value, outcome_pill(outcome, is_open=upload.is_open).word, count)
        for outcome, count in counts.items()
    ]
