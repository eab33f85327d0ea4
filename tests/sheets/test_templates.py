"""A template opens ready to fill in, rows to mend say what is wrong, and both can be sent in."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from inventory.sheets.cells import CellValue
from inventory.sheets.reading import open_file
from inventory.sheets.templates import (
    RowToMend,
    SheetToMend,
    Template,
    TemplateColumn,
    build_template,
    build_workbook_to_mend,
)
from inventory.sheets.workbook import workbook_bytes

ITEMS = [f"Needle {gauge}G, {length} mm" for gauge in range(18, 31) for length in range(10, 60, 2)]
COLUMNS = [
    TemplateColumn("Item", "As the catalogue calls it.", required=True, choices=ITEMS),
    TemplateColumn("Quantity", "How many, as in 12 or 3 bx.", required=True),
    TemplateColumn("Lot", "As it is printed on the box."),
    TemplateColumn("Expires", "A month is enough.", kind="date"),
    TemplateColumn("Place", choices=["storeroom", "room-1"]),
]
STOCK = Template(
    "Opening stock",
    COLUMNS,
    examples=[["Needle 25G, 38 mm", "3 bx", "AB12", "2028-01", "storeroom"]],
    about=["Count the shelves on one day."],
)
TO_MEND = SheetToMend(
    "Rm 1 cart",
    COLUMNS,
    [
        RowToMend(
            ["eclipse 25g", "a few", "3304123", "09/2029", None],
            {"Quantity": "A few is not a number.", "Place": "Say where it is."},
        ),
        RowToMend(['=HYPERLINK("x")', 10, "+1", None, "room-1"], {"": "No such item."}),
    ],
)


def opened(workbook: Workbook) -> Workbook:
    return load_workbook(BytesIO(workbook_bytes(workbook)))


def template_sheet() -> Any:
    return opened(build_template(STOCK)).worksheets[0]


def sheet_to_mend() -> Any:
    return opened(build_workbook_to_mend([TO_MEND], "To mend")).worksheets[0]


def values_of(workbook: Workbook) -> dict[str, list[list[CellValue]]]:
    file = open_file(workbook_bytes(workbook), "stock.xlsx")
    values: dict[str, list[list[CellValue]]] = {title: [] for title in file.titles}
    for row in file.rows():
        values[row.sheet].append([cell.value for cell in row.cells])
    return values


def drop_downs(worksheet: Any) -> dict[str, Any]:
    return {str(rule.sqref).partition("2:")[0]: rule for rule in _rules(worksheet)}


def _rules(worksheet: Any) -> list[Any]:
    return list(worksheet.data_validations.dataValidation)


# Templates


def test_a_template_is_read_as_its_headings_alone() -> None:
    headings = ["Item *", "Quantity *", "Lot", "Expires", "Place"]

    assert values_of(build_template(STOCK)) == {"Opening stock": [headings]}


def test_headings_stay_in_sight_and_say_what_belongs_below() -> None:
    sheet = template_sheet()

    assert sheet.freeze_panes == "A2"
    assert [cell.comment.text if cell.comment else None for cell in sheet[1]] == [
        "Needed. As the catalogue calls it.",
        "Needed. How many, as in 12 or 3 bx.",
        "As it is printed on the box.",
        "A month is enough.",
        None,
    ]


def test_what_is_typed_into_a_column_of_text_stays_text() -> None:
    sheet = template_sheet()

    formats = {letter: sheet.column_dimensions[letter].number_format for letter in "BCD"}
    assert formats == {"B": "@", "C": "@", "D": "yyyy-mm-dd"}


def test_a_drop_down_offers_a_list_of_any_length_and_forbids_nothing() -> None:
    workbook = opened(build_template(STOCK))
    rule = drop_downs(workbook.worksheets[0])["A"]
    title, _, cells = rule.formula1.rpartition("!")

    assert [cell.value for (cell,) in workbook[title.strip("'")][cells.replace("$", "")]] == ITEMS
    assert not rule.showErrorMessage


def test_columns_without_choices_have_no_drop_down() -> None:
    assert set(drop_downs(template_sheet())) == {"A", "E"}


def test_lists_are_hidden() -> None:
    file = open_file(workbook_bytes(build_template(STOCK)), "stock.xlsx")

    assert file.hidden_titles == ("Lists",)


def test_a_choice_that_looks_like_a_formula_is_text() -> None:
    template = Template("Stock", [TemplateColumn("Item", choices=["=1+1"])])

    assert opened(build_template(template))["Lists"]["A2"].data_type == "s"


def test_a_template_without_choices_has_no_lists() -> None:
    workbook = opened(build_template(Template("Stock", [TemplateColumn("Item")])))

    assert workbook.sheetnames == ["Stock", "How to fill this in"]


def test_the_guide_explains_each_column_with_examples() -> None:
    guide = opened(build_template(STOCK))["How to fill this in"]
    rows = [[cell.value for cell in row] for row in guide.iter_rows()]

    assert rows[0][0] == "How to fill this in: Opening stock"
    assert ["Count the shelves on one day.", None, None, None] in rows
    assert rows[5:8] == [
        ["Column", "Needed", "What to write", "Example 1"],
        [
            "Item",
            "needed",
            "As the catalogue calls it. The cell offers a list of 325 to choose from.",
            "Needle 25G, 38 mm",
        ],
        ["Quantity", "needed", "How many, as in 12 or 3 bx.", "3 bx"],
    ]
    assert rows[10] == ["Place", "may stay empty", "One of: storeroom, room-1.", "storeroom"]


def test_a_filled_in_template_is_read_as_it_was_typed() -> None:
    workbook = opened(build_template(STOCK))
    workbook.worksheets[0].append(["Needle 25G, 38 mm", "3 bx", "0012", datetime(2028, 1, 31)])  # noqa: DTZ001

    [_, row] = values_of(workbook)["Opening stock"]

    assert row == ["Needle 25G, 38 mm", "3 bx", "0012", datetime.fromisoformat("2028-01-31")]


# Rows to mend


def test_rows_to_mend_come_back_as_they_were_typed() -> None:
    assert values_of(build_workbook_to_mend([TO_MEND], "To mend")) == {
        "Rm 1 cart": [
            ["What to mend", "Item", "Quantity", "Lot", "Expires", "Place"],
            [
                "A few is not a number. Say where it is.",
                "eclipse 25g",
                "a few",
                "3304123",
                "09/2029",
            ],
            ["No such item.", '=HYPERLINK("x")', 10, "+1", None, "room-1"],
        ]
    }


def test_a_cell_to_mend_is_coloured_and_says_why() -> None:
    quantity, lot = sheet_to_mend()["C2"], sheet_to_mend()["D2"]

    assert quantity.comment.text == "A few is not a number."
    assert quantity.fill.fgColor.rgb != lot.fill.fgColor.rgb
    assert lot.comment is None


def test_an_empty_cell_can_be_what_is_to_mend() -> None:
    assert sheet_to_mend()["F2"].comment.text == "Say where it is."


@pytest.mark.parametrize("address", ["B3", "D3"])
def test_what_looks_like_a_formula_stays_text_when_it_is_mended(address: str) -> None:
    cell = sheet_to_mend()[address]

    assert (cell.data_type, cell.quotePrefix, cell.number_format) == ("s", True, "@")


def test_a_day_that_was_typed_as_text_stays_text_when_it_is_edited() -> None:
    assert sheet_to_mend()["E2"].number_format == "@"


def test_a_row_to_mend_offers_the_same_choices() -> None:
    assert set(drop_downs(sheet_to_mend())) == {"B", "F"}


def test_rows_to_mend_keep_their_sheets_whatever_they_are_called() -> None:
    lists = SheetToMend("Lists", COLUMNS, [RowToMend(["x", 1, None, None, None])])
    workbook = build_workbook_to_mend([TO_MEND, lists], "To mend")
    file = open_file(workbook_bytes(workbook), "stock.xlsx")

    assert file.titles == ("Rm 1 cart", "Lists")
    assert file.hidden_titles == ("Lists (2)",)


def test_numbers_stay_numbers_unless_they_are_to_mend() -> None:
    rows = [RowToMend(["a", Decimal("2.5"), None, None, None], {"Item": "No such item."})]
    workbook = build_workbook_to_mend([SheetToMend("Cart", COLUMNS, rows)], "To mend")

    assert values_of(workbook)["Cart"][1] == ["No such item.", "a", Decimal("2.5")]


def test_a_list_that_columns_share_is_written_once() -> None:
    sheets = [TO_MEND, SheetToMend("Cart", COLUMNS, TO_MEND.rows)]
    data = workbook_bytes(build_workbook_to_mend(sheets, "To mend"))

    with ZipFile(BytesIO(data)) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist())
    assert texts.count(ITEMS[0].encode()) == 1
