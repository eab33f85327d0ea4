"""The pages on which a recall is entered, answered, followed and closed."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.catalog.codes import hibc_check_character
from inventory.catalog.models import Item
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.recalls.models import Recall
from inventory.recalls.workbook import TITLES
from inventory.stock import ledger
from inventory.stock.models import Lot, LotStatusChange
from inventory.stock.requests import StockLine, Want, WasteReason
from tests.clinic import (
    NOW,
    dana,
    gauze,
    kenalog,
    lidocaine,
    logged,
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
from tests.deep import DEEP
from tests.recalls.notices import CARTON_GTIN, CARTON_NDC, coded, recalled, status_of
from tests.scanning.goods import run_together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

SAID = {
    "title": "Lidocaine 1%, particles",
    "reference": "Z-1234",
    "reason": "particles found",
    "status": "recalled",
}
REFERENCE = "E-10492"


def shown(address: str, who: User | None = None, **asked: Any) -> str:
    answer = signed_in(who or dana()).get(f"/recalls/{address}", asked)
    assert answer.status_code == 200
    return answer.text


def send(address: str, form: dict[str, Any], who: User | None = None) -> Any:
    known = {"submission_key": str(uuid4())}
    return signed_in(who or dana()).post(f"/recalls/{address}", {**known, **form}, follow=True)


def found(**asked: Any) -> list[str]:
    """Return the numbers of the lots that the page finds, as "AB1" or "not tracked"."""
    answer = signed_in(dana()).get("/recalls/add/", asked, follow=True)
    assert answer.status_code == 200
    return [str(each.lot) for each in answer.context["found"].lots]


def entered(searched: dict[str, Any], **form: Any) -> Any:
    """Look for what the notice says, and hold what the page then asks about."""
    asked = signed_in(dana()).get("/recalls/add/", searched)
    return send("add/", {**dict(asked.context["pairs"]), **SAID, **form})


def cells(answer: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each sheet that hold anything."""
    workbook = load_workbook(BytesIO(answer.content))
    return {
        sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(row)]
        for sheet in workbook
    }


def _plain(value: Any) -> str:
    """A number, a day, a moment or a text alike, whether it was on a page or in a sheet."""
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, datetime) and value.tzinfo:
        value = timezone.localtime(value).replace(tzinfo=None)
    return strip_tags("" if value is None else value).removesuffix(" 00:00:00")


def given(reference: str = REFERENCE) -> Procedure:
    """Half a millilitre of Kenalog, given by Dr. Reyes; the other half is discarded."""
    procedure = logged(LineWanted(kenalog(), Decimal("0.5"))).procedure
    Procedure.objects.filter(pk=procedure.pk).update(encounter_ref=reference, provider="Dr. Reyes")
    return procedure


