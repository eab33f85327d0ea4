"""From what a barcode scanner types to what it says. Pure."""

from dataclasses import dataclass
from datetime import date

from biip import ParseError, parse
from biip.gs1_element_strings import GS1ElementStrings
from biip.gs1_messages import GS1Message

LONGEST_SCAN = 400
LOT, EXPIRY, GTIN = "10", "17", "01"


class ScanNotUnderstood(ValueError):
    """The text is no code that we read; `str()` says what was expected and what came."""

    def __init__(self, text: str) -> None:
        shown = "".join(c if c.isprintable() else "·" for c in text[:60])
        super().__init__(
            "Expected a GS1 code such as (01)00323155940411(17)270430(10)A1, or a GTIN or UPC with"
            f" its check digit, but got “{shown}”."
        )


@dataclass(frozen=True)
class Scan:
    """What a code says; None where it does not say. The GTIN has 14 digits."""

    gtin: str | None = None
    lot: str | None = None
    expires_on: date | None = None


def read_scan(text: str) -> Scan:
    """Read a GS1 code (with or without its symbology identifier), a GTIN or a UPC.

    An expiry without a day is the last day of its month, as GS1 and USP have it.
    Raises ScanNotUnderstood.
    """
    raw = text.strip(" \t\r\n")
    if not raw or len(raw) > LONGEST_SCAN:
        raise ScanNotUnderstood(text)
    try:
        if raw.startswith("("):
            return _of_elements(GS1Message.parse_hri(raw).element_strings)
        result = parse(raw)
    except (ParseError, ValueError, LookupError, AssertionError) as error:
        # biip looks at characters that a stump of a code does not have.
        raise ScanNotUnderstood(text) from error
    if result.gs1_message:
        return _of_elements(result.gs1_message.element_strings)
    if result.gs1_digital_link_uri:
        return _of_elements(result.gs1_digital_link_uri.element_strings)
    if result.gtin:
        return Scan(gtin=result.gtin.as_gtin_14())
    raise ScanNotUnderstood(text)


def _of_elements(elements: GS1ElementStrings) -> Scan:
    gtin, lot, expiry = (elements.get(ai=ai) for ai in (GTIN, LOT, EXPIRY))
    return Scan(
        gtin=gtin.gtin.as_gtin_14() if gtin and gtin.gtin else None,
        lot=lot.value if lot else None,
        expires_on=expiry.date if expiry else None,
    )
