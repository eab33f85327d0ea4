"""The codes in a photograph, each once and in words, for a person to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from inventory.scanning.images import ImageNotUnderstood, read_image
from inventory.scanning.lookup import Found, look_up_texts
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.scanning.symbology import GROUP_SEPARATOR, shown, unwrap
from inventory.stock.label_codes import read_own_code

# As a page can show it and send it back.
SEPARATOR_ON_PAGES = "␝"
NONE_SEEN = "No code can be read in this photograph. Go closer, hold still and take another."


@dataclass(frozen=True)
class PhotographedCode:
    """A code as it can be typed into a scan box, and what it is in words."""

    text: str
    words: str


def codes_in(photograph: bytes) -> list[PhotographedCode]:
    """Return the codes that a person may mean. Raises ImageNotUnderstood where there are none."""
    texts = read_image(photograph)
    if not texts:
        raise ImageNotUnderstood(NONE_SEEN)
    own = [PhotographedCode(text, plain) for text in texts if (plain := _own_label(text))]
    found = look_up_texts([text for text in texts if not _own_label(text)])
    named = _each_once(one for one in found if isinstance(one, Found))
    if not own and not named:
        refused = [one for one in found if isinstance(one, ScanNotUnderstood)]
        raise ImageNotUnderstood(str(refused[0]))
    return own + [
        PhotographedCode(one.scan.text.replace(GROUP_SEPARATOR, SEPARATOR_ON_PAGES), _words(one))
        for one in named
    ]


def _own_label(text: str) -> str:
    payload = unwrap(text).payload
    return payload if read_own_code(payload) else ""


def _each_once(found: Iterable[Found]) -> list[Found]:
    """Return one of each that says the same; a package often has its lot in one code of two."""
    by_product: dict[tuple[object, str | None], Found] = {}
    for one in found:
        key = (_product(one), one.scan.lot)
        by_product.setdefault(key, one)
    with_lot = {product for product, lot in by_product if lot}
    return [
        one
        for (product, lot), one in by_product.items()
        if lot or product is None or product not in with_lot
    ]


def _product(found: Found) -> object:
    return found.item or found.scan.gtin or found.scan.hibc or found.scan.ndc


def _words(found: Found) -> str:
    scan = found.scan
    what = str(found.item) if found.item else f"{_code(scan)}, which nobody knows yet"
    if scan.doubt:
        return f"{what}, lot in doubt"
    return f"{what}, lot {scan.lot}" if scan.lot else what


def _code(scan: Scan) -> str:
    return shown(scan.gtin or scan.hibc or scan.ndc or scan.text)
