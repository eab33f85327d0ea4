"""Which item of the catalogue a name means. Pure.

What a name says and an item is not, rules the item out: another strength, volume, gauge, length,
container, with epinephrine or without. What it does not say leaves candidates. A brand, or a
feature such as safety or bacteriostatic, is only meant where it is said.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from rapidfuzz.distance import OSA

from inventory.imports.meaning.catalogue import CatalogItem, Catalogue
from inventory.imports.meaning.names import (
    DRUGS,
    GENERIC_OF,
    WORDS,
    Facts,
    catalogue_words,
    read_name,
)
from inventory.imports.meaning.vocabulary import (
    BRANDS,
    CONTAINERS,
    FEATURES,
    MARKED,
    OPPOSITES,
    words,
)
from inventory.sheets.cell_text import plain

SHORTEST_MISSPELT = 5
LONG_WORD = 8
LEAST_DIGITS = 5
MOST_CANDIDATES = 12
MOST_REMEMBERED = 50_000

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{3,}[A-Za-z0-9]")
NO_SIGN = re.compile(r"[^A-Z0-9]")
FORMULA = re.compile(r"\s*[=@]|\s*[+-]\s*[A-Za-z]+\(")

# The word that names a product, where no drug does; the others only tell it apart.
ADJECTIVES = words(
    "nitrile latex vinyl exam adhesive ultrasound epidural probe quart gallon sharps iodine "
    "lossofresistance topical oral cotton viscous ophthalmic nonadherent extension can packet "
    "prep"
)
# Alone they name hundreds of products.
VAGUE = words(
    "tray kit can packet cover container pad spray roll applicator holder cup tape pack extension "
    "powder drops oral topical ultrasound probe adhesive exam"
)
# Syringes that come with their needle.
COMBINED = frozenset({"tuberculin", "insulin"})
WRITABLE = frozenset(
    word for word in {*WORDS, *CONTAINERS, *FEATURES} if len(word) >= SHORTEST_MISSPELT
)


class Certainty(StrEnum):
    """How sure it is which item is meant."""

    EXACT = "exact"
    LIKELY = "likely"
    SEVERAL = "several"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """What a name leads to: one SKU where it is exact or likely, else candidates, likeliest first.

    `doubt` says why a person has to choose; `near` are items of that name whose strength, size or
    kind is another. `note` says what was read into the name.
    """

    certainty: Certainty
    skus: tuple[str, ...] = ()
    doubt: str = ""
    near: tuple[str, ...] = ()
    note: str = ""

    @property
    def sku(self) -> str | None:
        return self.skus[0] if self.certainty in {Certainty.EXACT, Certainty.LIKELY} else None


NO_MATCH = Match(Certainty.NONE)


@dataclass(frozen=True)
class Listed:
    """An item with what its name says; `heads` are the words that name it."""

    item: CatalogItem
    facts: Facts
    words: frozenset[str]
    generics: frozenset[str]
    heads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fit:
    """An item that nothing rules out, with what is doubtful about it."""

    entry: Listed
    doubts: tuple[str, ...]


class Matcher:
    """The index of a catalogue; built once, it remembers every name that it was asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.items = {item.sku: item for item in catalogue.items}
        self.known = catalogue_words(
            name for item in catalogue.items for name in (item.name, *item.known_names)
        ) | catalogue_words(supplier.name for supplier in catalogue.suppliers)
        self.supplier_words = frozenset(
            word
            for supplier in catalogue.suppliers
            for word in re.findall(r"[a-z]+", plain(supplier.name))
        )
        self.known -= self.supplier_words
        self.entries = [_listed(item, self.known) for item in catalogue.items]
        self.by_word = _by_word(self.entries)
        self.by_text = _by_text(catalogue.items)
        self.by_code = _by_code(catalogue.items)
        self.spellings = sorted(WRITABLE | {w for w in self.known if len(w) >= SHORTEST_MISSPELT})
        self.remembered: dict[tuple[str, str], Match] = {}

    def match(self, name: str, code: str = "") -> Match:
        """Return what the name, and the code beside it, lead to."""
        key = name, code
        found = self.remembered.get(key)
        if found is None:
            if len(self.remembered) >= MOST_REMEMBERED:
                self.remembered.clear()
            found = self.remembered[key] = self._match(name, code)
        return found

    def fits(self, name: str) -> list[str]:
        """Return every item that the name does not rule out, by SKU."""
        return [fit.entry.item.sku for fit in self._fits(self._read(name))]

    def _match(self, name: str, code: str) -> Match:
        if FORMULA.match(name):
            return replace(NO_MATCH, doubt="formula")
        exact = self.by_text.get(plain(name), ())
        if len(exact) == 1:
            return Match(Certainty.EXACT, tuple(exact))
        coded = self._coded(name, code)
        read = self._read(name)
        fits = self._fits(read)
        if coded:
            return self._match_code(coded, read, fits)
        return self._match_words(read, fits)

    def _coded(self, name: str, code: str) -> tuple[str, ...]:
        """What the code column says, or a code that stands in the name."""
        if code and (found := self.by_text.get(plain(code))):
            return tuple(found)
        whole = name if any(char.isdigit() for char in name) else ""
        written = (code, *CODE.findall(code), whole, *filter(_is_long, CODE.findall(name)))
        for text in filter(None, written):
            if found := self.by_code.get(_code_key(text)):
                return tuple(found)
        return ()

    def _match_code(self, coded: tuple[str, ...], read: Facts, fits: list[Fit]) -> Match:
        fitting = {fit.entry.item.sku for fit in fits}
        agreeing = tuple(sku for sku in coded if sku in fitting) or coded
        if len(agreeing) == 1 and (agreeing[0] in fitting or not read.words):
            return Match(Certainty.EXACT, agreeing)
        if len(agreeing) == 1 and not fits and not read.all_words & DRUGS:
            return Match(Certainty.LIKELY, agreeing)
        sure = [fit for fit in fits if not fit.doubts] or fits
        others = tuple(fit.entry.item.sku for fit in sure if fit.entry.item.sku not in agreeing)
        return Match(
            Certainty.SEVERAL,
            (*agreeing, *others)[:MOST_CANDIDATES],
            doubt="The code and the name do not mean the same item. Which one is it?",
        )

    def _match_words(self, read: Facts, fits: list[Fit]) -> Match:
        note = " ".join(
            f"Read “{written}” as {understood}." for written, understood in read.corrected
        )
        sure = [fit for fit in fits if not fit.doubts]
        if len(sure) == 1:
            return Match(Certainty.LIKELY, (sure[0].entry.item.sku,), note=note)
        if fits:
            ordered = sorted(fits, key=lambda fit: len(fit.doubts))
            doubt = "" if sure else ordered[0].doubts[0]
            skus = tuple(fit.entry.item.sku for fit in ordered[:MOST_CANDIDATES])
            return Match(Certainty.SEVERAL, skus, doubt=doubt, note=note)
        near = [entry.item.sku for entry in self._of_these_words(read) if _names(read, entry)]
        return Match(Certainty.NONE, near=tuple(near[:MOST_CANDIDATES]), note=note)

    def _read(self, name: str) -> Facts:
        read = read_name(name, self.known)
        if not read.unknown:
            return read
        fixed = {word: self._respelt(word) for word in read.unknown}
        if not any(fixed.values()):
            return self._without_suppliers(read)
        text = plain(name)
        corrected = []
        for word, candidates in fixed.items():
            if len(candidates) == 1:
                text = re.sub(rf"\b{re.escape(word)}\b", candidates[0], text)
                corrected.append((word, candidates[0]))
        again = read_name(text, self.known)
        # Two words are as close: either may be meant.
        either = tuple(
            frozenset().union(*(WORDS.get(each, frozenset({each})) for each in candidates))
            for candidates in fixed.values()
            if len(candidates) > 1
        )
        left = tuple(word for word in again.unknown if not fixed.get(word))
        again = replace(again, words=again.words + either, unknown=left, corrected=tuple(corrected))
        return self._without_suppliers(again)

    def _without_suppliers(self, read: Facts) -> Facts:
        unknown = tuple(word for word in read.unknown if word not in self.supplier_words)
        return read if unknown == read.unknown else replace(read, unknown=unknown)

    def _respelt(self, word: str) -> tuple[str, ...]:
        """The known words that this one is a slip of the finger away from."""
        if len(word) < SHORTEST_MISSPELT or not word.isalpha():
            return ()
        most = 2 if len(word) >= LONG_WORD else 1
        distances = {
            known: distance
            for known in self.spellings
            if abs(len(known) - len(word)) <= most
            and known[0] == word[0]
            and (distance := OSA.distance(word, known, score_cutoff=most)) <= most
        }
        if not distances:
            return ()
        closest = min(distances.values())
        meant = {
            WORDS.get(known, frozenset({known})): known
            for known, distance in distances.items()
            if distance == closest
        }
        return tuple(sorted(meant.values()))

    def _of_these_words(self, read: Facts) -> Iterator[Listed]:
        """Only items that share a word can be meant."""
        if not read.words:
            return
        first = {GENERIC_OF.get(word, word) for word in read.words[0]} | read.words[0]
        indexes = {index for word in first for index in self.by_word.get(word, ())}
        yield from (self.entries[index] for index in sorted(indexes))

    def _fits(self, read: Facts) -> list[Fit]:
        fits = []
        for entry in self._of_these_words(read):
            doubts = compare(read, entry)
            if doubts is not None:
                fits.append(Fit(entry, doubts))
        return fits


