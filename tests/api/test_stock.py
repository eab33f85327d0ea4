"""What comes in, moves, is wasted and counted."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.clinic import GLOVE, Machine, day, delivery, lot, procedure

VOID = {"reason": "a slip", "supplies": "returned"}


def sealed(machine: Machine, number: str, location: str = "room-1") -> dict[str, Any]:
    rows = machine.get("/stock", lot=number, location=location, empty="true").body["items"]
    [row] = [row for row in rows if row["opened_at"] is None]
    return dict(row)


def open_a_vial(machine: Machine) -> int:
    """Receive two vials of lidocaine, use 4 mL, and return the opened vial's number."""
    machine.done("/receipts", delivery(lot("lido-1-20", "A1", "40")))
    logged = machine.done("/procedures", procedure({"item": "lido-1-20", "quantity": "4"}))
    return int(logged["lines"][0]["taken"][0]["holding"])


def test_a_delivery_is_answered_line_by_line(clinic: Machine, nora: Machine) -> None:
    received = nora.post(
        "/receipts",
        {
            **delivery(
                {**lot("lido-1-20", " a1 ", "40", day(300)), "unit_cost": "0.15"},
                {"item": "glove-m", "quantity": 100},
            ),
            "reference": "PO 7",
        },
    )

    assert received.status == 201
    first, second = received.body["lines"]
    assert first == {
        "item": "lido-1-20",
        "lot": "A1",
        "expires_on": day(300),
        "quantity": "40",
        "holding": first["holding"],
        "warnings": [],
    }
    assert (second["lot"], second["expires_on"]) == (None, None)


def test_a_row_of_the_shelf_says_all_there_is_to_know(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "OLD", "7", day(-1))))

    [row] = nora.get("/stock").body["items"]

    assert row == {
        "holding": row["holding"],
        "item": "needle-25",
        "lot": "OLD",
        "expires_on": day(-1),
        "usable_until": day(-1),
        "location": "room-1",
        "quantity": "7",
        "unit": "each",
        "opened_at": None,
        "usable": False,
        "why_not": f"expired {day(-1)}",
        "lot_status": "available",
    }


def test_the_shelf_is_filtered(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "OLD", "7", day(-1))))
    nora.done("/receipts", delivery(lot("needle-25", "NEW", "7"), location="store"))

    def lots(**query: str) -> list[str]:
        return [row["lot"] for row in nora.get("/stock", **query).body["items"]]

    assert lots(usable="true") == ["NEW"]
    assert lots(usable="false") == ["OLD"]
    assert lots(location="room-1") == ["OLD"]
    assert lots(lot="new") == ["NEW"]
    assert lots(item="lido-1-20") == []


def test_an_empty_holding_is_shown_on_request(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "1")))
    nora.done("/procedures", procedure({"item": "needle-25", "quantity": "1"}))

    assert nora.get("/stock").body["items"] == []
    assert [row["quantity"] for row in nora.get("/stock", empty="true").body["items"]] == ["0"]


def test_a_known_lot_with_another_expiry_date_is_refused(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "1", day(10))))

    assert nora.post("/receipts", delivery(lot("needle-25", "N1", "1", day(11)))).status == 409


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"item": "needle-25", "quantity": "1", "expires_on": day(9)}, "lines.0.lot"),
        ({"item": "needle-25", "quantity": "1", "lot": "N1"}, "lines.0.expires_on"),
        (lot("lido-1-20", "A1", "30"), "lines.0.quantity"),
        (lot("needle-25", "N1", "1.5"), "lines.0.quantity"),
        ({**lot("needle-25", "N1", "1"), "unit_cost": "0.00001"}, "lines.0.unit_cost"),
        ({"quantity": "1"}, "lines.0.item"),
        ({"scan": "nonsense", "quantity": "1"}, "lines.0.scan"),
        ({"scan": "00300030293053", "quantity": "1"}, "lines.0.scan"),
    ],
)
def test_a_delivery_that_cannot_be_understood(
    clinic: Machine, nora: Machine, line: Any, field: str
) -> None:
    refusal = nora.post("/receipts", delivery(line))

    assert (refusal.status, refusal.fields) == (422, [field])


@pytest.mark.parametrize("days", [-91, 1])
def test_a_delivery_is_not_dated_too_far_back_or_ahead(
    clinic: Machine, nora: Machine, days: int
) -> None:
    body = {**delivery(lot("needle-25", "N1", "1")), "received_at": f"{day(days)}T12:00:00-06:00"}

    assert nora.post("/receipts", body).fields == ["received_at"]


def test_a_delivery_may_be_dated_back(clinic: Machine, nora: Machine) -> None:
    body = {**delivery(lot("needle-25", "N1", "1")), "received_at": f"{day(-89)}T12:00:00-06:00"}

    assert nora.post("/receipts", body).status == 201


