"""GS1 codes: element strings as a symbol holds them or a label prints them, and Digital Links.

Pure but for the year: GS1 counts the century of a date from it. biip knows the application
identifiers; what is asked here besides is whether a separator was left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString

from inventory.catalog.codes import NDC_LENGTHS, CodeNotUnderstood, gs1_check_digit, normalize
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.scanning.symbology import GROUP_SEPARATOR, not_understood, shown

GTIN, CONTAINED_GTIN = "01", "02"
LOT, SERIAL, EXPIRY, EXPIRY_TIME = "10", "21", "17", "7003"
COUNT, CONTAINED_COUNT = "30", "37"
REF, NDC = "240", "715"
DATES = {
    "11": "a production date",
    "12": "a due date",
    "13": "a packaging date",
    "15": "a best-before date",
    "16": "a sell-by date",
    EXPIRY: "an expiry date",
}
NAMES = {
    GTIN: "a GTIN of 14 digits",
    CONTAINED_GTIN: "a GTIN of 14 digits",
    LOT: "a lot of 1 to 20 characters",
    SERIAL: "a serial number of 1 to 20 characters",
    COUNT: "a count of at most 8 digits",
    CONTAINED_COUNT: "a count of at most 8 digits",
}

# The characters that a lot or a serial number may have.
CHARACTERS = re.compile(r"[!\"%-?A-Z_a-z]+")
LABEL = re.compile(r"\([0-9]{2,4}\)")
LABELLED = re.compile(r"(?:\([0-9]{2,4}\)[^()]+)+")
LABELLED_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^()]+)")
LINK = re.compile(r"https?://", re.IGNORECASE)

# What may stand behind a lot whose separator is missing. Fewer characters than these are more
# likely the lot's own: a lot may read 17A21B or 61021543.
RUNS_ON = {SERIAL: 6, LOT: 4, REF: 4, NDC: 10}
RUNS_ON_DATES = frozenset({"11", EXPIRY})
DATE_LENGTH = 6


@dataclass
class Elements:
    """What stands behind each application identifier. `run_together` is the text of which nobody
    can tell where its first part ends."""

    values: dict[str, str] = field(default_factory=dict)
    expires_on: date | None = None
    run_together: str = ""

    def add(self, element: GS1ElementString) -> None:
        """Raises ScanNotUnderstood when the code says two things about one."""
        ai, value = element.ai.ai, element.value
        if self.values.setdefault(ai, value) != value:
            raise ScanNotUnderstood(
                f"Expected one value behind ({ai}), but got “{shown(self.values[ai])}” and"
                f" “{shown(value)}”."
            )
        if ai in (EXPIRY, EXPIRY_TIME):
            self.expires_on = element.date


def looks_like_gs1(payload: str) -> bool:
    """Say whether a text can only be meant as a GS1 code, right or wrong."""
    return bool(
        LABEL.match(payload)
        or LINK.match(payload)
        or GROUP_SEPARATOR in payload
        or re.match(r"0[12][0-9]{14}", payload, re.ASCII)
    )


def read_gs1(payload: str, text: str, symbology: str = "") -> Scan:
    """Read a GS1 code whose separators are group separators. Raises ScanNotUnderstood.

    An expiry without a day is the last day of its month, as GS1 and USP have it.
    """
    if not payload.isascii() or not payload:
        raise not_understood(text)
    elements = _elements(payload, text)
    said = elements.values
    gtin = said.get(GTIN) or said.get(CONTAINED_GTIN)
    count = said.get(COUNT) or said.get(CONTAINED_COUNT)
    return Scan(
        text=text,
        symbology=symbology or "gs1",
        gtin=_checked(gtin) if gtin else None,
        ndc=_digits_of_ndc(said.get(NDC, "")),
        ref=said.get(REF),
        lot=said.get(LOT),
        expires_on=elements.expires_on,
        serial=said.get(SERIAL),
        count=Decimal(count) if count and int(count) else None,
        doubt=_doubt(elements.run_together),
    )


def read_date(yymmdd: str) -> date | None:
    """Return the day that six digits mean, the last of its month for 00; None for no day at all.

    The century is the one that GS1 counts: 49 years back and 50 ahead.
    """
    try:
        return GS1ElementString.parse(f"{EXPIRY}{yymmdd}").date
    except ParseError:
        return None


def each_level(gtin: str) -> Iterator[str]:
    """Yield the same product's GTIN at every packaging level, its own included."""
    for indicator in range(10):
        body = f"{indicator}{core(gtin)}"
        yield body + gs1_check_digit(body)


def core(gtin: str) -> str:
    """Return the product of a GTIN without its packaging level and its check digit."""
    return gtin[1:13]