class TestLookingForIt:
    @pytest.mark.parametrize(
        "typed",
        [
            CARTON_NDC,
            f" {CARTON_NDC} ",
            "00409427601",
            CARTON_GTIN,
            f"(01){CARTON_GTIN}",
            # The carton names its package; the vial in it carries the code of a single one.
            "10304094276011",
        ],
    )
    def test_a_code_of_any_packaging_level_finds_the_lots(self, typed: str) -> None:
        coded(lidocaine(), "gtin", CARTON_GTIN, "case", 500)
        received(lidocaine(), 20, "A1")
        received(kenalog(), 3, "A1")
        assert found(code=typed, lots="a1") == ["A1"]

    def test_the_page_says_which_code_led_to_the_item_and_of_which_package(self) -> None:
        coded(lidocaine(), "gtin", CARTON_GTIN, "case", 500)
        page = shown("add/", code=CARTON_NDC, all_lots="on")
        assert f"found by GTIN {CARTON_GTIN} (case)" in page

    def test_a_scanned_carton_says_which_lot_it_is(self) -> None:
        coded(lidocaine(), "gtin", CARTON_GTIN)
        for number in ("A1", "B2"):
            received(lidocaine(), 20, number)
        assert found(code=f"01{CARTON_GTIN}17271231" + "10B2\x1d21777") == ["B2"]

    def test_product_and_lot_of_a_scan_stand_in_their_fields(self) -> None:
        coded(lidocaine(), "hibc", "+A123BJC5D6E71G")
        scanned = "+A123BJC5D6E71/$B2"

        page = signed_in(dana()).get(
            "/recalls/add/", {"code": scanned + hibc_check_character(scanned)}, follow=True
        )

        search = page.context["search"]
        assert (search["code"].value(), search["lots"].value()) == ("+A123BJC5D6E71G", "B2")

    def test_a_lot_in_doubt_is_asked_for(self) -> None:
        coded(lidocaine(), "gtin", CARTON_GTIN)

        page = signed_in(dana()).get("/recalls/add/", {"code": run_together(CARTON_GTIN)})

        assert "nobody can tell where the lot ends" in page.text
        assert not page.context["search"]["lots"].value()

    @pytest.mark.parametrize(
        ("asked", "meant"),
        [
            ({"lots": "AB1\nC3"}, ["AB1", "C3"]),
            ({"lots": "ab1, c3; c3"}, ["AB1", "C3"]),
            ({"lots": "AB*"}, ["AB1", "AB2"]),
            ({"all_lots": "on"}, ["AB1", "AB2", "C3"]),
            ({"lots": "D*"}, []),
        ],
    )
    def test_an_item_and_its_lots_by_number_by_beginning_or_all(
        self, asked: dict[str, str], meant: list[str]
    ) -> None:
        for number in ("AB1", "AB2", "C3"):
            received(lidocaine(), 20, number)
        assert found(item=lidocaine().sku, **asked) == meant

    def test_she_sees_where_all_of_it_is_before_anything_is_held(self) -> None:
        lot = received(lidocaine(), 40, "A1").lot
        received(lidocaine(), 20, "A1", where="room-2")
        used(Want(lidocaine(), Decimal(4)))
        page = shown("add/", item=lidocaine().sku, lots="A1")
        for words in (
            "1 lot matches",
            "Room 1: 20 mL",
            "Room 1: 16 mL, open vial",
            "Room 2: 20 mL",
        ):
            assert words in page
        assert "Hold this lot" in page
        assert (status_of(lot), Recall.objects.count()) == ("available", 0)

    def test_the_makers_other_size_is_looked_for_when_it_is_ticked(self) -> None:
        coded(lidocaine(), "ndc", CARTON_NDC)
        coded(kenalog(), "ndc", "0409-4276-02", quantity=1)
        received(kenalog(), 3, "K1")
        asked: dict[str, Any] = {"code": CARTON_NDC, "lots": "K1"}
        assert "The same maker’s product" in shown("add/", **asked)
        assert found(**asked) == []
        assert found(**asked, also=kenalog().sku) == ["K1"]

    def test_a_number_that_only_reads_alike_is_shown_apart(self) -> None:
        received(lidocaine(), 20, "AB-1O")
        page = shown("add/", item=lidocaine().sku, lots="AB10")
        assert "Is this the same lot?" in page
        assert "Hold it too<span" in page
        assert ": Lidocaine 1% 20 mL multi-dose vial, lot AB-1O<" in page
        assert found(item=lidocaine().sku, lots="AB10") == []

    def test_what_is_not_tracked_by_lot_is_shown_to_be_looked_at(self) -> None:
        received(gauze(), 100, "")
        page = shown("add/", item=gauze().sku, lots="G7")
        assert "Is it among these?" in page
        assert "Room 1: 100" in page
        assert "Hold what is ticked, or record “none found”" in page

    def test_what_of_that_is_used_up_is_not_asked_about(self) -> None:
        received(gauze(), 100, "")
        used(Want(gauze(), Decimal(100)))
        assert "Is it among these?" not in shown("add/", item=gauze().sku, lots="G7")

    def test_a_code_that_nobody_carries_is_said_to_be_an_answer(self) -> None:
        page = shown("add/", code="9999-9999-99", lots="A1")
        assert "No item of this clinic carries the code 9999-9999-99" in page
        assert "Record “none found”" in page