def compare(read: Facts, entry: Listed) -> tuple[str, ...] | None:
    """Return what is doubtful about taking the name for this item; None where it cannot be."""
    doubts: list[str] = []
    for check in CHECKS:
        answer = check(read, entry)
        if answer is False:
            return None
        if isinstance(answer, str):
            doubts.append(answer)
    return tuple(doubts)


Verdict = bool | str
"""True: nothing against it. False: ruled out. A sentence: a person has to say."""


def _names(read: Facts, entry: Listed) -> bool:
    return _check_words(read, entry) is not False


def _check_words(read: Facts, entry: Listed) -> Verdict:
    hit: set[str] = set()
    brand = ""
    for alternatives in read.words:
        direct = alternatives & entry.words
        related = direct or _of_the_same_drug(alternatives, entry)
        if not related:
            return False
        brand = brand or ("" if direct else min(alternatives))
        hit |= related
    return _brand_sentence(brand, entry) if brand else _words_unsaid(read, entry, hit)


def _of_the_same_drug(alternatives: frozenset[str], entry: Listed) -> set[str]:
    """The item's words that are another brand of the same drug, or its generic name."""
    generics = {GENERIC_OF.get(word, word) for word in alternatives}
    return {word for word in entry.words if GENERIC_OF.get(word, word) in generics}


