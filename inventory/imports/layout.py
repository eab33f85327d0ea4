"""Where the table stands in a sheet, and which of its rows are no lines of it. Pure.

Titles, remarks and blank rows stand above the headings; below them come bands across the row,
headings once more, subtotals, footnotes. Knows no kind of import but through its fields.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from inventory.imports.headings import guess_columns, heading_words, layout_key, missing_fields
from inventory.imports.planned import Field
from inventory.sheets.cell_text import plain, shown
from inventory.sheets.cells import EMPTY, SheetCell, SheetRow

ROWS_LOOKED_AT = 60
ROWS_FOR_CONTENT = 40
LEAST_HEADINGS = 2
LONGEST_BAND = 40
MOST = 0.6

# Numbers that are no count of what is there.
OTHER_NUMBERS = re.compile(
    r"\b(?:par|min|max|reorder|order|used|usage|cost|price|value|total|level|year|no|id|#)\b"
)

TOTAL = re.compile(
    r"(?:sub|grand|running|page|section)?[\s-]*totals?\b(?!\s*(?:knee|hip|joint|shoulder))|sum\b|totals?\s*[:=]"
)
SUMMED = re.compile(r"=\s*\+?(?:SUM|SUBTOTAL|COUNTA?|AGGREGATE|SUMIFS?)\s*\(", re.IGNORECASE)
REMARK = re.compile(
    r"(?:key|legend|notes?|nb|n\.b\.|counted by|checked by|prepared by|verified by|reviewed by"
    r"|updated|last updated|last count|count date|as of|printed|page \d|signature|signed|initials"
    r"|please|remember|see |\*)"
)

Looks = Mapping[str, Callable[[SheetCell], bool]]
"""By field: whether a cell looks like what that field holds."""


@dataclass(frozen=True)
class SheetLayout:
    """The table of one sheet. `heading_row` is the number of the row of headings, 0 without one;
    `columns` says which column, from 0, holds which field. Replace `columns` to map otherwise."""

    sheet: str
    heading_row: int = 0
    headings: tuple[str, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key under which the mapping of this layout is remembered."""
        return layout_key(self.headings)

    def with_columns(self, columns: Mapping[str, int]) -> "SheetLayout":
        return replace(self, columns=dict(columns))

    def heading(self, name: str) -> str:
        """The heading of a field's column, empty without one."""
        column = self.columns.get(name)
        if column is None or column >= len(self.headings):
            return ""
        return self.headings[column]

    def cell(self, row: SheetRow, name: str) -> SheetCell:
        """The cell of a field in a row, an empty one where there is none."""
        column = self.columns.get(name)
        if column is None or not 0 <= column < len(row.cells):
            return EMPTY
        return row.cells[column]

    def text(self, texts: Sequence[str], name: str) -> str:
        """The text of a field among the texts of a row."""
        column = self.columns.get(name)
        return texts[column] if column is not None and 0 <= column < len(texts) else ""

    @cached_property
    def heading_cells(self) -> tuple[tuple[int, str], ...]:
        """The columns of fields with the words of their headings."""
        return tuple(
            (column, heading_words(self.headings[column]) if column < len(self.headings) else "")
            for column in self.columns.values()
        )

    def missing(self, fields: Iterable[Field]) -> list[Field]:
        return missing_fields(self.columns, fields)


def find_layouts(
    rows: Iterable[SheetRow], fields: Sequence[Field], looks: Looks | None = None
) -> dict[str, SheetLayout]:
    """Return the layout of each sheet, by its title, from its first rows."""
    first: dict[str, list[SheetRow]] = defaultdict(list)
    for row in rows:
        if len(first[row.sheet]) < ROWS_LOOKED_AT:
            first[row.sheet].append(row)
    return {sheet: find_layout(sheet, begun, fields, looks or {}) for sheet, begun in first.items()}


def find_layout(
    sheet: str, rows: Sequence[SheetRow], fields: Sequence[Field], looks: Looks
) -> SheetLayout:
    """Return where the headings stand: the first row that names the most fields."""
    best, most = SheetLayout(sheet), LEAST_HEADINGS - 1
    for row in rows:
        headings = tuple(_heading(cell) for cell in row.cells)
        columns = guess_columns(headings, fields)
        if len(columns) > most:
            best = SheetLayout(sheet, row.number, headings, columns)
            most = len(columns)
    below = [row for row in rows if row.number > best.heading_row][:ROWS_FOR_CONTENT]
    return best.with_columns(_by_content(best, below, fields, looks))


