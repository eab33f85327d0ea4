"""Template filters for movements and their entries."""

from django import template

from inventory.stock.lot_words import entry_words, reason_words
from inventory.stock.models import Entry

register = template.Library()


@register.filter
def reason(text: str) -> str:
    """`{{ movement.reason|reason }}` is "Past beyond-use" for the code of it."""
    return reason_words(text)


@register.filter
def became(entry: Entry) -> str:
    """`{{ entry|became }}` is "Used", or "Used, undone"."""
    return entry_words(entry)
