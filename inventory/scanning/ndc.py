"""NDC: the numbers of drugs, written in many layouts. Pure.

Ten digits without hyphens leave the layout in doubt (4-4-2, 5-3-2 or 5-4-1); a GTIN holds just
those. Every layout fits into twelve digits, 6-4-2, as FDA will have it from 2033 on.
"""

import re
from collections.abc import Iterator

from inventory.catalog.codes import CodeNotUnderstood, normalize
from inventory.scanning.scan import Scan, ScanNotUnderstood

# Labeler, product and package of an NDC in the twelve digits that hold every layout.
LABELER, PRODUCT, PACKAGE = 6, 4, 2
TEN_DIGIT_LAYOUTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1))
PARTS_OF_NDC = re.compile(r"([0-9]{4,6})-([0-9]{3,4})(?:-([0-9]{1,2}))?\Z")
# Between the indicator and the check digit, a drug's GTIN is 03 and its NDC.
NDC_IN_GTIN = "03"
DIGITS_ALONE = (10, 11)


def looks_like_ndc(payload: str) -> bool:
    """Say whether a text can only be meant as an NDC; 12 digits are a UPC."""
    digits = payload.isascii() and payload.isdigit()
    return bool(re.fullmatch(r"[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}", payload)) or (
        digits and len(payload) in DIGITS_ALONE
    )


def read_ndc(payload: str, text: str) -> Scan:
    """Read an NDC, hyphenated or as its digits. Raises ScanNotUnderstood."""
    try:
        return Scan(text=text, symbology="ndc", ndc=normalize("ndc", payload))
    except CodeNotUnderstood as refusal:
        raise ScanNotUnderstood(str(refusal)) from refusal


def ndcs(text: str) -> Iterator[str]:
    """Yield each NDC in twelve digits that the text may mean: ten digits alone leave a doubt."""
    text = text.strip()
    if parts := PARTS_OF_NDC.match(text):
        labeler, product, package = parts.groups()
        if package:
            yield twelve(labeler, product, package)
    elif text.isascii() and text.isdigit():
        if len(text) == LABELER + PRODUCT + PACKAGE:
            yield text
        elif len(text) == LABELER + PRODUCT + PACKAGE - 1:
            yield f"0{text}"
        elif len(text) == 10:
            for labeler_length, product_length, _ in TEN_DIGIT_LAYOUTS:
                rest = text[labeler_length:]
                yield twelve(text[:labeler_length], rest[:product_length], rest[product_length:])


def ndcs_in_gtin(gtin: str) -> Iterator[str]:
    """Yield each NDC that a GTIN of 14 digits may hold. That of a device may look the same."""
    if gtin[1:3] == NDC_IN_GTIN:
        yield from ndcs(digits_in_gtin(gtin))


def digits_in_gtin(gtin: str) -> str:
    """Return the ten digits of the NDC in a drug's GTIN."""
    return gtin[3:13]


def ndc_products(text: str, gtin: str) -> Iterator[str]:
    """Yield labeler and product of each NDC that a text or a GTIN may mean."""
    for ndc in (*ndcs(text), *ndcs_in_gtin(gtin)):
        yield ndc[:-PACKAGE]
    parts = PARTS_OF_NDC.match(text)
    # A notice about every package names labeler and product alone.
    if parts and not parts[3]:
        yield twelve(parts[1], parts[2], "")[:-PACKAGE]


def twelve(labeler: str, product: str, package: str) -> str:
    """Return an NDC in the layout that holds every other."""
    return labeler.zfill(LABELER) + product.zfill(PRODUCT) + package.zfill(PACKAGE)


def spellings(ndc: str) -> Iterator[str]:
    """Yield the digits by which an NDC of twelve digits may be known, in 12, in 11 and in 10."""
    yield ndc
    if ndc.startswith("0"):
        yield ndc[1:]
    whole = (ndc[:LABELER], ndc[LABELER:-PACKAGE], ndc[-PACKAGE:])
    for lengths in TEN_DIGIT_LAYOUTS:
        parts = [part[-length:] for part, length in zip(whole, lengths, strict=True)]
        if twelve(*parts) == ndc:
            yield "".join(parts)
