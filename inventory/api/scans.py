"""Goods in: what a scanned or photographed code says, and what carries it here."""

from django.http import HttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from inventory.api.answers import ScannedImageOut, ScanOut, as_json
from inventory.api.auth import ApiRequest, may
from inventory.api.problems import Invalid, Problem
from inventory.api.schemas import ScanIn
from inventory.scanning.images import LARGEST_FILE, ImageNotUnderstood, read_image
from inventory.scanning.lookup import Found, look_up_text, look_up_texts
from inventory.scanning.scan import ScanNotUnderstood
from inventory.web.roles import EVERYONE

router = Router(tags=["Goods in"])


@router.post("/scan", auth=may(*EVERYONE), response=ScanOut)
def scan(request: ApiRequest, body: ScanIn) -> HttpResponse:
    """Say what a scanned code means. Where no item carries it, `likely` may name some."""
    try:
        return as_json(_scan(look_up_text(body.text)))
    except ScanNotUnderstood as refusal:
        raise Invalid(("text", str(refusal))) from refusal


@router.post("/scan/image", auth=may(*EVERYONE), response=ScannedImageOut)
def scan_image(request: ApiRequest, image: File[UploadedFile]) -> HttpResponse:
    """Say what the codes in a photograph mean. It is a PNG, a JPEG or a WebP."""
    if (image.size or 0) > LARGEST_FILE:
        raise Problem(413, f"Expected an image of at most {LARGEST_FILE // 1024 // 1024} MB.")
    try:
        texts = read_image(image.read())
    except ImageNotUnderstood as refusal:
        raise Invalid(("image", str(refusal))) from refusal
    found = look_up_texts(texts)
    return as_json(
        ScannedImageOut(
            codes=[_scan(one) for one in found if isinstance(one, Found)],
            not_understood=[str(one) for one in found if isinstance(one, ScanNotUnderstood)],
        )
    )


def _scan(found: Found) -> ScanOut:
    said = found.scan
    return ScanOut(
        symbology=said.symbology,
        gtin=said.gtin,
        ndc=found.ndc,
        hibc=said.hibc,
        ref=said.ref,
        lot=said.lot,
        expires_on=said.expires_on,
        serial=said.serial,
        # Where no item carries the code there is no unit yet: what the code counts itself.
        quantity=found.quantity if found.item else said.count,
        item=found.item.sku if found.item else None,
        level=found.level,
        question=said.doubt or None,
        likely=[item.sku for item in found.likely],
    )
