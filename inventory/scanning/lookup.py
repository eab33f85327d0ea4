"""From what a code says to what the clinic knows by it, in one query for any number of codes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from inventory.catalog.codes import squeezed
from inventory.catalog.models import Item, ItemCode
from inventory.scanning import gs1, hibc
from inventory.scanning.ndc import digits_in_gtin, ndcs, ndcs_in_gtin, spellings
from inventory.scanning.reading import read_scan
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.scanning.symbology import LONGEST_SCAN, unwrap

SAME_AS_GTIN = (ItemCode.Kind.GTIN, ItemCode.Kind.UPC)


@dataclass(frozen=True)
class Found:
    """What a code is here; None where nobody knows.

    `quantity` is how much of the item's unit the package holds. `ndc` is digits, and None unless
    the code says that it is an NDC or a known code does: the GTIN of a device may look like one.
    `likely` are items that carry the code at another packaging level, or a code that may mean it.
    """

    scan: Scan
    item: Item | None = None
    code: ItemCode | None = None
    level: str | None = None
    quantity: Decimal | None = None
    ndc: str | None = None
    likely: tuple[Item, ...] = ()


@dataclass
class _Known:
    """The codes of the clinic that any of the scans may mean, by how they are compared."""

    gtins: dict[str, ItemCode] = field(default_factory=dict)
    ndcs: dict[str, list[ItemCode]] = field(default_factory=lambda: defaultdict(list))
    hibcs: dict[str, ItemCode] = field(default_factory=dict)
    texts: dict[str, list[ItemCode]] = field(default_factory=lambda: defaultdict(list))

    def add(self, code: ItemCode) -> None:
        if code.kind in SAME_AS_GTIN:
            self.gtins[code.normalized] = code
        elif code.kind == ItemCode.Kind.NDC:
            for ndc in ndcs(code.value):
                self.ndcs[ndc].append(code)
        elif code.kind == ItemCode.Kind.HIBC:
            self.hibcs[code.normalized] = code
        self.texts[squeezed(code.value)].append(code)

    def of_ndc(self, digits: Iterable[str]) -> list[ItemCode]:
        """Return the codes that an NDC may be, each once."""
        return list({code.pk: code for ndc in digits for code in self.ndcs.get(ndc, ())}.values())


def look_up(scans: Sequence[Scan]) -> list[Found]:
    """Return what each scan is here, in their order."""
    known = _known(scans)
    return [_found(scan, known) for scan in scans]


def look_up_texts(texts: Sequence[str]) -> list[Found | ScanNotUnderstood]:
    """Return what each text is here, or why it is nothing that we read.

    A text that is no code, but equals a code of an item, as REFs are, is understood as that code.
    """
    read = [_read(text) for text in texts]
    scans = [
        one if isinstance(one, Scan) else Scan(text, "plain")
        for one, text in zip(read, texts, strict=True)
    ]
    return [
        one if isinstance(one, ScanNotUnderstood) and found.item is None else found
        for one, found in zip(read, look_up(scans), strict=True)
    ]


def look_up_text(text: str) -> Found:
    """Return what a scanned or typed text is here. Raises ScanNotUnderstood."""
    found = look_up_texts([text])[0]
    if isinstance(found, ScanNotUnderstood):
        raise found
    return found


def _read(text: str) -> Scan | ScanNotUnderstood:
    try:
        return read_scan(text)
    except ScanNotUnderstood as refusal:
        return refusal


def _known(scans: Sequence[Scan]) -> _Known:
    """Fetch every code that one of the scans may mean, at whatever packaging level."""
    gtins = {gtin for scan in scans if scan.gtin for gtin in gs1.each_level(scan.gtin)}
    digits = {text for scan in scans for ndc in _ndcs(scan) for text in spellings(ndc)}
    primaries = {primary for scan in scans if scan.hibc for primary in hibc.each_level(scan.hibc)}
    texts = {text for scan in scans for text in _texts(scan)}
    known = _Known()
    if not (gtins or digits or primaries or texts):
        return known
    bare = Replace(Replace(F("normalized"), Value("-")), Value(" "))
    codes = ItemCode.objects.annotate(bare=bare).select_related("item").order_by("pk")
    for code in codes.filter(
        Q(kind__in=SAME_AS_GTIN, normalized__in=gtins)
        | Q(kind=ItemCode.Kind.NDC, normalized__in=digits)
        | Q(kind=ItemCode.Kind.HIBC, normalized__in=primaries)
        | Q(bare__in=texts)
    ):
        known.add(code)
    return known


def _ndcs(scan: Scan) -> Iterator[str]:
    """Yield each NDC in twelve digits that the scan may mean."""
    if scan.ndc:
        yield from ndcs(_payload(scan) if scan.symbology == "ndc" else scan.ndc)
    if scan.gtin:
        yield from ndcs_in_gtin(scan.gtin)


def _texts(scan: Scan) -> Iterator[str]:
    """Yield what may be the text of a REF: what was typed, and what the code says of itself."""
    payload = _payload(scan)
    if len(payload) <= LONGEST_SCAN and payload.isprintable():
        yield squeezed(payload)
    if scan.ref:
        yield squeezed(scan.ref)
    if scan.hibc:
        yield squeezed(hibc.number_of_maker(scan.hibc))


def _payload(scan: Scan) -> str:
    return unwrap(scan.text).payload


def _found(scan: Scan, known: _Known) -> Found:
    code = _code(scan, known)
    if code is None:
        return _by_text(scan, known)
    return _with_code(scan, code, known)


def _with_code(scan: Scan, code: ItemCode, known: _Known) -> Found:
    quantity = code.quantity
    if quantity is not None and scan.count is not None:
        quantity *= scan.count
    return Found(scan, code.item, code, code.level, quantity, _known_ndc(scan, known))


def _code(scan: Scan, known: _Known) -> ItemCode | None:
    """Return the code that the scan is, without a doubt."""
    if scan.gtin and scan.gtin in known.gtins:
        return known.gtins[scan.gtin]
    if scan.hibc:
        return known.hibcs.get(scan.hibc)
    if scan.ndc:
        return _only(known.of_ndc(_ndcs(scan)), scan.ndc)
    # Of the levels of a drug, the one that its NDC numbers has a 0 before it.
    if scan.gtin and scan.gtin.startswith("0"):
        return _only(known.of_ndc(ndcs_in_gtin(scan.gtin)), digits_in_gtin(scan.gtin))
    return None


def _by_text(scan: Scan, known: _Known) -> Found:
    """Return what the text is, where it is no code that is known: a REF may look like anything."""
    code = _only(known.texts.get(squeezed(_payload(scan)), []))
    if code is None:
        return Found(scan, ndc=_known_ndc(scan, known), likely=_likely(scan, known))
    plain = Scan(
        scan.text,
        "plain",
        ndc=code.normalized if code.kind == ItemCode.Kind.NDC else None,
        hibc=code.value if code.kind == ItemCode.Kind.HIBC else None,
        ref=code.value if code.kind == ItemCode.Kind.REF else None,
    )
    return _with_code(plain, code, known)


def _likely(scan: Scan, known: _Known) -> tuple[Item, ...]:
    """Return the items that a code which nobody knows may be."""
    codes = [known.gtins.get(gtin) for gtin in gs1.each_level(scan.gtin)] if scan.gtin else []
    if scan.hibc:
        codes += [known.hibcs.get(primary) for primary in hibc.each_level(scan.hibc)]
    codes += known.of_ndc(_ndcs(scan))
    for text in _texts(scan):
        codes += known.texts.get(text, [])
    return tuple({code.item_id: code.item for code in codes if code}.values())


def _known_ndc(scan: Scan, known: _Known) -> str | None:
    if scan.ndc:
        return scan.ndc
    if scan.gtin and known.of_ndc(ndcs_in_gtin(scan.gtin)):
        return digits_in_gtin(scan.gtin)
    return None


def _only(codes: Sequence[ItemCode], exactly: str = "") -> ItemCode | None:
    """Return the one code that is meant: the one that reads exactly so, else that of the only item.

    None where there are several items, or none.
    """
    for code in codes:
        if code.normalized == exactly:
            return code
    return codes[0] if len({code.item_id for code in codes}) == 1 else None