def _words_unsaid(read: Facts, entry: Listed, hit: set[str]) -> Verdict:
    if unsaid := [word for word in entry.words if word in BRANDS and word not in hit]:
        return f"{_title(min(unsaid))} is a brand that the name does not say."
    if not hit & entry.heads:
        return "The name does not say what it is."
    both = {"syringe", "needle"}
    if both <= entry.words and not (both <= hit or read.gauge or read.features & COMBINED):
        return f"{entry.item.name} is a syringe with a needle, which the name does not say."
    if hit <= VAGUE and entry.words - VAGUE and not _says_more(read):
        return "The name says too little."
    return True


def _brand_sentence(word: str, entry: Listed) -> str:
    generic = GENERIC_OF.get(word)
    if generic and generic in entry.words:
        return (
            f"{_title(word)} is a brand of {generic} that the catalogue does not name. Is it"
            f" counted as {entry.item.name}?"
        )
    return f"The catalogue has it under another name. Is it {entry.item.name}?"


def _says_more(read: Facts) -> bool:
    numbers = (read.volume, read.gauge, read.dimensions, read.size, read.strengths, read.weights)
    return any(numbers) or bool(read.features)


def _check_unknown(read: Facts, entry: Listed) -> Verdict:
    if read.unknown:
        return f"“{read.unknown[0]}” is in no name of the catalogue."
    return True


