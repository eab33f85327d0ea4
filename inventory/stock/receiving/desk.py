"""What one press on the receive page does to the list, and what is to be asked or said then.

Nothing here writes stock. A code that a person says the item of is remembered in the catalog.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from inventory.catalog.models import Item
from inventory.scanning.forms import LearnForm
from inventory.stock.receiving.draft import CannotAdd, Draft, one_less
from inventory.stock.receiving.scanned import (
    NoCode,
    Question,
    find_items,
    not_in_use_words,
    question_about,
    with_item,
    with_text,
)

# So many scans may wait for one answer of the server.
MOST_SCANS = 50
# What begins so is meant as a code, and no item is called so.
CODE_SIGNS = ("(", "+", "]", "http")
MOSTLY_DIGITS = 8


@dataclass(frozen=True)
class Desk:
    """The list after a press, and what the page shows beside it: `refusals` are what could not be
    done, `notes` what to look at. `words` and `found` are a search by name; `item` and `learning`
    are about the first of the codes that nobody knows."""

    draft: Draft
    refusals: tuple[str, ...] = ()
    words: str = ""
    found: tuple[Item, ...] = ()
    find: str = ""
    item: Item | None = None
    learning: LearnForm | None = None

    @property
    def question(self) -> Question | None:
        """What is to be asked about the first code that nobody knows."""
        return question_about(self.draft.unknown[0]) if self.draft.unknown else None

    @property
    def choices(self) -> list[Item]:
        """Return the items that the code in question may stand for."""
        return find_items(self.find)

    def refused(self, *sentences: str) -> "Desk":
        """Return the same with more that could not be done."""
        return replace(self, refusals=(*self.refusals, *sentences))


def pressed(desk: Desk, data: QueryDict) -> Desk:
    """Do what the button that was pressed says; without one take in what was scanned."""
    do, _, what = data.get("do", "").partition(":")
    desk = _as_asked(desk, data)
    try:
        if press := PRESSES.get(do):
            return press(desk, what, data)
        return _scan(desk, data)
    except CannotAdd as refusal:
        return desk.refused(str(refusal))


def has_scans(data: QueryDict) -> bool:
    """Say whether something was scanned that is not on the list yet."""
    return any(text.strip() for text in data.getlist("scan"))


def _as_asked(desk: Desk, data: QueryDict) -> Desk:
    """Keep what was searched, and the question about a code as far as it was answered."""
    if words := data.get("words", ""):
        desk = replace(desk, words=words, found=tuple(find_items(words)))
    if not desk.draft.unknown:
        return desk
    item = _item(data.get("learn_item", ""))
    typed = {name: data.get(name, "") for name in LearnForm.base_fields}
    learning = LearnForm(None, item=item, initial=typed) if item else None
    return replace(desk, item=item, learning=learning, find=data.get("find", ""))


def _scan(desk: Desk, data: QueryDict) -> Desk:
    if has_scans(data):
        desk = replace(desk, words="", found=())
    for text in [text for text in data.getlist("scan")[:MOST_SCANS] if text.strip()]:
        desk = _with_text(desk, text)
    return desk


def _with_text(desk: Desk, text: str) -> Desk:
    try:
        return replace(desk, draft=with_text(desk.draft, text))
    except CannotAdd as refusal:
        return desk.refused(str(refusal))
    except NoCode as refusal:
        if _meant_as_code(text):
            return desk.refused(str(refusal))
        found = find_items(text)
        if not found:
            return desk.refused(f"No item in use is called “{text.strip()[:60]}”. {refusal}")
        return replace(desk, words=text.strip(), found=tuple(found))


def _add(desk: Desk, what: str, data: QueryDict) -> Desk:
    item = _item(what)
    if item is None:
        words = not_in_use_words(what)
        return desk.refused(f"{words[:1].upper()}{words[1:]}")
    return replace(desk, draft=with_item(desk.draft, item), words="", found=())


def _remove(desk: Desk, what: str, data: QueryDict) -> Desk:
    return replace(desk, draft=desk.draft.without(_number(what)))


def _minus(desk: Desk, what: str, data: QueryDict) -> Desk:
    return replace(desk, draft=one_less(desk.draft, _number(what)))


def _find(desk: Desk, what: str, data: QueryDict) -> Desk:
    return replace(desk, item=None, learning=None)


def _pick(desk: Desk, what: str, data: QueryDict) -> Desk:
    item = _item(what)
    return replace(desk, item=item, learning=LearnForm(None, item=item) if item else None)


def _skip(desk: Desk, what: str, data: QueryDict) -> Desk:
    draft = replace(desk.draft, unknown=desk.draft.unknown[1:])
    return replace(desk, draft=draft, item=None, learning=None, find="")


def _learn(desk: Desk, what: str, data: QueryDict) -> Desk:
    """Remember what the code stands for, and take in whatever waited for that."""
    question, item = desk.question, desk.item
    if item is None:
        return desk.refused("Choose first which item the code stands for.")
    form = LearnForm(data, item=item)
    if question is None:
        return _anew(desk)
    code = form.carry_out(lambda: form.learn(question.facts))
    if code is None:
        return replace(desk, learning=form)
    learned = _anew(desk)
    note = f"{code} is known from now on: {item}."
    return replace(learned, draft=replace(learned.draft, notes=(note, *learned.draft.notes)))


def _anew(desk: Desk) -> Desk:
    """Take in the codes again that nobody knew: some are known by now."""
    waiting = desk.draft.unknown
    draft = replace(desk.draft, unknown=())
    desk = replace(desk, draft=draft, item=None, learning=None, find="")
    for text in waiting:
        desk = _with_text(desk, text)
    return desk


PRESSES: Mapping[str, Callable[[Desk, str, QueryDict], Desk]] = {
    "add": _add,
    "remove": _remove,
    "minus": _minus,
    "find": _find,
    "pick": _pick,
    "skip": _skip,
    "learn": _learn,
}


def _meant_as_code(text: str) -> bool:
    plain = text.strip()
    digits = sum(character.isdigit() for character in plain)
    return plain.lower().startswith(CODE_SIGNS) or (
        digits >= MOSTLY_DIGITS and digits > len(plain) / 2
    )


def _item(sku: str) -> Item | None:
    return Item.objects.filter(sku=sku.replace("\0", ""), is_active=True).first()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1
