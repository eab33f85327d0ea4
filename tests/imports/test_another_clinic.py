"""A sheet of another clinic: other headings in another order, other words, another catalogue."""

from datetime import datetime
from functools import cache
from io import BytesIO

import pytest
from openpyxl import Workbook

from inventory.imports.planned import PlannedRow
from inventory.imports.stock.rows import plan_stock, stock_layouts
from inventory.sheets.reading import SheetFile, open_file
from tests.imports.catalogues import LAKESIDE
from tests.imports.sheets import TODAY

Cells = tuple[str | int | float | datetime | None, ...]
Expected = tuple[str, str, str, str, str, str]
"""Verdict, item, quantity, lot, expiry and place."""

CLOSET, ROOM = "Supply closet", "Procedure Room B"
TITLES = ("Lakeside Spine Clinic", "Inventory as of 11/21/2026 - counted by Sam & Jo")
IGNORED: Expected = ("ignore", "", "", "", "", "")

CLOSET_HEADINGS = ("Bin", "NDC / Ref", "Product Description", "Strength", "Vial size", "Pkg",
                   "QOH", "Batch", "Use By", "Distributor", "Price each", "Remarks")  # fmt: skip
# The row of June 2027 is a date cell that shows mm/yyyy.
JUNE = datetime.fromisoformat("2027-06-01")
CLOSET_ROWS: list[tuple[Cells, Expected]] = [
    (("ANALGESICS & LOCALS",), IGNORED),
    (("S1", None, "Lidocaine", "1%", "50 mL", "vl", 7, "A-771", "06-2028", "McKesson", 3.5),
     ("accept", "lido-1-50", "350", "A-771", "2028-06-30", "closet")),
    (("S1", "0409-4276-02", "lido", None, None, "vl", None, "B12", "6/28"),
     ("reject", "lido-1-50", "", "B12", "2028-06-30", "closet")),
    (("S1", "00304094276021", None, None, None, "vial", 3, "B13", "6/28", "Schein", 3.5),
     ("accept", "lido-1-50", "150", "B13", "2028-06-30", "closet")),
    (("S1", None, "Lidocaine w/ epi 1:100,000", "1%", "20cc", "vial", "5 vials", "EP-9", JUNE),
     ("accept", "lido-1-epi-20", "100", "EP-9", "2027-06-30", "closet")),
    (("S1", None, "Lidocaine plain", "2%", "50", "vial", 2.0, "L2", "Jun-2028", None, None,
      "1 opened 11/15/26"), ("decide", "lido-2-50", "", "L2", "2028-06-30", "closet")),
    (("S1", None, "Ropivacaine", "0.5%", "30 ml", "bx", "2", "RP100", "2028.05"),
     ("accept", "ropi-05-30", "600", "RP100", "2028-05-31", "closet")),
    # Nobody says what a box of these holds.
    (("S1", None, "Ropivacaine", "10 mg/mL", "20 mL", "bx", "2", "RP101", "2028.05"),
     ("decide", "ropi-1-20", "", "RP101", "2028-05-31", "closet")),
    # The name is left out, as it is that of the row above.
    ((None, None, None, None, None, "vl", "1", "RP102", "2028.06"),
     ("decide", "", "", "RP102", "2028-06-30", "closet")),
    (("S1", None, '"', '"', '"', "vl", "4", "RP103", "2028.07"),
     ("decide", "", "", "RP103", "2028-07-31", "closet")),
    (("S1", None, "Nesacaine", "3%", None, "vial", "four", "NC-4", "1/31/2027"),
     ("accept", "nesacaine-3", "80", "NC-4", "2027-01-31", "closet")),
    (("S1", None, "ditto", '"', None, "vial", 2, "NC-5", '"'),
     ("accept", "nesacaine-3", "40", "NC-5", "2027-01-31", "closet")),
    (("S2", None, "Toradol", "30mg/ml", "1ml", "vial", "approx 20", "TD1", "9/30/27"),
     ("decide", "toradol-1", "", "TD1", "2027-09-30", "closet")),
    (("S2", None, "Ketorolac", "60mg/2ml", None, "vial", 12, 123456789012, "30.09.2027"),
     ("accept", "ketorolac-2", "24", "123456789012", "2027-09-30", "closet")),
    (("S2", None, "Depo Medrol", "80mg", "1 mL", "vial", 8, "1.23457E+11", "SEP 2027"),
     ("decide", "depo-80-1", "8", "", "2027-09-30", "closet")),
    (("S2", None, "Depo", "40", "10ml", "mL", 45, "DM9", "09/30/2027", None, None,
      "opened 10/30"), ("decide", "depo-40-10", "45", "DM9", "2027-09-30", "closet")),
    (("S2", None, "Kenalog", "10", "5 ml", "vial", "3 + 1 open", "KG1", "10/27", None, None,
      "opened Nov 3"), ("decide", "kenalog-10-5", "", "KG1", "2027-10-31", "closet")),
    (("S2", None, "Dexameth", "4mg/ml", "30ml", "vial", "1/2", "DX3", "Dec 2027", None, None,
      "first used 9/1"), ("decide", "dexa-4-30", "", "DX3", "2027-12-31", "closet")),
    (("S2", None, "Solu-Medrol", "125 mg", "2ml", "vial", "1.5", "SM1", "12/2027"),
     ("decide", "solu-125", "", "SM1", "2027-12-31", "closet")),
    (("Med fridge", None, "Botox", "200u", None, "vial", 3, "BX200", "02/2028"),
     ("accept", "botox-200", "600", "BX200", "2028-02-29", "med-fridge")),
    (("fridge", None, "Xeomin", "100 units", None, None, 40, "XM1", "02/2028"),
     ("decide", "xeomin-100", "", "XM1", "2028-02-29", "med-fridge")),
    (("Room C", None, "Bicarb", "8.4%", "50 ml", "vial", 2, "SB1", "02/2028"),
     ("decide", "bicarb-50", "100", "SB1", "2028-02-29", "")),
    (("S3", None, "Betamethasone", "6mg/ml", "5 ml", "vial", 2, "BT1", "02/2028"),
     ("decide", "", "", "BT1", "2028-02-29", "closet")),
    (("S3", None, "Sodium chloride bacteriostatic", "0.9%", "30", "vial", 9, "BN1", "02/2028",
      None, None, "expired?"), ("decide", "saline-bact-30", "270", "BN1", "2028-02-29", "closet")),
    (("S3", None, "Lidocaine jelly", "2%", "30 ml", "tube", 2, "LJ1", "02/2028"),
     ("reject", "", "", "LJ1", "2028-02-29", "closet")),
    (("S3", None, "Cefazolin", "1 g", None, "vial", 4, "CF1", "02/2028"),
     ("reject", "", "", "CF1", "2028-02-29", "closet")),
    (("S3", None, "Sterile water", None, "10mL", "vial", 25, "SW1", "2/30/2028"),
     ("reject", "water-10", "250", "SW1", "", "closet")),
    (("S3", None, "Omnipaque 300", None, "50ml", "btl", 6, "OM1", 46843, None, None, "top row"),
     ("accept", "omnipaque-300", "300", "OM1", "2028-03-31", "closet")),
    (("S3", None, "Omnipaque 300", None, "50ml", "btl", 2, "OM2", "03/28", None, None,
      "damaged box"), ("decide", "omnipaque-300", "100", "OM2", "2028-03-31", "closet")),
    (("Sub-total", None, None, None, None, None, 99), IGNORED),
]  # fmt: skip

