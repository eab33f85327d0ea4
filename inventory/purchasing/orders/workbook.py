"""A purchase order as the workbook that goes to the supplier, and comes back filled in.

Each line has its own place for what is confirmed. Nothing else can be typed over, and every number
that follows from another is a formula: what the supplier fills in shows its difference at once.
"""

from collections.abc import Iterator
from datetime import date
from textwrap import wrap

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from inventory.purchasing.orders.headings import (
    A_PACK_COUNT,
    A_PRICE,
    ARRIVES_ON,
    AVAILABILITIES,
    AVAILABILITY,
    CONFIRMED_COST,
    CONFIRMED_PACKS,
    CONFIRMED_PRICE,
    COST,
    COST_CHANGE,
    DISCONTINUED,
    FILLED_IN,
    LINE,
    LONGEST_REMARK,
    MOST_MONEY,
    MOST_PACKS,
    NUMBER_LABEL,
    PACK_PRICE,
    PACK_SIZE,
    PACKS,
    PACKS_CHANGE,
    REMARK,
    SKU,
)
from inventory.purchasing.orders.sheet import OrderSheet, SheetLine
from inventory.sheets.rules import Rule
from inventory.sheets.workbook import Cell, Column, Formula, Sheet, build_workbook
from inventory.web.forms import LATEST_DAY

TITLE = "Order"
LETTERS_A_LINE = 120

FILL_IN = (
    "Supplier: fill in the yellow cells of a line, from “Confirmed packs” to “Remark”, and send"
    " this workbook back. An empty cell means: as ordered."
)


def order_workbook(order: OrderSheet) -> Workbook:
    """Return the order, its lines to be confirmed, ready to send and to print."""
    above = list(_head(order))
    columns = _columns(order.ordered_on)
    # An empty row parts the headings from what is above, and the first line is below them.
    first = len(above) + 3
    sheet = Sheet(
        TITLE,
        columns,
        [_row(line, number) for number, line in enumerate(order.lines, start=first)],
        totals=(PACKS, COST, CONFIRMED_COST, PACKS_CHANGE, COST_CHANGE),
        above=above,
        printed=f"{order.letterhead.clinic}, {order.ordered_on}",
        printed_below=f"Order {order.number}",
        form=True,
    )
    return build_workbook([sheet], f"{order.letterhead.clinic}: order {order.number}")


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _columns(ordered_on: date) -> tuple[Column, ...]:
    return (
        Column(LINE, "integer", width=14),
        Column("Order code", width=12),
        Column(SKU, width=16),
        Column("Item", width=30, wrap=True),
        Column(PACKS, "integer", width=7),
        Column(PACK_SIZE, "quantity", width=8),
        Column("Unit", width=6),
        Column("Quantity", "quantity", width=9),
        Column(PACK_PRICE, "money", width=10),
        Column(COST, "money", width=12),
        Column(
            CONFIRMED_PACKS,
            "integer",
            width=11,
            note="How many packs will come; 0 for none. Empty: as many as ordered.",
            rule=Rule("whole", f"Expected {A_PACK_COUNT}.", "0", str(MOST_PACKS)),
        ),
        Column(
            CONFIRMED_PRICE,
            "money",
            width=11,
            note="For one pack, in dollars. Empty: the price of the order.",
            rule=Rule("decimal", f"Expected {A_PRICE}.", "0", str(MOST_MONEY)),
        ),
        Column(
            AVAILABILITY,
            width=14,
            note="Choose from the list. Of what is discontinued no packs come, unless you say so.",
            rule=Rule(
                "list", f"Expected one of {', '.join(AVAILABILITIES)}.", choices=AVAILABILITIES
            ),
        ),
        Column(
            ARRIVES_ON,
            "date",
            width=12,
            note="The day on which it arrives at the clinic, not the day on which it leaves you.",
            rule=Rule(
                "date",
                f"Expected a day, {ordered_on} or later.",
                _day(ordered_on),
                _day(LATEST_DAY),
            ),
        ),
        Column(
            REMARK,
            width=22,
            wrap=True,
            note="What else we should know, such as the substitute.",
            rule=Rule(
                "textLength",
                f"Expected at most {LONGEST_REMARK} letters.",
                most=str(LONGEST_REMARK),
            ),
        ),
        Column(CONFIRMED_COST, "money", width=12),
        Column(PACKS_CHANGE, "integer", width=9),
        Column(COST_CHANGE, "money", width=12),
    )


LETTER = {
    column.title: get_column_letter(number)
    for number, column in enumerate(_columns(LATEST_DAY), start=1)
}


def _row(line: SheetLine, row: int) -> list[Cell]:
    at = {title: f"{letter}{row}" for title, letter in LETTER.items()}
    ordered, confirmed = at[PACKS], at[CONFIRMED_PACKS]
    unsaid = f'IF({at[AVAILABILITY]}="{DISCONTINUED}",0,{ordered})'
    packs = f'IF({confirmed}="",{unsaid},{confirmed})'
    price = at[CONFIRMED_PRICE]
    # Of a line without a price nothing is known until the supplier names one.
    otherwise = f"{packs}*{at[PACK_PRICE]}" if line.pack_price is not None else '""'
    return [
        line.number,
        line.order_code,
        line.sku,
        line.name,
        line.packs,
        line.pack_size,
        line.unit,
        Formula(f"={ordered}*{at[PACK_SIZE]}"),
        line.pack_price,
        Formula(f"={ordered}*{at[PACK_PRICE]}") if line.pack_price is not None else None,
        *(None for _ in FILLED_IN),
        Formula(f'=IF({price}="",{otherwise},{packs}*{price})'),
        Formula(f"={packs}-{ordered}"),
        Formula(f"=N({at[CONFIRMED_COST]})-N({at[COST]})"),
    ]


def _head(order: OrderSheet) -> Iterator[list[Cell]]:
    """Yield the letterhead, and what is said of the order as a whole."""
    letterhead = order.letterhead
    yield [f"{letterhead.clinic}: purchase order"]
    for line in (letterhead.address, (letterhead.phone, letterhead.email)):
        if text := ", ".join(part for part in line if part):
            yield [text]
    yield [NUMBER_LABEL, order.number]
    yield ["Ordered on", order.ordered_on]
    if order.needed_by:
        yield ["Needed by", order.needed_by]
    supplier = ", ".join(part for part in (order.supplier, order.supplier_email) if part)
    for label, text in (
        ("Supplier", supplier),
        ("Deliver to", order.deliver_to),
        ("Note", order.note),
    ):
        for number, part in enumerate(_wrapped(text)):
            yield [None if number else label, part]
    yield [FILL_IN]
    if order.unpriced:
        numbers = ", ".join(str(line.number) for line in order.unpriced)
        lines = "line" if len(order.unpriced) == 1 else "lines"
        yield [f"Without a price, and in no total: {lines} {numbers}."]


def _wrapped(text: str) -> list[str]:
    return [part for line in text.splitlines() for part in wrap(line, LETTERS_A_LINE)]
