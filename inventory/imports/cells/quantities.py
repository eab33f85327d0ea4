"""How much there is, as people count: "3 bx", "1 box + 4", "½ bx", "~40", "14 mL". Pure.

Only a count is taken: what is about so many, or more than so many, is doubtful, and what is no
number is refused. What a box holds is the catalogue's to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from inventory.imports.cells.numbers import NUMBER, WORDS, Number, read_number
from inventory.imports.cells.results import BLANK, Blank, Doubtful, Refused, unusable
from inventory.sheets.cell_text import plain, shortened, shown
from inventory.sheets.cells import SheetCell
from inventory.web.decimals import plain as plain_number

LARGEST = Decimal("999999999.999")

# What people write for a unit, by the word that we say for it.
SPELLINGS = {
    "box": "bx bxs box boxes boxs",
    "carton": "ctn ctns carton cartons crtn",
    "tray": "tray trays try",
    "pack": "pk pks pack packs pkg pkgs package packages pck pac",
    "packet": "pkt pkts packet packets pouch pouches sachet sachets",
    "bag": "bag bags bg",
    "sleeve": "sleeve sleeves slv",
    "case": "case cases cs css",
    "vial": "vial vials vl vls vi sdv mdv",
    "ampule": "amp amps ampul ampuls ampule ampules ampoule ampoules",
    "bottle": "btl btls bottle bottles bot",
    "each": "ea each pc pcs piece pieces ct cts count unt item items single singles stk no nos x",
    "can": "can cans",
    "tube": "tube tubes tb tbs",
    "roll": "roll rolls rl rls",
    "kit": "kit kits",
    "pair": "pair pairs pr prs",
    "dozen": "dz doz dozen dozens",
    "mL": "ml mls cc ccs milliliter milliliters millilitre millilitres",
    "unit": "u unit units iu",
    "syringe": "syr syrs syringe syringes",
}
UNITS = {written: unit for unit, spellings in SPELLINGS.items() for written in spellings.split()}
INNER_PACKS = frozenset({"box", "carton", "tray", "pack", "packet", "bag", "sleeve"})
# They may be less than the box that the catalogue knows.
PARTS_OF_BOXES = frozenset({"packet", "bag", "sleeve"})
PACKS = INNER_PACKS | {"case"}

NOTHING = frozenset({"", "-", "--", "---", "n/a", "na", "n.a.", "tbd", "?", "??", "???", "."})
NONE_THERE = frozenset({"none", "out", "nil", "zero", "empty", "oos", "out of stock", "0"})

ABOUT = re.compile(
    r"[~?<>]|\b(?:about|abt|approx\w*|appx|around|circa|ca|c\.|est|estimated?|roughly|maybe|almost"
    r"|nearly|probably|at least|at most|more than|less than|over|under|up to"
    r"|or so|or more|min)\b\.?"
    r"|\bish\b|(?<=\d)ish\b|(?<=\d)\+(?=\s*(?:$|[a-z(]))|\+\s*$|(?<=\d)\s*s\b|(?<=\d)\s*-\s*$"
)
RANGE = re.compile(rf"({NUMBER})\s*(?:-|to|or)\s*({NUMBER})(?![\d/])")
LEFT = re.compile(rf"({NUMBER})\s*([a-z]*)\s*(?:left|remain\w*|remaining)\b")
BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]?")
EACH_HOLDS = re.compile(
    rf"(?:\b(?:of|x)\b|[@/])?\s*({NUMBER})\s*(?:ea|each|ct|pcs?|vials?)?\s*"
    r"(?:/|per|a|in a|in each|to a)\s*"
    r"(?:bx|box|ctn|carton|tray|pk|pkg|pack|package|case|cs|bag)\b"
)
SIZED_CONTAINERS = re.compile(
    rf"({NUMBER})\s*x?\s*({NUMBER})\s*(?:ml|cc)\s*(?:vials?|amps?|ampules?|btls?|bottles?)\b"
)
SAID_AGAIN = re.compile(rf"(\s*{NUMBER}\s*[a-z]+\s*)/(\s*{NUMBER}\s*[a-z]+\s*)")
PART = re.compile(
    rf"\s*(?:(?P<number>{NUMBER}|\b(?:{'|'.join(WORDS)})\b)|(?P<word>[a-z]+)\.?|(?P<sign>[+&,;x*@/]))"
)
FILLERS = frozenset(
    {
        "of",
        "a",
        "and",
        "plus",
        "full",
        "sealed",
        "unopened",
        "new",
        "loose",
        "left",
        "on",
        "hand",
        "in",
        "total",
        "count",
        "more",
        "only",
        "still",
        "stock",
        "the",
        "whole",
        "complete",
        "extra",
        "also",
        "unused",
    }
)
OPENED = frozenset({"open", "opened", "partial", "partials", "started", "punctured", "used"})
HALVES = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit; `unit` is empty where none is written. `holds` is how many are in each,
    `size` how many mL each holds, where the cell says so itself."""

    number: Decimal
    unit: str = ""
    holds: Decimal | None = None
    size: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A count: parts that add up. `also` is the same count said once more, "300 (3 bx)".

    `opened`: the cell itself speaks of an opened one.
    """

    parts: tuple[Amount, ...]
    also: tuple[Amount, ...] = ()
    opened: bool = False
    computed: bool = False

    @property
    def is_nothing(self) -> bool:
        return not any(part.number for part in self.parts)


Quantity = Counted | Blank | Doubtful | Refused
EXPECTED = "Expected a count such as 12 vials or 3 bx, but got"


def is_unit(text: str) -> bool:
    """Say whether a text is a unit and nothing else: "bx", but not "20 mL vial"."""
    words = re.findall(r"\w+", plain(text))
    return bool(words) and all(word in UNITS for word in words)


def read_quantity(cell: SheetCell) -> Quantity:
    """Read a cell of a quantity column."""
    if refused := unusable(cell, "a count such as 12 vials or 3 bx"):
        return refused
    value = cell.value
    if value is None:
        return BLANK
    if isinstance(value, bool | date | time | timedelta):
        return Doubtful(
            f"{EXPECTED} {shortened(shown(cell))}, which is no number. Excel may have changed"
            " what was typed."
        )
    text = isinstance(value, str)
    read = read_quantity_text(value) if text else _number(Decimal(value), cell)
    if cell.formula and isinstance(read, Counted):
        return replace(read, computed=True)
    return read


def _number(value: Decimal, cell: SheetCell) -> Quantity:
    if "%" in cell.number_format:
        return Refused(f"{EXPECTED} a percentage.")
    if not value.is_finite():
        return Refused(f"{EXPECTED} {value}.")
    return _checked(Counted((Amount(value),)), shown(cell))


@lru_cache(maxsize=20_000)
def read_quantity_text(written: str) -> Quantity:
    """Read a text of a quantity column."""
    text = plain(written)
    if text in NOTHING:
        return BLANK
    if text in NONE_THERE:
        return Counted((Amount(Decimal(0)),))
    if not re.search(r"\d", text) and not _number_words(text):
        return _without_number(written, text)
    return _no_count(written, text) or _checked(_sum(written, text), written)


def _no_count(written: str, text: str) -> Doubtful | Refused | None:
    if "%" in text:
        return Refused(f"{EXPECTED} {shortened(written)}, a share of something.")
    if re.match(r"-\s*[\d.]", text):
        return Refused(f"{EXPECTED} {shortened(written)}, which is below zero.")
    return _doubt(written, text)


def _number_words(text: str) -> bool:
    words = set(re.split(r"[^a-z]+", text))
    return not words.isdisjoint(WORDS) or not words.isdisjoint(HALVES)


def _without_number(written: str, text: str) -> Quantity:
    words = [word for word in re.split(r"[^a-z]+", text) if word]
    units = [UNITS[word] for word in words if word in UNITS]
    if units == ["dozen"] and set(words) <= FILLERS | {"dozen", "doz", "dz"}:
        return Counted((Amount(Decimal(1), "dozen"),))
    if units and all(word in UNITS or word in FILLERS for word in words):
        return Doubtful(
            f"{shortened(written)} names a unit but no number. How many are there?",
            (f"1 {units[0]}",),
        )
    return Refused(f"{EXPECTED} {shortened(written)}, which is not a number.")


def _doubt(written: str, text: str) -> Doubtful | None:
    """What cannot be taken for a count although there is a number in it."""
    if left := LEFT.search(text):
        rest = text[: left.start()].strip(" (,;-")
        other = (rest,) if re.search(r"\d", rest) and re.search("[a-z]", rest) else ()
        if other and not re.fullmatch(r"\d+\s*(?:of|/)", rest):
            guess = f"{left[1]} {UNITS.get(left[2], 'each')}"
            return Doubtful(
                f"{shortened(written)} says two things: how many are there really?",
                (guess, *_guess(rest)),
            )
    span = RANGE.search(text)
    if span and not re.fullmatch(NUMBER, span[0]):
        return Doubtful(f"{shortened(written)} is a range, not a count. How many are there?")
    if re.match(r"\(\s*[\d.,]+\s*\)\Z", text):
        return Doubtful(
            f"{shortened(written)} stands in brackets, as bookkeepers write what is below zero."
            " How many are there?",
            (text.strip("() "),),
        )
    if "couple" in text or ABOUT.search(text):
        return Doubtful(
            f"{shortened(written)} is not a count. How many are there?",
            _guess(ABOUT.sub(" ", text)),
        )
    return None


def _guess(text: str) -> tuple[str, ...]:
    counted = _sum(text, text)
    if isinstance(counted, Counted) and not isinstance(_checked(counted, text), Refused):
        return (" + ".join(amount_text(part) for part in counted.parts),)
    return ()


def amount_text(part: Amount) -> str:
    """The amount as a person could type it."""
    return f"{plain_number(part.number)} {part.unit}".strip()


def _sum(written: str, text: str) -> Counted | Doubtful:
    remarks = " ".join(BRACKETS.findall(text))
    text = BRACKETS.sub(" ", text)
    each = EACH_HOLDS.search(text) or EACH_HOLDS.search(remarks)
    holds = read_number(each[1]) if each else None
    text, again = _said_again(EACH_HOLDS.sub(" ", text))
    counted = _sized(text) or _parts_of(written, text)
    if isinstance(counted, Doubtful):
        return counted
    if holds is not None:
        parts = (
            replace(part, holds=holds.value) if part.unit in PACKS else part
            for part in counted.parts
        )
        counted = replace(counted, parts=tuple(parts))
    return _with_remark(counted, again or EACH_HOLDS.sub(" ", remarks))


def _said_again(text: str) -> tuple[str, str]:
    """Cut "3 bx = 300" and "12 vials / 240 mL" in two."""
    first, sign, second = text.partition("=")
    if not sign:
        match = SAID_AGAIN.fullmatch(text)
        return (match[1], match[2]) if match else (text, "")
    return first, second


def _with_remark(counted: Counted, remark: str) -> Counted:
    """A remark may say the same count in another way, or that one is opened."""
    if set(re.split(r"[^a-z]+", remark)) & OPENED:
        return replace(counted, opened=True)
    again = _parts_of(remark, remark) if remark.strip() else None
    return replace(counted, also=again.parts) if isinstance(again, Counted) else counted


def _sized(text: str) -> Counted | None:
    """Read "12 x 20 mL vials"."""
    match = SIZED_CONTAINERS.fullmatch(text.strip())
    count, size = (read_number(match[1]), read_number(match[2])) if match else (None, None)
    if count is None or size is None:
        return None
    return Counted((Amount(count.value, "vial", size=size.value),))


def _parts_of(written: str, text: str) -> Counted | Doubtful:
    parts = _Parts(written)
    for token in _tokens(text):
        parts.take(token)
    return parts.finish()


def _tokens(text: str) -> Iterator[re.Match[str] | str]:
    position = 0
    text = text.strip()
    while position < len(text):
        match = PART.match(text, position)
        if match is None:
            yield text[position:]
            return
        yield match
        position = match.end()
        while position < len(text) and text[position] in " .-:":
            position += 1


class _Parts:
    """Amounts, as one after the other is read."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.parts: list[Amount] = []
        self.number: Decimal | None = None
        self.times = False
        self.opened = False
        self.doubt: Doubtful | None = None

    def take(self, token: re.Match[str] | str) -> None:
        if isinstance(token, str):
            self._not_understood()
        elif token["number"]:
            self._take_number(read_number(token["number"]))
        elif token["word"]:
            self._take_word(token["word"])
        else:
            self._take_sign(token["sign"])

    def finish(self) -> Counted | Doubtful:
        self._end_part("")
        if self.doubt is not None:
            return self.doubt
        if not self.parts:
            return self._doubtful()
        return Counted(tuple(self.parts), opened=self.opened)

    def _take_number(self, number: Number | None) -> None:
        if number is None or (self.number is not None and not self.times):
            # Two numbers that nothing stands between.
            self._not_understood()
            return
        if number.other is not None:
            self.doubt = self.doubt or Doubtful(
                f"{shortened(self.written)} may be {plain_number(number.value)} or"
                f" {plain_number(number.other)}. How many are there?",
                (plain_number(number.value), plain_number(number.other)),
            )
        if self.times and self.parts:
            self.parts[-1] = replace(self.parts[-1], holds=number.value)
            self.times = False
            return
        self._end_part("")
        self.number = number.value

    def _take_word(self, word: str) -> None:
        unit = UNITS.get(word)
        if word in {"of", "x"} and (self.parts or self.number is not None):
            self.times = self._ends_pack()
        elif word in HALVES and self.number is None:
            self.number = HALVES[word]
        elif word in OPENED:
            self.opened = True
        elif unit is not None and self.number is not None:
            self._end_part(unit)
        elif unit is not None and self.parts and self.parts[-1].holds is not None:
            return
        elif word not in FILLERS:
            self._not_understood()

    def _take_sign(self, sign: str) -> None:
        if sign in "x*@":
            self.times = self._ends_pack()
        elif sign == "/":
            # 20 / 25 is of something, and 3 bx / 100 says what is in each.
            self._end_part("")
            self.times = bool(self.parts) and self.parts[-1].unit in PACKS
            if not self.times:
                self._not_understood()
        else:
            self._end_part("")

    def _ends_pack(self) -> bool:
        self._end_part("")
        return bool(self.parts)

    def _end_part(self, unit: str) -> None:
        if self.number is not None:
            self.parts.append(Amount(self.number, unit))
            self.number = None

    def _not_understood(self) -> None:
        self.doubt = self.doubt or self._doubtful()

    def _doubtful(self) -> Doubtful:
        return Doubtful(
            f"{EXPECTED} {shortened(self.written)}. How many are there?",
            tuple(amount_text(part) for part in self.parts[:1]),
        )


def _checked(read: Counted | Doubtful, written: str) -> Quantity:
    if isinstance(read, Doubtful):
        return read
    if any(part.number < 0 for part in read.parts):
        return Refused(f"{EXPECTED} {shortened(written)}, which is below zero.")
    if any(
        part.number > LARGEST or (part.holds or 0) > LARGEST or _too_fine(part.number)
        for part in read.parts
    ):
        return Refused(f"{EXPECTED} {shortened(written)}, which no shelf holds.")
    return read


def _too_fine(number: Decimal) -> bool:
    """More than six places after the point are no count; thirds of a box come close enough."""
    exponent = number.as_tuple().exponent
    return not isinstance(exponent, int) or exponent < -30
