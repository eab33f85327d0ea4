"""What a code that nobody knows stands for, asked once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from inventory.catalog.forms import RegisterForm
from inventory.catalog.models import Item, ItemCode
from inventory.catalog.register import CodeFacts, add_code
from inventory.web.forms import QuantityField

NOUNS = {
    Item.Container.AMPULE: ("ampule", "ampules"),
    Item.Container.SINGLE_DOSE_VIAL: ("vial", "vials"),
    Item.Container.MULTI_DOSE_VIAL: ("vial", "vials"),
}


class LearnForm(RegisterForm):
    """On which package of an item the code is, and how much that holds."""

    level = forms.ChoiceField(label="The code is on", choices=())
    holds = QuantityField(label="It holds", min_value=Decimal("0.001"), required=False)

    def __init__(self, *args: Any, item: Item, **options: Any) -> None:
        super().__init__(*args, **options)
        self.item = item
        one, many = _nouns(item)
        level: Any = self.fields["level"]
        level.choices = [
            (ItemCode.Level.EACH, f"one {one}"),
            (ItemCode.Level.INNER, "a box, tray or pack of several"),
            (ItemCode.Level.CASE, "a case of boxes"),
        ]
        self.fields["holds"].label = f"It holds, in {many}"
        self.fields["holds"].help_text = f"Not asked for one {one}."

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        several = entered.get("level") not in (None, ItemCode.Level.EACH)
        if several and "holds" in entered and entered["holds"] is None:
            self.add_error("holds", "Say how many it holds, all in all.")
        return entered

    def learn(self, code: CodeFacts) -> ItemCode:
        """Remember the code at its level, with what that holds. Raises Taken, NotAccepted."""
        level, holds = self.cleaned_data["level"], self.cleaned_data["holds"]
        if level == ItemCode.Level.EACH:
            return add_code(self.item, replace(code, level=level))
        quantity = holds * (self.item.container_volume or Decimal(1))
        return add_code(self.item, replace(code, level=level, quantity=quantity))


def _nouns(item: Item) -> tuple[str, str]:
    """Return what one of an item is called, and several."""
    if item.container_volume:
        return NOUNS[Item.Container(item.container)]
    return ("piece", "pieces") if item.unit == Item.Unit.EACH else (item.unit, item.unit)
