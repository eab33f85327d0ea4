"""A workbook that comes back from the supplier, as what it says of each line. Pure.

Whoever filled it in may have sorted it, saved it with another program or as text. What is read is
what stands below its headings; what cannot be read is refused, at its cell, and then all of it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import BinaryIO, TypeVar

from inventory.purchasing.orders.headings import (
    A_PACK_COUNT,
    A_PRICE,
    ARRIVES_ON,
    AVAILABILITIES,
    AVAILABILITY,
    CONFIRMED_PACKS,
    CONFIRMED_PRICE,
    FILLED_IN,
    LINE,
    LONGEST_REMARK,
    MOST_MONEY,
    MOST_PACKS,
    NUMBER_LABEL,
    PACK_PRICE,
    PACK_SIZE,
    PACKS,
    REMARK,
    SKU,
    TOTAL,
)
from inventory.purchasing.orders.sheet import OrderSheet, SheetLine
from inventory.sheets.cells import EMPTY, FileRefused, SheetCell, SheetRow
from inventory.sheets.plain_cells import (
    CellNotUnderstood,
    day,
    key,
    money,
    one_of,
    said,
    shown,
    whole_number,
)
from inventory.sheets.reading import open_file
from inventory.web.decimals import plain
from inventory.web.forms import LATEST_DAY, UNPRINTABLE

NEEDED = (LINE, SKU, *FILLED_IN)
ORDERED = (PACKS, PACK_SIZE, PACK_PRICE)
# An order has at most a few hundred lines: what is much longer is another file.
MOST_ROWS = 20_000
ROWS_LOOKED_AT = 100
MOST_TOLD = 20

T = TypeVar("T")


@dataclass(frozen=True)
class ReturnedLine:
    """What the supplier says of a line; None or empty: nothing, so it is as ordered."""

    number: int
    sku: str
    confirmed_packs: int | None = None
    confirmed_price: Decimal | None = None
    availability: str = ""
    arrives_on: date | None = None
    remark: str = ""


@dataclass(frozen=True)
class Returned:
    """What the supplier says of an order, in the order of its lines.

    `notices` are sentences about what was left out, and what the workbook does not speak of.
    """

    order_number: str
    lines: tuple[ReturnedLine, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Why the workbook is refused, and at which cell; without a row it is about all of it."""

    text: str
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.text}" if self.row else self.text