def _check_features(read: Facts, entry: Listed) -> Verdict:
    there, said = entry.facts.features, read.features
    if read.plain and "epi" in there:
        return False
    if any(len(pair & (there | said)) == 2 and pair & said != pair for pair in OPPOSITES):
        return False
    if not all(_may_be_silent(feature, read, entry) for feature in said - there):
        return False
    unsaid = {each for each in there & MARKED if each not in said} - _implied(read, there)
    if unsaid:
        return f"{entry.item.name} is {min(unsaid)}, which the name does not say."
    return True


def _may_be_silent(feature: str, read: Facts, entry: Listed) -> bool:
    """Whether a name may say this of an item that does not say it of itself."""
    there, item = entry.facts.features, entry.item
    if feature == "pf":
        return item.preservative_free is not False and not item.multi_dose
    if feature == "fill":
        return "blunt" in there and "filter" not in there
    if feature == "tuohy":
        return "epidural" in entry.words
    return feature in {"drawup", "sterile", "nonsterile", "luerlock", "luerslip"}


def _implied(read: Facts, there: frozenset[str]) -> set[str]:
    """What need not be said: a filter needle is blunt, one of three inches is spinal."""
    implied: set[str] = set()
    if "filter" in there or read.features & {"drawup", "fill"}:
        implied.add("blunt")
    if "drawup" in read.features:
        implied.add("filter")
    if read.length is not None and read.length >= 3:
        implied.add("spinal")
    return implied


def _check_container(read: Facts, entry: Listed) -> Verdict:
    said = read.container
    there = entry.item.container if entry.item.container_volume else entry.facts.container
    if said is None:
        return True
    if there is None:
        return "The catalogue says of no vial or ampule here."
    if said == "vial" or there == "vial":
        return "ampule" not in {said, there} and "prefilled" not in {said, there}
    return said == there


def _check_strength(read: Facts, entry: Listed) -> Verdict:
    numbers = _strengths(entry)
    if entry.item.unit == "unit" and entry.item.container_volume:
        numbers |= {entry.item.container_volume}
    if read.strengths:
        if not numbers:
            return "The catalogue says nothing of its strength."
        if not read.strengths <= numbers:
            return False
    return True


def _strengths(entry: Listed) -> set[Decimal]:
    numbers = set(entry.facts.strengths)
    if entry.item.strength:
        numbers.add(entry.item.strength)
    return numbers


def _check_label(read: Facts, entry: Listed) -> Verdict:
    """The bare number behind a drug's name is its strength as labels write it, or its units."""
    if read.label is None:
        return True
    facts = entry.facts
    numbers = set(facts.percents)
    if not numbers:
        numbers = _strengths(entry) | {each for each in (facts.label, facts.units) if each}
        if entry.item.unit == "unit" and entry.item.container_volume:
            numbers.add(entry.item.container_volume)
        numbers |= {number for number, _ in facts.weights}
    if not numbers:
        return "The catalogue says nothing of its strength."
    return read.label in numbers


def _check_weight(read: Facts, entry: Listed) -> Verdict:
    """Milligrams are those of a whole container, or written short for those of a millilitre."""
    if not read.weights:
        return True
    strengths, volume = _strengths(entry), _volume(entry)
    there = {number for number, _ in entry.facts.weights} | strengths
    there |= {strength * volume for strength in strengths if volume}
    if not there:
        return "The catalogue says nothing of its weight."
    return all(number in there for number, _ in read.weights)


def _volume(entry: Listed) -> Decimal | None:
    if entry.item.unit == "mL" and entry.item.container_volume:
        return entry.item.container_volume
    return entry.facts.volume


def _check_volume(read: Facts, entry: Listed) -> Verdict:
    if read.volume is None or entry.item.unit == "unit":
        return True
    volume = _volume(entry)
    if volume is None:
        return "The catalogue says nothing of its volume."
    return read.volume == volume


def _check_units(read: Facts, entry: Listed) -> Verdict:
    if read.units is None:
        return True
    there = entry.item.container_volume if entry.item.unit == "unit" else entry.facts.units
    if there is None:
        return "The catalogue does not count it in units."
    return read.units == there


def _check_gauge(read: Facts, entry: Listed) -> Verdict:
    return read.gauge is None or read.gauge == entry.facts.gauge


def _check_length(read: Facts, entry: Listed) -> Verdict:
    return _same(read.length, entry.facts.length, "length")


