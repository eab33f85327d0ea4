"""Which items a code of a recall notice means, at whatever packaging level. Pure.

A notice names the carton where the clinic scanned the vial, or writes an NDC in another layout than
the box. What means the same product is told apart from what its maker sells in another size.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum

from inventory.catalog.codes import CodeNotUnderstood, normalize, squeezed
from inventory.scanning.gs1 import core
from inventory.scanning.hibc import stem
from inventory.scanning.ndc import PACKAGE, ndc_products, ndcs, ndcs_in_gtin
from inventory.scanning.reading import read_scan
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.scanning.symbology import unwrap


class Kinship(IntEnum):
    """How close a code comes to the one that was asked for."""

    SAME = 0
    OTHER_LEVEL = 1
    SAME_MAKER = 2


@dataclass(frozen=True)
class ReadCode:
    """Everything that a code may mean; empty where it means nothing of that kind.

    `lot` is what a scanned code says beside the product, `question` what has to be asked about it.
    """

    text: str
    gtin: str = ""
    ndcs: frozenset[str] = frozenset()
    ndc_products: frozenset[str] = frozenset()
    hibc_stem: str = ""
    other: str = ""
    lot: str = field(default="", compare=False)
    question: str = field(default="", compare=False)


def read_code(text: str) -> ReadCode:
    """Read a code of any kind. Any text is one: a REF may look like anything."""
    scan = _scan(text)
    plain = scan.hibc or " ".join(unwrap(text).payload.split()).upper()
    gtin = scan.gtin or ""
    names_a_product = bool(gtin or scan.hibc)
    return ReadCode(
        text=gtin or plain,
        gtin=gtin,
        ndcs=frozenset(ndcs(plain)) | frozenset(ndcs_in_gtin(gtin)),
        ndc_products=frozenset(ndc_products(plain, gtin)),
        hibc_stem=stem(plain),
        other=squeezed(plain),
        lot=(scan.lot or "") if names_a_product else "",
        question=scan.doubt if names_a_product else "",
    )


def kinship(asked: ReadCode, kind: str, value: str) -> Kinship | None:
    """Say how close an item's code of this kind comes to what was asked; None for not at all."""
    if kind in ("gtin", "upc"):
        return _gtin_kinship(asked, value)
    if kind == "ndc":
        return _ndc_kinship(asked, frozenset(ndcs(value)))
    if squeezed(value) == asked.other:
        return Kinship.SAME
    product = stem(value.strip().upper()) if kind == "hibc" else ""
    return Kinship.OTHER_LEVEL if product and product == asked.hibc_stem else None


def _scan(text: str) -> Scan:
    """What a GTIN, a UPC or a scan says. The GTIN of a case may begin like the lot of a scan."""
    with suppress(CodeNotUnderstood):
        return Scan(text, "ean_upc", gtin=normalize("gtin", text))
    with suppress(ScanNotUnderstood):
        return read_scan(text)
    return Scan(text, "plain")


def _gtin_kinship(asked: ReadCode, value: str) -> Kinship | None:
    try:
        gtin = normalize("gtin", value)
    except CodeNotUnderstood:
        return None
    if gtin == asked.gtin:
        return Kinship.SAME
    if asked.gtin and core(gtin) == core(asked.gtin):
        return Kinship.OTHER_LEVEL
    return _ndc_kinship(asked, frozenset(ndcs_in_gtin(gtin)))


def _ndc_kinship(asked: ReadCode, numbers: frozenset[str]) -> Kinship | None:
    if numbers & asked.ndcs:
        return Kinship.SAME
    if {ndc[:-PACKAGE] for ndc in numbers} & asked.ndc_products:
        return Kinship.SAME_MAKER
    return None
