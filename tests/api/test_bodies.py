"""What cannot be understood is refused by name, and never breaks anything."""

import json
from typing import Any

import pytest

from tests.api.clinic import Machine, day, lot, machine

LINE = {"item": "needle-25", "quantity": "1"}
GOOD = {"type": "tpi-1-2", "location": "room-1", "lines": [LINE]}


def line(**more: Any) -> bytes:
    return json.dumps({**GOOD, "lines": [{**LINE, **more}]}).encode()


def number(text: str) -> bytes:
    return line().replace(b'"1"', text.encode())


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"7", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        (b'{"type":' * 50_000, "body"),
        (b'{"\\ud800": 1}', "body"),
        (number("NaN"), "body"),
        (number("-Infinity"), "body"),
        (number("1" * 5000), "body"),
        (number("1e" + "9" * 30), "body"),
        (number("1e400"), "lines.0.quantity"),
        (number("1e-400"), "lines.0.quantity"),
        (number("0.0001"), "lines.0.quantity"),
        (number("-1"), "lines.0.quantity"),
        (number("0"), "lines.0.quantity"),
        (number("true"), "lines.0.quantity"),
        (number("null"), "lines.0.quantity"),
        (number("[" * 100 + "]" * 100), "lines.0.quantity"),
        (number('"one"'), "lines.0.quantity"),
        (number("1.5"), "lines.0.quantity"),
        (line(item="lido-1-20", quantity="999999980"), "lines.0.quantity"),
        (line(foo=1), "lines.0.foo"),
        (line(item="no-such"), "lines.0.item"),
        (line(item="a\x00b"), "lines.0.item"),
        (line(item="\ud800"), "lines.0.item"),
        (line(item=7), "lines.0.item"),
        (line(lot="NO-SUCH"), "lines.0.lot"),
        (line(holding=2**63), "lines.0.holding"),
        (line(holding=123456), "lines.0.holding"),
        (line(holding="1"), "lines.0.holding"),
        (line(use_unusable_reason=""), "lines.0.use_unusable_reason"),
        (json.dumps({**GOOD, "foo": 1}).encode(), "foo"),
        (json.dumps({**GOOD, "lines": {}}).encode(), "lines"),
        (json.dumps({**GOOD, "lines": [3]}).encode(), "lines.0"),
        (json.dumps({**GOOD, "lines": [LINE] * 101}).encode(), "lines"),
        (json.dumps({**GOOD, "type": "no-such"}).encode(), "type"),
        (json.dumps({**GOOD, "location": "no-such"}).encode(), "location"),
        (json.dumps({**GOOD, "muscles": 1.5}).encode(), "muscles"),
        (json.dumps({**GOOD, "muscles": -1}).encode(), "muscles"),
        (json.dumps({**GOOD, "muscles": 10**30}).encode(), "muscles"),
        (json.dumps({**GOOD, "sites": True}).encode(), "sites"),
        (json.dumps({**GOOD, "sites": "2"}).encode(), "sites"),
        (json.dumps({**GOOD, "encounter_ref": "John Doe"}).encode(), "encounter_ref"),
        (json.dumps({**GOOD, "provider": "x" * 101}).encode(), "provider"),
        (json.dumps({**GOOD, "performed_at": "2026-11-22T10:15"}).encode(), "performed_at"),
        (json.dumps({**GOOD, "performed_at": "2199-01-01T00:00Z"}).encode(), "performed_at"),
        (json.dumps({**GOOD, "performed_at": 0}).encode(), "performed_at"),
        (json.dumps({**GOOD, "performed_at": f"{day(-8)}T00:00Z"}).encode(), "performed_at"),
    ],
)
def test_a_body_that_cannot_be_understood(
    clinic: Machine, nora: Machine, content: bytes, field: str
) -> None:
    nora.done("/receipts", {"location": "room-1", "lines": [lot("needle-25", "N1", "9")]})

    refusal = nora.call("POST", "/procedures", content=content)

    assert refusal.status == 422, refusal.body
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert field in refusal.fields
    assert all(set(error) == {"field", "message"} for error in refusal.body["errors"])
    assert nora.get("/procedures").body["items"] == []


def test_every_wrong_field_is_named_at_once(clinic: Machine, nora: Machine) -> None:
    refusal = nora.post(
        "/procedures",
        {"location": "room-1", "foo": 1, "lines": [LINE, {"quantity": "x", "lots": "A1"}]},
    )

    assert set(refusal.fields) == {
        "type",
        "foo",
        "lines.1.item",
        "lines.1.quantity",
        "lines.1.lots",
    }


def test_thousands_of_mistakes_are_not_all_told(nora: Machine) -> None:
    refusal = nora.post("/procedures", {f"field-{place}": place for place in range(5000)})

    assert len(refusal.body["errors"]) == 50


def test_a_number_that_is_exact_is_as_good_as_a_string(clinic: Machine, nora: Machine) -> None:
    body = b"""{"location": "room-1", "lines": [{"item": "lido-1-20", "lot": "A1",
        "expires_on": "2199-01-31", "quantity": 20.000, "unit_cost": 0.1234}]}"""

    received = nora.call("POST", "/receipts", content=body)

    assert received.body["lines"][0]["quantity"] == "20"
    [kept] = nora.get("/lots").body["items"]
    assert kept["unit_cost"] == "0.1234"


def test_json_is_json_whatever_it_calls_itself(nora: Machine, clinic: Machine) -> None:
    content = json.dumps({"code": "room-2", "name": "Room 2"})

    added = clinic.call("POST", "/locations", content=content, content_type="text/plain")

    assert added.status == 201


@pytest.mark.django_db
def test_what_is_null_is_left_out() -> None:
    added = machine("mary", "manager").post(
        "/items",
        {
            "sku": "gauze",
            "name": "Gauze",
            "kind": "dressing",
            "unit": "each",
            "container": None,
            "lot_tracked": None,
            "codes": None,
        },
    )

    assert added.status == 201
    assert (added.body["container"], added.body["lot_tracked"]) == ("none", True)
