"""The columns of what will expire, and of the smaller vials."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django_tables2 import A

from inventory.purchasing.waste.advice import Advice
from inventory.purchasing.waste.smaller import VialAdvice
from inventory.purchasing.waste.words import advice_sentences, vial_sentence
from inventory.web.tables import (
    Column,
    DateColumn,
    MoneyColumn,
    QuantityColumn,
    Table,
    UnitCostColumn,
)


class WasteAdviceTable(Table):
    """A row per holding to do something about.

    `may_move` and `may_return` say whether whoever reads it gets a link to where that is done.
    """

    item = Column(
        accessor="item__name",
        order_by="item__name__casefold",
        linkify=("item_detail", {"sku": A("item__sku")}),
    )
    lot = Column(
        accessor="holding__lot__number",
        verbose_name="Lot",
        default="not tracked",
        linkify=("lot_detail", {"pk": A("holding__lot_id")}),
        attrs={"cell": {"class": "date"}},
    )
    location = Column(accessor="holding__location__name", verbose_name="Location")
    last_day = DateColumn(verbose_name="Use by", relative=True)
    there = QuantityColumn(
        accessor="holding__quantity", verbose_name="There", unit="holding__lot__item__unit"
    )
    unused = QuantityColumn(verbose_name="Will be lost", unit="holding__lot__item__unit")
    cost = MoneyColumn(verbose_name="Cost of that", total=True, default="—")
    saved = MoneyColumn(verbose_name="Moving saves", total=True, default="—")
    advice = Column(verbose_name="What to do", empty_values=(), orderable=False)
    to_do = Column(empty_values=(), verbose_name="To do", orderable=False, exclude_from_export=True)

    class Meta:
        empty_text = "Nothing to advise: all that is on the shelf will be used before it expires."

    def __init__(self, data: Any, *, may_move: bool, may_return: bool, **options: Any) -> None:
        self.may_move = may_move
        self.may_return = may_return
        super().__init__(data, **options)

    def render_advice(self, record: Advice) -> SafeString:
        return format_html_join("", "<div>{}</div>", ([each] for each in advice_sentences(record)))

    def value_advice(self, record: Advice) -> str:
        return " ".join(advice_sentences(record))

    def render_to_do(self, record: Advice) -> SafeString:
        links = [
            self._link(record, "transfer_add", "Move", to=carry.to.code)
            for carry in record.carries
            if self.may_move
        ]
        if self.may_return and record.whole:
            links.append(self._link(record, "return_add", "Return"))
        return format_html_join(" ", "{}", ([link] for link in links))

    def _link(self, record: Advice, page: str, word: str, **asked: str) -> SafeString:
        query = urlencode({"holding": record.holding.pk, **asked})
        return format_html(
            '<a class="btn btn-small" href="{}?{}" aria-label="{}: {}, lot {}">{}</a>',
            reverse(page), query, word, record.item.name, record.holding.lot, word,
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