class TestHoldingIt:
    def test_one_press_holds_every_lot_wherever_it_is(self) -> None:
        lots = [
            received(lidocaine(), 20, number, where=where).lot
            for number, where in (("AB1", "room-1"), ("AB2", "room-2"), ("C3", "room-1"))
        ]
        answer = entered({"item": lidocaine().sku, "lots": "AB*"})
        assert "2 lots are recalled now." in answer.text
        assert [status_of(lot) for lot in lots] == ["recalled", "recalled", "available"]
        assert answer.redirect_chain[-1][0] == f"/recalls/{Recall.objects.get().pk}/"

    def test_a_case_of_the_notice_holds_the_vials_of_the_clinic(self) -> None:
        coded(lidocaine(), "gtin", CARTON_GTIN, "case", 500)
        lot = received(lidocaine(), 20, "A1").lot
        entered({"code": CARTON_NDC, "all_lots": "on"})
        recall = Recall.objects.get()
        assert (status_of(lot), recall.code, recall.all_lots) == ("recalled", CARTON_NDC, True)

    def test_an_opened_vial_is_held_too_and_stays_in_sight(self) -> None:
        received(lidocaine(), 40, "A1")
        used(Want(lidocaine(), Decimal(4)))
        page = entered({"item": lidocaine().sku, "lots": "A1"}).text
        (left,) = [part for part in page.split("<h2") if "What is left, and where" in part]
        assert "16" in left
        assert opened_vial(lidocaine()).lot.status == "recalled"

    def test_a_lot_that_only_reads_alike_is_held_when_it_is_ticked(self) -> None:
        alike = received(lidocaine(), 20, "AB-1O").lot
        other = received(lidocaine(), 20, "AB 10").lot
        entered({"item": lidocaine().sku, "lots": "AB10"}, alike=alike.pk)
        assert (status_of(alike), status_of(other)) == ("recalled", "available")

    def test_what_is_not_tracked_by_lot_is_held_when_it_is_ticked(self) -> None:
        lot = received(gauze(), 100, "").lot
        page = entered({"item": gauze().sku, "lots": "G7"}, alike=lot.pk).text
        assert status_of(lot) == "recalled"
        assert "100 on hand; not tracked by lot" in page

    def test_it_may_be_quarantined_until_it_is_checked(self) -> None:
        lot = received(lidocaine(), 20, "A1").lot
        answer = entered({"item": lidocaine().sku, "lots": "A1"}, status="quarantined")
        assert "1 lot is quarantined now." in answer.text
        assert status_of(lot) == "quarantined"

    @pytest.mark.parametrize(
        "searched", [{"item": "lido-1-20", "lots": "B7"}, {"code": "9999-9999-99", "lots": "B7"}]
    )
    def test_none_found_is_recorded_as_the_answer(self, searched: dict[str, str]) -> None:
        lot = received(lidocaine(), 20, "A1").lot
        page = entered(searched).text
        assert "Recorded: no lot is held." in page
        assert "None found. Searched" in page
        assert (status_of(lot), Recall.objects.get().lots.count()) == ("available", 0)

    def test_pressing_twice_records_one_recall(self) -> None:
        received(lidocaine(), 20, "A1")
        searched = {"item": lidocaine().sku, "lots": "A1"}
        first, second = (entered(searched, submission_key="one-press") for _ in range(2))
        assert first.redirect_chain == second.redirect_chain
        assert (Recall.objects.count(), LotStatusChange.objects.count()) == (1, 1)

    def test_the_key_of_another_recall_is_refused_with_a_sentence(self) -> None:
        received(lidocaine(), 20, "A1")
        searched = {"item": lidocaine().sku, "lots": "A1"}
        entered(searched, submission_key="one-press")
        answer = entered(searched, submission_key="one-press", title="Something else")
        assert (answer.status_code, Recall.objects.count()) == (422, 1)

    def test_what_is_missing_is_asked_for_and_what_was_ticked_stays_ticked(self) -> None:
        lot = received(lidocaine(), 20, "AB-1O").lot
        answer = entered({"item": lidocaine().sku, "lots": "AB10"}, reason="", alike=lot.pk)
        assert (answer.status_code, status_of(lot)) == (422, "available")
        assert "Fill this in." in answer.text
        assert f'value="{lot.pk}" form="hold" checked>' in answer.text


