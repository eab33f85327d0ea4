"""Long lists come a page at a time."""

import pytest

from tests.api.clinic import NEEDLE, Machine, delivery, lot


def everything(machine: Machine, path: str, limit: int) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        answer = machine.get(path, **query).body
        pages.append(answer["items"])
        cursor = answer["next"]
        if cursor is None:
            return pages


@pytest.mark.parametrize("path", ["/items", "/locations"])
def test_a_list_by_code_is_told_in_full(clinic: Machine, path: str) -> None:
    whole = clinic.get(path).body["items"]

    pages = everything(clinic, path, limit=1)

    assert [len(page) for page in pages] == [1] * len(whole)
    assert [row for page in pages for row in page] == whole


def test_the_ledger_is_told_in_full_newest_first(clinic: Machine) -> None:
    for number in ("N1", "N2", "N3"):
        clinic.done("/receipts", delivery(lot("needle-25", number, "1")))

    pages = everything(clinic, "/movements", limit=2)

    assert [len(page) for page in pages] == [2, 1]
    lots = [row["entries"][0]["lot"] for page in pages for row in page]  # type: ignore[index]
    assert lots == ["N3", "N2", "N1"]


def test_flags_are_told_in_full(clinic: Machine) -> None:
    for number in range(3):
        clinic.done("/items", {**NEEDLE, "sku": f"needle-{number}", "reorder_point": "5"})
    whole = clinic.get("/flags").body["items"]

    pages = everything(clinic, "/flags", limit=2)

    assert [len(page) for page in pages] == [2, 1]
    assert [row for page in pages for row in page] == whole


@pytest.mark.parametrize("limit", ["0", "501", "-1", "abc", "", "1.5", "1" * 400])
def test_a_limit_out_of_range_is_refused(vera: Machine, limit: str) -> None:
    refusal = vera.get("/items", limit=limit)

    assert (refusal.status, refusal.fields) == (422, ["limit"])


@pytest.mark.parametrize("path", ["/items", "/stock", "/flags"])
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "\x00",
        "cGs6",  # pk:
        "cGs6eA",  # pk:x
        "cGs6OTIyMzM3MjAzNjg1NDc3NTgwOA",  # pk:9223372036854775808
        "c2t1OgA",  # sku: and a NUL
        "cm93Oi0x",  # row:-1
        "bmFtZTph",  # name:a
        "a" * 300,
    ],
)
def test_what_is_no_cursor_of_the_list_is_refused(vera: Machine, path: str, cursor: str) -> None:
    refusal = vera.get(path, cursor=cursor)

    assert (refusal.status, refusal.fields) == (422, ["cursor"])
