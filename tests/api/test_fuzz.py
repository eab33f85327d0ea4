"""Whatever is sent, the answer is an answer."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.clinic import Machine, delivery, lot, machine, procedure, set_up
from tests.worlds import built_once

BODIES: dict[str, Any] = {
    "/items": {
        "sku": "new",
        "name": "New",
        "kind": "toxin",
        "unit": "unit",
        "container": "single_dose_vial",
        "container_volume": "100",
        "codes": [{"kind": "gtin", "value": "00323155940411", "level": "each", "quantity": "1"}],
    },
    "/suppliers": {"code": "mckesson", "name": "McKesson", "email": "a@example.com"},
    "/offers": {
        "supplier": "mckesson",
        "item": "needle-25",
        "pack_quantity": "100",
        "pack_price": "12.50",
        "lead_time_days": 2,
        "minimum_packs": 1,
        "preferred": True,
    },
    "/locations": {"code": "new", "name": "New", "site": "main"},
    "/procedure-types": {
        "code": "new",
        "name": "New",
        "cpt": "20552",
        "kit": [{"item": "needle-25", "quantity": "1", "per": "site", "substitutes": []}],
    },
    "/receipts": {
        **delivery(lot("needle-25", "N1", "1")),
        "received_at": "2026-11-22T10:15:00-06:00",
        "reference": "PO",
    },
    "/scan": {"text": "]d201003231559404111740013110A7\x1d2199"},
    "/transfers": {
        "from": "room-1",
        "to": "store",
        "lines": [{"item": "needle-25", "quantity": "1", "lot": "N1"}],
    },
    "/waste": {
        "location": "room-1",
        "lines": [{"holding": 1, "quantity": "1"}],
        "reason": "broken",
    },
    "/counts": {
        "location": "room-1",
        "lines": [{"item": "needle-25", "lot": "N1", "counted": "7"}],
        "reason": "weekly",
    },
    "/lots/1/status": {"status": "available", "reason": "checked"},
    "/procedures": procedure(
        {"item": "needle-25", "quantity": "1", "holding": 1, "use_unusable_reason": "so"},
        performed_at="2026-11-22T10:15:00-06:00",
        muscles=1,
        provider="Dr. Reyes",
    ),
    "/procedures/1/amend": {
        **procedure({"item": "needle-25", "quantity": "1"}),
        "reason": "a slip",
    },
    "/procedures/1/void": {"reason": "a slip", "supplies": "returned"},
}

ODD = st.sampled_from(
    [
        "",
        "\x00",
        "\ud800",
        "\u202e",
        "=1+1",
        "x" * 300,
        "1e400",
        "-0",
        "٣",
        "0000-00-00",
        "9999-12-31T23:59:59-23:59",
        "2026-11-22T10:15:00+24:00",
        2**63,
        -(2**63),
        10**30,
        0.1,
        1e300,
        -0.0,
        True,
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@st.composite
def disturbed(draw: st.DrawFn, value: Any) -> Any:
    """The value, with something in it replaced, left out or added."""
    if draw(st.integers(0, 3)) == 0:
        return draw(ANYTHING)
    if isinstance(value, dict):
        keys = draw(st.sets(st.sampled_from(sorted(value)))) if value else set()
        kept = {
            key: draw(disturbed(inner)) if key in keys else inner for key, inner in value.items()
        }
        if draw(st.integers(0, 5)) == 0:
            kept[draw(st.text(max_size=8))] = draw(ANYTHING)
        return kept
    if isinstance(value, list):
        return [draw(disturbed(inner)) for inner in value] * draw(st.integers(0, 2))
    return value


def _clinic_with_stock() -> Machine:
    root = machine("root", superuser=True)
    set_up(root)
    root.done("/receipts", delivery(lot("needle-25", "N1", "1000")))
    root.done("/procedures", procedure())
    return root


world = built_once(_clinic_with_stock, at=None)


@pytest.fixture
def clinic_with_stock(world: Machine, db: None) -> Machine:
    return world


@pytest.mark.parametrize("path", BODIES)
@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_body_breaks_a_call(clinic_with_stock: Machine, path: str, data: st.DataObject) -> None:
    body = data.draw(disturbed(BODIES[path]))

    reply = clinic_with_stock.call("POST", path, content=json.dumps(body))

    assert reply.status < 500
    if reply.status >= 400:
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.body["status"] == reply.status
        assert reply.body["detail"]


@settings(suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=40))
def test_no_bytes_break_a_call(clinic_with_stock: Machine, content: bytes) -> None:
    assert clinic_with_stock.call("POST", "/receipts", content=content).status == 422


@pytest.mark.parametrize(
    "path", ["/items", "/stock", "/lots", "/movements", "/procedures", "/flags", "/reorder"]
)
@settings(suppress_health_check=list(HealthCheck))
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["limit", "cursor", "item", "location", "lot", "number", "since", "usable", "empty"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
        | st.sampled_from(["needle-25", "room-1", "true", "1", "cGs6MQ", "2026-11-22"]),
    )
)
def test_no_query_breaks_a_list(
    clinic_with_stock: Machine, path: str, query: dict[str, str]
) -> None:
    assert clinic_with_stock.get(path, **query).status in (200, 422)
