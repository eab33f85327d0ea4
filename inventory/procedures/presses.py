"""What each button of the logging page does to the draft. Pure.

A button says it in its value, as in `more:k12` or `switch:k12:7`. What no longer fits, because the
line is gone or the kit was changed meanwhile, does nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from inventory.catalog.models import Item
from inventory.procedures import draft as drafts
from inventory.procedures.draft import Draft, DraftLine

LOG = "log"
COUNTS = ("muscles", "sites")


def press(draft: Draft, do: str, items: Mapping[int, Item]) -> Draft:
    """The draft after this button; `items` are those that `add:` buttons name, by id."""
    verb, _, rest = do.partition(":")
    if verb in {"more", "less"} and rest in COUNTS:
        return drafts.with_counts(draft, **{rest: 1 if verb == "more" else -1})
    if verb == "prep":
        return replace(draft, prep_open=not draft.prep_open)
    if verb == "offer":
        return drafts.with_kit_line(draft, rest)
    if verb == "add":
        item = items.get(number(rest) or 0)
        return drafts.with_item(draft, item) if item else draft
    return _press_on_line(draft, verb, rest)


def number(text: str) -> int | None:
    """A row's id as a button names it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _press_on_line(draft: Draft, verb: str, rest: str) -> Draft:
    key, _, choice = rest.partition(":")
    line = next((line for line in draft.lines if line.key == key), None)
    if line is None:
        return draft
    if verb == "drop":
        return drafts.without_line(draft, key)
    change = _CHANGES.get(verb)
    return drafts.with_line(draft, change(draft, line, choice)) if change else draft


def _more(draft: Draft, line: DraftLine, choice: str) -> DraftLine:
    if line.quantity is None:
        return line
    return replace(line, quantity=drafts.more(line.quantity, line.item), by_hand=True)


def _less(draft: Draft, line: DraftLine, choice: str) -> DraftLine:
    if line.quantity is None:
        return line
    return replace(line, quantity=drafts.less(line.quantity, line.item), by_hand=True)


def _switch(draft: Draft, line: DraftLine, choice: str) -> DraftLine:
    item = next((item for item in drafts.stand_ins(draft, line) if str(item.pk) == choice), None)
    return replace(line, item=item, holding_id=None, unusable_reason="") if item else line


def _take_from(draft: Draft, line: DraftLine, choice: str) -> DraftLine:
    return replace(line, holding_id=number(choice) or None, unusable_reason="")


_CHANGES: dict[str, Callable[[Draft, DraftLine, str], DraftLine]] = {
    "more": _more,
    "less": _less,
    "switch": _switch,
    "from": _take_from,
}
