"""A row of a file while it is being understood: what is wrong with it, what is asked. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from inventory.catalog.errors import NotAccepted
from inventory.imports.cells.results import unusable
from inventory.imports.planned import (
    Answers,
    Message,
    Outcome,
    PlannedRow,
    Question,
    RowKey,
    Value,
)
from inventory.sheets.cells import SheetCell
from inventory.sheets.plain_cells import CellNotUnderstood, said

T = TypeVar("T")

LEAVE_OUT = "leave_out"
HIDDEN = "•••"
OURS, THEIRS = "ours", "theirs"
"""Whose word counts, where the clinic and the file differ."""
ADD, CHANGE = "add", "change"
"""What an accepted row does: make something, or change what is known."""


@dataclass(frozen=True)
class ToldRow:
    """A row below the headings: its cells, by the name of the field that their column says."""

    sheet: str
    row: int
    cells: Mapping[str, SheetCell]
    is_alone: bool = False
    """Whether one cell alone says something, where the table has more columns."""


@dataclass
class AskedOnce:
    """What is asked once for a whole file: the answer that was given, or the row that waits."""

    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    waiting: dict[tuple[str, str], RowKey] = field(default_factory=dict)


class RowDraft:
    """Collects what there is to say about a row, and makes the planned row of it.

    A row is refused when anything about it is, ignored when there is nothing to do, and has to be
    decided while one of its questions is open.
    """

    def __init__(self, told: ToldRow, answers: Answers) -> None:
        self.told = told
        self.key: RowKey = (told.sheet, told.row)
        self.cells = {name: text for name, cell in told.cells.items() if (text := said(cell))}
        self._answers = answers.get(self.key, {})
        self._messages: list[Message] = []
        self._questions: list[Question] = []
        self._refused: set[str] = set()
        self._ignored = self._answers.get("row") == LEAVE_OUT
        self._waits = False
        for name, cell in told.cells.items():
            if why := unusable(cell, "a value"):
                self.refuse(name, why.sentence)

    @property
    def is_left_out(self) -> bool:
        """Whether nothing is to be done with this row, whatever else it says."""
        return self._ignored

    @property
    def is_sound(self) -> bool:
        """Whether everything so far was understood, and every question answered."""
        return not (self._refused or self._questions or self._waits)

    def has(self, *columns: str) -> bool:
        """Say whether something is wrong with one of these columns."""
        return not self._refused.isdisjoint(columns)

    def says(self, column: str) -> str:
        """Return the text of a cell; empty for nothing."""
        return self.cells.get(column, "")

    def read(self, column: str, reader: Callable[[str], T]) -> T | None:
        """Return what `reader` makes of a cell; None where it is empty or was refused."""
        text = self.says(column)
        if not text or self.has(column):
            return None
        try:
            return reader(text)
        except CellNotUnderstood as refusal:
            self.refuse(column, str(refusal))
            return None

    def check(self, rule: Callable[[], T]) -> T | None:
        """Return what a rule of the catalog returns; its sentences stand at their columns."""
        try:
            return rule()
        except NotAccepted as refusal:
            for error in refusal.errors:
                self.refuse(error.field, error.message)
            return None

    def refuse(self, column: str, text: str) -> None:
        """Say why the row cannot go in; only the first sentence about a column counts."""
        if column not in self._refused:
            self._refused.add(column)
            self._messages.append(Message(column, text))

    def hide(self, column: str) -> None:
        """Keep what a cell says to the file: it is shown to nobody."""
        self.cells[column] = HIDDEN

    def note(self, column: str, text: str) -> None:
        """Say what a person should know of a row that may go in."""
        self._messages.append(Message(column, text))

    def ignore(self, column: str, text: str) -> None:
        """Say why there is nothing to do."""
        self._ignored = True
        self._messages.append(Message(column, text))

    def answer(self, name: str) -> str:
        """Return what a person answered to a question of this name; empty for nothing."""
        return self._answers.get(name, "").strip()

    def ask(self, question: Question) -> str | None:
        """Return the answer to a question; None while there is none, or none of its choices."""
        answer = self._answer(question)
        if answer is None:
            self._questions.append(question)
        return answer

    def ask_once(self, question: Question, thing: str, asked: AskedOnce) -> str | None:
        """Ask about a thing at its first row; the others go by that answer, and wait for it."""
        about = (question.name, thing)
        own = self._answer(question)
        if own is not None:
            asked.answers[about] = own
            return own
        if about in asked.answers:
            return asked.answers[about]
        if about in asked.waiting:
            self._waits = True
            self.note("", f"Waits for what is answered at row {asked.waiting[about][1]}.")
        elif not self._ignored:
            asked.waiting[about] = self.key
            self._questions.append(question)
        return None

    def planned(self, values: Mapping[str, Value]) -> PlannedRow:
        """Return the row as it was understood."""
        outcome = self._outcome()
        decide = outcome is Outcome.DECIDE
        return PlannedRow(
            sheet=self.told.sheet,
            row=self.told.row,
            outcome=outcome,
            cells=self.cells,
            values=values,
            messages=tuple(self._messages),
            questions=tuple(self._questions) if decide else (),
        )

    def _answer(self, question: Question) -> str | None:
        answer = self.answer(question.name)
        known = {choice.value for choice in question.choices}
        may_be_typed = question.kind != "choice" or not known
        return answer if answer and (may_be_typed or answer in known) else None

    def _outcome(self) -> Outcome:
        if self._ignored:
            return Outcome.IGNORE
        if self._refused:
            return Outcome.REJECT
        return Outcome.DECIDE if self._questions or self._waits else Outcome.ACCEPT