def _elements(payload: str, text: str) -> Elements:
    if payload.startswith("("):
        return _labelled(payload, text)
    if LINK.match(payload):
        return _linked(payload, text)
    return _element_strings(payload, text)


def _labelled(payload: str, text: str) -> Elements:
    """Read what is printed below a symbol: (01)00323155940411(10)A1."""
    plain = re.sub(r"[\s\x1d]+", "", payload)
    if not LABELLED.fullmatch(plain):
        raise not_understood(text)
    elements = Elements()
    for ai, value in LABELLED_ELEMENT.findall(plain):
        element = _extracted(f"{ai}{value}", text)
        if element.ai.ai != ai or len(element) != len(ai) + len(value):
            raise _unfit(ai, value)
        elements.add(element)
    return elements


def _linked(payload: str, text: str) -> Elements:
    try:
        link = GS1DigitalLinkURI.parse(payload)
    except (ParseError, ValueError, LookupError) as error:
        raise not_understood(text) from error
    elements = Elements()
    for element in link.element_strings:
        elements.add(element)
    return elements


def _element_strings(payload: str, text: str) -> Elements:
    elements = Elements()
    rest = payload
    while rest:
        part, separator, behind = rest.partition(GROUP_SEPARATOR)
        element = _extracted(part, text)
        over = part[len(element) :]
        if element.ai.separator_required:
            if GROUP_SEPARATOR not in payload and _in_doubt(element, over, elements):
                elements.run_together = part[len(element.ai) :]
                return elements
            if over:
                raise _unfit(element.ai.ai, part[len(element.ai) :])
            rest = behind
        else:
            rest = over + separator * bool(over) + behind
        rest = rest.lstrip(GROUP_SEPARATOR)
        elements.add(element)
    return elements


def _extracted(part: str, text: str) -> GS1ElementString:
    """Return the first element of a part. Raises ScanNotUnderstood."""
    try:
        ai = GS1ApplicationIdentifier.extract(part).ai
    except ParseError as error:
        raise not_understood(text) from error
    try:
        return GS1ElementString.extract(part)
    except (ParseError, ValueError, LookupError, AssertionError, ArithmeticError) as error:
        # biip looks at characters that a stump of a code does not have.
        raise _unfit(ai, part[len(ai) :]) from error


def _in_doubt(element: GS1ElementString, over: str, elements: Elements) -> bool:
    """Say whether the last part of a code without any separator may be several parts."""
    if over:
        return CHARACTERS.fullmatch(over) is not None
    known = {*elements.values, element.ai.ai}
    return any(_runs_on(element.value[end:], known) for end in range(1, len(element.value)))


def _runs_on(rest: str, known: set[str]) -> bool:
    """Say whether a text can be read as elements that the code does not have yet, to its end."""
    for ai in RUNS_ON_DATES - known:
        day, behind = rest[len(ai) :][:DATE_LENGTH], rest[len(ai) + DATE_LENGTH :]
        if rest.startswith(ai) and read_date(day) and _ends(behind, {*known, ai}):
            return True
    return any(
        rest.startswith(ai) and len(rest) - len(ai) >= shortest
        for ai, shortest in RUNS_ON.items()
        if ai not in known
    )


def _ends(behind: str, known: set[str]) -> bool:
    """Say whether nothing follows, or one more element: behind a date even a short one."""
    return not behind or any(
        _begins(behind, ai) for ai in {*RUNS_ON_DATES, *RUNS_ON, COUNT} - known
    )


def _begins(text: str, ai: str) -> bool:
    return text.startswith(ai) and len(text) > len(ai)


def _checked(gtin: str) -> str:
    try:
        return normalize("gtin", gtin)
    except CodeNotUnderstood as refusal:
        raise ScanNotUnderstood(str(refusal)) from refusal


def _digits_of_ndc(said: str) -> str | None:
    digits = said.replace("-", "")
    return digits if digits.isdigit() and len(digits) in NDC_LENGTHS else None


def _doubt(run_together: str) -> str:
    if not run_together:
        return ""
    return (
        "The scanner left out the separator between the parts of this code, so nobody can tell"
        f" where the lot ends in “{shown(run_together)}”. Enter the lot as the label has it."
    )


def _unfit(ai: str, got: str) -> ScanNotUnderstood:
    if ai in DATES:
        expected = f"{DATES[ai]} as YYMMDD that is in the calendar"
        got = got[:DATE_LENGTH]
    else:
        expected = NAMES.get(ai, "what GS1 lets stand there")
    return ScanNotUnderstood(f"Expected {expected} behind ({ai}), but got “{shown(got)}”.")
