"""What a count of boxes, vials and loose pieces comes to in the item's unit. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inventory.imports.cells.numbers import read_number
from inventory.imports.cells.quantities import (
    INNER_PACKS,
    LARGEST,
    PACKS,
    PARTS_OF_BOXES,
    UNITS,
    Amount,
    Counted,
    amount_text,
)
from inventory.imports.meaning.catalogue import CatalogItem
from inventory.imports.planned import Choice, Question
from inventory.sheets.cell_text import plain
from inventory.web.decimals import plain as plain_number

CONTAINER_UNITS = frozenset(
    {"", "each", "vial", "ampule", "bottle", "syringe", "can", "tube", "kit"}
)
# From here on a bare number of an item counted in units may be units as well as vials.
MANY_VIALS = 20
CONTAINER_NAMES = {"ampule": "ampule"}
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """What a unit column, or a heading, says: the unit, and how many are in each of them."""

    unit: str = ""
    holds: Decimal | None = None
    understood: bool = True


NO_UNIT = UnitSaid()


@dataclass(frozen=True, slots=True)
class Measured:
    """A count in the item's unit. `sealed` is what is in whole containers, or pieces; `rest` what
    is left in an opened one, None without one; `exact_rest`: it was measured, not guessed.

    `question` stands in the way, or `refusal` does.
    """

    sealed: Decimal = Decimal(0)
    rest: Decimal | None = None
    exact_rest: bool = True
    words: str = ""
    notes: tuple[str, ...] = ()
    question: Question | None = None
    refusal: str = ""


def read_unit_cell(text: str) -> UnitSaid:
    """Read a unit column: "vials", "bx", "box of 25", "bx/100"."""
    spelt = plain(text)
    if not spelt or spelt in {"-", "n/a", "?"}:
        return NO_UNIT
    words = re.findall(r"[a-z]+", spelt)
    units = [UNITS[word] for word in words if word in UNITS and word != "x"]
    packs = [unit for unit in units if unit in PACKS]
    unit = packs[0] if packs else units[0] if units else ""
    number = re.search(r"\d[\d,]*", spelt)
    holds = read_number(number[0].replace(",", "")) if number and packs else None
    # "vials/tray" without a number is one of the two.
    one = bool(units) and (holds is not None or len(set(units)) == 1)
    return UnitSaid(unit, holds.value if holds else None, understood=one)


def heading_unit(heading: str) -> UnitSaid:
    """The unit that the heading of a quantity names, as in "Qty (boxes)" or "# vials"."""
    bracket = re.search(r"[(\[]([^)\]]*)[)\]]", heading)
    words = re.findall(r"[a-z]+", plain(bracket[1] if bracket else heading))
    for word in words:
        unit = UNITS.get(word)
        if unit and unit not in {"each", "unit"} and word not in {"x", "vi"}:
            return UnitSaid(unit)
        if unit == "each" and word in {"ea", "each", "pcs", "pieces"}:
            return UnitSaid(unit)
    return NO_UNIT


def measure(
    counted: Counted,
    item: CatalogItem,
    said: UnitSaid,
    pack_answer: str = "",
) -> Measured:
    """Return what a count comes to, or what has to be asked first."""
    return _Measuring(item, said, pack_answer).measure(counted)


class _Stopped(Exception):
    """A part that cannot be converted until a question is answered."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question