ROOM_HEADINGS = ("Supply Name", "Amt", "U/M", "Lot/Batch No.", "Expiration Date", "Where Stored",
                 "Comments")  # fmt: skip
ROOM_ROWS: list[tuple[Cells, Expected]] = [
    (("26 gauge 1/2 inch needles", "4 boxes", None, "26A", "01/31/2029", "Drawer 1"),
     ("accept", "needle-26", "400", "26A", "2029-01-31", "proc-b")),
    (("305111", 60, "pcs", "26A", None, "Drawer 1"),
     ("accept", "needle-26", "60", "26A", "2029-01-31", "proc-b")),
    (("27G x 1 1/2", 1, "bx", "27Q", "2029-01", "Drawer 1"),
     ("accept", "needle-27", "100", "27Q", "2029-01-31", "proc-b")),
    (("18 ga needle", "2 bx + 14", None, "18Z", "01/29", "Drawer 1"),
     ("accept", "needle-18", "214", "18Z", "2029-01-31", "proc-b")),
    (('Spinal needles 25g 3.5"', "8", None, "SP8", "Jan 2029", "Drawer 2"),
     ("accept", "spinal-25", "8", "SP8", "2029-01-31", "proc-b")),
    (("IV catheter 20g", "½ box", None, "IV1", "01/29", "Drawer 2"),
     ("decide", "catheter-20", "", "IV1", "2029-01-31", "proc-b")),
    (("Butterflies 23g", "20-25", "ea", "BF1", "01/29", "Drawer 2"),
     ("decide", "butterfly-23", "", "BF1", "2029-01-31", "proc-b")),
    (('syringes 3 mL w/ needle 25g 1"', 1, "bx", "S3N", "01/29", "Drawer 3"),
     ("accept", "syringe-3-needle", "100", "S3N", "2029-01-31", "proc-b")),
    (("10 mL syringe LL", "250", "each", "S10", "1/29", "Drawer 3"),
     ("decide", "syringe-10", "250", "S10", "2029-01-31", "proc-b")),
    (("10 mL syringe LL", "250", "each", "S10", "1/29", "Drawer 3"),
     ("decide", "syringe-10", "250", "S10", "2029-01-31", "proc-b")),
    (("Syringe 10ml", "50", "each", "S10", "2/29", "Crash cart"),
     ("decide", "syringe-10", "50", "S10", "2029-02-28", "crash")),
    (("TB syringes", "1 box of 100", None, "TB1", "1/29", "Drawer 3"),
     ("accept", "tuberculin", "100", "TB1", "2029-01-31", "proc-b")),
    (("nitrile gloves - med", "1 case"), ("accept", "glove-m", "2000", "", "", "proc-b")),
    (("nitrile gloves XL", "3 bxs", None, "n/a", "n/a"),
     ("accept", "glove-xl", "540", "", "", "proc-b")),
    (("gloves sterile 7", "12 pr", None, "SG7", "11/2028"),
     ("accept", "glove-7", "12", "SG7", "2028-11-30", "proc-b")),
    (("4 x 4 sterile", "3 pk", None, "G44", "11/2028"),
     ("accept", "gauze-4-sterile", "75", "G44", "2028-11-30", "proc-b")),
    (("4x4", "3 pk", None, "G44", "11/2028"), ("decide", "", "", "G44", "2028-11-30", "proc-b")),
    (("alcohol preps", "2,400"), ("accept", "alcohol", "2400", "", "", "proc-b")),
    (("bandaids 3/4 x 3", 250.0, "ct"), ("accept", "bandage", "250", "", "", "proc-b")),
    (("chloraprep 3ml", "1 box (25/box)", None, "CP3", "11/2028"),
     ("accept", "chloraprep-3", "25", "CP3", "2028-11-30", "proc-b")),
    (("chloraprep 10.5 mL", "see shelf", None, "CP10", "11/2028"),
     ("reject", "chloraprep-10", "", "CP10", "2028-11-30", "proc-b")),
    (("U/S gel 250ml", "6 bottles", None, "UG", "11/2028"),
     ("accept", "gel", "6", "UG", "2028-11-30", "proc-b")),
    (("masks", "-"), ("reject", "mask", "", "", "", "proc-b")),
    (("surgical masks", "0"), IGNORED),
    (("emesis bags", "1 pack"), ("accept", "emesis", "24", "", "", "proc-b")),
    (("tegaderm", "1.5 bx", None, "TG", "Nov 30, 2028"),
     ("accept", "tegaderm", "75", "TG", "2028-11-30", "proc-b")),
    (("coffee pods", "40"), ("reject", "", "", "", "", "proc-b")),
    (ROOM_HEADINGS, IGNORED),
    (("Counted by: Sam",), IGNORED),
    (("Total items", 27), IGNORED),
]  # fmt: skip