def _check_size(read: Facts, entry: Listed) -> Verdict:
    return _same(read.size, entry.facts.size, "size")


def _check_dimensions(read: Facts, entry: Listed) -> Verdict:
    if not read.dimensions:
        return _same(read.millimetres or None, entry.facts.millimetres or None, "size")
    return _same(read.dimensions, entry.facts.dimensions or None, "size")


def _check_micron(read: Facts, entry: Listed) -> Verdict:
    return _same(read.micron, entry.facts.micron, "pores")


def _check_ratio(read: Facts, entry: Listed) -> Verdict:
    there = entry.facts.ratio
    return read.ratio is None or there is None or read.ratio == there


def _same(said: object, there: object, what: str) -> Verdict:
    if said is None:
        return True
    if there is None:
        return f"The catalogue says nothing of its {what}."
    return said == there


def _check_salt(read: Facts, entry: Listed) -> Verdict:
    # Betamethasone comes as two salts in one vial; either may be named.
    there = entry.facts.salt
    if read.salt is None or there is None or "betamethasone" in entry.words:
        return True
    return read.salt == there


def _check_loose(read: Facts, entry: Listed) -> Verdict:
    facts = entry.facts
    numbers = {
        *facts.strengths,
        *facts.percents,
        *facts.dimensions,
        *facts.loose,
        *facts.millimetres,
    }
    numbers |= {
        number
        for number in (
            facts.label, facts.volume, facts.units, facts.length, entry.item.strength,
            entry.item.container_volume,
        )
        if number is not None
    }  # fmt: skip
    for number in read.loose:
        if number not in numbers and number != facts.gauge:
            return f"It is not plain what {number.normalize():f} stands for."
    return True


CHECKS: tuple[Callable[[Facts, Listed], Verdict], ...] = (
    _check_words,
    _check_features,
    _check_container,
    _check_strength,
    _check_label,
    _check_weight,
    _check_volume,
    _check_units,
    _check_gauge,
    _check_length,
    _check_size,
    _check_dimensions,
    _check_micron,
    _check_ratio,
    _check_salt,
    _check_loose,
    _check_unknown,
)


def _title(word: str) -> str:
    return {"depomedrol": "Depo-Medrol", "solumedrol": "Solu-Medrol"}.get(word, word.title())


def _listed(item: CatalogItem, known: frozenset[str]) -> Listed:
    facts = read_name(item.name, known)
    words = facts.all_words | {word for word in facts.unknown if word in known}
    if item.preservative_free:
        facts = replace(facts, features=facts.features | {"pf"})
    main = read_name(re.split(r"\bwith\b", plain(item.name))[0], known)
    return Listed(
        item,
        facts,
        words,
        frozenset(GENERIC_OF.get(word, word) for word in words),
        _heads(main) or words,
    )


def _heads(facts: Facts) -> frozenset[str]:
    drugs = [each & DRUGS for each in facts.words if each & DRUGS]
    if drugs:
        return drugs[0] | (facts.all_words & {"contrast"}) | facts.all_words & set(BRANDS)
    return facts.all_words - ADJECTIVES


def _by_word(entries: Iterable[Listed]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        for word in entry.words | entry.generics:
            found[word].append(index)
    return found


def _by_text(items: Iterable[CatalogItem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for text in {plain(each) for each in (item.name, item.sku, *item.known_names)}:
            found[text].append(item.sku)
    return found


def _by_code(items: Iterable[CatalogItem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        keys = {key for code in item.codes for key in _code_keys(code)}
        for key in keys:
            found[key].append(item.sku)
    return found


def _is_long(text: str) -> bool:
    """In a name, a short number is rather a size than a code."""
    return sum(char.isdigit() for char in text) >= LEAST_DIGITS


def _code_key(code: str) -> str:
    """A code without signs; Excel drops the zeros that a number begins with."""
    return NO_SIGN.sub("", plain(code).upper()).lstrip("0")


def _code_keys(code: str) -> Iterator[str]:
    yield _code_key(code)
    parts = code.strip().split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        # A US drug code in the eleven digits of a bill: five, four and two.
        yield _code_key("".join(part.zfill(n) for part, n in zip(parts, (5, 4, 2), strict=True)))
