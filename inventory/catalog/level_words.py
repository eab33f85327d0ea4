"""The levels of an item that were set by hand, and who says so."""

from inventory.catalog.models import Item
from inventory.web.words import amount_words, day_words


def levels_words(item: Item) -> str:
    """Return "Reorder point 20 mL, set by hand on Nov 3, 2026 by Dana Lindqvist: for clinic days".

    Empty where no level is set by hand.
    """
    levels = (("reorder point", item.reorder_point), ("par level", item.par_level))
    said = [
        f"{name} {amount_words(level, item.unit)}" for name, level in levels if level is not None
    ]
    if not said:
        return ""
    words = f"{', '.join(said)}, set by hand"
    if item.levels_set_on:
        words += f" on {day_words(item.levels_set_on)} by {item.levels_set_by}"
    if item.levels_reason:
        words += f": {item.levels_reason}"
    return words[0].upper() + words[1:]
