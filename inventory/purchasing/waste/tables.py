"""The columns of what will expire, and of the smaller vials."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.catalog.models import Item
from inventory.purchasing.waste.advice import Advice
from inventory.purchasing.waste.smaller import VialAdvice
from inventory.purchasing.waste.words import advice_sentences, reckoned, vial_sentence
from inventory.web.decimals import plain
from inventory.web.tables import (
    Column,
    DateColumn,
    MoneyColumn,
    QuantityColumn,
    Table,
    UnitCostColumn,
)
from inventory.web.words import amount_words

NOTHING = Decimal(0)
# What stands below something else on the screen, and beside it in the sheet.
BESIDE = ("lot", "location", "there", "saved")


def _unit(row: Advice) -> str:
    return "" if row.item.unit == Item.Unit.EACH else row.item.unit


class ReckonedColumn(QuantityColumn):
    """An amount that is expected, and was not counted."""

    def words(self, value: Any) -> str:
        return super().words(reckoned(value))


class WasteAdviceTable(Table):
    """A row per holding to do something about.

    `may_move` and `may_return` say whether whoever reads it gets a link to where that is done.
    """

    item = Column(accessor="item__name", order_by="item__name__casefold")
    lot = Column(accessor="holding__lot__number", verbose_name="Lot")
    location = Column(accessor="holding__location__name", verbose_name="Location")
    last_day = DateColumn(verbose_name="Use by", relative=True)
    there = QuantityColumn(accessor="holding__quantity", verbose_name="There", unit=_unit)
    unused = ReckonedColumn(
        verbose_name="Will be lost", unit=_unit, empty_values=(None, NOTHING), default="none"
    )
    cost = MoneyColumn(verbose_name="Cost", total=True, default="—")
    saved = MoneyColumn(verbose_name="Moving saves", total=True, default="—")
    advice = Column(verbose_name="What to do", empty_values=(), orderable=False)

    class Meta:
        empty_text = "Nothing to advise: all that is on the shelf will be used before it expires."

    def __init__(self, data: Any, *, may_move: bool, may_return: bool, **options: Any) -> None:
        self.may_move = may_move
        self.may_return = may_return
        super().__init__(data, **options)

    def render_item(self, value: str, record: Advice) -> SafeString:
        holding = record.holding
        there = "open vial, " if holding.is_opened else ""
        return format_html(
            '<div><a href="{}">{}</a><div class="note">{} in {}</div>'
            '<div class="note"><a href="{}">lot {}</a></div></div>',
            reverse("item_detail", args=[record.item.sku]),
            value,
            f"{there}{amount_words(holding.quantity, record.item.unit)}",
            holding.location,
            reverse("lot_detail", args=[holding.lot_id]),
            holding.lot,
        )

    def value_item(self, value: str) -> str:
        return value

    def render_advice(self, record: Advice) -> SafeString:
        sentences = ([sentence] for sentence in advice_sentences(record))
        links = format_html_join(" ", "{}", ([link] for link in self._links(record)))
        said = format_html_join("", "<div>{}</div>", sentences)
        return format_html('<div>{}<div class="mt-1">{}</div></div>', said, links)

    def value_advice(self, record: Advice) -> str:
        return " ".join(advice_sentences(record))

    def _links(self, record: Advice) -> Iterator[SafeString]:
        if self.may_move:
            for carry in record.carries:
                asked = {"to": carry.to.code, "quantity": plain(carry.quantity)}
                yield _link(record, "transfer_add", "Move", f" to {carry.to}", **asked)
        if self.may_return and record.whole:
            yield _link(record, "return_add", "Return", quantity=plain(record.whole))


def _link(record: Advice, page: str, word: str, where: str = "", **asked: str) -> SafeString:
    query = urlencode({"holding": str(record.holding.pk), **asked})
    return format_html(
        '<a class="btn btn-small" href="{}?{}" aria-label="{}{}: {}, lot {}">{}</a>',
        reverse(page), query, word, where, record.item.name, record.holding.lot, word,
    )  # fmt: skip


class VialAdviceTable(Table):
    """A row per vial of which a smaller one would waste less."""

    item = Column(
        accessor="item__name",
        verbose_name="Bought now",
        linkify=("item_detail", {"sku": A("item__sku")}),
    )
    smaller = Column(
        accessor="smaller__name",
        verbose_name="Instead",
        linkify=("item_detail", {"sku": A("smaller__sku")}),
    )
    supplier = Column(accessor="offer__supplier__name", verbose_name="From")
    now = UnitCostColumn(accessor="found__now", verbose_name="Each used costs")
    then = UnitCostColumn(accessor="found__then", verbose_name="Would cost")
    saved = MoneyColumn(accessor="found__saved_a_year", verbose_name="Saved a year", total=True)
    why = Column(verbose_name="Why", empty_values=())

    class Meta:
        orderable = False
        empty_text = "No smaller vial on offer would waste less."

    def render_why(self, record: VialAdvice) -> str:
        return vial_sentence(record)
