"""A code that nobody knows yet, as the catalog would keep it. Pure."""

from inventory.catalog.models import ItemCode
from inventory.catalog.register import CodeFacts
from inventory.scanning.scan import Scan
from inventory.scanning.symbology import unwrap


def facts_of(scan: Scan) -> CodeFacts | None:
    """Return the code that a scan names a product by; None where it names none."""
    if scan.gtin:
        return CodeFacts(kind=ItemCode.Kind.GTIN, value=scan.gtin)
    if scan.hibc:
        return CodeFacts(kind=ItemCode.Kind.HIBC, value=scan.hibc)
    if scan.ndc:
        # Hyphens say where the labeler's number ends; the digits alone do not.
        said_alone = scan.symbology == "ndc"
        value = unwrap(scan.text).payload if said_alone else scan.ndc
        return CodeFacts(kind=ItemCode.Kind.NDC, value=value)
    return CodeFacts(kind=ItemCode.Kind.REF, value=scan.ref) if scan.ref else None
