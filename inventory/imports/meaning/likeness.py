"""Names that were taken for an item because they read like it: a person looks at each once."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min

from inventory.catalog.models import Item, ItemCode
from inventory.imports.models import Import, ImportRow, KnownName
from inventory.imports.planned import Outcome
from inventory.sheets.cell_text import plain


@dataclass(frozen=True)
class LikelyName:
    """What was typed, the item it was taken for, and in how many rows; `row` is the first."""

    name: str
    typed: str
    item: Item
    rows: int
    row: int

    @property
    def key(self) -> str:
        """What was shown: this row with this item."""
        return f"{self.row}:{self.item.sku}"


def names_to_confirm(upload: Import) -> list[LikelyName]:
    """Return the names of accepted rows that nobody has confirmed, in the order of the file."""
    accepted = upload.rows.filter(outcome=Outcome.ACCEPT).exclude(name="").exclude(item="")
    found = list(
        accepted.values("name", "item").annotate(rows=Count("pk"), row=Min("pk")).order_by("row")
    )
    items = Item.objects.in_bulk({each["item"] for each in found}, field_name="sku")
    own = {(name, sku) for sku, item in items.items() for name in (plain(sku), plain(item.name))}
    own |= set(_known())
    unsure = [
        each for each in found if each["item"] in items and (each["name"], each["item"]) not in own
    ]
    first = ImportRow.objects.in_bulk([each["row"] for each in unsure])
    return [
        LikelyName(
            name=each["name"],
            typed=first[each["row"]].cells.get("item", ""),
            item=items[each["item"]],
            rows=each["rows"],
            row=each["row"],
        )
        for each in unsure
    ]


def _known() -> Iterator[tuple[str, str]]:
    """What certainly means an item: its codes, and what people have said."""
    for value, sku in ItemCode.objects.values_list("value", "item__sku"):
        yield plain(value), sku
    yield from KnownName.objects.values_list("name", "item__sku")