class ReturnRefused(FileRefused):
    """The workbook can be read, but not as an answer to this order. Nothing of it counts."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


def read_returned(data: BinaryIO | bytes, name: str, order: OrderSheet) -> Returned:
    """Return what a workbook or text file says of the order.

    Raises FileRefused for what cannot be read at all, ReturnRefused with every problem found.
    """
    rows = list(islice(open_file(data, name).rows(), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        sentence = f"Expected an order of a few hundred rows, but got more than {MOST_ROWS:,}."
        raise ReturnRefused(Problem(sentence))
    table = _table(rows)
    _check_number(table, order)
    reading = _Reading(order, table)
    for row in table.below:
        reading.read(row)
    return reading.done()


@dataclass(frozen=True)
class _Table:
    """The sheet with the lines: what stands above its headings, and what stands below."""

    above: Sequence[SheetRow]
    columns: Mapping[str, int]
    below: Sequence[SheetRow]

    def cell(self, row: SheetRow, title: str) -> SheetCell:
        place = self.columns.get(title)
        return EMPTY if place is None or place >= len(row.cells) else row.cells[place]


def _table(rows: Sequence[SheetRow]) -> _Table:
    sheets: dict[str, list[SheetRow]] = {}
    for row in rows:
        sheets.setdefault(row.sheet, []).append(row)
    found = [(each, n) for each in sheets.values() if (n := _headings_at(each)) is not None]
    if not found:
        raise ReturnRefused(
            Problem(f"Expected the lines of an order below {_listed(NEEDED)}, but found no such.")
        )
    if len(found) > 1:
        titles = " and ".join(f"“{shown(each[0].sheet)}”" for each, _ in found[:2])
        raise ReturnRefused(Problem(f"Expected one sheet with lines, but {titles} have them both."))
    (sheet, place) = found[0]
    return _Table(sheet[:place], _columns(sheet[place]), sheet[place + 1 :])


def _headings_at(rows: Sequence[SheetRow]) -> int | None:
    for place, row in enumerate(islice(rows, ROWS_LOOKED_AT)):
        if {key(LINE), key(SKU)} <= {key(said(cell)) for cell in row.cells}:
            return place
    return None


def _columns(headings: SheetRow) -> dict[str, int]:
    """Return where each column stands. Raises ReturnRefused for one that is missing or twice."""
    places: dict[str, list[int]] = {key(title): [] for title in (*NEEDED, *ORDERED)}
    for place, cell in enumerate(headings.cells):
        places.get(key(said(cell)), []).append(place)
    missing = [title for title in NEEDED if not places[key(title)]]
    twice = [title for title in (*NEEDED, *ORDERED) if len(places[key(title)]) > 1]
    if missing:
        raise ReturnRefused(
            Problem(f"Expected the columns {_listed(NEEDED)}, but {_listed(missing)} is missing.")
        )
    if twice:
        raise ReturnRefused(Problem(f"Expected each column once, but {_listed(twice)} is twice."))
    return {title: places[key(title)][0] for title in (*NEEDED, *ORDERED) if places[key(title)]}


def _check_number(table: _Table, order: OrderSheet) -> None:
    for row in table.above:
        texts = [said(cell) for cell in row.cells]
        if key(NUMBER_LABEL) in map(key, texts):
            beside = texts[[key(text) for text in texts].index(key(NUMBER_LABEL)) + 1 :]
            found = next(filter(None, beside), "")
            if found == order.number:
                return
            if found:
                raise ReturnRefused(
                    Problem(f"This workbook is of {shown(found)}, expected {order.number}.")
                )
    raise ReturnRefused(
        Problem(
            f"Expected {order.number} beside “{NUMBER_LABEL}”, above the lines, but no number is"
            " there. Send the whole sheet."
        )
    )


def _listed(titles: Iterable[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)


@dataclass
class _Reading:
    """Reads one row after the other, and notes what is wrong and what was left out."""

    order: OrderSheet
    table: _Table
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    lines: dict[int, ReturnedLine] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)

    def read(self, row: SheetRow) -> None:
        """Read a row below the headings; the totals, and the headings once more, say nothing."""
        named, sku = said(self.table.cell(row, LINE)), said(self.table.cell(row, SKU))
        if not sku and not _is_number(named):
            self._leave_out(row, named)
        elif key(named) != key(LINE) and (line := self._line(row, named, sku)):
            self._check_as_ordered(row, line)
            self.rows[line.number] = row.number
            self.lines[line.number] = self._answer(row, line)

    def done(self) -> Returned:
        """Return what was read. Raises ReturnRefused with what is wrong."""
        if not self.lines and not self.problems:
            self.problems.append(Problem("Expected the lines of the order, but there are none."))
        if self.problems:
            more = len(self.problems) - MOST_TOLD
            rest = [Problem(f"And {more:,} more.")] if more > 0 else []
            raise ReturnRefused(*self.problems[:MOST_TOLD], *rest)
        lines = tuple(
            self.lines[line.number] for line in self.order.lines if line.number in self.lines
        )
        return Returned(self.order.number, lines, tuple(self._notices()))

    def _notices(self) -> Iterator[str]:
        for line in self.order.lines:
            if line.number not in self.lines:
                yield f"Line {line.number}, {line.sku}, is not in the file: it stays as it is."
        yield from self.left_out[:MOST_TOLD]
        if (more := len(self.left_out) - MOST_TOLD) > 0:
            yield f"And {more:,} more rows were left out."

    def _leave_out(self, row: SheetRow, named: str) -> None:
        texts = [text for cell in row.cells if (text := said(cell))]
        if texts and key(named) != key(TOTAL):
            self.left_out.append(
                f"Row {row.number} was left out, as it is no line of the order:"
                f" “{shown(', '.join(texts))}”."
            )

    def _line(self, row: SheetRow, named: str, sku: str) -> SheetLine | None:
        """Return which line of the order a row is; None, with what is wrong noted."""
        by_number = {str(line.number): line for line in self.order.lines}
        line = by_number.get(named)
        if line is None:
            self._refuse(row, LINE, f"Expected a line of the order, but got “{shown(named)}”.")
        elif sku != line.sku:
            self._refuse(row, SKU, f"Expected {line.sku} in line {named}, but got “{shown(sku)}”.")
        elif line.number in self.rows:
            there = self.rows[line.number]
            self._refuse(row, LINE, f"Expected each line once, but {named} is row {there} too.")
        else:
            return line
        return None

    def _check_as_ordered(self, row: SheetRow, line: SheetLine) -> None:
        """Refuse an order that was changed where it stands: that is not what was sent."""
        ordered = (Decimal(line.packs), line.pack_size, line.pack_price)
        for title, expected in zip(ORDERED, ordered, strict=True):
            text = said(self.table.cell(row, title))
            if text and _amount(text) != expected:
                wanted = "nothing" if expected is None else plain(expected)
                self._refuse(
                    row,
                    title,
                    f"Expected {wanted}, as ordered, but got “{shown(text)}”. What is confirmed"
                    f" belongs under {_listed(FILLED_IN[:2])}.",
                )

    def _answer(self, row: SheetRow, line: SheetLine) -> ReturnedLine:
        def read(title: str, reader: Callable[[SheetCell], T], nothing: T) -> T:
            cell = self.table.cell(row, title)
            try:
                return reader(cell) if said(cell) else nothing
            except CellNotUnderstood as refused:
                self._refuse(row, title, str(refused))
                return nothing

        return ReturnedLine(
            number=line.number,
            sku=line.sku,
            confirmed_packs=read(CONFIRMED_PACKS, _packs, None),
            confirmed_price=read(CONFIRMED_PRICE, _price, None),
            availability=read(AVAILABILITY, _availability, ""),
            arrives_on=read(ARRIVES_ON, self._arrives_on, None),
            remark=read(REMARK, _remark, ""),
        )

    def _arrives_on(self, cell: SheetCell) -> date | None:
        first = self.order.ordered_on
        expected = f"a day like 2026-11-22, from {first} to {LATEST_DAY}"
        value = cell.value
        found = value.date() if isinstance(value, datetime) else day(said(cell), expected)
        if not first <= found <= LATEST_DAY:
            raise CellNotUnderstood(f"Expected {expected}, but got “{found}”.")
        return found

    def _refuse(self, row: SheetRow, column: str, text: str) -> None:
        self.problems.append(Problem(text, row.number, column))


def _is_number(text: str) -> bool:
    return _amount(text) is not None


def _amount(text: str) -> Decimal | None:
    try:
        return money(text)
    except CellNotUnderstood:
        return None


def _packs(cell: SheetCell) -> int | None:
    packs = whole_number(said(cell), A_PACK_COUNT)
    if not 0 <= packs <= MOST_PACKS:
        raise CellNotUnderstood(f"Expected {A_PACK_COUNT}, but got “{shown(said(cell))}”.")
    return packs


def _price(cell: SheetCell) -> Decimal | None:
    price = money(said(cell))
    if not 0 <= price <= MOST_MONEY or price != round(price, 2):
        raise CellNotUnderstood(f"Expected {A_PRICE}, but got “{shown(said(cell))}”.")
    return price


def _availability(cell: SheetCell) -> str:
    return one_of(said(cell), {}, {word: word for word in AVAILABILITIES})


def _remark(cell: SheetCell) -> str:
    text = " ".join(UNPRINTABLE.sub(" ", said(cell)).split())
    if len(text) > LONGEST_REMARK:
        raise CellNotUnderstood(
            f"Expected at most {LONGEST_REMARK} letters, but this has {len(text):,}."
        )
    return text
