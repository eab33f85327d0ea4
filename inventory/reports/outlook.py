"""Expiry outlook: what expires when, and what of it will not be used by then."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from inventory.catalog.models import Item
from inventory.reports import sums
from inventory.reports.definition import ZERO, Answer, Asked, Heading, Picture, Report
from inventory.reports.periods import months_of
from inventory.reports.value import Perishing, perishing
from inventory.stock.models import Lot

MONTHS_WITHOUT_GAPS = 12


@dataclass(frozen=True)
class OutlookRow:
    """A month, an item or a lot; quantities only where the row is of one item."""

    name: str
    stocks: Sequence[Perishing]
    url: str = ""
    item: str = ""
    unit: str = ""
    month: date | None = None
    expires_on: date | None = None

    @property
    def lots(self) -> int:
        return len({stock.lot_id for stock in self.stocks})

    @property
    def quantity(self) -> Decimal:
        return sum((stock.quantity for stock in self.stocks), ZERO)

    @property
    def lost(self) -> Decimal:
        return sum((stock.lost for stock in self.stocks), ZERO)

    @property
    def value(self) -> Decimal:
        return sum((stock.value for stock in self.stocks), ZERO)

    @property
    def lost_value(self) -> Decimal:
        return sum((stock.lost_value for stock in self.stocks), ZERO)


def outlook(asked: Asked) -> Answer:
    """Return the usable stock that expires, as of today."""
    stocks = perishing(asked.today, date.max)
    by = {"month": _by_month, "item": _by_item, "lot": _by_lot}
    headings, rows = by[asked.by](stocks, asked.today)
    picture = Picture(
        "Value",
        whole="value",
        part="lost_value",
        part_words="will not be used",
        shown="first" if asked.by == "month" else "greatest",
    )
    notes = [
        EXPECTED,
        USABLE_ONLY,
        *sums.unpriced_note((stock.lot_id, stock.unit_cost) for stock in stocks),
    ]
    return Answer(headings, rows, "Nothing that can be used expires.", notes, picture)


Rows = tuple[list[Heading], list[OutlookRow]]


def _by_month(stocks: Iterable[Perishing], today: date) -> Rows:
    found: dict[date, list[Perishing]] = defaultdict(list)
    for stock in stocks:
        found[stock.expires_on.replace(day=1)].append(stock)
    months = months_of(today, max(found)) if found else ()
    rows = [
        OutlookRow(f"{month:%b %Y}", found[month], month=month)
        for number, month in enumerate(months)
        if found[month] or number < MONTHS_WITHOUT_GAPS
    ]
    return [
        Heading("month", "Month", "month"),
        Heading("lots", "Lots", "integer"),
        *WORTH,
    ], rows


def _by_item(stocks: Iterable[Perishing], today: date) -> Rows:
    found: dict[int, list[Perishing]] = defaultdict(list)
    for stock in stocks:
        found[stock.item_id].append(stock)
    rows = [
        OutlookRow(
            item.name, found[item.pk], reverse("item_detail", args=[item.sku]), unit=item.unit
        )
        for item in Item.objects.filter(pk__in=found)
    ]
    headings = [
        Heading("name", "Item"),
        Heading("lots", "Lots", "integer", total=True),
        *AMOUNTS,
        *WORTH,
    ]
    return headings, _worst_first(rows)


def _by_lot(stocks: Iterable[Perishing], today: date) -> Rows:
    found: dict[int, list[Perishing]] = defaultdict(list)
    for stock in stocks:
        found[stock.lot_id].append(stock)
    lots = Lot.objects.filter(pk__in=found).select_related("item")
    rows = [
        OutlookRow(
            str(lot),
            found[lot.pk],
            reverse("lot_detail", args=[lot.pk]),
            item=lot.item.name,
            unit=lot.item.unit,
            expires_on=lot.expires_on,
        )
        for lot in lots
    ]
    headings = [
        Heading("name", "Lot"),
        Heading("item", "Item"),
        Heading("expires_on", "Expires", "date"),
        *AMOUNTS,
        *WORTH,
    ]
    return headings, _worst_first(rows)


def _worst_first(rows: Iterable[OutlookRow]) -> list[OutlookRow]:
    return sorted(rows, key=lambda row: (-row.lost_value, -row.value, row.name.casefold()))


AMOUNTS = (
    Heading("quantity", "On hand", "quantity"),
    Heading("lost", "Will not be used", "quantity"),
)
WORTH = (
    Heading("value", "Value", "money", total=True),
    Heading("lost_value", "Value not used", "money", total=True),
)
EXPECTED = (
    "What will not be used is what is left of a lot on its last day, if the clinic goes on using"
    " the item as in the last 90 days and takes the soonest to expire first."
)
USABLE_ONLY = (
    "Usable stock only: what is expired already or on hold is not in it. Value is at the price of"
    " the lot."
)

OUTLOOK = Report(
    code="expiry-outlook",
    title="Expiry outlook",
    question="What expires when, and what of it will nobody have used by then?",
    answer=outlook,
    by=(("month", "Month"), ("item", "Item"), ("lot", "Lot")),
)
