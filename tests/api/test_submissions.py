"""The same submission is carried out once."""

import json
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection

from inventory.api import submissions
from inventory.stock.models import Movement
from tests.api.clinic import Machine, Reply, delivery, lot, machine, procedure, set_up


@pytest.fixture
def clinic(mary: Machine) -> Machine:
    """Set up for each test: one of them needs transactions of its own."""
    set_up(mary)
    return mary


DELIVERY = delivery(lot("needle-25", "N1", "10"))
USE = procedure({"item": "needle-25", "quantity": "1"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/receipts", DELIVERY),
        (
            "/transfers",
            {"from": "room-1", "to": "store", "lines": [{"item": "needle-25", "quantity": "1"}]},
        ),
        (
            "/waste",
            {
                "location": "room-1",
                "lines": [{"item": "needle-25", "lot": "N1", "quantity": "1"}],
                "reason": "broken",
            },
        ),
        (
            "/counts",
            {
                "location": "room-1",
                "lines": [{"item": "needle-25", "lot": "N1", "counted": "9"}],
                "reason": "weekly",
            },
        ),
        ("/procedures", USE),
    ],
)
def test_whatever_writes_stock_does_so_once(clinic: Machine, path: str, body: object) -> None:
    clinic.done("/receipts", DELIVERY)

    first, again = (clinic.post(path, body, key="once") for _ in range(2))

    assert (first.status, json.dumps(first.body)) == (again.status, json.dumps(again.body))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Cache-Control"] == "no-store"
    assert Movement.objects.count() == 2


def test_a_void_is_answered_again_with_its_key(clinic: Machine, nora: Machine) -> None:
    logged = nora.done("/procedures", procedure())
    void = {"reason": "a slip", "supplies": "returned"}

    first, again = (
        nora.post(f"/procedures/{logged['id']}/void", void, key="void") for _ in range(2)
    )

    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body


def test_a_key_belongs_to_its_body(clinic: Machine, nora: Machine) -> None:
    nora.post("/receipts", DELIVERY, key="k")

    refusal = nora.post("/receipts", delivery(lot("needle-25", "N1", "11")), key="k")

    assert (refusal.status, refusal.fields) == (422, ["Idempotency-Key"])
    assert Movement.objects.count() == 1


def test_the_order_of_the_members_makes_no_other_body(clinic: Machine, nora: Machine) -> None:
    nora.post("/receipts", DELIVERY, key="k")

    again = nora.post("/receipts", dict(reversed(DELIVERY.items())), key="k")

    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_key_belongs_to_its_person(clinic: Machine, nora: Machine) -> None:
    nora.post("/receipts", DELIVERY, key="k")
    other = clinic.post("/receipts", DELIVERY, key="k")

    assert "Idempotent-Replayed" not in other.headers
    assert Movement.objects.count() == 2


def test_a_key_belongs_to_its_path(clinic: Machine, nora: Machine) -> None:
    nora.post("/receipts", DELIVERY, key="k")

    assert nora.post("/procedures", USE, key="k").status == 201


def test_a_refusal_is_not_kept(clinic: Machine, nora: Machine) -> None:
    refused = nora.post("/procedures", USE, key="k")
    nora.done("/receipts", DELIVERY)
    accepted = nora.post("/procedures", USE, key="k")

    assert (refused.status, accepted.status) == (409, 201)
    assert "Idempotent-Replayed" not in accepted.headers


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "a\x7fb"])
def test_a_key_that_is_none_is_refused(clinic: Machine, nora: Machine, key: str) -> None:
    refusal = nora.post("/receipts", DELIVERY, key=key)

    assert (refusal.status, refusal.fields) == (422, ["Idempotency-Key"])


@pytest.mark.parametrize("key", ["Zimmer 3 – Löffel ✓", "ж" * 255])
def test_a_key_may_be_in_any_script(clinic: Machine, nora: Machine, key: str) -> None:
    sent = key.encode().decode("latin-1")

    first = nora.post("/receipts", DELIVERY, key=sent)
    again = nora.post("/receipts", DELIVERY, key=sent)

    assert (first.status, again.status) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_long_key_is_a_key(clinic: Machine, nora: Machine) -> None:
    assert nora.post("/receipts", DELIVERY, key="k" * 255).status == 201


def test_a_duplicate_that_waited_too_long_is_told_to_ask_again(
    clinic: Machine, nora: Machine
) -> None:
    with patch.object(submissions, "once", side_effect=OperationalError("locked")):
        refusal = nora.post("/receipts", DELIVERY, key="k")

    assert (refusal.status, refusal.headers["Retry-After"]) == (409, "1")


@pytest.mark.django_db(transaction=True)
def test_taps_at_the_same_time_deduct_once() -> None:
    mary = machine("mary", "manager")
    set_up(mary)
    mary.done("/receipts", DELIVERY)

    def tap(_: int) -> Reply:
        try:
            return Machine(mary.token).post("/procedures", USE, key="tap")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        replies = list(pool.map(tap, range(6)))

    assert {reply.status for reply in replies} == {201}
    assert len({reply.body["id"] for reply in replies}) == 1
    [row] = mary.get("/stock").body["items"]
    assert row["quantity"] == "9"
