"""What a scanned or photographed code means, for a machine."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inventory.scanning.images import LARGEST_FILE
from inventory.web.middleware import LARGEST_BODY
from tests.api.clinic import GLOVE, LIDOCAINE, NEEDLE, Machine, Reply, day, delivery
from tests.scanning.photographs import CODES, as_file, photograph

SILENT: dict[str, Any] = dict.fromkeys(
    ("gtin", "ndc", "hibc", "ref", "lot", "expires_on", "serial", "quantity", "item", "level",
     "question")
) | {"likely": []}  # fmt: skip
TRAY = "00363323464172"
TRAY_SCANNED = f"]d201{TRAY}172802291061021543\x1d2110000012345"


@pytest.fixture
def shelf(mary: Machine) -> Machine:
    """Lidocaine by NDC and GTIN, needles by REF, GTIN and HIBC."""
    ndc = {"kind": "ndc", "value": "63323-464-17", "level": "inner", "quantity": "500"}
    gtin = {"kind": "gtin", "value": TRAY, "level": "inner", "quantity": "500"}
    mary.done("/items", {**LIDOCAINE, "codes": [ndc, gtin]})
    codes = [
        {"kind": "ref", "value": "305127"},
        {"kind": "gtin", "value": "00382903051274", "level": "each", "quantity": "1"},
        {"kind": "hibc", "value": "+H123NN2538R1R", "level": "inner", "quantity": "100"},
    ]
    mary.done("/items", {**NEEDLE, "codes": codes})
    mary.done("/locations", {"code": "room-1", "name": "Room 1"})
    return mary


def posted(who: Machine, image: bytes, name: str = "image") -> Reply:
    answer = who.client.post(
        "/api/v1/scan/image",
        {name: SimpleUploadedFile("photo.jpg", image, "image/jpeg")},
        headers={"Authorization": f"Bearer {who.token}"},
    )
    return Reply(answer.status_code, answer.json(), dict(answer.items()))


def test_a_code_says_item_lot_and_expiry(shelf: Machine, vera: Machine) -> None:
    assert vera.done("/scan", {"text": TRAY_SCANNED}) == SILENT | {
        "symbology": "gs1_datamatrix",
        "gtin": TRAY,
        "ndc": "6332346417",
        "lot": "61021543",
        "expires_on": "2028-02-29",
        "serial": "10000012345",
        "quantity": "500",
        "item": "lido-1-20",
        "level": "inner",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "0316714140018",
            {"symbology": "ean_upc", "gtin": "00316714140018"},
        ),
        (
            "0100316714140018305",
            {"symbology": "gs1", "gtin": "00316714140018", "quantity": "5"},
        ),
        (
            "30382903051275",
            {"symbology": "ean_upc", "gtin": "30382903051275", "likely": ["needle-25"]},
        ),
        (
            "00382903051274",
            {
                "symbology": "ean_upc",
                "gtin": "00382903051274",
                "item": "needle-25",
                "level": "each",
                "quantity": "1",
            },
        ),
        (
            "63323-464-17",
            {
                "symbology": "ndc",
                "ndc": "6332346417",
                "item": "lido-1-20",
                "level": "inner",
                "quantity": "500",
            },
        ),
        (
            "+H123NN2538R1R",
            {
                "symbology": "hibc",
                "hibc": "+H123NN2538R1R",
                "item": "needle-25",
                "level": "inner",
                "quantity": "100",
            },
        ),
        (
            "305-127",
            {
                "symbology": "plain",
                "ref": "305127",
                "item": "needle-25",
                "level": "each",
                "quantity": "1",
            },
        ),
    ],
)
def test_what_a_code_does_not_say_is_null(shelf: Machine, text: str, said: dict[str, Any]) -> None:
    assert shelf.done("/scan", {"text": text}) == SILENT | said


def test_a_lot_in_doubt_is_asked_for_and_not_guessed(shelf: Machine) -> None:
    answer = shelf.done("/scan", {"text": TRAY_SCANNED.replace("\x1d", "")})

    assert (answer["item"], answer["lot"], answer["serial"]) == ("lido-1-20", None, None)
    assert answer["expires_on"] == "2028-02-29"
    assert answer["question"].startswith("The scanner left out the separator")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nonsense", "Expected a GS1 code such as"),
        ("01303829030519501729093010X", "ends with its check digit 4"),
        ("+A123BJC5D6E71H", "ends with its check character G"),
        ("", "Expected a GS1 code such as"),
        ("a\x00b", "Expected the text of a code"),
        ("\ud800", "Expected the text of a code"),
        ("1" * 401, "Expected at most 400"),
        (7, "Expected the text of a code"),
        (None, "Expected the text of a code"),
    ],
)
def test_what_is_no_code_is_refused_in_a_sentence(vera: Machine, text: Any, why: str) -> None:
    refusal = vera.post("/scan", {"text": text})

    assert (refusal.status, refusal.fields) == (422, ["text"])
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert why in refusal.body["detail"]


def test_a_stranger_scans_nothing(db: None) -> None:
    assert Machine(None).post("/scan", {"text": TRAY}).status == 401
    assert posted(Machine("none-such"), b"").status == 401


# Photographs


@pytest.mark.parametrize("symbol", CODES)
def test_a_photographed_code_is_read(shelf: Machine, vera: Machine, symbol: str) -> None:
    reply = posted(vera, photograph(symbol, changes=(), seed=1))

    typed = vera.done("/scan", {"text": CODES[symbol][2]})
    assert (reply.status, reply.body) == (200, {"codes": [typed], "not_understood": []})


def test_two_codes_in_view_both_come_back(vera: Machine) -> None:
    reply = posted(vera, photograph("DataMatrix", "EAN-13", changes=(), seed=1))

    assert [code["gtin"] for code in reply.body["codes"]] == [TRAY, "00316714140018"]


def test_an_image_without_a_code_has_none(vera: Machine) -> None:
    reply = posted(vera, as_file(Image.new("L", (60, 60), 255)))

    assert (reply.status, reply.body) == (200, {"codes": [], "not_understood": []})


def test_what_is_no_image_is_refused_in_a_sentence(vera: Machine) -> None:
    refusal = posted(vera, b"PK\x03\x04")

    assert (refusal.status, refusal.fields) == (422, ["image"])
    assert "Expected a photograph as PNG, JPEG or WebP" in refusal.body["detail"]


@pytest.mark.parametrize("size", [LARGEST_FILE + 1, LARGEST_BODY + 1])
def test_an_image_that_is_too_large_is_refused(vera: Machine, size: int) -> None:
    refusal = posted(vera, bytes(size))

    assert (refusal.status, refusal.body["status"]) == (413, 413)


def test_an_image_of_another_name_is_missed(vera: Machine) -> None:
    refusal = posted(vera, b"", name="picture")

    assert (refusal.status, refusal.fields) == (422, ["image"])


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "x"]
)
def test_what_is_no_form_breaks_nothing(vera: Machine, kind: str) -> None:
    refusal = vera.call("POST", "/scan/image", content=b"--x\r\nrubbish", content_type=kind)

    assert refusal.status in (400, 422)
    assert refusal.headers["Content-Type"] == "application/problem+json"


# Deliveries


def scanned(text: str, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = delivery({"scan": text, "quantity": "20", **more})
    return body


def test_a_delivery_in_doubt_about_its_lot_asks_for_it(shelf: Machine, nora: Machine) -> None:
    text = TRAY_SCANNED.replace("\x1d", "")

    refusal = nora.post("/receipts", scanned(text))

    assert (refusal.status, refusal.fields) == (422, ["lines.0.lot"])
    assert "Enter the lot as the label has it." in refusal.body["detail"]
    [line] = nora.done("/receipts", scanned(text, lot="61021543"))["lines"]
    assert (line["lot"], line["expires_on"]) == ("61021543", "2028-02-29")


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("63323-464-17", "lido-1-20"),
        ("6332346417", "lido-1-20"),
        ("+H123NN2538R1R", "needle-25"),
        ("305127", "needle-25"),
    ],
)
def test_a_delivery_is_scanned_by_codes_of_every_kind(
    shelf: Machine, nora: Machine, text: str, item: str
) -> None:
    [line] = nora.done("/receipts", scanned(text, lot="A1", expires_on=day(400)))["lines"]

    assert line["item"] == item


def test_a_code_of_lot_and_date_alone_wants_an_item_beside_it(
    shelf: Machine, nora: Machine
) -> None:
    text = "]C1172802291061021543"

    assert nora.post("/receipts", scanned(text)).fields == ["lines.0.item"]
    [line] = nora.done("/receipts", scanned(text, item="lido-1-20"))["lines"]
    assert (line["item"], line["lot"]) == ("lido-1-20", "61021543")


def test_a_code_that_nobody_knows_is_named(shelf: Machine, nora: Machine) -> None:
    refusal = nora.post("/receipts", scanned("0316714140018", lot="A1"))

    assert refusal.body["detail"] == "Line 1, scan: No item carries 00316714140018."


def test_an_item_and_a_scan_of_another_disagree(shelf: Machine, nora: Machine) -> None:
    shelf.done("/items", GLOVE)

    assert nora.post("/receipts", scanned("305127", item="glove-m")).fields == ["lines.0.item"]
