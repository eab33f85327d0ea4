"""Making a sheet of a place, and counting on it: blind or not, alone or with somebody else."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.counts import errors, record
from inventory.counts.models import CountSheet
from inventory.counts.record import Number, Scope
from inventory.counts.review import lines_of
from inventory.stock.models import Holding, Movement
from inventory.stock.requests import Want
from tests.clinic import (
    NOW,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    opened_vial,
    otto,
    place,
    priya,
    received,
    signed_in,
    used,
    vic,
)
from tests.counts.counting import count, left, line_of, page, send, sheet_of
from tests.deep import DEEP

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

# No date, number or price of the page has these digits.
MUCH = 7717


def opened(quantity: int = 4) -> Holding:
    """A vial of lidocaine from which this much was drawn, and another that is sealed."""
    received(lidocaine(), 40)
    used(Want(lidocaine(), Decimal(quantity)))
    return opened_vial(lidocaine())


# What is on it


def test_a_sheet_lists_what_is_there_sealed_stock_first_then_opened_vials_one_by_one() -> None:
    vial = opened()
    needles = received(needle(), 64)
    received(needle(), 9, where="room-2")
    sealed = Holding.objects.sealed().get(lot__item=lidocaine())

    sheet = sheet_of()

    assert [line.holding for line in lines_of(sheet)] == [sealed, vial, needles]
    assert [line.expected for line in lines_of(sheet)] == [20, 16, 64]


@pytest.mark.parametrize(
    ("narrowed", "listed"),
    [
        (lambda: Scope(kinds=["needle"]), ["needle-25g-15"]),
        (lambda: Scope(items=[lidocaine()]), ["lido-1-20", "lido-1-20"]),
        (lambda: Scope(opened_only=True), ["lido-1-20"]),
        (lambda: Scope(items=[lidocaine()], opened_only=True), ["lido-1-20"]),
    ],
    ids=["kinds", "items", "opened vials", "opened vials of items"],
)
def test_a_sheet_may_be_about_a_part_of_a_place(
    narrowed: Callable[[], Scope], listed: list[str]
) -> None:
    opened()
    received(needle(), 64)
    assert [line.lot.item.sku for line in lines_of(sheet_of(scope=narrowed()))] == listed


def test_a_part_that_is_not_there_is_no_sheet() -> None:
    received(needle(), 5)
    with pytest.raises(errors.NothingToCount, match="Nothing like that is in Room 1"):
        sheet_of(scope=Scope(kinds=["toxin"]))


def test_an_empty_place_can_be_counted_for_what_is_found_there() -> None:
    place()
    assert "The ledger knows of nothing here" in page(f"{sheet_of().pk}/")


def test_a_place_has_one_open_sheet() -> None:
    received(needle(), 5)
    sheet_of()
    answer = send("add/", {"location": "room-1"})
    assert answer.status_code == 422
    assert "Room 1 is being counted on a sheet that is still open" in answer.text
    assert CountSheet.objects.count() == 1


def test_a_place_that_is_being_counted_is_gone_on_with() -> None:
    received(needle(), 5)
    sheet = sheet_of()
    answer = signed_in(mara()).get("/stock/counts/add/?location=room-1")
    assert (answer.status_code, answer["Location"]) == (302, f"/stock/counts/{sheet.pk}/")


def test_a_place_with_too_much_for_one_sheet_is_counted_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record, "MOST_ROWS", 1)
    received(needle(), 5)
    received(gauze(), 5)
    answer = send("add/", {"location": "room-1"})
    assert "2 rows would be on this sheet of Room 1, and it takes 1" in answer.text
    assert send("add/", {"location": "room-1", "kinds": "needle"}).status_code == 200


def test_making_a_sheet_twice_with_one_press_makes_one() -> None:
    received(needle(), 5)
    form = {"location": "room-1", "blind": "on", "submission_key": "one-press"}
    first, second = send("add/", form), send("add/", form)
    assert first.redirect_chain == second.redirect_chain
    assert CountSheet.objects.get().blind


# Blind


def everything_a_nurse_can_ask_of(sheet: CountSheet) -> list[str]:
    """Return the source of each page of a sheet, and its workbook as text."""
    sources = [page(f"{sheet.pk}/{part}") for part in ("", "print/", "find/")]
    workbook = signed_in(mara()).get(f"/stock/counts/{sheet.pk}/?export=xlsx")
    cells = load_workbook(BytesIO(workbook.content)).worksheets[0].iter_rows(values_only=True)
    return [*sources, page("", mara()), page(f"{sheet.pk}/", vic()), repr(list(cells))]


def test_a_blind_sheet_says_nowhere_what_is_expected() -> None:
    received(needle(), MUCH)
    sheet = sheet_of(blind=True)
    assert [
        source
        for source in everything_a_nurse_can_ask_of(sheet)
        if str(MUCH) in source.replace(",", "")
    ] == []


def test_a_number_on_a_blind_sheet_is_answered_without_what_is_expected() -> None:
    holding = received(needle(), MUCH)
    sheet = sheet_of(blind=True)
    number = {f"count-{line_of(sheet, holding).pk}": "3"}
    browser = signed_in(mara())
    answer = browser.post(
        f"/stock/counts/{sheet.pk}/count/", number, headers={"hx-request": "true"}
    )
    assert "1 of 1 counted" in answer.text
    assert str(MUCH) not in answer.text


@pytest.mark.parametrize("part", ["", "print/"])
def test_a_sheet_that_is_not_blind_says_what_is_expected(part: str) -> None:
    received(needle(), 77)
    assert "77" in page(f"{sheet_of(blind=False).pk}/{part}")


def test_the_review_of_a_blind_sheet_cannot_be_looked_at_before_anything_is_counted() -> None:
    received(needle(), MUCH)
    sheet = sheet_of(blind=True)
    send(f"{sheet.pk}/count/", {"do": "review"})
    answer = signed_in(mara()).get(f"/stock/counts/{sheet.pk}/review/")
    assert answer.headers["Location"] == f"/stock/counts/{sheet.pk}/"


def test_what_was_counted_before_anybody_saw_what_was_expected_is_kept() -> None:
    holding = received(needle(), 64)
    sheet = count(sheet_of(), {holding: 60})
    count(sheet, {holding: 64})
    line = line_of(sheet, holding)
    assert (line.counted_first, line.counted) == (60, 64)


# Counting


def test_sealed_vials_are_counted_in_vials_and_opened_ones_by_what_is_left() -> None:
    vial = opened()
    sealed = Holding.objects.sealed().get(lot__item=lidocaine())
    sheet = sheet_of()
    numbers = {line_of(sheet, sealed): "1", line_of(sheet, vial): "15.5"}
    send(f"{sheet.pk}/count/", {f"count-{line.pk}": entered for line, entered in numbers.items()})
    assert (line_of(sheet, sealed).counted, line_of(sheet, vial).counted) == (20, Decimal("15.5"))


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ("-1", "greater than or equal to 0"),
        ("two", "Expected an amount like 2 or 0.5, but got “two”"),
        ("22.5", "holds 20 mL and a little overfill; 22.5 mL cannot be in it"),
        ("1e9", "less than or equal to 999999999"),
        ("9" * 40, "less than or equal to 999999999"),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_the_others_are_kept(
    entered: str, sentence: str
) -> None:
    vial, needles = opened(), received(needle(), 64)
    sheet = sheet_of()
    wrong, right = line_of(sheet, vial), line_of(sheet, needles)
    form = {f"count-{wrong.pk}": entered, f"count-{right.pk}": "63"}
    answer = send(f"{sheet.pk}/count/", form)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert (line_of(sheet, vial).counted, line_of(sheet, needles).counted) == (None, 63)


def test_a_row_is_emptied_by_leaving_its_field_empty() -> None:
    holding = received(needle(), 64)
    sheet = count(sheet_of(), {holding: 60})
    line = line_of(sheet, holding)
    send(f"{sheet.pk}/count/", {f"count-{line.pk}": "", "shown": f"{line.pk}:60"})
    line = line_of(sheet, holding)
    assert (line.counted, line.counted_by, line.counted_at) == (None, None, None)


def test_half_a_sheet_waits_until_somebody_goes_on() -> None:
    holding = received(needle(), 64)
    received(kenalog(), 3)
    sheet = sheet_of()
    line = line_of(sheet, holding)
    answer = send(f"{sheet.pk}/count/", {f"count-{line.pk}": "60", "do": "later"})
    assert "1 of 2 counted" in answer.text
    assert 'value="60"' in page(f"{sheet.pk}/", dana())


# Two people on one sheet


def test_two_people_count_different_rows_of_one_sheet() -> None:
    needles, vials = received(needle(), 64), received(kenalog(), 3)
    sheet = sheet_of()
    first, second = line_of(sheet, needles), line_of(sheet, vials)
    # Both had opened the page when nothing was counted.
    send(f"{sheet.pk}/count/", {f"count-{first.pk}": "64", f"count-{second.pk}": ""}, mara())
    send(f"{sheet.pk}/count/", {f"count-{first.pk}": "", f"count-{second.pk}": "3"}, dana())
    assert [(line.counted, line.counted_by) for line in sheet.lines.order_by("pk")] == [
        (64, mara()),
        (3, dana()),
    ]


def test_a_page_that_is_saved_as_one_counts_on_erases_no_number_of_a_colleague() -> None:
    holdings = [received(item, 5) for item in (needle(), kenalog(), gauze())]
    sheet = sheet_of()
    first, second, third = (f"count-{line_of(sheet, each).pk}" for each in holdings)
    send(f"{sheet.pk}/count/", {first: "5"}, mara())
    browser, shown = signed_in(dana()), ""
    # Her page was opened before, and keeps each number as she leaves its field.
    for typed in ({second: "4", third: ""}, {second: "4", third: "3"}):
        form = {first: "", **typed, "shown": shown}
        address = f"/stock/counts/{sheet.pk}/count/"
        answer = browser.post(address, form, headers={"HX-Request": "true"})
        shown = answer.context["shown"]
    assert list(sheet.lines.order_by("pk").values_list("counted", flat=True)) == [5, 4, 3]


def test_of_two_numbers_for_one_row_the_first_stays_and_the_second_is_told() -> None:
    holding = received(needle(), 64)
    sheet = sheet_of()
    line = line_of(sheet, holding)
    send(f"{sheet.pk}/count/", {f"count-{line.pk}": "64"}, mara())
    answer = send(f"{sheet.pk}/count/", {f"count-{line.pk}": "63"}, dana())
    assert "Somebody else has entered 64 here meanwhile" in answer.text
    assert line_of(sheet, holding).counted == 64
    send(f"{sheet.pk}/count/", {f"count-{line.pk}": "63", "shown": f"{line.pk}:64"}, dana())
    assert line_of(sheet, holding).counted == 63


# What is there but not listed


def test_a_known_lot_that_is_found_gets_a_row_of_its_own() -> None:
    received(needle(), 5, where="room-2")
    sheet = sheet_of()
    send(f"{sheet.pk}/find/", {"item": needle().sku, "lot": "a1"})
    line = sheet.lines.get()
    assert (line.found, line.holding, line.expected) == (True, None, 0)
    assert "found, not listed" in page(f"{sheet.pk}/")


def test_a_lot_that_nobody_received_is_received_instead() -> None:
    received(needle(), 5)
    answer = send(f"{sheet_of().pk}/find/", {"item": needle().sku, "lot": "ZZZ"})
    assert "No such lot of Needle 25G 1½ in is known. Receive it" in answer.text


def test_what_is_on_the_sheet_is_not_found_a_second_time() -> None:
    received(needle(), 5)
    sheet = sheet_of()
    answer = send(f"{sheet.pk}/find/", {"item": needle().sku, "lot": "A1"})
    assert "is on this sheet already" in answer.text
    assert sheet.lines.count() == 1


def test_what_came_since_is_shown_and_added_with_one_press() -> None:
    received(needle(), 5)
    sheet = sheet_of()
    late = received(needle(), 8, lot="LATE1")
    assert "Came here since the sheet was made" in page(f"{sheet.pk}/")
    send(f"{sheet.pk}/find/", {"holding": late.pk})
    assert line_of(sheet, late).expected == 8


def test_a_holding_of_another_place_is_not_added() -> None:
    elsewhere = received(needle(), 5, where="room-2")
    sheet = sheet_of()
    assert send(f"{sheet.pk}/find/", {"holding": elsewhere.pk}).status_code == 422
    assert sheet.lines.count() == 0


# The end of a sheet


def test_an_abandoned_sheet_leaves_stock_as_it_was_and_the_place_free() -> None:
    holding = received(needle(), 64)
    sheet = count(sheet_of(), {holding: 1})
    answer = send(f"{sheet.pk}/cancel/", {})
    assert "Stock is as it was" in answer.text
    assert (left(holding), Movement.objects.filter(kind="count").count()) == (64, 0)
    assert sheet_of() != sheet


@pytest.mark.parametrize("part", ["count/", "find/", "cancel/"])
def test_nothing_is_changed_on_a_cancelled_sheet(part: str) -> None:
    holding = received(needle(), 64)
    sheet = sheet_of()
    record.cancel(sheet, by=dana(), now=NOW)
    line = line_of(sheet, holding)
    form = {f"count-{line.pk}": "3", "item": needle().sku, "lot": "A1"}
    answer = send(f"{sheet.pk}/{part}", form)
    assert "Dana Lindqvist has cancelled this sheet" in answer.text
    assert line_of(sheet, holding).counted is None


# Who

PAGES = ("", "plan/", "add/", "{}/", "{}/find/", "{}/review/", "{}/print/")
ONLY_TO_COUNT = ("add/", "{}/find/", "{}/review/")


@pytest.mark.parametrize("part", PAGES)
@pytest.mark.parametrize("who", [mara, dana, priya, vic, otto])
def test_nurses_and_managers_count_and_the_others_with_a_role_look_on(
    part: str, who: Callable[[], User]
) -> None:
    sheet = _reviewed()
    looks_only = who in {priya, vic} and part in ONLY_TO_COUNT
    expected = 403 if who is otto or looks_only else 200
    answer = signed_in(who()).get(f"/stock/counts/{part.format(sheet.pk)}")
    assert answer.status_code == expected


def _reviewed() -> CountSheet:
    holding = received(needle(), 64)
    return count(sheet_of(), {holding: 60})


@pytest.mark.parametrize("who", [priya, vic])
def test_who_does_not_count_sees_no_buttons_to_do_so(who: Callable[[], User]) -> None:
    sheet = _reviewed()
    pages = page("", who()) + page(f"{sheet.pk}/", who()) + page("plan/?location=room-1", who())
    shown = ("Make a count sheet", "Make a sheet of these", "Review", 'name="count-')
    assert [each for each in shown if each in pages] == []


# Junk

JUNK = ("\0", "-1", "9" * 30, "<b>", "1:1", "٣", "1:1,,:", "' OR 1=1 --", "💉" * 30)


@pytest.mark.parametrize("junk", JUNK if DEEP else JUNK[::2])
def test_junk_in_any_field_is_answered_and_changes_nothing(junk: str) -> None:
    holding = received(needle(), 64)
    sheet = count(sheet_of(), {holding: 60})
    line = line_of(sheet, holding)
    fields = ("shown", "seen", "do", "location", "kinds", "items", "item", "lot", "holding")
    rows = ("count", "reason", "words", "when")
    form: dict[str, Any] = dict.fromkeys(fields, junk)
    form |= {f"{name}-{number}": junk for name in rows for number in (line.pk, junk)}
    for part in ("add/", f"{sheet.pk}/count/", f"{sheet.pk}/find/", f"{sheet.pk}/review/"):
        assert send(part, form).status_code in {200, 422}
    for address in ("", "plan/", "add/"):
        answer = signed_in(mara()).get(f"/stock/counts/{address}", form)
        assert answer.status_code == 200
    assert (left(holding), Movement.objects.filter(kind="count").count()) == (64, 0)
    assert CountSheet.objects.get().is_open


def test_a_number_for_a_row_of_another_sheet_is_not_taken() -> None:
    here, there = received(needle(), 5), received(needle(), 9, where="room-2")
    sheet, other = sheet_of(), sheet_of("room-2")
    foreign = line_of(other, there)
    record.save_numbers(sheet, [Number(foreign.pk, Decimal(1), None)], by=mara(), now=NOW)
    send(f"{sheet.pk}/count/", {f"count-{foreign.pk}": "1"})
    assert (line_of(other, there).counted, line_of(sheet, here).counted) == (None, None)