class TestTheAnswer:
    @pytest.fixture
    def recall(self) -> Recall:
        """Ten vials came, one was given, two broke, one went back; lot K1 is recalled."""
        shelf = received(kenalog(), 10, "K1")
        given()
        facts: dict[str, Any] = {"by": mara(), "location": place(), "happened_at": NOW, "now": NOW}
        broken = StockLine(kenalog(), Decimal(2), holding=shelf)
        ledger.waste(lines=[broken], reason=WasteReason.BROKEN, **facts)
        return recalled("K1", items=[kenalog()])

    def test_it_tells_where_everything_went_and_that_it_balances(self, recall: Recall) -> None:
        page = shown(f"{recall.pk}/", mara())
        for words in (
            "every lot balances",
            "Used in 1 procedure",
            "Trigger point, 1 or 2",
            "Dr. Reyes",
            REFERENCE,
            "Broken",
            "Dana Lindqvist",
            "a lot that arrives and matches is held at once",
        ):
            assert words in page
        answer = signed_in(mara()).get(f"/recalls/{recall.pk}/")
        (balance,) = answer.context["response"].balances
        totals = balance.totals
        assert (totals.received, totals.on_hand, totals.used) == (10, 7, Decimal("0.5"))
        assert totals.wasted == Decimal("2.5")

    def test_a_procedure_is_told_with_its_day_its_room_and_the_lot(self, recall: Recall) -> None:
        table = signed_in(mara()).get(f"/recalls/{recall.pk}/").context["given"]
        heading, row = list(table.as_values())
        told = dict(zip(heading, map(str, row), strict=True))
        assert told["When"].startswith("2026-11-23")
        assert (told["Lot"], told["Room"], told["Clinician"]) == ("K1", "Room 1", "Dr. Reyes")

    @pytest.mark.parametrize("who", [priya, vic])
    def test_those_who_do_not_treat_see_that_there_is_an_encounter_and_not_which(
        self, recall: Recall, who: Callable[[], User]
    ) -> None:
        assert "Dr. Reyes" in shown(f"{recall.pk}/", who())
        assert REFERENCE not in shown(f"{recall.pk}/", who())
        sheets = cells(signed_in(who()).get(f"/recalls/{recall.pk}/export/"))
        assert REFERENCE not in repr(sheets)

    def test_the_workbook_has_the_rows_of_the_page(self, recall: Recall) -> None:
        context = signed_in(dana()).get(f"/recalls/{recall.pk}/").context
        sheets = cells(signed_in(dana()).get(f"/recalls/{recall.pk}/export/"))
        assert tuple(sheets) == TITLES
        names = ("balance", "receipts", "left", "given", "disposals", "log")
        for title, name in zip(TITLES, names, strict=True):
            # The sheet names the item in each row; the page, above, names it once.
            heading, *rows = list(context[name].as_values())
            told, *below = sheets[title][-len(rows) - 1 :]
            assert {*told} - {*heading} <= {"Item", None}
            for row, cell in zip(rows, below, strict=True):
                said = dict(zip(told, map(_plain, cell), strict=True))
                shown_there = dict(zip(heading, map(_plain, row), strict=True))
                assert {column: said[column] for column in heading} == shown_there
        assert ("Balance", "every lot balances") in [row[:2] for row in sheets["Summary"]]
        assert REFERENCE in sheets["Procedures"][-1]

    def test_a_procedure_that_draws_two_lots_of_the_recall_is_one_procedure(self) -> None:
        for number in ("N1", "N2"):
            received(needle(), 1, number)
        logged(LineWanted(needle(), Decimal(2)))
        recall = recalled("N*", items=[needle()])
        assert "Used in 1 procedure<" in shown(f"{recall.pk}/")

    def test_a_use_without_a_procedure_is_told_and_not_called_one(self) -> None:
        received(needle(), 5, "N1")
        used(Want(needle(), Decimal(2)))
        recall = recalled("N1", items=[needle()])
        page = shown(f"{recall.pk}/")
        assert "Used in 0 procedures, and 1 time without one" in page
        assert "/stock/movements/" in page.split("Used in 0 procedures")[1]

    def test_a_recall_of_which_none_was_found_has_an_answer_and_no_empty_tables(self) -> None:
        received(lidocaine(), 20, "A1")
        recall = recalled("B7")
        page = shown(f"{recall.pk}/")
        assert "None found. Searched Lidocaine 1% 20 mL multi-dose vial; B7." in page
        assert "What became of it" not in page
        sheets = cells(signed_in(dana()).get(f"/recalls/{recall.pk}/export/"))
        assert ("Found", "none found") in [row[:2] for row in sheets["Summary"]]

    def test_whoever_handles_stock_is_led_on_to_what_becomes_of_it(self, recall: Recall) -> None:
        holding = kenalog().lots.get().holdings.filter(quantity__gt=0).get()
        assert f"?holding={holding.pk}" in shown(f"{recall.pk}/", mara())
        assert f"?holding={holding.pk}" not in shown(f"{recall.pk}/", vic())

    def test_the_list_finds_a_recall_by_its_item_or_lot_and_says_what_came_of_it(
        self, recall: Recall
    ) -> None:
        recalled("B7")
        assert shown("", vic()).count("Lidocaine 1%, particles") == 2
        page = shown("", vic(), q="kenalog")
        assert f"/recalls/{recall.pk}/" in page
        assert "1 lot<" in page
        none = shown("", vic(), state="none")
        assert ("none found" in none, f"/recalls/{recall.pk}/" in none) == (True, False)