def test_a_scanned_code_stands_for_item_lot_and_expiry(clinic: Machine, nora: Machine) -> None:
    clinic.done(
        "/items",
        {**GLOVE, "sku": "vial", "codes": [{"kind": "gtin", "value": "00323155940411"}]},
    )

    received = nora.done(
        "/receipts",
        delivery({"scan": "]d201003231559404111740013110A7\x1d2199", "quantity": "5"}),
    )

    [line] = received["lines"]
    assert (line["item"], line["lot"], line["expires_on"]) == ("vial", "A7", "2040-01-31")


def test_a_scan_and_what_was_typed_have_to_agree(clinic: Machine, nora: Machine) -> None:
    clinic.done(
        "/items",
        {**GLOVE, "sku": "vial", "codes": [{"kind": "gtin", "value": "00323155940411"}]},
    )
    line = {"scan": "(01)00323155940411(10)A7", "lot": "A8", "quantity": "5"}

    assert nora.post("/receipts", delivery(line)).fields == ["lines.0.lot"]


def test_stock_moves_first_expiry_first(clinic: Machine, nora: Machine) -> None:
    late, early = lot("needle-25", "LATE", "5", day(99)), lot("needle-25", "EARLY", "5", day(9))
    nora.done("/receipts", delivery(late, early, location="store"))

    moved = nora.post(
        "/transfers",
        {"from": "store", "to": "room-1", "lines": [{"item": "needle-25", "quantity": "6"}]},
    )

    assert (moved.status, moved.body["kind"]) == (201, "transfer")
    assert sealed(nora, "EARLY")["quantity"] == "5"
    assert sealed(nora, "LATE")["quantity"] == "1"


def test_an_opened_vial_moves_as_itself(clinic: Machine, nora: Machine) -> None:
    vial = open_a_vial(nora)

    nora.done("/transfers", {"from": "room-1", "to": "store", "lines": [{"holding": vial}]})

    [row] = nora.get("/stock", location="store").body["items"]
    assert (row["holding"], row["quantity"]) == (vial, "16")


def test_a_holding_that_is_elsewhere_is_refused(clinic: Machine, nora: Machine) -> None:
    vial = open_a_vial(nora)
    line = {"holding": vial, "quantity": "1"}

    refusal = nora.post("/waste", {"location": "store", "lines": [line], "reason": "broken"})

    assert refusal.status == 409


def test_waste_leaves_the_lot_or_the_vial(clinic: Machine, nora: Machine) -> None:
    vial = open_a_vial(nora)
    lines = [
        {"item": "lido-1-20", "lot": "A1", "quantity": "20"},
        {"holding": vial, "quantity": "16"},
    ]

    wasted = nora.post("/waste", {"location": "room-1", "lines": lines, "reason": "contaminated"})

    assert (wasted.status, wasted.body["reason"]) == (201, "contaminated")
    assert [entry["quantity"] for entry in wasted.body["entries"]] == ["-20", "-16"]
    assert nora.get("/stock").body["items"] == []


def test_what_is_not_lot_tracked_is_wasted_without_a_lot(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery({"item": "glove-m", "quantity": "10"}))
    lines = [{"item": "glove-m", "quantity": "4"}]

    nora.done("/waste", {"location": "room-1", "lines": lines, "reason": "other"})

    assert [row["quantity"] for row in nora.get("/stock").body["items"]] == ["6"]


@pytest.mark.parametrize(
    ("lines", "reason", "field"),
    [
        ([], "broken", "lines"),
        ([{"item": "needle-25", "lot": "N1", "quantity": "1"}], "lost", "reason"),
        ([{"quantity": "1"}], "broken", "lines.0.item"),
        ([{"item": "needle-25", "quantity": "1"}], "broken", "lines.0.lot"),
        ([{"item": "needle-25", "lot": "N9", "quantity": "1"}], "broken", "lines.0.lot"),
    ],
)
def test_waste_that_cannot_be_understood(
    clinic: Machine, nora: Machine, lines: Any, reason: str, field: str
) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "1")))

    refusal = nora.post("/waste", {"location": "room-1", "lines": lines, "reason": reason})

    assert (refusal.status, refusal.fields) == (422, [field])


def test_a_count_makes_it_what_was_found(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "10"), lot("needle-25", "N2", "5")))
    lines = [
        {"item": "needle-25", "lot": "N1", "counted": "8"},
        {"holding": sealed(nora, "N2")["holding"], "counted": 5},
    ]

    counted = nora.post("/counts", {"location": "room-1", "lines": lines, "reason": "monthly"})

    assert counted.status == 201
    assert counted.body["lines"] == [
        {
            "item": "needle-25",
            "lot": "N1",
            "holding": sealed(nora, "N1")["holding"],
            "expected": "10",
            "counted": "8",
            "variance": "-2",
        },
        {
            "item": "needle-25",
            "lot": "N2",
            "holding": sealed(nora, "N2")["holding"],
            "expected": "5",
            "counted": "5",
            "variance": "0",
        },
    ]
    assert sealed(nora, "N1")["quantity"] == "8"


