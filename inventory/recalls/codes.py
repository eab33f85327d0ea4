"""Which items a code of a recall notice means, at whatever packaging level. Pure.

A notice names the carton where the clinic scanned the vial, or writes an NDC in another layout than
the box. What means the same product is told apart from what its maker sells in another size.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum

from inventory.catalog.codes import CodeNotUnderstood, normalize
from inventory.stock.scan import ScanNotUnderstood, read_scan

# Labeler, product and package of an NDC in the twelve digits that hold every layout.
LABELER, PRODUCT, PACKAGE = 6, 4, 2
TEN_DIGIT_LAYOUTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1))
PARTS_OF_NDC = re.compile(r"([0-9]{4,6})-([0-9]{3,4})(?:-([0-9]{1,2}))?\Z")
# Between the indicator and the check digit, a drug's GTIN is 03 and its NDC.
NDC_IN_GTIN = "03"
SHORTEST_HIBC_STEM = 6


class Kinship(IntEnum):
    """How close a code comes to the one that was asked for."""

    SAME = 0
    OTHER_LEVEL = 1
    SAME_MAKER = 2


@dataclass(frozen=True)
class ReadCode:
    """Everything that a code may mean; empty where it means nothing of that kind.

    `lot` is what a scanned GS1 code says beside the product.
    """

    text: str
    gtin: str = ""
    ndcs: frozenset[str] = frozenset()
    ndc_products: frozenset[str] = frozenset()
    hibc_stem: str = ""
    other: str = ""
    lot: str = field(default="", compare=False)


def read_code(text: str) -> ReadCode:
    """Read a code of any kind. Any text is one: a REF may look like anything."""
    plain = " ".join(text.split()).upper()
    gtin, lot = _gtin_and_lot(text)
    return ReadCode(
        text=gtin or plain,
        gtin=gtin,
        ndcs=frozenset(_ndcs(plain)) | frozenset(_ndcs_in_gtin(gtin)),
        ndc_products=frozenset(_ndc_products(plain, gtin)),
        hibc_stem=_hibc_stem(plain),
        other=_squeezed(plain),
        lot=lot if gtin else "",
    )


def kinship(asked: ReadCode, kind: str, value: str) -> Kinship | None:
    """Say how close an item's code of this kind comes to what was asked; None for not at all."""
    if kind in ("gtin", "upc"):
        return _gtin_kinship(asked, value)
    if kind == "ndc":
        return _ndc_kinship(asked, frozenset(_ndcs(value)))
    if _squeezed(value) == asked.other:
        return Kinship.SAME
    stem = _hibc_stem(value.strip().upper()) if kind == "hibc" else ""
    return Kinship.OTHER_LEVEL if stem and stem == asked.hibc_stem else None


def _gtin_and_lot(text: str) -> tuple[str, str]:
    """What a GTIN, a UPC or a scan says. The GTIN of a case may begin like the lot of a scan."""
    with suppress(CodeNotUnderstood):
        return normalize("gtin", text), ""
    with suppress(ScanNotUnderstood):
        scan = read_scan(text)
        return scan.gtin or "", scan.lot or ""
    return "", ""


def _gtin_kinship(asked: ReadCode, value: str) -> Kinship | None:
    try:
        gtin = normalize("gtin", value)
    except CodeNotUnderstood:
        return None
    if gtin == asked.gtin:
        return Kinship.SAME
    if asked.gtin and _core(gtin) == _core(asked.gtin):
        return Kinship.OTHER_LEVEL
    return _ndc_kinship(asked, frozenset(_ndcs_in_gtin(gtin)))


def _ndc_kinship(asked: ReadCode, ndcs: frozenset[str]) -> Kinship | None:
    if ndcs & asked.ndcs:
        return Kinship.SAME
    if {ndc[:-PACKAGE] for ndc in ndcs} & asked.ndc_products:
        return Kinship.SAME_MAKER
    return None


def _core(gtin: str) -> str:
    """The product without its packaging level (the first digit) and its check digit."""
    return gtin[1:13]


def _ndcs(text: str) -> Iterator[str]:
    """Yield each NDC in twelve digits that the text may mean: ten digits alone leave a doubt."""
    text = text.strip()
    if parts := PARTS_OF_NDC.match(text):
        labeler, product, package = parts.groups()
        if package:
            yield _twelve(labeler, product, package)
    elif text.isascii() and text.isdigit():
        if len(text) == LABELER + PRODUCT + PACKAGE:
            yield text
        elif len(text) == LABELER + PRODUCT + PACKAGE - 1:
            yield f"0{text}"
        elif len(text) == 10:
            for labeler_length, product_length, _ in TEN_DIGIT_LAYOUTS:
                rest = text[labeler_length:]
                yield _twelve(text[:labeler_length], rest[:product_length], rest[product_length:])


def _ndcs_in_gtin(gtin: str) -> Iterator[str]:
    if gtin[1:3] == NDC_IN_GTIN:
        yield from _ndcs(gtin[3:13])


def _ndc_products(text: str, gtin: str) -> Iterator[str]:
    for ndc in (*_ndcs(text), *_ndcs_in_gtin(gtin)):
        yield ndc[:-PACKAGE]
    parts = PARTS_OF_NDC.match(text)
    # A notice about every package names labeler and product alone.
    if parts and not parts[3]:
        yield _twelve(parts[1], parts[2], "")[:-PACKAGE]


def _twelve(labeler: str, product: str, package: str) -> str:
    return labeler.zfill(LABELER) + product.zfill(PRODUCT) + package.zfill(PACKAGE)


def _hibc_stem(text: str) -> str:
    """The maker and product of a HIBC, without packaging level, check character and lot."""
    if not text.startswith("+"):
        return ""
    primary, secondary, _ = text.partition("/")
    stem = primary[:-1] if secondary else primary[:-2]
    return stem if len(stem) >= SHORTEST_HIBC_STEM else ""


def _squeezed(text: str) -> str:
    """A REF as it is compared: nobody agrees on its spaces and hyphens."""
    return re.sub(r"[\s-]+", "", text).upper()
