"""What each report answers of one small story, added up by hand."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.reports.definition import Answer
from inventory.reports.every import REPORTS
from tests.clinic import kenalog, place
from tests.reports.story import ask, inject, november, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

KENALOG = "Kenalog-40 1 mL single-dose vial"
LIDOCAINE = "Lidocaine 1% 20 mL multi-dose vial"
NEEDLE = "Needle 25G 1½ in"


@pytest.fixture(autouse=True)
def story() -> None:
    tell()


def told(answer: Answer, *names: str) -> dict[str, tuple[Any, ...]]:
    """Return these values of each row by its name."""
    return {row.name: tuple(getattr(row, name) for name in names) for row in answer.rows}


def numbers(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def test_usage_by_item_is_net_and_counts_what_was_used_before_without_a_cost() -> None:
    # Kenalog: 0.5 + 1 used, 0.5 left over, 1 of a void, 1 broken; before it 0.5 used and 0.5 left.
    assert told(ask("usage"), "used", "wasted", "before", "used_cost", "wasted_cost", "cost") == {
        KENALOG: numbers("2", "3", "1", "21", "35", "56"),
        LIDOCAINE: numbers("4", "0", "0", "0.5", "0", "0.5"),
        NEEDLE: numbers("3", "0", "0", "0", "0", "0"),
    }


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (
            "type",
            {
                "Trigger point, 1 or 2": (1, 1, *numbers("7.5", "21")),
                "Knee injection": (1, 0, *numbers("14", "0")),
                "Not on a procedure": (0, 0, *numbers("0", "14")),
            },
        ),
        (
            "provider",
            {
                "Dr. Reyes": (1, 1, *numbers("7.5", "21")),
                "Dr. Okafor": (1, 0, *numbers("14", "0")),
                "Not on a procedure": (0, 0, *numbers("0", "14")),
            },
        ),
        (
            "location",
            {
                "Room 1": (1, 1, *numbers("7.5", "35")),
                "Room 2": (1, 0, *numbers("14", "0")),
            },
        ),
        (
            "month",
            {
                "September 2026": (0, 0, *numbers("0", "0")),
                "October 2026": (0, 1, *numbers("0", "0")),
                "November 2026": (2, 0, *numbers("21.5", "35")),
            },
        ),
    ],
)
def test_usage_comes_to_the_same_whatever_a_row_is(by: str, expected: dict[str, Any]) -> None:
    columns = ("procedures", "procedures_before", "used_cost", "wasted_cost")

    assert told(ask("usage", by), *columns) == expected


def test_usage_month_by_month_is_what_was_used_of_each_item() -> None:
    assert told(ask("usage", "item-month"), "months", "total") == {
        KENALOG: ([*numbers("0", "0.5", "1.5")], Decimal(2)),
        LIDOCAINE: ([*numbers("0", "0", "4")], Decimal(4)),
        NEEDLE: ([*numbers("0", "0", "3")], Decimal(3)),
    }


def test_usage_can_be_narrowed_to_a_place_and_to_a_provider() -> None:
    assert told(ask("usage", location=place("room-2")), "used", "cost") == {
        KENALOG: numbers("1", "14"),
        NEEDLE: numbers("1", "0"),
    }
    assert told(ask("usage", provider="okafor"), "used", "cost") == {
        KENALOG: numbers("1", "14"),
        NEEDLE: numbers("1", "0"),
    }


def test_usage_says_that_lots_have_no_price_and_that_the_past_has_no_cost() -> None:
    notes = ask("usage").notes

    assert "1 lot has no price and counts as nothing." in notes
    assert "What was used before Vialkeeper is in the quantities and has no cost." in notes


def test_a_procedure_costs_what_it_took_with_and_without_what_was_left_over() -> None:
    columns = ("procedures", "mean_used", "mean_wasted", "mean", "dearest", "unpriced")

    assert told(ask("procedure-cost"), *columns) == {
        "Knee injection": (1, *numbers("14", "0", "14"), f"{KENALOG} $14.00", 1),
        "Trigger point, 1 or 2": (
            1,
            *numbers("7.5", "7", "14.5"),
            f"{KENALOG} $14.00, {LIDOCAINE} $0.50",
            1,
        ),
    }


def test_the_mean_of_several_procedures_is_to_the_cent_and_adds_up() -> None:
    inject("Dr. Reyes", 19, {})
    inject("Dr. Reyes", 19, {})
    (row,) = [row for row in ask("procedure-cost").rows if row.name.startswith("Trigger")]

    # $7.50 and $7.00 for three.
    assert (row.mean_used, row.mean_wasted, row.mean) == numbers("2.50", "2.33", "4.83")


def test_waste_is_told_by_its_reason() -> None:
    assert told(ask("waste"), "items", "cost", "avoidable") == {
        "Single-dose remainder": (1, *numbers("7", "0")),
        "Procedure undone": (1, *numbers("14", "14")),
        "Broken": (1, *numbers("14", "14")),
    }


def test_waste_by_month_and_by_item_has_a_column_for_each_reason() -> None:
    by_month, by_item = ask("waste", "month"), ask("waste", "item")
    reasons = ["Single-dose remainder", "Procedure undone", "Broken"]

    assert [heading.title for heading in by_month.headings] == ["Month", "Cost", *reasons]
    assert [row.cost for row in by_month.rows] == [*numbers("0", "0", "35")]
    assert told(by_item, "quantity", "cost") == {KENALOG: numbers("3", "35")}


def test_the_stock_is_worth_what_is_there() -> None:
    # Of 20 vials: 2 injected, 1 of the void, 1 broken.
    assert told(ask("stock-value"), "quantity", "value", "unpriced") == {
        KENALOG: (*numbers("16", "224"), 0),
        LIDOCAINE: (*numbers("36", "4.5"), 0),
        NEEDLE: (*numbers("97", "0"), 1),
    }
    assert told(ask("stock-value", "location"), "value") == {
        "Room 1": (Decimal("172.5"),),
        "Room 2": (Decimal(56),),
    }


@pytest.mark.parametrize(
    ("day", "rooms"),
    [
        (1, {}),
        (2, {"Room 1": "285"}),
        (3, {"Room 1": "215", "Room 2": "70"}),
        (11, {"Room 1": "200.5", "Room 2": "70"}),
        (16, {"Room 1": "200.5", "Room 2": "56"}),
        (17, {"Room 1": "186.5", "Room 2": "56"}),
    ],
)
def test_the_stock_of_a_day_gone_by_is_worth_what_was_there(
    day: int, rooms: dict[str, str]
) -> None:
    answer = ask("stock-value", "location", until=november(day).date())

    assert told(answer, "value") == {name: (Decimal(value),) for name, value in rooms.items()}


def test_the_outlook_is_told_by_month_item_and_lot() -> None:
    # 90 days of use hardly touch what expires on Dec 31, 2027: most of it is lost.
    (month,) = [row for row in ask("expiry-outlook").rows if row.lots]

    assert (month.name, month.lots, month.value) == ("Dec 2027", 3, Decimal("228.5"))
    assert told(ask("expiry-outlook", "item"), "quantity", "value")[KENALOG] == numbers("16", "224")
    assert len(ask("expiry-outlook", "lot").rows) == 3


def test_a_report_asks_as_often_of_many_rows_as_of_few() -> None:
    before = {question: _queries(*question) for question in QUESTIONS}
    for number, provider in enumerate(("Dr. Vega", "Dr. Chen", "Dr. Diaz")):
        inject(provider, 19, {kenalog(): "0.2"}, room=f"room-{number % 2 + 1}")

    assert {question: _queries(*question) for question in QUESTIONS} == before
    assert max(before.values()) <= 13


QUESTIONS = [(report.code, by) for report in REPORTS for by, _ in report.by or (("", ""),)]


def _queries(code: str, by: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(code, by)
    return len(captured)
