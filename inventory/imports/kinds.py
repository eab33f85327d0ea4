"""What can be brought in from a file, and what each kind of import has to be able to do.

A kind reads the database, plans the rows of a file (most of it in a pure module of its own) and
writes the accepted ones through the writers of the features. The pages, the commands and the API
are the same for all kinds. `register` names the kinds that there are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from inventory.accounts.models import User
from inventory.imports.layout import SheetLayout, find_layouts
from inventory.imports.planned import Answers, Field, Message, PlannedRow, RowKey
from inventory.sheets.cells import SheetRow

Columns = Mapping[int, str]
"""The field of each column that means something: columns from 0, fields by name."""


@dataclass(frozen=True)
class Source:
    """The rows of a file, with all that people have said about it. Rows may be gone through again.

    `columns` is by the sheet's title; a sheet that nobody has said anything about is not in it, and
    its columns are guessed; one with no columns is left out. `place` is the code of the location
    for rows that name none. `known_names` are items by SKU, by the names that people have confirmed
    for them before (spelled as `cells.text.plain` spells them). `went_in` says that this very file
    was brought in: then nobody has to hear of each of its rows that it went in before.
    """

    rows: Iterable[SheetRow]
    today: date
    columns: Mapping[str, Columns] = field(default_factory=dict)
    hidden_sheets: frozenset[str] = frozenset()
    place: str = ""
    answers: Answers = field(default_factory=dict)
    known_names: Mapping[str, str] = field(default_factory=dict)
    went_in: bool = False


@dataclass(frozen=True)
class Writing:
    """Who writes the rows of which file, and when; `progress` is told how many rows are written."""

    by: User
    now: datetime
    file_name: str
    progress: Callable[[int], None] = lambda _rows: None


@dataclass(frozen=True)
class Link:
    """Where to look at what was written: the words, and the address below the product's own."""

    label: str
    address: str


@dataclass(frozen=True)
class Written:
    """What came of a commit: a sentence for the person, and where to look at it."""

    sentence: str
    links: tuple[Link, ...] = ()


class RowsRefused(Exception):
    """Rows that were accepted cannot be written any more; nothing was. `messages` is by row."""

    def __init__(self, messages: Mapping[RowKey, Message]) -> None:
        self.messages = dict(messages)
        ((sheet, row), message), *more = self.messages.items()
        where = f"{sheet}, row {row}" if sheet else f"Row {row}"
        others = f" And {len(more)} more." if more else ""
        super().__init__(f"Nothing was written. {where}: {message.text}{others}")


class Kind(Protocol):
    """One kind of import."""

    @property
    def code(self) -> str:
        """The slug in addresses: stock, items, codes, offers or procedures."""

    @property
    def title(self) -> str:
        """As in "Opening stock"."""

    @property
    def about(self) -> str:
        """A sentence for the page: what a row is."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may import it."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a column of such a file may say, in the order of the template."""

    @property
    def reported(self) -> tuple[str, ...]:
        """The fields that a report to a machine tells of each row."""

    @property
    def takes_place(self) -> bool:
        """Whether a place is asked for, for rows that name none."""

    @property
    def examples(self) -> tuple[Mapping[str, str], ...]:
        """A few rows that the template shows, by field name."""

    def template_fields(self) -> Sequence[Field]:
        """Return `fields` with the clinic's own words as `choices`: its items, its places."""

    def layouts(self, rows: Iterable[SheetRow]) -> Mapping[str, SheetLayout]:
        """Return where the table of each sheet stands, and what its columns seem to be."""
        return find_layouts(rows, self.fields)

    def plan(self, source: Source) -> Iterable[PlannedRow]:
        """Yield what becomes of each row, in the order of the file. Writes nothing."""

    def mark(self, row: PlannedRow) -> str:
        """Return what tells a row of another file that went in before; empty: nothing does."""
        return ""

    def summary(self, rows: Iterable[PlannedRow]) -> str:
        """Say what accepted rows will write, as in "38 lots into 3 places"."""

    def commit(self, rows: Iterable[PlannedRow], writing: Writing) -> Written:
        """Write accepted rows, in the transaction of the caller: all of them or none.

        Raises RowsRefused.
        """