class TestTheLog:
    @pytest.mark.parametrize("who", [mara, dana])
    def test_whoever_does_something_notes_it(self, who: Callable[[], User]) -> None:
        recall = recalled("A1")
        answer = send(f"{recall.pk}/notes/add/", {"text": "None found in Room 2."}, who())
        note = recall.notes.latest("pk")
        assert (note.by, note.at, note.text) == (who(), NOW, "None found in Room 2.")
        assert "None found in Room 2." in answer.text

    def test_pressing_twice_notes_it_once(self) -> None:
        recall = recalled("A1")
        for _ in range(2):
            send(f"{recall.pk}/notes/add/", {"text": "Told", "submission_key": "one-press"})
        assert recall.notes.filter(text="Told").count() == 1

    @pytest.mark.parametrize("text", ["", " ", "x" * 901, "a\0b"])
    def test_what_is_no_note_is_refused_with_a_sentence(self, text: str) -> None:
        recall = recalled("A1")
        answer = send(f"{recall.pk}/notes/add/", {"text": text})
        assert (answer.status_code, recall.notes.count()) == (422, 1)
        assert "field-error" in answer.text

    def test_a_closed_recall_takes_notes_still(self) -> None:
        recall = recalled("A1")
        send(f"{recall.pk}/close/", {"outcome": "Nothing here", "then": "keep"})
        send(f"{recall.pk}/notes/add/", {"text": "The maker has confirmed it"})
        assert "The maker has confirmed it" in shown(f"{recall.pk}/")


class TestClosing:
    def test_it_says_who_closed_it_and_how_it_ended(self) -> None:
        recall = recalled("A1")
        page = send(f"{recall.pk}/close/", {"outcome": "All went back", "then": "keep"}).text
        recall.refresh_from_db()
        assert (recall.closed_by, recall.outcome) == (dana(), "All went back")
        for words in ("The recall is closed.", "All went back", "Stop watching deliveries"):
            assert words in page
        assert f"/recalls/{recall.pk}/close/" not in page

    def test_what_was_only_quarantined_may_be_released(self) -> None:
        lot = received(lidocaine(), 20, "A1").lot
        recall = recalled("A1", status=Lot.Status.QUARANTINED)
        assert "Release 1 lot that" in shown(f"{recall.pk}/close/")
        send(f"{recall.pk}/close/", {"outcome": "Not ours", "then": "release"})
        assert status_of(lot) == "available"

    def test_a_recalled_lot_is_not_offered_for_release(self) -> None:
        lot = received(lidocaine(), 20, "A1").lot
        recall = recalled("A1")
        answer = send(f"{recall.pk}/close/", {"outcome": "Not ours", "then": "release"})
        assert (answer.status_code, status_of(lot)) == (422, "recalled")

    def test_pressing_twice_closes_it_once(self) -> None:
        recall = recalled("A1")
        form = {"outcome": "Done", "then": "keep", "submission_key": "one-press"}
        assert [send(f"{recall.pk}/close/", form).status_code for _ in range(2)] == [200, 200]
        assert recall.notes.filter(text="Closed: Done").count() == 1

    def test_a_second_ending_is_refused_and_names_the_first(self) -> None:
        recall = recalled("A1")
        send(f"{recall.pk}/close/", {"outcome": "All went back", "then": "keep"})
        answer = send(f"{recall.pk}/close/", {"outcome": "Other", "then": "keep"})
        assert answer.status_code == 422
        assert "closed by Dana Lindqvist: All went back" in answer.text

    def test_an_ending_without_an_outcome_is_none(self) -> None:
        recall = recalled("A1")
        answer = send(f"{recall.pk}/close/", {"outcome": "", "then": "keep"})
        recall.refresh_from_db()
        assert (answer.status_code, recall.is_open) == (422, True)

    def test_later_deliveries_are_watched_until_she_says_otherwise(self) -> None:
        recall = recalled("A1")
        send(f"{recall.pk}/close/", {"outcome": "Nothing here", "then": "keep"})
        said = [send(f"{recall.pk}/unwatch/", {}).text for _ in range(2)]
        assert "Deliveries are no longer watched" in said[0]
        assert "Deliveries were not watched any more." in said[1]
        assert received(lidocaine(), 20, "A1").lot.status == "available"