def _heading(cell: SheetCell) -> str:
    """Only a text heads a column: a number or a day is a line of the table."""
    return cell.value.strip() if isinstance(cell.value, str) and not cell.formula else ""


def _by_content(
    layout: SheetLayout, rows: Sequence[SheetRow], fields: Sequence[Field], looks: Looks
) -> dict[str, int]:
    """Find columns for fields that no heading names, by what most of their cells look like.

    A column with a heading of its own is only taken for a field that nothing can be read without.
    """
    columns = dict(layout.columns)
    width = max((len(row.cells) for row in rows), default=0)
    lines = [row for row in rows if sum(_filled(cell) for cell in row.cells) > 1]
    for each in fields:
        look = looks.get(each.name)
        if each.name in columns or look is None:
            continue
        shares = [
            (_share(lines, column, look), -column)
            for column in range(width)
            if column not in columns.values() and _may_be(each, layout, column)
        ]
        share, column = max(shares, default=(0.0, 0))
        if share >= MOST:
            columns[each.name] = -column
    return columns


def _may_be(each: Field, layout: SheetLayout, column: int) -> bool:
    heading = layout.headings[column] if column < len(layout.headings) else ""
    if not heading:
        return True
    return each.required and not OTHER_NUMBERS.search(plain(heading))


def _filled(cell: SheetCell) -> bool:
    return bool(shown(cell))


def _share(rows: Sequence[SheetRow], column: int, look: Callable[[SheetCell], bool]) -> float:
    cells = [row.cells[column] for row in rows if column < len(row.cells)]
    filled = [cell for cell in cells if _filled(cell)]
    if not filled or len(filled) * 3 < len(rows):
        return 0.0
    return sum(look(cell) for cell in filled) / len(filled)


def why_no_line(
    texts: Sequence[str],
    row: SheetRow,
    layout: SheetLayout,
    names_a_product: Callable[[str], bool],
) -> str:
    """Say why a row below the headings is no line of the table; empty where it is one.

    `texts` are its cells as a person reads them; `names_a_product` tells a product that stands
    alone in its row from a band.
    """
    filled = [text for text in texts if text]
    if not filled:
        return "A blank row."
    if repeats_headings(texts, layout) or _goes_on(row, texts, layout):
        return "The headings once more."
    if len(set(filled)) == 1:
        return _alone(texts.index(filled[0]), filled[0], layout, names_a_product)
    if _is_total(row, texts, layout):
        return "A line of totals."
    quantity = layout.text(texts, "quantity")
    return "A remark, not a line of stock." if _is_remark(filled[0], quantity) else ""


def repeats_headings(texts: Sequence[str], layout: SheetLayout) -> bool:
    """Say whether a row of these texts is the headings once more."""
    same = different = 0
    for column, heading in layout.heading_cells:
        text = texts[column] if column < len(texts) else ""
        if not text and not heading:
            continue
        if heading and heading_words(text) == heading:
            same += 1
        else:
            different += 1
            if different > len(layout.heading_cells) // 2:
                return False
    return same >= LEAST_HEADINGS and same > different


def _goes_on(row: SheetRow, texts: Sequence[str], layout: SheetLayout) -> bool:
    """Whether headings go on in the row below: words alone, and none where the names stand."""
    return (
        row.number == layout.heading_row + 1
        and not layout.text(texts, "item")
        and not any(char.isdigit() for text in texts for char in text)
    )


def _alone(
    column: int, text: str, layout: SheetLayout, names_a_product: Callable[[str], bool]
) -> str:
    """One text in the whole row: a band, a remark, or a product that nothing is said about."""
    if TOTAL.match(plain(text)):
        return "A line of totals."
    if REMARK.match(plain(text)) or len(text) > LONGEST_BAND:
        return "A remark, not a line of stock."
    in_place = column == layout.columns.get("item")
    if in_place and text.upper() != text and names_a_product(text):
        return ""
    if not any(char.isalpha() for char in text):
        return "" if in_place else "Nothing but a number."
    return "A heading across the row, not a line of stock."


def _is_total(row: SheetRow, texts: Sequence[str], layout: SheetLayout) -> bool:
    name = layout.text(texts, "item")
    if name and not TOTAL.match(plain(name)):
        return False
    if any(TOTAL.match(plain(text)) for text in texts):
        return True
    return not name and any(SUMMED.match(cell.formula) for cell in row.cells if cell.formula)


def _is_remark(first: str, quantity: str) -> bool:
    spelt = plain(first)
    if not REMARK.match(spelt) or re.search(r"\d", quantity):
        return False
    return ":" in spelt or spelt.startswith("*")
