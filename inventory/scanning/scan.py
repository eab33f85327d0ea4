"""What a code on a package says, as a frozen value. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Scan:
    """What a code says; None where it does not say.

    `text` is what the scanner typed. `symbology` is one of gs1_datamatrix, gs1_128, gs1_qr,
    gs1_databar, gs1 (element strings of whatever symbol), ean_upc, hibc, ndc, plain. `gtin` has 14
    digits, `hibc` is the primary code with its check character, `ref` the maker's own number,
    `ndc` the digits of an NDC that was said as such. `count` is how many the package holds, as the
    code itself says (AI 30, the quantity of a HIBC). `doubt` is a sentence, empty unless a
    separator was dropped so that nobody can tell where the lot ends; then `lot` and `serial` are
    None.
    """

    text: str
    symbology: str
    gtin: str | None = None
    ndc: str | None = None
    hibc: str | None = None
    ref: str | None = None
    lot: str | None = None
    expires_on: date | None = None
    serial: str | None = None
    count: Decimal | None = None
    doubt: str = ""


class ScanNotUnderstood(ValueError):
    """The text is no code that we read; `str()` says what was expected and what came."""
