"""What a name says of a product: its words, strength, size, container, gauge, length. Pure.

The catalogue's own names and those of a stranger's sheet go through the same reading.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from inventory.imports.cells.numbers import read_number
from inventory.imports.meaning.vocabulary import (
    BRANDS,
    CONTAINERS,
    EITHER,
    FEATURES,
    GENERICS,
    GLOVE_SIZES,
    MAKERS,
    MEANS,
    NOISE,
    PHRASES,
    SALTS,
    SUPPLIES,
)
from inventory.sheets.cell_text import plain

NUMBER = r"(\d+(?:\s+|-)\d/\d+|\d+/\d+|\d{1,3}(?:,\d{3})+|\d*\.\d+|\d+)"
ML = r"(?:mls?|ccs?|milliliters?|millilitres?)"
BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]?")
HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z0-9])|(?<=\d)-(?=[a-z])|\s-\s|-$|^-")
BY = re.compile(r"(?<=\d)x(?=\.?\d)|(?<=\dg)x(?=\.?\d)")
PHRASE = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(re.escape(each) for each in sorted(PHRASES, key=len, reverse=True))
    + r")s?(?![a-z])"
)
WORD = re.compile(r"[a-z][a-z0-9']*|[^\W\d_]+")
RATIO = re.compile(r"1\s*:\s*(\d{1,3}(?:,?000)+|\d+k?)\b")
PER = re.compile(
    rf"{NUMBER}\s*(mg|mcg|ug|gm|g|units?|iu|u|meq)\s*(?:iodine|i|of iodine)?\s*"
    rf"(?:/|per)\s*{NUMBER}?\s*{ML}\b"
)
PERCENT = re.compile(rf"{NUMBER}\s*(?:%|percent\b|pct\b)")
VOLUME = re.compile(rf"(?<![\d./]){NUMBER}\s*{ML}(?![a-z])")
MILLIMETRES = re.compile(rf"{NUMBER}\s*(?:mm)?\s*(?:x|by)\s*{NUMBER}\s*mm(?![a-z])")
LENGTH_MM = re.compile(rf"{NUMBER}\s*mm(?![a-z])")
MICRON = re.compile(rf"{NUMBER}\s*(?:um|microns?|micrometers?)(?![a-z])")
WEIGHT = re.compile(rf"{NUMBER}\s*(mg|mcg|ug|gm|grams?|oz)(?![a-z])")
UNITS = re.compile(rf"{NUMBER}\s*(?:units?|iu|u)(?![a-z])")
GAUGE = re.compile(r"(?<![\d./])(\d{2})\s*-?\s*(?:gauge|ga|g)(?![a-z])(?!auze)")
GRAMS = re.compile(rf"{NUMBER}\s*g(?![a-z])")
PAIR = re.compile(
    rf"{NUMBER}\s*(?:\"|'|in(?:ch(?:es)?)?\b)?\s*(?:x|by)\s*{NUMBER}\s*(?:\"|''|in(?:ch(?:es)?)?\b)?"
)
INCHES = re.compile(rf"{NUMBER}\s*-?\s*(?:\"|''|in(?:ch(?:es)?)?(?![a-z]))")
PIECES = re.compile(
    rf"(?:\b(?:box|bx|pack|pk|case|tray|bag)\s*(?:of|/)\s*{NUMBER}|{NUMBER}\s*/\s*(?:box|bx|pk|pack|case|cs|tray|bag|ctn)\b)"
)
BARE = re.compile(rf"(?<![\w.]){NUMBER}(?:s\b)?(?![\w%])")

SURGICAL = re.compile(r"\b(?:surgical|surgeon'?s?)\b")
NEEDLE_KINDS = re.compile(r"\b(?:spinal|quincke|whitacre|tuohy)\b")
NEEDLE_WORDS = frozenset({"needle", "filament"})
WEIGHED = frozenset({"gel", "packet", "tube", "cream", "ointment", "jelly", "powder", "gauze"})


def _spellings(table: Mapping[str, str]) -> dict[str, str]:
    return {written: word for word, others in table.items() for written in (word, *others.split())}


WORDS: dict[str, frozenset[str]] = {
    written: frozenset({word})
    for table in (
        GENERICS,
        {brand: spellings for brand, (_, spellings) in BRANDS.items()},
        SUPPLIES,
    )
    for written, word in _spellings(table).items()
}
WORDS |= {written: frozenset(words.split()) for written, words in EITHER.items()}
GENERIC_OF = {brand: generic for brand, (generic, _) in BRANDS.items()}
DRUGS = frozenset(GENERICS) | frozenset(BRANDS)


@dataclass(frozen=True)
class Facts:
    """What a name says; None or empty where it does not.

    `words` are what has to be in the other name too, each with its alternatives. `strengths` are in
    mg per mL; `label` is the bare number behind a drug's word, as in Kenalog 40. `unknown` are
    words that nobody here knows.
    """

    words: tuple[frozenset[str], ...] = ()
    unknown: tuple[str, ...] = ()
    features: frozenset[str] = frozenset()
    plain: bool = False
    container: str | None = None
    salt: str | None = None
    strengths: frozenset[Decimal] = frozenset()
    percents: frozenset[Decimal] = frozenset()
    label: Decimal | None = None
    volume: Decimal | None = None
    units: Decimal | None = None
    weights: frozenset[tuple[Decimal, str]] = frozenset()
    gauge: int | None = None
    length: Decimal | None = None
    dimensions: tuple[Decimal, ...] = ()
    millimetres: tuple[Decimal, ...] = ()
    size: str | None = None
    micron: Decimal | None = None
    ratio: str | None = None
    loose: tuple[Decimal, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()

    @property
    def all_words(self) -> frozenset[str]:
        return frozenset().union(*self.words)


Speller = Mapping[str, frozenset[str]]


@lru_cache(maxsize=50_000)
def prepared(name: str) -> str:
    """The name in one spelling, with its phrases put together."""
    text = plain(name)
    text = re.sub(r"(?<=\d)\s*'\s*'", '"', text)
    text = BY.sub(" x ", HYPHEN.sub(" ", text))
    text = PHRASE.sub(lambda match: f" {_phrase(match[0])} ", text)
    return " ".join(text.split())


def _phrase(written: str) -> str:
    return PHRASES.get(written, PHRASES.get(written.removesuffix("s"), ""))


def read_name(name: str, known: frozenset[str] = frozenset()) -> Facts:
    """Read a name. `known` are the words of the catalogue that no list here has."""
    reading = _Reading(known)
    text = prepared(name)
    remarks = " ".join(BRACKETS.findall(text))
    reading.read(BRACKETS.sub(" ", text))
    if remarks.strip():
        reading.read(remarks, in_brackets=True)
    return reading.facts()


@dataclass
class _Reading:
    """A name, while one fact after the other is taken out of it."""

    known: frozenset[str]
    words: list[frozenset[str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    features: set[str] = field(default_factory=set)
    said: dict[str, object] = field(default_factory=dict)
    strengths: set[Decimal] = field(default_factory=set)
    percents: set[Decimal] = field(default_factory=set)
    weights: set[tuple[Decimal, str]] = field(default_factory=set)
    loose: list[Decimal] = field(default_factory=list)
    text: str = ""

    def read(self, text: str, *, in_brackets: bool = False) -> None:
        self.text = text
        context = self._context(text)
        self._take_strengths()
        self._take_sizes(context)
        self._take_words(in_brackets=in_brackets)
        self._take_bare_numbers()

    def facts(self) -> Facts:
        said = self.said
        words = tuple(dict.fromkeys(self.words))
        features = self._features(words)
        return Facts(
            words=words or self._implied(),
            unknown=tuple(dict.fromkeys(self.unknown)),
            features=features - {"plain"},
            plain="plain" in features,
            strengths=frozenset(self.strengths),
            percents=frozenset(self.percents),
            weights=frozenset(self.weights),
            loose=tuple(self.loose),
            **said,  # type: ignore[arg-type]
        )

    def _features(self, words: tuple[frozenset[str], ...]) -> frozenset[str]:
        features = set(self.features)
        if "ratio" in self.said and words:
            if "epinephrine" in words[0]:
                self.strengths.add(1000 / Decimal(str(self.said["ratio"])))
            elif words[0] & DRUGS:
                features.add("epi")
        if features & {"blunt", "filter"}:
            features.discard("drawup")
        return frozenset(features)

    def _implied(self) -> tuple[frozenset[str], ...]:
        """A gauge alone is a needle, a luer lock a syringe, two inches by two are gauze."""
        if self.features & {"spinal", "safety"}:
            return (frozenset({"needle"}),)
        if self.features & {"luerlock", "luerslip", "insulin", "tuberculin"}:
            return (frozenset({"syringe"}),)
        if "gauge" in self.said or "millimetres" in self.said:
            return (frozenset({"needle"}),)
        if "dimensions" in self.said and not self.unknown:
            return (frozenset({"gauze"}),)
        return ()

    def _context(self, text: str) -> frozenset[str]:
        found = {word for each in WORD.findall(text) for word in WORDS.get(each, ())}
        return frozenset(found) | frozenset().union(*self.words)

    def _take(self, pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
        matches = list(pattern.finditer(self.text))
        if matches:
            self.text = pattern.sub(" ; ", self.text)
        return matches

    def _say(self, name: str, value: object) -> None:
        self.said.setdefault(name, value)

    def _take_strengths(self) -> None:
        for match in self._take(RATIO):
            self._say("ratio", match[1].replace(",", "").replace("k", "000"))
        list(self._take(PIECES))
        for match in self._take(PER):
            amount, volume = _number(match[1]), _number(match[3] or "1")
            if amount is None or not volume:
                continue
            self.strengths.add(_milligrams(amount, match[2]) / volume)
            if match[3] and volume != 1:
                self._say("volume", volume)
                self._weigh(match[1], match[2])
        for match in self._take(PERCENT):
            if (value := _number(match[1])) is not None:
                self.percents.add(value)
                self.strengths.add(value * 10)

    def _take_sizes(self, context: frozenset[str]) -> None:
        for match in self._take(MILLIMETRES):
            self._say("millimetres", _pair(match[1], match[2]))
        for match in self._take(VOLUME):
            self._say("volume", _number(match[1]))
        for match in self._take(MICRON):
            self._say("micron", _number(match[1]))
        for match in self._take(WEIGHT):
            self._weigh(match[1], match[2])
        for match in self._take(UNITS):
            self._say("units", _number(match[1]))
        self._take_gauge(context)
        if "needle" in context or "gauge" in self.said or NEEDLE_KINDS.search(self.text):
            self._take_needle()
        filament = context & {"filament", "dryneedling"}
        for match in self._take(PAIR):
            self._say("millimetres" if filament else "dimensions", _pair(match[1], match[2]))
        for match in self._take(INCHES):
            self._say("length", _number(match[1]))
        if "glove" in context:
            self._take_glove()

    def _weigh(self, number: str, unit: str) -> None:
        if (value := _number(number)) is not None:
            unit = "oz" if unit == "oz" else "mg"
            self.weights.add((_milligrams(value, unit), unit))

    def _take_gauge(self, context: frozenset[str]) -> None:
        if context & WEIGHED and not context & NEEDLE_WORDS:
            for match in self._take(GRAMS):
                if (value := _number(match[1])) is not None:
                    self.weights.add((value * 1000, "mg"))
            return
        for match in self._take(GAUGE):
            gauge = int(match[1])
            if 14 <= gauge <= 34:
                self._say("gauge", gauge)

    def _take_needle(self) -> None:
        """The numbers of a needle: a pair is gauge and length, a bare one the length."""
        for match in self._take(INCHES):
            self._say("length", _number(match[1]))
        for match in self._take(PAIR):
            first, second = _number(match[1]), _number(match[2])
            if first is not None and first == int(first) and 14 <= first <= 34:
                self._say("gauge", int(first))
                self._say("length", second)
            else:
                self._say("dimensions", _pair(match[1], match[2]))
        if "gauge" in self.said:
            for match in self._take(LENGTH_MM):
                self._say("length", _inches(_number(match[1])))
        if "length" not in self.said:
            for match in BARE.finditer(self.text):
                value = _number(match[1])
                if value is not None and Decimal("0.25") <= value <= 8:
                    self._say("length", value)
                    self.text = self.text[: match.start()] + " " + self.text[match.end() :]
                    break

    def _take_glove(self) -> None:
        if SURGICAL.search(self.text):
            self.features.add("sterile")
            self.text = SURGICAL.sub(" ", self.text)
        for match in BARE.finditer(self.text):
            value = _number(match[1])
            if value is not None and 5 <= value <= 10:
                self._say("size", f"{value.normalize():f}")
                self.text = self.text[: match.start()] + " " + self.text[match.end() :]
                return
        for word in WORD.findall(self.text):
            if word in GLOVE_SIZES:
                self._say("size", GLOVE_SIZES[word])
                self.text = re.sub(rf"\b{word}\b", " ", self.text)
                return

    def _take_words(self, *, in_brackets: bool) -> None:
        tokens = [match[0] for match in WORD.finditer(self.text)]
        for index, word in enumerate(tokens):
            if word in {"epi", "epinephrine"}:
                self._take_epi(tokens, index)
            elif not self._take_word(word) and not in_brackets:
                self.unknown.append(word)

    def _take_epi(self, tokens: list[str], index: int) -> None:
        """It stands for epidural beside a tray, for epinephrine in a drug, and for itself."""
        others = {
            found
            for position, each in enumerate(tokens)
            if position != index
            for found in WORDS.get(each, ())
        } | frozenset().union(*self.words)
        if others & {"tray", "kit", "needle", "catheter"} or "tuohy" in tokens:
            self.words.append(frozenset({"epidural"}))
        elif others & DRUGS - {"epinephrine"}:
            self.features.add("epi")
        else:
            self.words.append(frozenset({"epinephrine"}))

    def _take_word(self, word: str) -> bool:
        if word in MEANS and word not in FEATURES:
            self.words += [frozenset({each}) for each in MEANS[word].split()]
        elif word in FEATURES:
            self.features.add(FEATURES[word])
        elif word in CONTAINERS:
            self._contain(CONTAINERS[word])
        elif word in SALTS:
            self._say("salt", SALTS[word])
        elif word in {"drawup", "plain"}:
            self.features.add(word)
        elif word in WORDS:
            self.words.append(WORDS[word])
        elif (stem := _stem(word)) in self.known or word in self.known:
            self.words.append(frozenset({word if word in self.known else stem}))
        else:
            return word in NOISE or word in MAKERS
        return True

    def _contain(self, container: str) -> None:
        if self.said.get("container") in {None, "vial"}:
            self.said["container"] = container

    def _take_bare_numbers(self) -> None:
        for match in BARE.finditer(self.text):
            value = _number(match[1])
            if value is None:
                continue
            before = WORD.findall(self.text[: match.start()])
            last = WORDS.get(before[-1], frozenset()) if before else frozenset()
            directly = re.search(r"[a-z']\s*-?\s*\Z", self.text[: match.start()])
            if directly and (last & DRUGS or last & {"contrast"}) and "label" not in self.said:
                self._say("label", value)
            elif last & {"syringe"} and "volume" not in self.said:
                self._say("volume", value)
            else:
                self.loose.append(value)


def _stem(word: str) -> str:
    """The singular of a word that no list has."""
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")) and len(word) > 5:
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def catalogue_words(names: Iterable[str]) -> frozenset[str]:
    """The words of a catalogue's names that no list here has, in the singular."""
    return frozenset(
        _stem(word)
        for name in names
        for word in read_name(name).unknown
        if len(word) > 1 and word not in NOISE
    )


def _number(text: str) -> Decimal | None:
    read = read_number(text.replace(",", ""))
    return read.value if read else None


def _inches(millimetres: Decimal | None) -> Decimal | None:
    """The length in inches that a needle of so many millimetres is sold as: to the eighth."""
    if millimetres is None:
        return None
    if millimetres == 40:
        return Decimal("1.5")
    return (millimetres / Decimal("25.4") * 8).to_integral_value() / 8


def _milligrams(amount: Decimal, unit: str) -> Decimal:
    if unit in {"mcg", "ug"}:
        return amount / 1000
    if unit in {"g", "gm", "gram", "grams"}:
        return amount * 1000
    return amount


def _pair(first: str, second: str) -> tuple[Decimal, ...]:
    numbers = [number for number in (_number(first), _number(second)) if number is not None]
    return tuple(sorted(numbers))
