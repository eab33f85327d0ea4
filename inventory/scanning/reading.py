"""From what a scanner types, or a person in its place, to what it says."""

from inventory.catalog.codes import GTIN_LENGTHS, CodeNotUnderstood, normalize
from inventory.scanning.gs1 import looks_like_gs1, read_gs1
from inventory.scanning.hibc import read_hibc
from inventory.scanning.ndc import looks_like_ndc, read_ndc
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.scanning.symbology import (
    LONGEST_SCAN,
    Typed,
    not_understood,
    unwrap,
    with_group_separators,
)


def read_scan(text: str) -> Scan:
    """Read a code of any kind, with or without the prefix that tells its symbology.

    GS1 (element strings, what is printed below them, Digital Links), a GTIN or UPC alone, an NDC, a
    HIBC. Raises ScanNotUnderstood.
    """
    typed = unwrap(text)
    if not typed.payload or len(text) > LONGEST_SCAN:
        raise not_understood(text)
    payload = with_group_separators(typed.payload)
    if typed.gs1_symbology:
        return read_gs1(payload, text, typed.gs1_symbology)
    if typed.payload.startswith("+"):
        return read_hibc(typed.payload, text)
    if typed.is_gtin_symbol or _is_gtin(typed.payload):
        return _read_gtin(typed, text)
    if looks_like_ndc(typed.payload):
        return read_ndc(typed.payload, text)
    if looks_like_gs1(payload):
        return read_gs1(payload, text, _symbology_of_link(typed))
    return _perhaps_gs1(payload, text)


def _is_gtin(payload: str) -> bool:
    return payload.isascii() and payload.isdigit() and len(payload) in GTIN_LENGTHS


def _read_gtin(typed: Typed, text: str) -> Scan:
    symbology = "ean_upc" if typed.is_gtin_symbol or not typed.prefix else "plain"
    try:
        return Scan(text=text, symbology=symbology, gtin=normalize("gtin", typed.payload))
    except CodeNotUnderstood as refusal:
        raise ScanNotUnderstood(str(refusal)) from refusal


def _symbology_of_link(typed: Typed) -> str:
    """A Digital Link stands in a plain symbol: that is how every phone can open it."""
    return {"]d": "gs1_datamatrix", "]Q": "gs1_qr"}.get(typed.prefix[:2], "gs1")


def _perhaps_gs1(payload: str, text: str) -> Scan:
    """Read elements in an order that no code begins with. Many a REF begins like one, with 10, 21
    or 30: it has to say which product it is, or both a lot and its expiry."""
    try:
        scan = read_gs1(payload, text)
    except ScanNotUnderstood as refusal:
        raise not_understood(text) from refusal
    if not scan.gtin and not (scan.expires_on and (scan.lot or scan.doubt)):
        raise not_understood(text)
    return scan