class _Measuring:
    def __init__(self, item: CatalogItem, said: UnitSaid, pack_answer: str) -> None:
        self.item = item
        self.said = said
        self.pack_answer = pack_answer
        self.notes: list[str] = []

    def measure(self, counted: Counted) -> Measured:
        parts = self._with_units(counted.parts)
        try:
            total = self._total(parts)
            if counted.also:
                self._compare(total, counted)
        except _Stopped as stopped:
            return Measured(question=stopped.question)
        if not 0 < tidy(total) <= LARGEST:
            return Measured(refusal=f"Expected a count, but {plain_number(total)} is on no shelf.")
        words = " and ".join(self._words(part) for part in parts)
        return self._whole(total, parts, words, opened=counted.opened)

    def _total(self, parts: Sequence[Amount]) -> Decimal:
        return sum((self._part(part) for part in parts), Decimal(0))

    def _compare(self, total: Decimal, counted: Counted) -> None:
        """The same count said twice has to come to the same."""
        also = counted.also
        if any(part.unit for part in counted.parts):
            also = tuple(replace(part, unit=part.unit or "each") for part in also)
        if total == self._total(self._with_units(also)):
            return
        texts = [
            " + ".join(amount_text(part) for part in parts)
            for parts in (counted.parts, counted.also)
        ]
        raise _Stopped(
            _ask(
                f"{texts[0]} is not {texts[1]}. How many are there?",
                *(Choice(text, text) for text in texts),
            )
        )

    def _with_units(self, parts: Sequence[Amount]) -> list[Amount]:
        """The unit of the column goes with a bare number, but not with the 4 of "1 box + 4"."""
        if not any(part.unit for part in parts):
            return [self._said_for(part) for part in parts]
        written = next(part.unit for part in parts if part.unit)
        if self.said.unit and self.said.unit != written:
            self.notes.append(f"The count itself says {written}, the unit column {self.said.unit}.")
        return [
            Amount(part.number, part.unit or "each", part.holds, part.size)
            if len(parts) > 1
            else part
            for part in parts
        ]

    def _said_for(self, part: Amount) -> Amount:
        holds = part.holds if part.holds is not None else self.said.holds
        unit = self.said.unit
        if part.holds is not None and unit not in PACKS:
            unit = "box"
        return Amount(part.number, unit, holds, part.size)

    def _part(self, part: Amount) -> Decimal:
        item = self.item
        if part.unit in PACKS and not self._is_the_item(part.unit):
            return self._packs(part)
        if part.unit == "dozen":
            return part.number * 12 * item.piece
        if part.unit == "pair":
            return self._pairs(part)
        if item.container_volume is None:
            return self._pieces(part)
        return self._containers(part, item.container_volume)

    def _pairs(self, part: Amount) -> Decimal:
        """A pair is one of an item that is sold by the pair, and two of any other."""
        if re.search(r"\bpairs?\b", plain(self.item.name)):
            return part.number
        if part.number != part.number.to_integral_value():
            return part.number * 2
        one, two = plain_number(part.number), plain_number(part.number * 2)
        raise _Stopped(
            _ask(
                f"{self.item.name} is not said to come in pairs. Is a pair one of it, or two?",
                Choice(f"{two} each", f"Two: {two}"),
                Choice(f"{one} each", f"One: {one}"),
            )
        )

    def _is_the_item(self, unit: str) -> bool:
        """A tray is no pack of an item that is a tray itself."""
        return unit not in {"box", "case"} and bool(
            re.search(rf"\b{unit}\b", plain(self.item.name))
        )

    def _pieces(self, part: Amount) -> Decimal:
        if part.unit == "mL":
            raise _Stopped(
                _ask(
                    f"{self.item.name} is counted by the piece, and not in mL. How many are there?"
                )
            )
        return part.number

    def _containers(self, part: Amount, volume: Decimal) -> Decimal:
        unit = part.unit
        if part.size is not None and self.item.unit == "mL" and part.size != volume:
            raise _Stopped(
                _ask(
                    f"The count speaks of {plain_number(part.size)} mL each, but"
                    f" {self.item.name} holds {plain_number(volume)} mL. How many are there?"
                )
            )
        if unit == self.item.unit:
            return part.number
        if unit == "" and self.item.unit == "unit" and part.number >= MANY_VIALS:
            number = plain_number(part.number)
            raise _Stopped(
                _ask(
                    f"Are {number} vials there, or {number} units?",
                    Choice(f"{number} vials", f"{number} vials"),
                    Choice(f"{number} units", f"{number} units"),
                )
            )
        if unit in CONTAINER_UNITS or unit == "unit":
            return part.number * volume
        raise _Stopped(
            _ask(
                f"{self.item.name} is not counted in {unit}. How many are there?",
            )
        )

    def _packs(self, part: Amount) -> Decimal:
        level = "inner" if part.unit in INNER_PACKS else "case"
        size = self._pack_size(part, level)
        if part.number != part.number.to_integral_value():
            self._broken(part, size)
        return part.number * size

    def _pack_size(self, part: Amount, level: str) -> Decimal:
        known = self.item.packs(level)
        answer = read_number(plain(self.pack_answer)) if self.pack_answer else None
        if answer is not None and answer.value > 0:
            return answer.value * self.item.piece
        if part.holds is not None and part.holds > 0:
            size = part.holds * self.item.piece
            if known and size not in known:
                self.notes.append(
                    f"{plain_number(part.holds)} in a {part.unit} as the sheet says; the catalogue"
                    f" says {plain_number(known[0] / self.item.piece)}."
                )
            return size
        if len(known) == 1 and part.unit not in PARTS_OF_BOXES:
            return known[0]
        raise _Stopped(self._ask_for_size(part, known))

    def _ask_for_size(self, part: Amount, known: Sequence[Decimal]) -> Question:
        thing = container_word(self.item, 2)
        sold = self.item.pack_quantities.get("sold", ())
        counts = dict.fromkeys(size / self.item.piece for size in (*known, *sold))
        choices = tuple(
            Choice(plain_number(count), f"{plain_number(count)} {container_word(self.item, count)}")
            for count in counts
        )
        return Question(
            "pack",
            f"How many {thing} are in a {part.unit}?",
            kind="choice" if known else "quantity",
            choices=choices if known else (),
        )

    def _broken(self, part: Amount, size: Decimal) -> None:
        pieces = part.number * size / self.item.piece
        whole = pieces == pieces.to_integral_value()
        if part.number < 1 or not whole:
            about = plain_number(pieces.quantize(Decimal(1)))
            guess = f"{about} each"
            raise _Stopped(
                _ask(
                    f"{amount_text(part)} is about {about} of"
                    f" {plain_number(size / self.item.piece)}: a guess, not a count. How many"
                    " are there?",
                    *([Choice(guess, about)] if whole else []),
                )
            )
        self.notes.append(
            f"{plain_number(part.number)} {_plural(part.unit, part.number)} were counted as"
            f" {plain_number(pieces)} {container_word(self.item, pieces)}."
        )

    def _whole(
        self, total: Decimal, parts: Sequence[Amount], words: str, *, opened: bool
    ) -> Measured:
        piece = self.item.piece
        total = tidy(total)
        sealed = tidy(total // piece * piece)
        rest = tidy(total - sealed)
        notes = tuple(self.notes)
        if self.item.container_volume is None:
            if rest:
                return Measured(
                    question=_ask(f"Expected whole pieces, but got {words}. How many are there?"),
                    notes=notes,
                )
            return Measured(sealed, words=words, notes=notes)
        if opened and not rest and sealed:
            return Measured(sealed - piece, piece, exact_rest=False, words=words, notes=notes)
        if not rest:
            return Measured(sealed, words=words, notes=notes)
        exact = any(part.unit == self.item.unit for part in parts)
        return Measured(sealed, rest, exact_rest=exact, words=words, notes=notes)

    def _words(self, part: Amount) -> str:
        item, number = self.item, plain_number(part.number)
        if part.unit in PACKS and not self._is_the_item(part.unit):
            level = "inner" if part.unit in INNER_PACKS else "case"
            count = self._pack_size(part, level) / item.piece
            name = _plural(part.unit, part.number)
            return f"{number} {name} of {plain_number(count)}{self._each(count)}"
        if part.unit == item.unit and item.container_volume is not None:
            return f"{number} {'units' if item.unit == 'unit' else item.unit}"
        if part.unit in {"dozen", "pair"}:
            return f"{number} {_plural(part.unit, part.number)}"
        return f"{number}{self._each(part.number)}"

    def _each(self, count: Decimal) -> str:
        item = self.item
        if item.container_volume is None:
            return ""
        unit = "units" if item.unit == "unit" else item.unit
        return f" {container_word(item, count)} of {plain_number(item.container_volume)} {unit}"


def container_word(item: CatalogItem, count: Decimal | int) -> str:
    """Return "vials", "ampule" or, for what comes in pieces, "pieces"."""
    if item.container_volume is None:
        return _plural("piece", count)
    return _plural(CONTAINER_NAMES.get(item.container, "vial"), count)


def _plural(word: str, count: Decimal | int) -> str:
    if count == 1 or word == "dozen":
        return word
    return f"{word}es" if word.endswith("x") else f"{word}s"


def _ask(text: str, *choices: Choice) -> Question:
    return Question("quantity", text, kind="choice" if choices else "quantity", choices=choices)


def quantity_question(sentence: str, guesses: Sequence[str]) -> Question:
    """The question that a doubtful count leads to; a guess can be picked, anything typed."""
    return _ask(sentence, *(Choice(guess, guess) for guess in guesses))


def tidy(quantity: Decimal) -> Decimal:
    """A quantity at the scale that the ledger keeps, without zeros that say nothing."""
    return Decimal(plain_number(quantity.quantize(THOUSANDTH)))
