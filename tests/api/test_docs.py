"""The API documents itself."""

import re

import pytest
from django.contrib.staticfiles import finders

from tests.api.clinic import Json, Machine

CALLS = {
    "GET /flags",
    "GET /items",
    "GET /items/{sku}",
    "GET /locations",
    "GET /lots",
    "GET /lots/{lot_id}/trace",
    "GET /movements",
    "GET /offers",
    "GET /procedure-types",
    "GET /procedures",
    "GET /procedures/{procedure_id}",
    "GET /reorder",
    "GET /reorder.xlsx",
    "GET /stock",
    "GET /suppliers",
    "POST /counts",
    "POST /imports/stock",
    "POST /items",
    "POST /locations",
    "POST /lots/{lot_id}/status",
    "POST /offers",
    "POST /procedure-types",
    "POST /procedures",
    "POST /procedures/{procedure_id}/amend",
    "POST /procedures/{procedure_id}/void",
    "POST /receipts",
    "POST /scan",
    "POST /scan/image",
    "POST /suppliers",
    "POST /transfers",
    "POST /waste",
}


@pytest.fixture
def document(db: None) -> Json:
    return Machine(None).get("/openapi.json").body


def test_every_call_is_in_the_document(document: Json) -> None:
    calls = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in document["paths"].items()
        for method in methods
    }

    assert calls >= CALLS


def test_every_call_is_explained(document: Json) -> None:
    operations = [
        operation for methods in document["paths"].values() for operation in methods.values()
    ]

    assert all(operation["summary"] and operation["security"] for operation in operations)
    assert all("application/problem+json" in str(operation) for operation in operations)


def test_every_part_that_is_named_is_there(document: Json) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(document)))

    assert named
    assert named <= set(document["components"]["schemas"])


def test_what_writes_stock_takes_a_key(document: Json) -> None:
    header = document["paths"]["/api/v1/procedures"]["post"]["parameters"]

    assert [parameter["name"] for parameter in header] == ["Idempotency-Key"]


@pytest.mark.django_db
def test_the_docs_come_from_this_server_alone() -> None:
    page = Machine(None).get("/docs").body.decode()

    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    assert all(source.startswith("/static/ninja/") for source in sources)
    assert all(finders.find(source.removeprefix("/static/")) for source in sources)
