"""A stock sheet that a machine sends."""

from pathlib import Path

import pytest
import time_machine

from inventory.imports.models import Import
from inventory.stock.models import Movement
from tests.api.clinic import Json, Machine
from tests.api.files import send_file

STOCK = "/imports/stock"
SHEET = b"""Item,Quantity,Lot,Expires,Where
Needle 25G,64,N1,2027-12-31,Room 1
Kenalog-40 1 mL,a few,K1,2027-12-31,Room 1
Toner cartridge,1,,,Room 1
TOTAL,65,,,
"""

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Json:
    with time_machine.travel("2026-11-22T16:00:00+00:00", tick=False):
        yield


def test_every_row_is_told_and_nothing_is_written(mary: Machine) -> None:
    reply = send_file(mary, STOCK, SHEET)

    assert reply.status == 200
    accepted, undecided, refused, ignored = reply.body["rows"]
    assert accepted == {
        "sheet": "",
        "row": 2,
        "outcome": "accept",
        "item": "needle-25",
        "quantity": "64",
        "lot": "N1",
        "expires_on": "2027-12-31",
        "location": "room-1",
        "messages": [],
    }
    assert (undecided["outcome"], undecided["item"]) in [
        ("decide", "kenalog-40-1"),
        ("reject", "kenalog-40-1"),
    ]
    assert (undecided["quantity"], undecided["lot"]) == (None, "K1")
    assert undecided["messages"][0]["column"] == "quantity"
    assert refused["outcome"] == "reject"
    assert ignored["outcome"] == "ignore"
    assert sum(reply.body["counts"].values()) == 4
    assert reply.body["already_imported"] is False
    assert not Movement.objects.exists()
    assert not Import.objects.exists()


def test_with_commit_the_accepted_rows_alone_are_written(mary: Machine) -> None:
    reply = send_file(mary, STOCK, SHEET, commit="true")

    assert reply.body["counts"]["accept"] == 1
    stock = mary.get("/stock").body["items"]
    assert [(row["item"], row["quantity"]) for row in stock] == [("needle-25", "64")]


@pytest.mark.parametrize("commit", ["true", "false"])
def test_the_same_file_again_writes_nothing_and_says_so(mary: Machine, commit: str) -> None:
    first = send_file(mary, STOCK, SHEET, commit="true")

    again = send_file(mary, STOCK, SHEET, "another name.csv", commit=commit)

    assert again.body == {**first.body, "already_imported": True}
    assert Movement.objects.count() == 1


def test_a_file_without_an_accepted_row_can_be_sent_again(mary: Machine) -> None:
    only_toner = b"Item,Quantity,Where\nToner cartridge,1,Room 1\n"

    replies = [send_file(mary, STOCK, only_toner, commit="true") for _ in range(2)]

    assert [reply.body["already_imported"] for reply in replies] == [False, False]
    assert not Import.objects.exists()


def test_the_location_is_for_rows_that_name_none(mary: Machine) -> None:
    sheet = b"Item,Quantity,Lot,Expires\nNeedle 25G,64,N1,2027-12-31\n"

    [asked] = send_file(mary, STOCK, sheet).body["rows"]
    [row] = send_file(mary, STOCK, sheet, location="store").body["rows"]

    assert (asked["outcome"], asked["location"]) == ("decide", None)
    assert (row["outcome"], row["location"]) == ("accept", "store")


def test_an_unknown_location_is_named(mary: Machine) -> None:
    reply = send_file(mary, STOCK, SHEET, location="attic")

    assert (reply.status, reply.fields) == (422, ["location"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"commit": "perhaps"}, "commit"),
        ({"dry_run": "1"}, "dry_run"),
        ({"location": "\0"}, "location"),
    ],
)
def test_a_field_that_is_not_understood_is_named(
    mary: Machine, fields: dict[str, str], wrong: str
) -> None:
    reply = send_file(mary, STOCK, SHEET, **fields)

    assert (reply.status, reply.fields) == (422, [wrong])


def test_a_file_has_to_be_sent(mary: Machine) -> None:
    reply = mary.call("POST", STOCK, content=b"{}")

    assert (reply.status, reply.fields) == (422, ["file"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--", "multipart/form-data"),
        (b"--x\r\nContent-Disposition: nonsense", "multipart/form-data; boundary=x"),
        (b"\xff\xfe", "multipart/form-data; boundary=\xff"),
        (b"", "multipart/form-data; boundary=x"),
    ],
)
def test_a_broken_form_is_refused_and_no_failure(mary: Machine, content: bytes, kind: str) -> None:
    reply = mary.call("POST", STOCK, content=content, content_type=kind)

    assert reply.status in (400, 422)
    assert reply.body["detail"]


def test_what_is_no_sheet_is_refused_in_a_sentence(mary: Machine) -> None:
    reply = send_file(mary, STOCK, b"%PDF-1.7", "stock.pdf", commit="true")

    assert reply.status == 422
    assert "Expected a workbook (.xlsx) or text (.csv)" in reply.body["detail"]


def test_a_file_that_is_too_large_is_refused_as_such(mary: Machine) -> None:
    reply = send_file(mary, STOCK, b"x" * (10 * 1024 * 1024 + 1))

    assert reply.status == 413
    assert "10 MB" in reply.body["detail"]


def test_a_body_that_is_far_too_large_is_not_read(mary: Machine) -> None:
    answer = mary.client.generic(
        "POST", "/api/v1/imports/stock", b"", headers={"Content-Length": str(10**10)}
    )

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("who", ["nora", "paul", "vera"])
def test_only_managers_import_and_nobody_else_is_even_read(
    who: str, request: pytest.FixtureRequest
) -> None:
    reply = send_file(request.getfixturevalue(who), STOCK, b"%PDF")

    assert reply.status == 403


def test_with_a_key_it_is_carried_out_once(mary: Machine) -> None:
    first = send_file(mary, STOCK, SHEET, key="k", commit="true")
    second = send_file(mary, STOCK, SHEET, key="k", commit="true")
    other = send_file(mary, STOCK, SHEET + b"Needle 25G,5,N2,2027-12-31,Room 1\n", key="k")

    assert second.body == first.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.fields) == (422, ["Idempotency-Key"])


def test_the_clinics_own_workbook_is_told_as_expected(mary: Machine) -> None:
    """Rows of the clinic's workbook that name what this clinic has; the rest is refused."""
    workbook = Path(__file__).parents[1] / "imports" / "data" / "clinic-stock.xlsx"

    reply = send_file(mary, STOCK, workbook.read_bytes(), workbook.name, location="store")

    assert reply.status == 200
    assert {row["sheet"] for row in reply.body["rows"]} == {"Main storeroom", "Rm 1 cart"}
