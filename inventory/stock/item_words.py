"""An item's name where its container is told beside it, and where many are named in a row."""

import re

from inventory.catalog.models import Item

PREP_KINDS = frozenset({Item.Kind.PREP, Item.Kind.DRESSING, Item.Kind.GLOVE})

CONTAINER = re.compile(r",? (?:multi-dose|single-dose)? ?(?:vial|ampule)$", re.IGNORECASE)
VOLUME = re.compile(r" [\d.,]+ (?:mL|units?)\b.*$", re.IGNORECASE)
FIRST_FIGURE = re.compile(r"(?:,| (?:size )?\S*\d).*$")


def title(item: Item) -> str:
    """The item's name without its container, which stands beside it."""
    return CONTAINER.sub("", item.name) if item.container_volume else item.name


def short_name(item: Item) -> str:
    """The name for a list of many: "Kenalog-40", "Chlorhexidine"."""
    if item.container_volume:
        return VOLUME.sub("", item.name)
    return FIRST_FIGURE.sub("", item.name) if item.kind in PREP_KINDS else item.name