class TestWhoDoesWhat:
    @pytest.mark.parametrize("who", [mara, dana, priya, vic])
    def test_everybody_with_a_role_reads(self, who: Callable[[], User]) -> None:
        recall = recalled("A1")
        for address in ("", f"{recall.pk}/", f"{recall.pk}/export/"):
            assert signed_in(who()).get(f"/recalls/{address}").status_code == 200

    @pytest.mark.parametrize("who", [mara, priya, vic, otto])
    def test_a_manager_alone_enters_closes_and_stops_watching(
        self, who: Callable[[], User]
    ) -> None:
        lot = received(lidocaine(), 20, "A1").lot
        recall = recalled("B7")
        form = {**SAID, "item": lidocaine().sku, "lots": "A1", "outcome": "x", "then": "stop"}
        for address in ("add/", f"{recall.pk}/close/", f"{recall.pk}/unwatch/"):
            assert send(address, form, who()).status_code == 403
        recall.refresh_from_db()
        assert (status_of(lot), recall.is_open, Recall.objects.count()) == ("available", True, 1)
        assert recall.holds.get().ended_at is None

    @pytest.mark.parametrize("who", [mara, priya, vic])
    def test_nobody_is_offered_what_would_be_refused(self, who: Callable[[], User]) -> None:
        recall = recalled("A1")
        assert "/recalls/add/" not in shown("", who())
        assert f"/recalls/{recall.pk}/close/" not in shown(f"{recall.pk}/", who())

    @pytest.mark.parametrize("who", [priya, vic, otto])
    def test_those_who_handle_no_stock_write_no_log(self, who: Callable[[], User]) -> None:
        recall = recalled("A1")
        assert send(f"{recall.pk}/notes/add/", {"text": "Hm"}, who()).status_code == 403
        assert recall.notes.count() == 1


# Whatever comes

JUNK = (
    "\0",
    "a\0b\x85",
    "\x1d",
    "*",
    "**",
    "%",
    "(01)",
    "]C1",
    "+",
    "0" * 14,
    "²٣",
    "9" * 400,
    "x" * 20_000,
    "A1\n" * 5000,
    ",".join(map(str, range(500))),
    "😀\u202e",
    "<script>' OR 1=1 --",
)


ASKED = ("code", "item", "also", "lots", "all_lots", "alike")


