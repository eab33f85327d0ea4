"""Flags, and what to order."""

from io import BytesIO

from openpyxl import load_workbook

from tests.api.clinic import NEEDLE, Machine, day, delivery, lot

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run_low(manager: Machine) -> None:
    manager.done("/items", {**NEEDLE, "sku": "rare", "reorder_point": "50", "par_level": "80"})
    manager.done("/suppliers", {"code": "mckesson", "name": "McKesson"})
    manager.done(
        "/offers",
        {
            "supplier": "mckesson",
            "item": "rare",
            "pack_quantity": "25",
            "pack_price": "9.99",
            "lead_time_days": 3,
        },
    )
    manager.done("/receipts", delivery(lot("rare", "R1", "10"), lot("rare", "R0", "5", day(-1))))


def test_flags_say_what_needs_a_person(clinic: Machine, vera: Machine) -> None:
    run_low(clinic)

    flags = vera.get("/flags").body["items"]

    [low] = [flag for flag in flags if flag["kind"] == "low"]
    [expired] = [flag for flag in flags if flag["kind"] == "expired"]
    assert (low["item"], low["lot"], low["location"], low["quantity"]) == (
        "rare",
        None,
        None,
        "10",
    )
    assert (expired["lot"], expired["location"], expired["due_on"]) == ("R0", "room-1", day(-1))
    assert all(flag["severity"] and flag["message"] for flag in flags)


def test_flags_of_one_place(clinic: Machine, vera: Machine) -> None:
    run_low(clinic)

    assert vera.get("/flags", location="store").body["items"] == []
    assert len(vera.get("/flags", location="room-1").body["items"]) == 2


def test_what_to_order_and_why(clinic: Machine, vera: Machine) -> None:
    run_low(clinic)

    [row] = vera.get("/reorder").body["items"]

    assert row.pop("reason")
    assert row == {
        "item": "rare",
        "supplier": "mckesson",
        "on_hand": "15",
        "usable": "10",
        "on_order": "0",
        "position": "10",
        "daily_usage": "0",
        "days_of_supply": None,
        "reorder_point": "50",
        "suggested_quantity": "75",
        "packs": 3,
        "pack_size": "25",
        "cost": "29.97",
        "will_expire_unused": row["will_expire_unused"],
    }


def test_the_workbook_holds_the_same_rows(clinic: Machine, vera: Machine) -> None:
    run_low(clinic)

    answer = vera.get("/reorder.xlsx")

    assert answer.headers["Content-Type"] == WORKBOOK
    book = load_workbook(BytesIO(answer.body))
    cells = [cell for sheet in book for row in sheet.values for cell in row]
    assert "rare" in cells