@cache
def workbook() -> SheetFile:
    book = Workbook()
    closet = book.active
    assert closet is not None
    closet.title = CLOSET
    above: list[Cells] = [(TITLES[0],), (TITLES[1],), (), CLOSET_HEADINGS]
    for line in above:
        closet.append(line)
    for line, _ in CLOSET_ROWS:
        closet.append(line)
    for row in closet.iter_rows():
        for each in row:
            if each.value == JUNE:
                each.number_format = "mm/yyyy"
    room = book.create_sheet(ROOM)
    room.append(ROOM_HEADINGS)
    for line, _ in ROOM_ROWS:
        room.append(line)
    content = BytesIO()
    book.save(content)
    return open_file(content.getvalue(), "lakeside.xlsx")


@cache
def planned() -> dict[tuple[str, int], PlannedRow]:
    rows = plan_stock(
        workbook().rows,
        layouts=stock_layouts(workbook().rows),
        catalogue=LAKESIDE,
        today=TODAY,
    )
    return {(row.sheet, row.row): row for row in rows}


CASES = [
    (CLOSET, number, expected) for number, (_, expected) in enumerate(CLOSET_ROWS, start=5)
] + [(ROOM, number, expected) for number, (_, expected) in enumerate(ROOM_ROWS, start=2)]


@pytest.mark.parametrize(
    ("sheet", "number", "expected"), CASES, ids=lambda each: each if isinstance(each, int) else ""
)
def test_a_row_is_understood_as_a_careful_person_would(
    sheet: str, number: int, expected: Expected
) -> None:
    row = planned()[sheet, number]

    values = row.values
    names = ("item", "quantity", "lot", "expires_on", "location")
    assert (str(row.outcome), *(str(values.get(name) or "") for name in names)) == expected


def test_what_it_cost_and_who_sold_it_is_kept() -> None:
    values = planned()[CLOSET, 6].values

    assert (str(values["unit_cost"]), values["supplier"]) == ("0.0700", "mckesson")
