"""Which place, and which supplier, a text means. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from inventory.imports.meaning.catalogue import Place, Supplier
from inventory.sheets.cell_text import plain

ALIKE = {
    "rm": "room",
    "rms": "room",
    "exam": "room",
    "fridge": "refrigerator",
    "refrig": "refrigerator",
    "frig": "refrigerator",
    "fridges": "refrigerator",
    "ref": "refrigerator",
    "icebox": "refrigerator",
    "stockroom": "storeroom",
    "storage": "storeroom",
    "storerm": "storeroom",
    "meds": "medication",
    "med": "medication",
    "medicine": "medication",
    "procedure": "proc",
    "fluoro": "fluoroscopy",
    "trolley": "cart",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
}
PHRASES = (
    ("store room", "storeroom"),
    ("stock room", "storeroom"),
    ("supply room", "storeroom"),
    ("storage room", "storeroom"),
    ("supply closet", "storeroom"),
    ("room temp", ""),
)
NOISE = frozenset(
    {
        "the",
        "a",
        "of",
        "in",
        "on",
        "at",
        "and",
        "main",
        "area",
        "sheet",
        "count",
        "inventory",
        "stock",
        "list",
        "kept",
    }
)
# These name a place of a clinic; a shelf or a drawer is only a part of one.
KINDS = frozenset({"room", "refrigerator", "freezer", "cart", "suite", "clinic", "office"})
TOKEN = re.compile(r"[a-z]+|\d+")


class Places:
    """The places of a clinic, found by what people call them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self.by_code = {place.code: place for place in self.places}
        self._known = [
            (
                place.code,
                _tokens(place.code),
                _tokens(place.name.split(",")[0]),
                _tokens(place.name) | _tokens(place.site),
            )
            for place in self.places
        ]
        self._find = lru_cache(maxsize=5_000)(self._look_up)

    def find(self, text: str) -> tuple[str, ...]:
        """Return the codes of the places that a text may mean."""
        return self._find(text)

    def _look_up(self, text: str) -> tuple[str, ...]:
        if not text.strip():
            return ()
        same = [
            place.code
            for place in self.places
            if plain(text) in {plain(place.code), plain(place.name)}
        ]
        if same:
            return tuple(same)
        said = _tokens(text)
        if all(word.isdigit() or len(word) < 3 for word in said):
            return ()
        whole = [
            code
            for code, by_code, by_name, every in self._known
            if (by_code and by_code <= said) or (by_name and by_name <= said)
        ]
        if whole:
            return tuple(whole)
        return tuple(code for code, by_code, _, every in self._known if said <= every | by_code)


def names_a_place(text: str) -> bool:
    """Say whether a text speaks of a room, a cart or a refrigerator rather than of a shelf."""
    return not KINDS.isdisjoint(_tokens(text))


def _tokens(text: str) -> frozenset[str]:
    spelt = plain(text)
    for phrase, word in PHRASES:
        spelt = spelt.replace(phrase, word)
    if re.fullmatch(r"[a-z]\d{1,2}", spelt):
        # A1 is a shelf, and no room 1.
        return frozenset({spelt})
    words = [ALIKE.get(word, word) for word in TOKEN.findall(spelt)]
    numbers = {str(int(word)) if word.isdigit() else word for word in words}
    return frozenset(word for word in numbers if word not in NOISE or word == "storeroom")


class Suppliers:
    """Who sells to the clinic, found by the beginning of the name."""

    def __init__(self, suppliers: Iterable[Supplier]) -> None:
        self.suppliers = tuple(suppliers)
        self._find = lru_cache(maxsize=5_000)(self._look_up)

    def find(self, text: str) -> str | None:
        """Return the code of the one supplier that a text means."""
        return self._find(text)

    def _look_up(self, text: str) -> str | None:
        said = TOKEN.findall(plain(text))
        if not said:
            return None
        found = [
            supplier.code
            for supplier in self.suppliers
            if plain(text) in {plain(supplier.code), plain(supplier.name)}
            or _begins(TOKEN.findall(plain(supplier.name)), said)
        ]
        return found[0] if len(found) == 1 else None


def _begins(name: list[str], said: list[str]) -> bool:
    """Whether each word said is how a word of the name begins, the first of the first."""
    return (
        bool(name)
        and len(said[0]) >= 3
        and name[0].startswith(said[0])
        and all(any(word.startswith(each) for word in name) for each in said)
    )
