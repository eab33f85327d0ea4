"""What a person would make of each row of a file, and what has to be asked first. Pure.

Every kind of import (opening stock, items, codes, offers, past procedures) plans its rows into
these; the pages, the commands and the API show them, and only accepted rows are ever written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Value = str | Decimal | int | date | datetime | bool | None


class Outcome(StrEnum):
    """What becomes of a row."""

    ACCEPT = "accept"
    DECIDE = "decide"
    REJECT = "reject"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Message:
    """A sentence at a cell; `column` is the field's name, empty for the row as a whole."""

    column: str
    text: str


@dataclass(frozen=True)
class Choice:
    """One answer that a person may give; `value` is what is sent, `label` what is read."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """What a person has to answer before the row can go in.

    `name` is the key of the answer. With `choices` one of them is picked, likeliest first;
    without, something is typed: `kind` is item, date, quantity or text.
    """

    name: str
    text: str
    kind: str = "choice"
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class PlannedRow:
    """One row below the headings. `row` is its number in the sheet, from 1.

    `cells` is what the file says, by field name, as a person reads it; `values` what was understood
    of it, by field name: an item by its SKU, a place by its code, quantities in the item's unit.
    A row that a question stands at is `decide`; answered, it is planned anew with the answers.
    """

    sheet: str
    row: int
    outcome: Outcome
    cells: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    questions: tuple[Question, ...] = ()


RowKey = tuple[str, int]
"""A sheet's title and a row's number in it."""

Answers = Mapping[RowKey, Mapping[str, str]]
"""What a person answered, by row and by the name of the question. The name `row` is for every row:
`leave_out` makes it ignore, whatever else it says."""


@dataclass(frozen=True)
class Field:
    """Something that a column of a file may say.

    `headings` are the words that such a column is usually headed with, in lower case; a heading
    with a word of `unlike` is another column. `note` is what the template says about it; `choices`
    become a drop-down there.
    """

    name: str
    title: str
    headings: tuple[str, ...] = ()
    required: bool = False
    note: str = ""
    choices: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
