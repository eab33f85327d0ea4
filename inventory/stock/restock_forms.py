"""The form of a restock: what to take of each lot, item by item, to be switched off and changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django import forms

from inventory.catalog.models import Item
from inventory.stock.holding_words import container_words
from inventory.stock.models import Holding
from inventory.stock.restock import Need
from inventory.stock.shelf_forms import FIELD, Row, ShelfForm
from inventory.web.forms import QuantityField
from inventory.web.pills import Pill
from inventory.web.words import amount_words

TAKE = "take-"
HERE = "here-"


@dataclass(frozen=True)
class ItemRows:
    """One item of the list, with its fields."""

    need: Need
    take: forms.BoundField | None
    taken: list[Row]
    others: list[Row]

    @property
    def pill(self) -> Pill | None:
        """Whether it cannot wait."""
        if not self.need.is_low:
            return None
        return Pill("soon", "low") if self.need.usable else Pill("bad", "out")

    @property
    def words(self) -> str:
        """Return "has 20 mL of 100 mL: 80 mL missing, 4 vials"."""
        need, unit = self.need, self.need.item.unit
        has = f"has {amount_words(need.usable, unit)} of {amount_words(need.par, unit)}"
        missing = f"{has}: {amount_words(need.missing, unit)} missing"
        volume = need.item.container_volume
        if not volume:
            return missing
        whole = (need.missing / volume).to_integral_value(ROUND_CEILING) * volume
        return f"{missing}, {container_words(need.item, whole)}"

    @property
    def short(self) -> str:
        """Return how much of it the source does not have, in words; nothing where it has all."""
        return amount_words(self.need.short, self.need.item.unit) if self.need.short else ""

    @property
    def elsewhere(self) -> list[tuple[Any, str]]:
        """Return the other places that have some, with how much in words."""
        unit = self.need.item.unit
        return [(place, amount_words(held, unit)) for place, held in self.need.elsewhere]


class RestockForm(ShelfForm):
    """A number for each lot in the source, and a switch for each item.

    `named` are holdings for which something was entered, and which may be gone by now. Each item's
    hidden field says what was usable in the place to fill when the list was made.
    """

    verb = "Take"
    nothing_asked = "Nothing is switched on. Say how much to take of at least one item."

    def __init__(
        self, data: Any, *, needs: Sequence[Need], named: Sequence[Holding] = (), **options: Any
    ) -> None:
        picks = [pick for need in needs for pick in need.picks]
        holdings = {holding.pk: holding for holding in named}
        holdings |= {pick.holding.pk: pick.holding for pick in picks}
        quantities = {pick.holding.pk: pick.quantity for pick in picks if pick.quantity}
        super().__init__(data, holdings=list(holdings.values()), quantities=quantities, **options)
        self.needs = needs
        here = {need.item.pk: need.usable for need in needs}
        for item in {holding.lot.item for holding in holdings.values()}:
            self._add_switch(item, here.get(item.pk))

    def _add_switch(self, item: Item, here: Decimal | None) -> None:
        switch = forms.BooleanField(required=False, label=item.name)
        self.fields[f"{TAKE}{item.pk}"] = switch
        self.fields[f"{HERE}{item.pk}"] = QuantityField(required=False, widget=forms.HiddenInput())
        self.initial[f"{TAKE}{item.pk}"] = True
        self.initial[f"{HERE}{item.pk}"] = here

    def number_field(self, holding: Holding) -> forms.Field:
        field = super().number_field(holding)
        if holding.lot.number:
            field.widget.attrs["aria-label"] += f", lot {holding.lot}"
        # What nobody takes is not printed; the style sheet tells an empty field by it.
        field.widget.attrs["placeholder"] = "0"
        return field

    def as_typed(self, data: Mapping[str, str], but: Collection[int]) -> None:
        """Begin with what was typed for each item that was listed, but for those that changed."""
        for need in self.needs:
            if f"{HERE}{need.item.pk}" not in data or need.item.pk in but or not need.picks:
                continue
            self.initial[f"{TAKE}{need.item.pk}"] = f"{TAKE}{need.item.pk}" in data
            for pick in need.picks:
                name = f"{FIELD}{pick.holding.pk}"
                self.initial[name] = data.get(name, "")

    def item_rows(self) -> list[ItemRows]:
        """Return the items in their order, for the page; one that nobody has comes without rows."""
        rows = {row.holding.pk: row for row in self.rows()}
        return [
            ItemRows(
                need,
                self[f"{TAKE}{need.item.pk}"] if need.picks else None,
                [rows[pick.holding.pk] for pick in need.taken],
                [rows[pick.holding.pk] for pick in need.others],
            )
            for need in self.needs
        ]

    def listed(self) -> dict[int, Decimal]:
        """Return what was usable in the place to fill when the list was made, by item."""
        return {
            int(name.removeprefix(HERE)): here
            for name, here in self.cleaned_data.items()
            if name.startswith(HERE) and here is not None
        }

    def _asked(self) -> list[Holding]:
        # An item that is switched off stays where it is, and so does what nobody takes.
        return [
            holding
            for holding in super()._asked()
            if self.cleaned_data.get(f"{TAKE}{holding.lot.item_id}")
            and self.cleaned_data[f"{FIELD}{holding.pk}"]
        ]