@pytest.mark.parametrize("name", ASKED)
def test_junk_in_a_search_holds_nothing_and_is_answered(name: str) -> None:
    lot = received(lidocaine(), 20, "A1").lot
    browser = signed_in(dana())
    sound = {"code": "", "item": lidocaine().sku, "lots": "B7"}
    # Every day each field meets half of it, and each junk half of the fields.
    for junk in JUNK if DEEP else JUNK[ASKED.index(name) % 2 :: 2]:
        asked = {**sound, name: junk}
        assert browser.get("/recalls/add/", asked).status_code == 200
        sent = {**asked, **SAID, "reason": "", "submission_key": "junk"}
        assert browser.post("/recalls/add/", sent).status_code == 422
    assert (status_of(lot), Recall.objects.count()) == ("available", 0)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"lots": "A1"}, "Enter the product code of the notice, or choose an item."),
        ({"item": "no-such-item", "lots": "A1"}, "Select a valid choice"),
        ({"item": "lido-1-20"}, "Enter the lots of the notice, or tick “All lots”."),
        ({"item": "lido-1-20", "lots": "A1", "all_lots": "on"}, "not both"),
        ({"item": "lido-1-20", "lots": "A*1"}, "Expected a * at the end of a lot number"),
        ({"item": "lido-1-20", "lots": "*"}, "Expected what the lot numbers begin with"),
        ({"item": "lido-1-20", "lots": "x" * 65}, "of at most 64 characters, but got"),
        ({"item": "lido-1-20", "lots": ",".join(map(str, range(201)))}, "but got 201."),
        ({"code": "x" * 65, "lots": "A1"}, "Expected a code of at most 64 characters, but got 65."),
        ({"code": "a\0b", "lots": "A1"}, "a character that cannot be shown"),
    ],
)
def test_a_search_that_means_nothing_is_told_so(asked: dict[str, Any], sentence: str) -> None:
    received(lidocaine(), 20, "A1")
    page = shown("add/", **asked)
    assert sentence in page
    assert "Hold" not in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"reason": "x" * 161}, "at most 160 characters"),
        ({"reference": "x" * 101}, "at most 100 characters"),
        ({"reference": "a\0b"}, "cannot be shown"),
        ({"status": "available"}, "Select a valid choice"),
        ({"status": ""}, "Choose one."),
        ({"submission_key": "x" * 65}, "at most 64 characters"),
    ],
)
def test_a_notice_that_says_too_much_or_too_little_holds_nothing(
    form: dict[str, str], sentence: str
) -> None:
    lot = received(lidocaine(), 20, "A1").lot
    answer = entered({"item": lidocaine().sku, "lots": "A1"}, **form)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert (status_of(lot), Recall.objects.count()) == ("available", 0)


@pytest.mark.parametrize("number", ["0", "999", "9" * 25, "-1", "x"])
def test_a_recall_that_there_is_not_is_not_found(number: str) -> None:
    for rest in ("", "export/", "close/"):
        assert signed_in(dana()).get(f"/recalls/{number}/{rest}").status_code == 404


def test_the_longest_notice_that_is_taken_fits_into_everything() -> None:
    received(lidocaine(), 20, "A" * 64)
    lots = "\n".join(f"{number:0>63}*" for number in range(199))
    form = {"title": "t" * 200, "reason": "r" * 160, "reference": "n" * 100}
    answer = entered({"item": lidocaine().sku, "lots": f"{lots}\n{'A' * 64}"}, **form)
    assert (answer.status_code, Lot.objects.get().status) == (200, "recalled")
    recall = Recall.objects.get()
    assert send(f"{recall.pk}/close/", {"outcome": "o" * 500, "then": "keep"}).status_code == 200
    assert signed_in(dana()).get(f"/recalls/{recall.pk}/export/").status_code == 200


# How much it costs


def queries_of(address: str) -> int:
    browser = signed_in(dana())
    browser.get("/recalls/")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(f"/recalls/{address}").status_code == 200
    return len(asked)


def _used_in_many(item: Item, lots: int) -> None:
    for number in range(lots):
        received(item, 2, f"L{number}")
        logged(LineWanted(item, Decimal(2)))
        received(item, 1, f"L{number}", where="room-2")


def test_a_page_asks_as_much_of_many_lots_as_of_one() -> None:
    _used_in_many(kenalog(), 1)
    _used_in_many(needle(), 7)
    few = recalled("L*", items=[kenalog()])
    addresses = ("{}/", "{}/export/", "{}/close/")
    of_few = [queries_of(address.format(few.pk)) for address in addresses]
    searched = [queries_of(f"add/?item={kenalog().sku}&lots=L*"), queries_of("")]
    many = recalled("L*", items=[needle()])
    assert [queries_of(address.format(many.pk)) for address in addresses] == of_few
    assert [queries_of(f"add/?item={needle().sku}&lots=L*"), queries_of("")] == searched


def test_holding_seven_lots_asks_no_more_than_holding_one() -> None:
    received(gauze(), 5)
    for item, lots in ((kenalog(), 1), (needle(), 7)):
        for number in range(lots):
            received(item, 5, f"L{number}")
    # A first recall, so that there is a flag from the beginning.
    recalled(items=[gauze()])
    counted = []
    for item in (kenalog(), needle()):
        with CaptureQueriesContext(connection) as asked:
            assert entered({"item": item.sku, "lots": "L*"}).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert Lot.objects.filter(status="recalled").count() == 9
