"""Whatever stands in a sheet, and whatever is answered: every row is planned, and none raises."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.imports.planned import Outcome, PlannedRow
from inventory.sheets.cells import SheetCell, SheetRow
from tests.deep import DEEP
from tests.imports.catalogues import LAKESIDE, starter_catalogue
from tests.imports.sheets import HEADINGS, cell, plan

NAMES = st.sampled_from(
    ["lido 1% 20ml MDV", "Lidocaine 1%", "kenalog 40 1ml", "Botox 100u", "25g 1.5 needles",
     "gloves", "bandages", "epi tray tuohy", "TOTAL", "Item", '"', "coffee", "305111",
     '=HYPERLINK("x")', "lido 2% w/ epi 20ml", "4x4", "sterile gloves 7", "depo"]
)  # fmt: skip
COUNTS = st.sampled_from(
    ["12", "2 bx", "½ bx", "2.5 vials", "14 mL", "1 box + 4", "-5", "~40", "a few", "1,200",
     "3 + 1 open", "2 x 25", "5 pr", "1 cs", "200u", "0", "1.333 bx", "999999999", "1/3 bx"]
)  # fmt: skip
DAYS = st.sampled_from(
    ["12/27", "Dec-27", "EXP 4/30/2028", "2/29/2027", "46843", "05/06/2028", "27-Dec", "1227", "?"]
)
LOTS = st.sampled_from(["A1", "a1", " A1 ", "1.2E+11", "14-Mar", "n/a", "A1, A2"])
NOTES = st.sampled_from(
    ["opened 11/12", "opened 1/1", "DO NOT USE", "count again", "expired", "ignore", "fine"]
)
ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.decimals(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)
CELLS = st.builds(
    SheetCell,
    value=ANYTHING,
    number_format=st.sampled_from(["General", "0%", "d-mmm", "mmm-yy", "0000000", "yyyy"]),
    formula=st.sampled_from(["", "", "=SUM(B2:B9)", "=1+1"]),
)


def column(likely: st.SearchStrategy[str]) -> st.SearchStrategy[SheetCell]:
    return st.one_of(likely.map(cell), likely.map(cell), CELLS)


LINES = st.lists(
    st.one_of(
        st.tuples(
            column(NAMES),
            column(COUNTS),
            column(st.sampled_from(["vials", "bx", "ea", "", "bx of 25", "mL", "zorp"])),
            column(LOTS),
            column(DAYS),
            column(st.sampled_from(["A1", "Rm 1", "Fridge", "Rm 9", ""])),
            column(NOTES),
        ),
        st.lists(CELLS, max_size=9),
    ),
    min_size=1,
    max_size=5,
)
ANSWERS = st.dictionaries(
    st.sampled_from(
        ["item", "quantity", "pack", "lot", "expires_on", "location", "opened", "opened_on",
         "opened_left", "hold", "row", "nonsense"]
    ),
    st.one_of(
        st.sampled_from(
            ["lido-1-20", "kenalog-40-1", "bandage", "12", "2 bx", "25", "A1", "2027-12-31",
             "room-1", "take_in", "leave_out", "sealed", "quarantine", "none", "2026-11-12", "5"]
        ),
        st.text(max_size=12),
    ),
    max_size=6,
)  # fmt: skip
VOLUMES = {
    item.sku: item.container_volume
    for item in (*starter_catalogue().items, *LAKESIDE.items)
    if item.container_volume
}


def rows_of(lines: Sequence[Sequence[SheetCell]], hidden: bool) -> list[SheetRow]:
    head = SheetRow("Main storeroom", 1, tuple(map(cell, HEADINGS)))
    return [head] + [
        SheetRow("Main storeroom", number, tuple(line), hidden)
        for number, line in enumerate(lines, start=2)
    ]


def check(row: PlannedRow) -> None:
    quantity, left = row.values.get("quantity"), row.values.get("opened_left") or Decimal(0)
    assert isinstance(left, Decimal)
    if row.outcome == Outcome.ACCEPT:
        assert {"item", "quantity", "location"} <= set(row.values)
        assert not row.questions
    if row.outcome == Outcome.DECIDE:
        assert row.questions
    if row.outcome != Outcome.ACCEPT:
        assert any(message.text for message in row.messages)
    if isinstance(quantity, Decimal):
        assert quantity > 0
        assert quantity.as_tuple().exponent in range(-3, 1)
        piece = VOLUMES.get(str(row.values.get("item")), Decimal(1))
        assert (quantity - left) % piece == 0


@settings(max_examples=10_000 if DEEP else 100)
@given(LINES, st.lists(ANSWERS, max_size=5), st.booleans())
def test_every_row_is_planned_whatever_it_holds(
    lines: list[Sequence[SheetCell]], answers: list[dict[str, str]], hidden: bool
) -> None:
    rows = rows_of(lines, hidden)
    by_row = {("Main storeroom", number): each for number, each in enumerate(answers, start=2)}

    for catalogue in (starter_catalogue(), LAKESIDE):
        planned = plan(rows, by_row, catalogue=catalogue)

        assert [row.row for row in planned] == [row.number for row in rows[1:]]
        for row in planned:
            check(row)


@settings(max_examples=2_000 if DEEP else 50)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=12))
def test_a_sheet_of_anything_is_planned(lines: list[Sequence[SheetCell]]) -> None:
    rows = [SheetRow("Sheet1", number, tuple(line)) for number, line in enumerate(lines, start=1)]

    for row in plan(rows):
        check(row)
