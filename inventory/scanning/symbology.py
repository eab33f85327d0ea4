"""What a scanner puts around a code: the kind of symbol, and its own spelling of a separator."""

import re
from dataclasses import dataclass

from django.conf import settings

from inventory.scanning.scan import ScanNotUnderstood

LONGEST_SCAN = 400
GROUP_SEPARATOR = "\x1d"
# Keyboards have no key for it: each scanner types something else. None of these can be in a lot.
SPELLINGS = ("␝", "^]", "<GS>", "{GS}", "[GS]", "|")

# As in ISO/IEC 15424: a letter for the symbol, and a character for what is in it.
PREFIX = re.compile(r"\][A-Za-z][0-9A-Za-z]")
GS1_SYMBOLS = {
    "]d2": "gs1_datamatrix",
    "]C1": "gs1_128",
    "]Q3": "gs1_qr",
    "]e0": "gs1_databar",
    "]e1": "gs1",
    "]e2": "gs1",
    "]J1": "gs1",
}
GTIN_SYMBOLS = frozenset({"]E0", "]E1", "]E2", "]E3", "]E4", "]I0", "]I1"})


@dataclass(frozen=True)
class Typed:
    """What a scanner typed, without what it puts around. `prefix` is empty where it put none."""

    prefix: str
    payload: str

    @property
    def gs1_symbology(self) -> str:
        """The symbology where the symbol itself says that a GS1 code is in it, else empty."""
        return GS1_SYMBOLS.get(self.prefix, "")

    @property
    def is_gtin_symbol(self) -> bool:
        """True for a symbol that holds nothing but the number of a product."""
        return self.prefix in GTIN_SYMBOLS


def unwrap(text: str) -> Typed:
    """Take off what a scanner puts around a code: blanks, its prefix, the asterisks of Code 39."""
    plain = text.strip(" \t\r\n")
    prefix = PREFIX.match(plain)
    symbol = prefix[0] if prefix else ""
    payload = plain[len(symbol) :].strip(" \t\r\n")
    if len(payload) > 2 and payload[0] == payload[-1] == "*":
        payload = payload[1:-1]
    return Typed(symbol, payload)


def with_group_separators(payload: str) -> str:
    """Return a GS1 code with its separators as GS1 has them, however the scanner spells them.

    Those at its ends separate nothing.
    """
    for spelling in (*settings.SCAN_SEPARATORS, *SPELLINGS):
        payload = re.sub(re.escape(spelling), GROUP_SEPARATOR, payload, flags=re.IGNORECASE)
    return payload.strip(GROUP_SEPARATOR)


def not_understood(text: str) -> ScanNotUnderstood:
    """Return the refusal of a text that is no code at all."""
    return ScanNotUnderstood(
        "Expected a GS1 code such as (01)00323155940411(17)270430(10)A1, a GTIN or UPC with its"
        f" check digit, an NDC or a HIBC, but got “{shown(text)}”."
    )


def shown(text: str) -> str:
    """Return a part of a code as a sentence can show it."""
    return "".join(c if c.isprintable() else "·" for c in text[:60])
