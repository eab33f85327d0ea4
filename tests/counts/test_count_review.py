"""What a count found, why, and what it makes of the ledger; stock moves meanwhile."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from inventory.counts import errors, record
from inventory.counts.errors import ChangedSinceReview, RowRefused, RowsIncomplete
from inventory.counts.forms import seen_rows
from inventory.counts.models import CountSheet
from inventory.counts.review import came_since, lines_of, review
from inventory.stock import ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Holding, Movement
from inventory.stock.requests import StockLine, Want
from tests.clinic import (
    NOW,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    opened_vial,
    place,
    received,
    signed_in,
    used,
)
from tests.counts.counting import (
    count,
    explain,
    left,
    line_of,
    page,
    post,
    row_of,
    send,
    sheet_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture(autouse=True)
def _the_ledger_holds() -> Any:
    yield
    assert check_ledger().holds


def needles(quantity: int = 64, unit_cost: str | None = "0.10") -> Holding:
    return received(needle(), quantity, unit_cost=Decimal(unit_cost) if unit_cost else None)


def drawn_from(quantity: str) -> Holding:
    """The vial of lidocaine from which this much was drawn."""
    received(lidocaine(), 20)
    used(Want(lidocaine(), Decimal(quantity)))
    return opened_vial(lidocaine())


def use_needles(quantity: int) -> None:
    used(Want(needle(), Decimal(quantity)))


def counts() -> list[str]:
    """Return the reasons of the movements of counts."""
    return list(Movement.objects.filter(kind="count").values_list("reason", flat=True))


# What differs, what that is worth, and why


def test_each_variance_is_shown_with_its_value_before_anything_is_posted() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    shown = page(f"{sheet.pk}/review/")
    assert [words in shown for words in ("4 less", "−6.3%", "−$0.40")] == [True] * 3
    assert (left(holding), counts()) == (64, [])


def test_a_row_says_who_counted_it_and_when() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    assert "counted by Mara Ortiz, 10:15" in page(f"{sheet.pk}/review/")


def test_the_value_of_what_is_missing_and_of_what_was_found_is_summed_up() -> None:
    missing, found = needles(), received(kenalog(), 3, unit_cost=Decimal("14.00"))
    sheet = count(sheet_of(), {missing: 60, found: 4})
    seen = review(sheet)
    assert (seen.lost, seen.gained, seen.total) == (Decimal("-0.40"), 14, Decimal("13.60"))


def test_a_variance_of_unknown_cost_says_so_and_is_not_taken_for_nothing() -> None:
    holding = needles(unit_cost=None)
    sheet = count(sheet_of(), {holding: 60})
    assert "cost not known" in page(f"{sheet.pk}/review/")
    assert review(sheet).unpriced == 1


def test_a_variance_without_a_reason_is_not_posted() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    with pytest.raises(RowsIncomplete) as refusal:
        post(sheet)
    assert list(refusal.value.rows.values()) == ["Say why it differs."]
    assert (left(holding), counts()) == (64, [])


def test_a_sheet_is_answered_and_posted_on_its_page() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    pk = line_of(sheet, holding).pk
    form = {"seen": seen_rows(review(sheet)), "do": "post"}
    refused = send(f"{sheet.pk}/review/", form)
    assert (refused.status_code, "Say why it differs." in refused.text) == (422, True)
    answer = send(f"{sheet.pk}/review/", form | {f"reason-{pk}": "Miscounted before"})
    assert "Posted. The ledger says what was counted." in answer.text
    assert (left(holding), counts()) == (60, ["Miscounted before"])


def test_a_reason_in_ones_own_words_becomes_the_reason_of_the_movement() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    pk = line_of(sheet, holding).pk
    seen = {"seen": seen_rows(review(sheet)), "do": "post"}
    own = seen | {f"reason-{pk}": "own"}
    assert "Say it in your own words." in send(f"{sheet.pk}/review/", own).text
    send(f"{sheet.pk}/review/", own | {f"words-{pk}": "Lent to Dr. Ray's practice"})
    assert counts() == ["Lent to Dr. Ray's practice"]


@pytest.mark.parametrize(
    ("counted", "reason"),
    [(60, "Found"), (66, "Broken, not recorded"), (66, "Overfill"), (60, "Overfill")],
)
def test_a_usual_reason_that_cannot_explain_the_variance_is_not_taken(
    counted: int, reason: str
) -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: counted})
    explain(sheet, holding, reason)
    with pytest.raises(RowsIncomplete):
        post(sheet)
    assert left(holding) == 64


def test_posting_makes_one_movement_for_each_reason_and_leaves_the_uncounted_as_it_is() -> None:
    missing, same, untouched = needles(), received(kenalog(), 3), received(gauze(), 100)
    vial = drawn_from("4")
    sheet = count(sheet_of(), {missing: 60, same: 3, vial: "15.5"})
    explain(sheet, missing, "Miscounted before")
    explain(sheet, vial, "Used, not logged")
    post(sheet, by=dana())
    assert sorted(counts()) == ["Counted as expected", "Miscounted before", "Used, not logged"]
    assert [left(each) for each in (missing, same, vial, untouched)] == [
        60, 3, Decimal("15.5"), 100,
    ]  # fmt: skip
    sheet.refresh_from_db()
    assert (sheet.posted_by, line_of(sheet, untouched).movement) == (dana(), None)


def test_a_posted_sheet_says_what_it_found_on_the_page_and_in_the_workbook() -> None:
    holding, other = needles(), received(kenalog(), 3, unit_cost=Decimal("14.00"))
    sheet = count(sheet_of(), {holding: 60, other: 4})
    explain(sheet, holding, "Miscounted before")
    explain(sheet, other, "Found")
    post(sheet)
    shown = page(f"{sheet.pk}/")
    assert [words in shown for words in ("2 rows differ, +$13.60", "−$0.40")] == [True] * 2
    workbook = signed_in(mara()).get(f"/stock/counts/{sheet.pk}/?export=xlsx")
    rows = list(load_workbook(BytesIO(workbook.content)).worksheets[0].values)
    [row] = [row for row in rows if needle().name in row]
    assert {-4, -0.4, 60, 64} <= set(row)


def test_a_lot_that_was_found_is_stock_once_it_is_posted() -> None:
    received(needle(), 5, where="room-2")
    place()
    sheet = sheet_of()
    lot = Holding.objects.get().lot
    line = record.add_found(sheet, lot=lot)
    record.save_numbers(sheet, [record.Number(line.pk, Decimal(2), None)], by=mara(), now=NOW)
    record.save_answers(sheet, {line.pk: record.Answer("Found")}, shown={})
    post(sheet)
    assert Holding.objects.get(location=place(), lot=lot).quantity == 2


def test_a_count_that_was_reversed_is_said_to_be() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    explain(sheet, holding, "Miscounted before")
    post(sheet)
    movement = line_of(sheet, holding).movement
    assert movement is not None
    ledger.reverse(movement, by=dana(), reason="Wrong room", happened_at=NOW, now=NOW)
    assert ", reversed" in page(f"{sheet.pk}/")


# Two people at one review


class TestTwoPeopleAtOneReview:
    """Mara and Dana have both opened the review while neither row was explained."""

    @pytest.fixture
    def sheet(self) -> CountSheet:
        needles_, vials = needles(), received(kenalog(), 5)
        return count(sheet_of(), {needles_: 60, vials: 4})

    def rows(self, sheet: CountSheet) -> tuple[int, int]:
        first, second = sheet.lines.order_by("pk").values_list("pk", flat=True)
        return first, second

    def opened(self, sheet: CountSheet) -> dict[str, str]:
        """What the page sends as it was opened: every row, none answered."""
        blanks = {f"{name}-{pk}": "" for pk in self.rows(sheet) for name in ("reason", "words")}
        form = signed_in(mara()).get(f"/stock/counts/{sheet.pk}/review/").context["form"]
        return {"seen": seen_rows(review(sheet)), "shown": form.shown_now, **blanks}

    def sent(
        self, sheet: CountSheet, form: dict[str, str], who: Any, *, scripts: bool = True
    ) -> Any:
        headers = {"HX-Request": "true"} if scripts else {}
        known = {"submission_key": "a", "do": "save"}
        address = f"/stock/counts/{sheet.pk}/review/"
        return signed_in(who()).post(address, {**known, **form}, headers=headers)

    def reasons(self, sheet: CountSheet) -> list[str]:
        return list(sheet.lines.order_by("pk").values_list("reason", flat=True))

    @pytest.mark.parametrize("scripts", [True, False])
    def test_each_explains_a_row_and_erases_no_reason_of_the_other(
        self, sheet: CountSheet, scripts: bool
    ) -> None:
        first, second = self.rows(sheet)
        opened = self.opened(sheet)
        mine = opened | {f"reason-{first}": "Miscounted before"}
        hers = opened | {f"reason-{second}": "Broken, not recorded"}
        self.sent(sheet, mine, mara, scripts=scripts)
        self.sent(sheet, hers, dana, scripts=scripts)
        assert self.reasons(sheet) == ["Miscounted before", "Broken, not recorded"]

    def test_what_is_saved_again_as_one_types_on_erases_nothing_either(
        self, sheet: CountSheet
    ) -> None:
        first, second = self.rows(sheet)
        opened = self.opened(sheet)
        self.sent(sheet, opened | {f"reason-{first}": "Miscounted before"}, mara)
        hers = opened | {f"reason-{second}": "Broken, not recorded"}
        shown = self.sent(sheet, hers, dana).context["form"].shown_now
        again = hers | {"shown": shown, f"reason-{second}": "Used, not logged"}
        self.sent(sheet, again, dana)
        assert self.reasons(sheet) == ["Miscounted before", "Used, not logged"]

    def test_of_two_answers_to_one_row_the_first_stays_and_the_second_is_told(
        self, sheet: CountSheet
    ) -> None:
        first, _ = self.rows(sheet)
        opened = self.opened(sheet)
        self.sent(sheet, opened | {f"reason-{first}": "Miscounted before"}, mara)
        hers = opened | {f"reason-{first}": "Used, not logged"}
        told = self.sent(sheet, hers, dana).text
        assert "Somebody else has answered “Miscounted before” meanwhile" in told
        assert self.reasons(sheet) == ["Miscounted before", ""]

    def test_the_second_loses_nothing_and_may_replace_it_knowingly(self, sheet: CountSheet) -> None:
        first, _ = self.rows(sheet)
        opened = self.opened(sheet)
        self.sent(sheet, opened | {f"reason-{first}": "Miscounted before"}, mara)
        hers = opened | {f"reason-{first}": "own", f"words-{first}": "Lent", "do": "post"}
        answer = self.sent(sheet, hers, dana, scripts=False)
        assert (answer.status_code, counts()) == (422, [])
        form = answer.context["form"]
        assert (form[f"reason-{first}"].value(), form[f"words-{first}"].value()) == ("own", "Lent")
        self.sent(sheet, hers | {"shown": form.shown_now, "do": "save"}, dana, scripts=False)
        assert self.reasons(sheet) == ["Lent", ""]

    def test_a_reason_may_be_taken_back_by_whoever_sees_it(self, sheet: CountSheet) -> None:
        first, _ = self.rows(sheet)
        explain(sheet, line_of_pk(first), "Miscounted before")
        self.sent(sheet, self.opened(sheet), dana)
        assert self.reasons(sheet) == ["", ""]

    def test_of_two_moments_of_one_count_the_first_stays(self, sheet: CountSheet) -> None:
        first, _ = self.rows(sheet)
        use_needles(4)
        opened = self.opened(sheet)
        before, after = (each.up_to for each in row_of(sheet, line_of_pk(first)).outcomes)
        self.sent(sheet, opened | {f"when-{first}": str(before)}, mara)
        told = self.sent(sheet, opened | {f"when-{first}": str(after)}, dana).text
        assert "Somebody else has said that it was counted at another moment" in told
        assert sheet.lines.get(pk=first).counted_up_to == before

    @pytest.mark.parametrize(
        "shown",
        ["", "x", "[]", "7", "null", "[" * 50_000, '{"x": 1}', '{"1": ["", "", ""]}', "\0"],
    )
    def test_what_no_page_has_shown_erases_nothing(self, sheet: CountSheet, shown: str) -> None:
        first, _ = self.rows(sheet)
        explain(sheet, line_of_pk(first), "Miscounted before")
        answer = self.sent(sheet, self.opened(sheet) | {"shown": shown}, dana)
        assert answer.status_code in {200, 422}
        assert self.reasons(sheet) == ["Miscounted before", ""]


def line_of_pk(pk: int) -> Holding:
    return Holding.objects.get(count_sheet_lines=pk)


# Overfill


def test_overfill_explains_what_a_vial_yields_over_its_label() -> None:
    vial = drawn_from("19")
    sheet = count(sheet_of(), {vial: 2})
    explain(sheet, vial, "Overfill")
    post(sheet)
    assert (left(vial), counts()) == (2, ["Overfill"])


def test_overfill_is_a_tenth_of_the_label_at_most() -> None:
    vial = drawn_from("19")
    sheet = count(sheet_of(), {vial: "3.001"})
    explain(sheet, vial, "Overfill")
    with pytest.raises(RowsIncomplete) as refusal:
        post(sheet)
    assert "Overfill explains 2 mL more in this vial at most" in str(refusal.value.rows)
    assert left(vial) == 1


def test_overfill_is_found_only_once() -> None:
    vial = drawn_from("19")
    first = count(sheet_of(), {vial: "2.5"})
    explain(first, vial, "Overfill")
    post(first)
    second = count(sheet_of(), {vial: "3.5"})
    explain(second, vial, "Overfill")
    assert "Overfill explains 0.5 mL more" in row_of(second, vial).question
    explain(second, vial, "Miscounted before")
    post(second)
    assert left(vial) == Decimal("3.5")


def test_overfill_whose_count_was_reversed_may_be_found_again() -> None:
    vial = drawn_from("19")
    first = count(sheet_of(), {vial: 3})
    explain(first, vial, "Overfill")
    post(first)
    movement = line_of(first, vial).movement
    assert movement is not None
    ledger.reverse(movement, by=dana(), reason="Wrong vial", happened_at=NOW, now=NOW)
    second = count(sheet_of(), {vial: 3})
    explain(second, vial, "Overfill")
    post(second)
    assert left(vial) == 3


def test_a_gain_up_to_the_label_has_other_reasons_too() -> None:
    vial = drawn_from("15")
    sheet = count(sheet_of(), {vial: 20})
    explain(sheet, vial, "Miscounted before")
    post(sheet)
    assert left(vial) == 20


# Stock moves between the sheet, the count and the posting


def test_what_was_used_before_the_count_is_no_variance() -> None:
    holding = needles()
    sheet = sheet_of()
    use_needles(4)
    count(sheet, {holding: 60})
    explain(sheet, holding, moment=1)
    post(sheet)
    assert (left(holding), counts()) == (60, ["Counted as expected"])


def test_what_was_used_after_the_count_is_taken_off_what_was_counted() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    use_needles(4)
    explain(sheet, holding, "Miscounted before", moment=0)
    post(sheet)
    assert left(holding) == 56


@pytest.mark.parametrize(
    ("moment", "reason", "then"), [(0, "", 74), (1, "Broken, not recorded", 64)]
)
def test_what_was_received_meanwhile_is_kept(moment: int, reason: str, then: int) -> None:
    holding = needles()
    sheet = sheet_of()
    received(needle(), 10)
    count(sheet, {holding: 64})
    explain(sheet, holding, reason, moment=moment)
    post(sheet)
    assert left(holding) == then


def test_a_row_that_moved_is_asked_about_before_it_is_posted() -> None:
    holding = needles()
    sheet = sheet_of()
    use_needles(4)
    count(sheet, {holding: 60})
    shown = page(f"{sheet.pk}/review/")
    assert [words in shown for words in ("4 used at 10:15", "Before that", "After that")] == [
        True,
        True,
        True,
    ]
    with pytest.raises(RowsIncomplete) as refusal:
        post(sheet)
    assert "Say whether you counted before or after this." in str(refusal.value.rows)
    assert (left(holding), counts()) == (60, [])


def test_each_of_several_movements_is_a_moment_of_its_own() -> None:
    holding = needles()
    sheet = sheet_of()
    use_needles(4)
    use_needles(10)
    count(sheet, {holding: 60})
    assert [outcome.expected for outcome in row_of(sheet, holding).outcomes] == [64, 60, 50]
    explain(sheet, holding, moment=1)
    post(sheet)
    assert left(holding) == 50


def test_a_vial_that_was_opened_meanwhile_is_missing_from_the_sealed_and_added_as_itself() -> None:
    sealed = received(lidocaine(), 40)
    sheet = sheet_of()
    used(Want(lidocaine(), Decimal(4)))
    vial = opened_vial(lidocaine())
    assert came_since(sheet, lines_of(sheet)) == [vial]
    record.add_found(sheet, lot=vial.lot, vial=vial)
    count(sheet, {sealed: 20, vial: 15})
    explain(sheet, sealed, moment=1)
    explain(sheet, vial, "Used, not logged")
    post(sheet)
    assert (left(sealed), left(vial)) == (20, 15)


def test_what_moves_while_the_review_is_looked_at_is_shown_before_anything_is_posted() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    explain(sheet, holding, "Miscounted before")
    looked_at = review(sheet)
    use_needles(4)
    with pytest.raises(ChangedSinceReview) as refusal:
        post(sheet, looked_at)
    assert refusal.value.lines == {line_of(sheet, holding).pk}
    assert (left(holding), counts()) == (60, [])


def test_an_answer_about_what_moved_lasts_until_it_moves_again() -> None:
    holding = needles()
    sheet = sheet_of()
    use_needles(4)
    count(sheet, {holding: 60})
    explain(sheet, holding, moment=1)
    use_needles(1)
    assert row_of(sheet, holding).question == "Say whether you counted before or after this."


def test_a_number_that_somebody_changes_while_somebody_reviews_is_not_posted() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    explain(sheet, holding, "Miscounted before")
    looked_at = review(sheet)
    count(sheet, {holding: 61}, by=dana())
    with pytest.raises(ChangedSinceReview):
        post(sheet, looked_at)
    assert left(holding) == 64


def test_another_number_asks_for_its_reason_anew() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 60})
    explain(sheet, holding, "Broken, not recorded")
    count(sheet, {holding: 61})
    assert row_of(sheet, holding).question == "Say why it differs."


def test_what_cannot_have_been_is_refused_at_its_row() -> None:
    holding = needles(5)
    sheet = count(sheet_of(), {holding: 3})
    use_needles(4)
    explain(sheet, holding, "Miscounted before", moment=0)
    with pytest.raises(RowRefused) as refusal:
        post(sheet)
    assert refusal.value.line == line_of(sheet, holding).pk
    assert (left(holding), counts()) == (1, [])


def test_an_opened_vial_that_was_carried_away_since_is_put_right_where_it_is() -> None:
    vial = drawn_from("4")
    sheet = count(sheet_of(), {vial: 15})
    ledger.transfer(
        by=mara(),
        source=place(),
        destination=place("room-2"),
        lines=[StockLine(lidocaine(), None, holding=vial)],
        happened_at=NOW,
        now=NOW,
    )
    explain(sheet, vial, "Used, not logged", moment=0)
    post(sheet)
    vial.refresh_from_db()
    assert (vial.location, vial.quantity) == (place("room-2"), 15)


# Twice


def test_a_sheet_that_is_posted_twice_with_one_press_is_posted_once() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 64})
    form = {"seen": seen_rows(review(sheet)), "do": "post", "submission_key": "one-press"}
    send(f"{sheet.pk}/review/", form)
    send(f"{sheet.pk}/review/", form)
    assert counts() == ["Counted as expected"]


def test_a_sheet_that_somebody_else_has_posted_is_not_posted_again() -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 64})
    looked_at = review(sheet)
    post(sheet, by=dana())
    with pytest.raises(errors.SheetIsClosed, match="Dana Lindqvist has posted this sheet"):
        post(sheet, looked_at)
    assert counts() == ["Counted as expected"]


@pytest.mark.parametrize("end", [post, record.cancel])
def test_a_posted_sheet_is_neither_posted_nor_cancelled(end: Callable[..., CountSheet]) -> None:
    holding = needles()
    sheet = count(sheet_of(), {holding: 64})
    post(sheet)
    options = {} if end is post else {"now": NOW}
    with pytest.raises(errors.SheetIsClosed):
        end(sheet, by=mara(), **options)


def test_a_sheet_on_which_nothing_was_counted_is_not_reviewed() -> None:
    needles()
    sheet = sheet_of()
    answer = send(f"{sheet.pk}/count/", {"do": "review"})
    assert "Nothing has been counted on this sheet yet." in answer.text


# How often the database is asked


def asked(address: str) -> int:
    browser = signed_in(mara())
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("part", ["", "review/", "print/", "?export=xlsx"])
def test_a_longer_sheet_asks_the_database_no_more(part: str) -> None:
    first = received(needle(), 5, lot="B0")
    short = count(sheet_of(), {first: 4})
    many = [received(needle(), 5, lot=f"C{each}", where="room-2") for each in range(12)]
    long = sheet_of("room-2")
    used(Want(needle(), Decimal(7)), where="room-2")
    count(long, dict.fromkeys(many, 4))
    use_needles(1)
    more = asked(f"/stock/counts/{long.pk}/{part}") - asked(f"/stock/counts/{short.pk}/{part}")
    assert more <= 0


def test_posting_a_longer_sheet_asks_the_database_no_more() -> None:
    def posting(where: str, lots: int) -> int:
        there = [received(needle(), 5, lot=f"{where}{each}", where=where) for each in range(lots)]
        sheet = count(sheet_of(where), dict.fromkeys(there, 4))
        for holding in there:
            explain(sheet, holding, "Miscounted before")
        with CaptureQueriesContext(connection) as queries:
            post(sheet)
        return len(queries)

    assert posting("room-1", 2) == posting("room-2", 12)


def test_the_list_asks_no_more_for_more_sheets() -> None:
    received(needle(), 5)
    record.cancel(sheet_of(), by=mara(), now=NOW)
    one = asked("/stock/counts/")
    for _ in range(5):
        record.cancel(sheet_of(), by=mara(), now=NOW)
    assert asked("/stock/counts/") == one