def test_a_recalled_lot_is_not_used_until_it_is_released(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "10")))
    [kept] = nora.get("/lots", item="needle-25", number="n1").body["items"]
    use = procedure({"item": "needle-25", "quantity": "1"})

    held = clinic.post(f"/lots/{kept['id']}/status", {"status": "recalled", "reason": "FDA"})
    refused = nora.post("/procedures", use)
    clinic.done(f"/lots/{kept['id']}/status", {"status": "available", "reason": "a mistake"})

    assert (held.status, held.body) == (200, {**kept, "status": "recalled"})
    assert refused.status == 409
    assert nora.post("/procedures", use).status == 201


def test_a_lot_that_is_not_there_has_no_status(clinic: Machine) -> None:
    assert clinic.post("/lots/1/status", {"status": "recalled", "reason": "FDA"}).status == 404


def test_the_trace_of_a_lot_adds_up(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("kenalog-40-1", "K1", "6")))
    use = procedure({"item": "kenalog-40-1", "quantity": "0.5"}, provider="Dr. Reyes")
    kept, undone, used_up = (nora.done("/procedures", use) for _ in range(3))
    nora.done(f"/procedures/{undone['id']}/void", VOID)
    nora.done(f"/procedures/{used_up['id']}/void", {**VOID, "supplies": "wasted"})
    line = {"item": "kenalog-40-1", "lot": "K1"}
    nora.done(
        "/waste", {"location": "room-1", "lines": [{**line, "quantity": "1"}], "reason": "broken"}
    )
    nora.done(
        "/counts", {"location": "room-1", "lines": [{**line, "counted": "2"}], "reason": "weekly"}
    )
    [row] = nora.get("/lots").body["items"]

    told = nora.get(f"/lots/{row['id']}/trace").body

    assert told["lot"] == row
    assert told["totals"] == {
        "received": "6",
        "on_hand": "2",
        "used": "0.5",
        "wasted": "2.5",
        "returned": "0",
        "counted": "-1",
    }
    totals = {name: Decimal(amount) for name, amount in told["totals"].items()}
    assert totals["received"] == (
        totals["on_hand"]
        + totals["used"]
        + totals["wasted"]
        + totals["returned"]
        - totals["counted"]
    )
    [traced] = told["procedures"]
    assert (traced["id"], traced["provider"], traced["quantity"]) == (
        kept["id"],
        "Dr. Reyes",
        "0.5",
    )
    assert [disposal["quantity"] for disposal in told["disposals"]] == ["0.5", "1", "1"]
    assert [receipt["quantity"] for receipt in told["receipts"]] == ["6"]
    assert [holding["quantity"] for holding in told["holdings"]] == ["2"]


def test_the_ledger_tells_what_happened_newest_first(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "10"), lot("lido-1-20", "A1", "20")))
    logged = nora.done("/procedures", procedure({"item": "needle-25", "quantity": "2"}))
    nora.done(f"/procedures/{logged['id']}/void", VOID)

    undone, used, received = nora.get("/movements").body["items"]

    assert [undone["kind"], used["kind"], received["kind"]] == ["reversal", "use", "receipt"]
    assert (undone["reverses"], undone["reason"], undone["by"]) == (used["id"], "a slip", "nora")
    assert used["entries"] == [
        {
            "holding": sealed(nora, "N1")["holding"],
            "item": "needle-25",
            "lot": "N1",
            "location": "room-1",
            "quantity": "-2",
        }
    ]
    assert len(received["entries"]) == 2


def test_the_ledger_is_filtered(clinic: Machine, nora: Machine) -> None:
    nora.done("/receipts", delivery(lot("needle-25", "N1", "10")))
    nora.done("/receipts", delivery(lot("lido-1-20", "A1", "20")))

    def lots(**query: str) -> list[str]:
        movements = nora.get("/movements", **query).body["items"]
        return [movement["entries"][0]["lot"] for movement in movements]

    assert lots(item="needle-25") == ["N1"]
    assert lots(lot="a1") == ["A1"]
    assert lots(item="needle-25", lot="A1") == []
    assert lots(since=day(0)) == ["A1", "N1"]
    assert lots(since=day(1)) == []
    assert lots(since=f"{day(-1)}T00:00:00+00:00") == ["A1", "N1"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/stock", {"item": "none-such"}),
        ("/stock", {"location": "none-such"}),
        ("/stock", {"usable": "perhaps"}),
        ("/stock", {"item": "a\x00b"}),
        ("/lots", {"item": "none-such"}),
        ("/movements", {"since": "yesterday"}),
        ("/movements", {"since": "2026-11-22T10:15:00"}),
        ("/flags", {"location": "none-such"}),
    ],
)
def test_a_filter_that_names_nothing_is_refused(
    vera: Machine, path: str, query: dict[str, str]
) -> None:
    refusal = vera.get(path, **query)

    assert (refusal.status, refusal.fields) == (422, list(query))


def test_what_else_is_asked_is_passed_over(vera: Machine) -> None:
    assert vera.get("/stock", colour="blue").status == 200
