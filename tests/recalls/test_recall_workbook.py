"""The answer to a recall as a workbook: what the page shows, typed, a sheet for each part."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from inventory.procedures.kits import LineWanted
from inventory.procedures.record import ProcedureWanted
from inventory.procedures.record import record as log_procedure
from inventory.recalls import record
from inventory.recalls.models import Recall
from inventory.recalls.record import Ending
from inventory.sheets.workbook import CONTENT_TYPE
from inventory.stock import ledger
from inventory.stock.requests import StockLine, WasteReason
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    mara,
    place,
    procedure_type,
    received,
    signed_in,
    vic,
)
from tests.recalls.notices import CARTON_NDC, coded, recalled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def recall() -> Recall:
    """A recall of Kenalog, of which half a vial was given and two were broken."""
    coded(kenalog(), "ndc", CARTON_NDC, quantity=1)
    shelf = received(kenalog(), 10, "K1")
    wanted = ProcedureWanted(
        procedure_type(),
        place(),
        NOW,
        lines=(LineWanted(kenalog(), Decimal("0.5")),),
        provider="Dr. Amara Osei",
        encounter_ref="ENC-778",
    )
    log_procedure(wanted, by=mara(), now=NOW)
    ledger.waste(
        by=mara(),
        location=place(),
        lines=[StockLine(kenalog(), Decimal(2), holding=shelf)],
        reason=WasteReason.BROKEN,
        happened_at=NOW,
        now=NOW,
    )
    return recalled("K1", code=CARTON_NDC)


def workbook_of(recall: Recall, who: Any = dana) -> Workbook:
    answer = signed_in(who()).get(reverse("recall_export", args=[recall.pk]))
    assert answer["Content-Type"] == CONTENT_TYPE
    return load_workbook(BytesIO(answer.content))


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows below the headings, by heading."""
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    starts = next(number for number, line in enumerate(lines) if "Lot" in line or "What" in line)
    titles = [str(title) for title in lines[starts]]
    return [dict(zip(titles, line, strict=True)) for line in lines[starts + 1 :]]


def facts_of(recall: Recall) -> dict[Any, Any]:
    """What stands above the balance, by its name."""
    lines = workbook_of(recall)["Summary"].iter_rows(max_col=2, values_only=True)
    return {name: value for name, value in lines if name}


def test_each_part_has_a_sheet(recall: Recall) -> None:
    assert workbook_of(recall).sheetnames == [
        "Summary",
        "Receipts",
        "On hand",
        "Procedures",
        "Disposals",
        "Response log",
    ]


def test_it_begins_with_what_the_notice_said(recall: Recall) -> None:
    facts = facts_of(recall)
    assert facts["Notice"] == "Z-1234"
    assert facts["Code"] == CARTON_NDC
    assert facts["Lots searched"] == "K1"
    assert facts["Found"] == "1 lot"
    assert facts["Balance"] == "every lot balances"
    assert facts["Outcome"] == "not closed yet"


def test_the_balance_adds_up_in_numbers(recall: Recall) -> None:
    (row,) = rows_of(workbook_of(recall)["Summary"])
    gone = row["Used"] + row["Wasted"] + row["Returned"] - row["Counted"]
    assert row["Received"] == row["On hand"] + gone == 10
    assert (row["Lot"], row["Balance"], row["State"]) == ("K1", "balances", "recalled")


def test_each_procedure_says_when_what_where_who_and_for_which_encounter(recall: Recall) -> None:
    (row,) = rows_of(workbook_of(recall)["Procedures"])
    when = row.pop("When")
    assert (isinstance(when, datetime), when.date()) == (True, TODAY)
    assert row == {
        "Item": "Kenalog-40 1 mL single-dose vial",
        "Lot": "K1",
        "Procedure": "Trigger point, 1 or 2",
        "Room": "Room 1",
        "Clinician": "Dr. Amara Osei",
        "Encounter": "ENC-778",
        "Quantity": 0.5,
    }


def test_who_does_not_treat_patients_exports_no_encounter(recall: Recall) -> None:
    (row,) = rows_of(workbook_of(recall, vic)["Procedures"])
    assert row["Encounter"] == "•••"


def test_receipts_disposals_and_what_is_left_add_up_to_it(recall: Recall) -> None:
    workbook = workbook_of(recall)
    amounts = {
        title: sorted(row["Quantity"] for row in rows_of(workbook[title]))
        for title in ("Receipts", "On hand", "Disposals")
    }
    assert amounts == {"Receipts": [10], "On hand": [7], "Disposals": [0.5, 2]}


def test_the_log_is_in_it(recall: Recall) -> None:
    record.add_note(recall, "=HYPERLINK(1)", by=mara(), now=NOW)
    lines = rows_of(workbook_of(recall)["Response log"])
    assert [line["Who"] for line in lines] == ["Dana Lindqvist", "Mara Ortiz"]
    # A text that begins like a formula stays a text.
    assert lines[1]["What"].lstrip("'") == "=HYPERLINK(1)"
    (cell,) = (
        cell
        for line in workbook_of(recall)["Response log"].iter_rows()
        for cell in line
        if "HYPERLINK" in str(cell.value)
    )
    assert cell.data_type == "s"


def test_none_found_is_a_workbook_too() -> None:
    lidocaine()
    recall = recalled("B7")
    record.close_recall(recall, Ending("None here"), by=dana(), now=NOW)
    facts = facts_of(recall)
    assert (facts["Found"], facts["Outcome"]) == ("none found", "None here")
    assert "Balance" not in facts or facts["Balance"] is None


def test_it_is_named_after_the_notice(recall: Recall) -> None:
    answer = signed_in(dana()).get(reverse("recall_export", args=[recall.pk]))
    assert "z-1234" in answer["Content-Disposition"].lower()
    assert "2026-11-23" in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["../../etc", 'a"b\r\nX: y', "回収", "x" * 100, "/"])
def test_whatever_the_notice_is_called_it_can_be_downloaded(recall: Recall, name: str) -> None:
    Recall.objects.filter(pk=recall.pk).update(reference=name)
    recall.refresh_from_db()
    answer = signed_in(dana()).get(reverse("recall_export", args=[recall.pk]))
    assert answer.status_code == 200
    assert "\n" not in answer["Content-Disposition"]
    assert "/" not in answer["Content-Disposition"]
    assert workbook_of(recall).sheetnames[0] == "Summary"
