"""Questions at the rows of a stock sheet, and what becomes of the rows once they are answered."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.stock.draft import Stores
from inventory.imports.stock.rows import fingerprint
from inventory.sheets.cells import SheetCell, SheetRow
from tests.imports.sheets import asked, offered, plan, plan_line, said, sheet

LIDO = "lido 1% 20ml MDV"


def accepted(row: PlannedRow) -> dict[str, object]:
    assert row.outcome == Outcome.ACCEPT, said(row)
    assert row.questions == ()
    return dict(row.values)


def test_a_person_picks_the_item() -> None:
    line = ("gloves", "8 bx")
    row = plan_line(*line)
    assert (row.outcome, asked(row)) == (Outcome.DECIDE, ["item"])

    values = accepted(plan_line(*line, item="glove-nitrile-l"))
    assert (values["item"], values["quantity"]) == ("glove-nitrile-l", 800)


def test_an_item_that_the_catalogue_lacks_can_be_picked_too() -> None:
    line = ("Ketorolac 30 mg/mL", 8, "vials", "KT1", "07/2027")
    assert plan_line(*line).outcome == Outcome.REJECT

    assert accepted(plan_line(*line, item="triam-40-1"))["quantity"] == 8


def test_an_item_that_nobody_has_is_asked_again() -> None:
    row = plan_line("gloves", "8 bx", item="nonsense")

    assert asked(row) == ["item"]
    assert "Expected an item of the catalogue, but got “nonsense”." in said(row)


def test_a_person_types_the_count() -> None:
    line = ("Depo 40 1ml", "~40", "vials", "GH2291", "1/31/2028")
    assert asked(plan_line(*line)) == ["quantity"]

    assert accepted(plan_line(*line, quantity="38"))["quantity"] == 38


def test_a_count_that_is_still_no_count_is_asked_again() -> None:
    row = plan_line("bandages", "30+", quantity="a lot")

    assert row.outcome == Outcome.REJECT
    assert asked(row) == ["quantity"]


def test_one_of_two_counts_is_picked() -> None:
    line = ("US probe covers", "1 bx (opened, 17 left)", None, "PC4402", "09/2028")
    assert offered(plan_line(*line), "quantity") == ["17 each", "1 box"]

    assert accepted(plan_line(*line, quantity="17 each"))["quantity"] == 17
    assert accepted(plan_line(*line, quantity="1 box"))["quantity"] == 24


def test_a_part_of_a_box_is_a_guess_until_somebody_says_so() -> None:
    row = plan_line("alcohol preps", "½ bx")
    assert offered(row, "quantity") == ["100 each"]

    assert accepted(plan_line("alcohol preps", "½ bx", quantity="100 each"))["quantity"] == 100


@pytest.mark.parametrize("unit", ["mg", "vials/tray", "zorp"])
def test_a_unit_that_nothing_is_counted_in_is_asked_about(unit: str) -> None:
    line = ("Dex 4mg/ml 1ml", 25, unit, "A1", "12/27")
    assert asked(plan_line(*line)) == ["quantity"]

    assert accepted(plan_line(*line, quantity="25 each"))["quantity"] == 25


@pytest.mark.parametrize("count", [Decimal("0.00001"), 999_999_999])
def test_what_no_shelf_holds_is_refused(count: Decimal | int) -> None:
    row = plan_line(LIDO, count, "vials", "A1", "12/27")

    assert (row.outcome, asked(row)) == (Outcome.REJECT, ["quantity"])


def test_a_sleeve_may_be_less_than_the_box() -> None:
    line = ("25g 1.5 needles", "2 sleeves", None, "A1", "12/27")
    assert asked(plan_line(*line)) == ["pack"]

    assert accepted(plan_line(*line, pack="10"))["quantity"] == 20


def test_a_pair_of_what_comes_in_pairs_is_one() -> None:
    assert accepted(plan_line("sterile gloves 7.5", "10 pr", None, "A1", "12/27"))["quantity"] == 10


def test_a_pair_of_anything_else_is_asked_about() -> None:
    assert offered(plan_line("nitrile gloves M", "10 pr"), "quantity") == ["20 each", "10 each"]


@pytest.mark.parametrize(
    ("count", "quantity"), [("300 (3 bx)", 300), ("3 bx = 300", 300), ("3 bx (50/bx)", 150)]
)
def test_a_count_may_be_said_twice(count: str, quantity: int) -> None:
    assert (
        accepted(plan_line("25g 1.5 needles", count, None, "A1", "12/27"))["quantity"] == quantity
    )


@pytest.mark.parametrize("count", ["200 (3 bx)", "3 bx = 200"])
def test_a_count_that_is_said_in_two_ways_is_asked_about(count: str) -> None:
    row = plan_line("25g 1.5 needles", count, None, "A1", "12/27")

    assert row.outcome == Outcome.DECIDE
    assert len(offered(row, "quantity")) == 2


def test_what_a_box_holds_is_asked_where_the_catalogue_does_not_say() -> None:
    line = ("Kenalog 40 1ml", "2 bx", None, "K1", "12/27")
    assert asked(plan_line(*line)) == ["pack"]

    values = accepted(plan_line(*line, pack="25"))
    assert (values["quantity"], values["counted"]) == (50, "2 boxes of 25 vials of 1 mL")


@pytest.mark.parametrize(
    ("missing", "line", "answer"),
    [
        ("lot", ("22g 1.5", "4 bx", None, None, "12/27"), {"lot": "l7"}),
        ("expires_on", ("22g 1.5", "4 bx", None, "L7", None), {"expires_on": "2027-12-31"}),
        ("expires_on", ("22g 1.5", "4 bx", None, "L7", None), {"expires_on": "12/27"}),
        (
            "lot",
            ("22g 1.5", "4 bx", None, datetime.fromisoformat("2026-03-14"), "12/27"),
            {"lot": "l7"},
        ),
        ("expires_on", ("22g 1.5", "4 bx", None, "L7", "2/29/2027"), {"expires_on": "12/27"}),
    ],
)
def test_lot_and_expiry_are_asked_for(
    missing: str, line: tuple[str | datetime | None, ...], answer: dict[str, str]
) -> None:
    assert asked(plan_line(*line)) == [missing]

    values = accepted(plan_line(*line, **answer))
    assert (values["lot"], values["expires_on"]) == ("L7", date(2027, 12, 31))


def test_a_supply_may_have_no_date_printed_but_a_drug_has() -> None:
    needle = plan_line("22g 1.5", "4 bx", None, "L7", None)
    drug = plan_line(LIDO, 4, "vials", "L7", None)

    assert offered(needle, "expires_on") == ["none"]
    assert "none" not in offered_or_nothing(drug)
    assert "expires_on" not in accepted(
        plan_line("22g 1.5", "4 bx", None, "L7", None, expires_on="none")
    )


def offered_or_nothing(row: PlannedRow) -> list[str]:
    return [choice.value for question in row.questions for choice in question.choices]


def test_an_answer_that_is_no_day_is_asked_again() -> None:
    row = plan_line("22g 1.5", "4 bx", None, "L7", None, expires_on="soon")

    assert asked(row) == ["expires_on"]
    assert "“soon”" in said(row)


# Opened vials


OPENED = ("Lido 2% w/ epi 20ml", "2.5 vials", None, "X5521", "2027-12")


def test_half_a_multi_dose_vial_is_asked_about_and_never_sealed_stock() -> None:
    row = plan_line(*OPENED)

    assert row.outcome == Outcome.DECIDE
    assert "quantity" not in row.values
    assert asked(row) == ["opened", "opened_on", "opened_left"]
    assert offered(row, "opened") == ["take_in", "leave_out"]


def test_the_opened_one_can_be_left_out() -> None:
    values = accepted(plan_line(*OPENED, opened="leave_out"))

    assert values["quantity"] == 40
    assert "opened_left" not in values


def test_the_opened_one_can_be_taken_in() -> None:
    values = accepted(
        plan_line(*OPENED, opened="take_in", opened_on="2026-11-12", opened_left="9 mL")
    )

    assert (values["quantity"], values["opened_left"]) == (49, 9)
    assert values["opened_on"] == date(2026, 11, 12)


@pytest.mark.parametrize(
    "answers",
    [
        {"opened_on": "2026-11-12"},
        {"opened_left": "9"},
        {"opened_on": "2027-11-12", "opened_left": "9"},
        {"opened_on": "2026-11-12", "opened_left": "21"},
        {"opened_on": "2026-11-12", "opened_left": "-1"},
        {"opened_on": "2026-09-12", "opened_left": "9"},
    ],
)
def test_an_opened_vial_needs_a_day_and_an_amount_that_can_be(answers: dict[str, str]) -> None:
    row = plan_line(*OPENED, opened="take_in", **answers)

    assert row.outcome == Outcome.DECIDE


def test_millilitres_left_in_a_vial_are_one_opened_vial() -> None:
    line = (LIDO, "14 mL", None, "AB4410C", "12/2027", None, "opened 11/12")
    row = plan_line(*line)

    assert asked(row) == ["opened"]
    assert "to be used by 10 December 2026" in said(row)
    values = accepted(plan_line(*line, opened="take_in"))
    assert (values["quantity"], values["opened_left"]) == (14, 14)


def test_millilitres_that_fill_vials_are_sealed_stock() -> None:
    values = accepted(plan_line(LIDO, "40 mL", None, "AB4410C", "12/2027"))

    assert values["quantity"] == 40
    assert "opened_left" not in values


def test_a_vial_past_its_beyond_use_date_can_only_be_left_out() -> None:
    line = ("bupi .25% 50ml MDV", "0.5 vial", None, "EU5510", "04/2028", None, "opened 10/20")
    row = plan_line(*line)

    assert "past its beyond-use date 17 November 2026" in said(row)
    assert offered(row, "opened") == ["leave_out"]
    assert plan_line(*line, opened="take_in").outcome == Outcome.DECIDE
    assert plan_line(*line, opened="leave_out").outcome == Outcome.IGNORE


def test_half_a_single_dose_vial_is_waste() -> None:
    line = ("Kenalog 40 1mL", "2.5 vials", None, "9F7K2", "12/27")
    row = plan_line(*line)

    assert "waste" in said(row)
    assert offered(row, "opened") == ["leave_out"]
    assert accepted(plan_line(*line, opened="leave_out"))["quantity"] == 2


def test_a_note_may_speak_of_an_opened_one_among_whole_vials() -> None:
    line = (LIDO, 3, "vials", "AB4410C", "12/2027", None, "one opened 11/12")
    row = plan_line(*line)

    assert offered(row, "opened") == ["take_in", "sealed", "leave_out"]
    assert accepted(plan_line(*line, opened="sealed"))["quantity"] == 60
    assert accepted(plan_line(*line, opened="leave_out"))["quantity"] == 40
    taken = accepted(plan_line(*line, opened="take_in", opened_left="5"))
    assert (taken["quantity"], taken["opened_left"]) == (45, 5)


def test_an_opened_box_of_needles_is_nothing_to_ask_about() -> None:
    accepted(plan_line("25g 1.5 needles", 64, None, "3304123", "9/2029", None, "opened 11/12"))


# Held, hidden, twice, before


def test_what_a_note_sets_aside_goes_in_quarantined_or_not_at_all() -> None:
    line = (LIDO, 2, "vials", "25-090-DK", "01/2028", None, "DO NOT USE - set aside")
    assert offered(plan_line(*line), "hold") == ["quarantine", "leave_out"]

    assert accepted(plan_line(*line, hold="quarantine"))["hold"] == "quarantine"
    assert plan_line(*line, hold="leave_out").outcome == Outcome.IGNORE


def test_a_lot_that_a_recall_names_points_at_it() -> None:
    rows = sheet((LIDO, 2, "vials", "25-090-DK", "01/2028"))
    sentence = "A recall of 3 May 2026 names this lot."
    stores = Stores(recalled={("lido-1-20", "25-090-DK"): sentence})

    (row,) = plan(rows, stores=stores)

    assert row.outcome == Outcome.ACCEPT
    assert sentence in said(row)


def test_expired_stock_goes_in_with_a_warning() -> None:
    row = plan_line("Kenalog 40 5ml MDV", 3, "vials", "8M1120", "08/2026")

    assert accepted(row)["quantity"] == 15
    assert "expired on 31 August 2026" in said(row)


def test_a_hidden_row_is_never_taken_in_unasked() -> None:
    head, line = sheet((LIDO, 7, "vials", "AB3009", "03/2028"))
    rows = [head, SheetRow(line.sheet, line.number, line.cells, hidden=True)]

    (row,) = plan(rows)

    assert (row.outcome, offered(row, "row")) == (Outcome.DECIDE, ["take_in", "leave_out"])
    assert accepted(plan(rows, {("Main storeroom", 2): {"row": "take_in"}})[0])["quantity"] == 140
    assert plan(rows, {("Main storeroom", 2): {"row": "leave_out"}})[0].outcome == Outcome.IGNORE


SYRINGES = ("10cc syringe", 2, "bx", "1184007", "05/2029")


def test_the_very_same_line_twice_is_asked_about() -> None:
    first, second = plan(sheet(SYRINGES, SYRINGES))

    assert first.outcome == Outcome.ACCEPT
    assert (second.outcome, asked(second)) == (Outcome.DECIDE, ["row"])
    assert "row 2" in said(second)


def test_the_second_of_two_lines_can_be_more_of_it() -> None:
    _, second = plan(sheet(SYRINGES, SYRINGES), {("Main storeroom", 3): {"row": "take_in"}})

    assert accepted(second)["quantity"] == 200


def test_once_the_first_is_left_out_the_second_is_no_double() -> None:
    first, second = plan(sheet(SYRINGES, SYRINGES), {("Main storeroom", 2): {"row": "leave_out"}})

    assert (first.outcome, second.outcome) == (Outcome.IGNORE, Outcome.ACCEPT)


def test_the_same_lot_in_two_places_is_no_double() -> None:
    rows = sheet((*SYRINGES, "Rm 1"), (*SYRINGES, "Rm 2"))

    assert [row.outcome for row in plan(rows)] == [Outcome.ACCEPT, Outcome.ACCEPT]


def test_a_line_that_went_in_before_is_asked_about() -> None:
    rows = sheet(SYRINGES)
    (before,) = plan(rows)

    (again,) = plan(rows, stores=Stores(gone_in={fingerprint(before)}))

    assert (again.outcome, asked(again)) == (Outcome.DECIDE, ["row"])


# One lot, one expiry


def test_two_expiries_for_one_lot_are_asked_about_on_both_rows() -> None:
    rows = [
        *sheet(("depo 40 1ml", 12, "vials", "GK1043", "3/31/2028")),
        *sheet(("depo 40", 4, "vials", "gk1043", "09/2027"), title="Rm 1 cart"),
    ]

    first, second = plan(rows)

    assert [asked(row) for row in (first, second)] == [["expires_on"], ["expires_on"]]
    assert offered(first, "expires_on") == ["2028-03-31", "2027-09-30"]
    assert "30 September 2027 in row 2 of the sheet “Rm 1 cart”" in said(first)


def test_they_are_settled_once_both_say_the_same() -> None:
    rows = sheet(
        ("depo 40 1ml", 12, "vials", "GK1043", "3/31/2028"),
        ("depo 40", 4, "vials", "gk1043", "09/2027"),
    )
    right = {"expires_on": "2028-03-31"}

    one = plan(rows, {("Main storeroom", 2): right})
    both = plan(rows, {("Main storeroom", 2): right, ("Main storeroom", 3): right})

    assert [row.outcome for row in one] == [Outcome.ACCEPT, Outcome.DECIDE]
    assert [row.values["expires_on"] for row in both] == [date(2028, 3, 31)] * 2
    assert [row.outcome for row in both] == [Outcome.ACCEPT] * 2


def test_an_answer_against_the_clinics_own_record_is_asked_again() -> None:
    rows = sheet(("depo 40 1ml", 12, "vials", "GK1043", "3/31/2028"))
    stores = Stores(known_lots={("depo-40-1", "GK1043"): date(2027, 9, 30)})

    (row,) = plan(rows, stores=stores)
    (against,) = plan(rows, {("Main storeroom", 2): {"expires_on": "2028-03-31"}}, stores=stores)
    (agreed,) = plan(rows, {("Main storeroom", 2): {"expires_on": "2027-09-30"}}, stores=stores)

    assert "30 September 2027 in the clinic’s record" in said(row)
    assert (row.outcome, against.outcome) == (Outcome.DECIDE, Outcome.DECIDE)
    assert accepted(agreed)["expires_on"] == date(2027, 9, 30)


def test_a_lot_that_the_clinic_has_without_a_date_stays_without_one() -> None:
    rows = sheet(("25g 1.5 needles", "3 bx", None, "3304123", "2029-09-30"))
    stores = Stores(known_lots={("needle-25g-15", "3304123"): None})

    (row,) = plan(rows, stores=stores)
    (agreed,) = plan(rows, {("Main storeroom", 2): {"expires_on": "none"}}, stores=stores)

    assert (row.outcome, offered(row, "expires_on")) == (Outcome.DECIDE, ["none"])
    assert "expires_on" not in accepted(agreed)


def test_no_date_is_no_answer_where_another_row_of_the_lot_has_one() -> None:
    rows = sheet(
        ("25g 1.5 needles", 64, None, "3304123", "27-Dec"),
        ("25g 1.5 needles", "3 bx", None, "3304123", "2029-09-30"),
    )

    first, _ = plan(rows, {("Main storeroom", 2): {"expires_on": "none"}})

    assert first.values["expires_on"] == date(2029, 9, 30)


def test_a_month_agrees_with_a_day_of_it() -> None:
    rows = sheet(
        ("depo 40 1ml", 12, "vials", "GK1043", "3/15/2028"),
        ("depo 40", 4, "vials", "gk1043", "03/2028"),
    )

    assert [accepted(row)["expires_on"] for row in plan(rows)] == [date(2028, 3, 15)] * 2


def test_an_expiry_that_one_row_lacks_is_taken_from_another_of_that_lot() -> None:
    rows = sheet(
        ("25g 1.5 needles", 64, None, "3304123", None),
        ("25g 1.5 needles", "3 bx", None, "3304123", "2029-09-30"),
    )

    first, _ = plan(rows)

    assert accepted(first)["expires_on"] == date(2029, 9, 30)
    assert "row 3" in said(first)


def test_the_same_number_of_another_item_is_another_lot() -> None:
    rows = sheet(
        ("25g 1.5 needles", 64, None, "3304123", None),
        ('eclipse 25g 1"', "3 bx", None, "3304123", "2029-09-30"),
    )

    assert asked(plan(rows)[0]) == ["expires_on"]


def test_the_lot_says_which_of_several_items_is_likely() -> None:
    rows = sheet(
        ("18g blunt fill", 350, "each", "2207119", "2029-07"),
        ("18g draw up", 33, "ea", "2207119", "07/2029"),
    )

    assert offered(plan(rows)[1], "item")[0] == "needle-18g-blunt"


# Where


@pytest.mark.parametrize(
    ("title", "where", "place"),
    [
        ("Main storeroom", "A1", "storeroom"),
        ("Main storeroom", "B4 overflow", "storeroom"),
        ("Main storeroom", "Fridge", "fridge"),
        ("Main storeroom", "Rm 2", "room-2"),
        ("RM 1 CART", None, "room-1"),
        ("Rm 1 cart", "cart", "room-1"),
        ("Exam room 3", "drawer 2", "room-3"),
    ],
)
def test_the_row_says_where_it_is_or_else_its_sheet(
    title: str, where: str | None, place: str
) -> None:
    (row,) = plan(sheet(("bandages", 60, None, None, None, where), title=title))

    assert accepted(row)["location"] == place


def test_a_place_that_the_clinic_lacks_is_asked_for() -> None:
    line = ("bandages", 60, None, None, None, "Rm 7")
    assert asked(plan_line(*line)) == ["location"]

    assert accepted(plan_line(*line, location="room-2"))["location"] == "room-2"


def test_without_any_place_the_default_counts_or_it_is_asked() -> None:
    rows = sheet(("bandages", 60), title="Sheet1")

    assert asked(plan(rows)[0]) == ["location"]
    assert accepted(plan(rows, default_place="room-3")[0])["location"] == "room-3"


# Not tracked by lot, and what it cost


def test_what_is_not_tracked_by_lot_needs_no_lot() -> None:
    values = accepted(
        plan_line("bandages", 60, None, datetime.fromisoformat("2026-03-14"), "2/30/2027")
    )

    assert {"lot", "expires_on"} & set(values) == set()


@pytest.mark.parametrize(
    ("heading", "price", "cost"),
    [
        ("Cost/box", "$75", "0.1500"),
        ("Cost per box", SheetCell(75), "0.1500"),
        ("Price each", "3.00", "0.1500"),
        ("Cost", "75", None),
        ("Cost/box", "ask", None),
    ],
)
def test_a_cost_counts_where_it_is_plain_of_what(
    heading: str, price: str | SheetCell, cost: str | None
) -> None:
    headings = ("Item", "Qty", "Lot", "Exp", heading)
    (row,) = plan(sheet((LIDO, "2 bx", "L1", "12/27", price), headings=headings))

    assert accepted(row).get("unit_cost") == (Decimal(cost) if cost else None)


@pytest.mark.parametrize(
    ("heading", "count", "quantity"),
    [("Boxes", 2, 1000), ("Qty (boxes)", 2, 1000), ("# of vials", 2, 40), ("Qty (mL)", 40, 40)],
)
def test_a_heading_may_say_the_unit(heading: str, count: int, quantity: int) -> None:
    headings = ("Item", heading, "Lot", "Exp")
    (row,) = plan(sheet((LIDO, count, "L1", "12/27"), headings=headings))

    assert accepted(row)["quantity"] == quantity


def test_boxes_and_loose_pieces_may_stand_in_columns_of_their_own() -> None:
    headings = ("Item", "Boxes", "Loose", "Lot", "Exp")
    (row,) = plan(sheet(("25g 1.5 needles", 2, 14, "L1", "12/27"), headings=headings))

    assert accepted(row)["quantity"] == 214
