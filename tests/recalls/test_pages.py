"""A recall on the pages: from the notice to the held lots, the trace, the log and the end."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from inventory.accounts.models import User
from inventory.procedures.kits import LineWanted
from inventory.procedures.record import ProcedureWanted
from inventory.procedures.record import record as log_procedure
from inventory.recalls import record
from inventory.recalls.models import Recall
from inventory.recalls.record import Ending
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot, LotHold, LotStatusChange
from inventory.stock.requests import ReceiptLine, StockLine, Want, WasteReason
from inventory.web.tables import PAGE_SIZE
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
    place,
    priya,
    procedure_type,
    received,
    signed_in,
    used,
    vic,
)
from tests.purchasing.shop import northgate
from tests.recalls.notices import CARTON_GTIN, CARTON_NDC, coded, recalled, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

ADD = "/recalls/add/"
Who = Callable[[], User]


def look(client: Client | None = None, **search: Any) -> Any:
    """What Dana sees when she looks for what a notice means."""
    return (client or signed_in(dana())).get(ADD, search)


def entered(**facts: Any) -> dict[str, Any]:
    """A notice about lot A1 of lidocaine as the form sends it."""
    lidocaine()
    form = {
        "item": "lido-1-20",
        "lots": "A1",
        "title": "Lidocaine 1%, particles",
        "reference": "Z-1234",
        "reason": "particles found",
        "status": "recalled",
        "submission_key": str(uuid4()),
    }
    return {name: value for name, value in (form | facts).items() if value is not None}


def hold(form: dict[str, Any], client: Client | None = None) -> Any:
    return (client or signed_in(dana())).post(ADD, form, follow=True)


def page_of(recall: Recall, who: Who = dana, page: str = "1") -> str:
    """The trace as this person sees it, with this page of the procedures."""
    asked = {"procedures-page": page}
    answer = signed_in(who()).get(reverse("recall_detail", args=[recall.pk]), asked)
    assert answer.status_code == 200
    return answer.text


def note(recall: Recall, text: str, who: Who = mara, key: str = "n1") -> Any:
    address = reverse("recall_note_add", args=[recall.pk])
    form = {"text": text, "submission_key": key}
    return signed_in(who()).post(address, form, follow=True)


def close(recall: Recall, key: str = "c1", client: Client | None = None, **facts: Any) -> Any:
    address = reverse("recall_close", args=[recall.pk])
    form = {"outcome": "All of it returned.", "then": "keep", "submission_key": key, **facts}
    return (client or signed_in(dana())).post(address, form, follow=True)


def log_of(recall: Recall) -> list[str]:
    return list(recall.notes.values_list("text", flat=True))


# Who may do what


class TestRoles:
    @pytest.mark.parametrize("who", [mara, dana, priya, vic])
    def test_everybody_reads_recalls_and_takes_the_workbook(self, who: Who) -> None:
        received(lidocaine(), 40)
        recall, client = recalled("A1"), signed_in(who())
        for name, args in (
            ("recall_list", []),
            ("recall_detail", [recall.pk]),
            ("recall_export", [recall.pk]),
        ):
            assert client.get(reverse(name, args=args)).status_code == 200

    @pytest.mark.parametrize("who", [mara, priya, vic])
    def test_only_a_manager_holds_and_closes(self, who: Who) -> None:
        lot, recall = received(lidocaine(), 40).lot, recalled("B7")
        client = signed_in(who())
        assert client.get(ADD).status_code == 403
        assert hold(entered(), client).status_code == 403
        assert close(recall, client=client).status_code == 403
        unwatch = reverse("recall_unwatch", args=[recall.pk])
        assert client.post(unwatch).status_code == 403
        recall.refresh_from_db()
        assert (status_of(lot), recall.is_open) == ("available", True)

    @pytest.mark.parametrize("who", [mara, priya, vic])
    def test_nobody_else_is_offered_what_a_manager_does(self, who: Who) -> None:
        lot, recall = received(lidocaine(), 40).lot, recalled("A1")
        client = signed_in(who())
        assert ADD not in client.get("/recalls/").text
        assert ADD not in client.get(reverse("lot_detail", args=[lot.pk])).text
        assert reverse("recall_close", args=[recall.pk]) not in page_of(recall, who)

    def test_a_nurse_writes_in_the_log(self) -> None:
        recall = recalled("A1")
        assert "Cart 2 looked through." in note(recall, "Cart 2 looked through.").text
        assert recall.notes.last().by == mara()  # type: ignore[union-attr]

    @pytest.mark.parametrize("who", [priya, vic])
    def test_who_does_not_handle_stock_reads_the_log_only(self, who: Who) -> None:
        recall = recalled("A1")
        assert note(recall, "Looked.", who).status_code == 403
        assert "Add to the log" not in page_of(recall, who)

    @pytest.mark.parametrize(("who", "shown"), [(mara, True), (dana, True), (priya, False)])
    def test_only_who_treats_patients_reads_their_encounters(self, who: Who, shown: bool) -> None:
        received(kenalog(), 5, "K1")
        given("ENC-778")
        page = page_of(recalled("K1", items=[kenalog()]), who)
        assert ("ENC-778" in page) is shown


def given(encounter: str, provider: str = "Dr. Amara Osei") -> Any:
    """Mara's procedure in Room 1, with half a vial of Kenalog."""
    wanted = ProcedureWanted(
        procedure_type(),
        place(),
        NOW,
        lines=(LineWanted(kenalog(), Decimal("0.5")),),
        provider=provider,
        encounter_ref=encounter,
    )
    return log_procedure(wanted, by=mara(), now=NOW)


# Looking


class TestLooking:
    def test_it_changes_nothing(self) -> None:
        lot = received(lidocaine(), 40).lot
        look(item="lido-1-20", lots="A1")
        assert (status_of(lot), Recall.objects.count(), LotHold.objects.count()) == (
            "available",
            0,
            0,
        )

    @pytest.mark.parametrize("code", [CARTON_NDC, "00409427601", CARTON_GTIN])
    def test_the_cartons_code_finds_the_lot_with_where_it_is(self, code: str) -> None:
        coded(lidocaine(), "gtin", CARTON_GTIN, "case", 500)
        received(lidocaine(), 40)
        received(lidocaine(), 20, where="room-2")
        used(Want(lidocaine(), Decimal(4)))
        page = look(code=code, lots="a1").text
        assert "1 lot matches" in page
        assert f"found by {CARTON_GTIN} (case)" in page
        assert "Room 1: 16 mL, opened" in page
        assert "Room 2: 20 mL" in page

    def test_a_scanned_carton_brings_its_lot(self) -> None:
        coded(lidocaine(), "gtin", CARTON_GTIN)
        received(lidocaine(), 40)
        page = look(code=f"01{CARTON_GTIN}1727123110A1\x1d").text
        assert "1 lot matches" in page
        assert f'value="{CARTON_GTIN}"' in page

    def test_what_begins_alike_is_found_together(self) -> None:
        for number in ("AB1", "AB2", "C3"):
            received(lidocaine(), 20, number)
        page = look(item="lido-1-20", lots="ab*").text
        assert "2 lots match" in page
        assert "Hold all 2 lots" in page

    def test_all_lots_are_found_with_one_tick(self) -> None:
        for number in ("AB1", "C3"):
            received(lidocaine(), 20, number)
        assert "2 lots match" in look(item="lido-1-20", all_lots="on").text

    def test_a_lot_that_only_reads_alike_waits_for_a_tick(self) -> None:
        received(lidocaine(), 20, "25090DK01")
        page = look(item="lido-1-20", lots="25-090-DK").text
        assert "No lot matches" in page
        assert "Is this the same lot?" in page
        assert "Hold what is ticked, or record “none found”" in page

    def test_the_makers_other_size_is_offered_to_be_looked_for_too(self) -> None:
        coded(lidocaine(), "ndc", CARTON_NDC)
        coded(kenalog(), "ndc", "0409-4276-02", quantity=1)
        received(kenalog(), 3, "A1")
        assert "No lot matches" in look(code=CARTON_NDC, lots="A1").text
        assert "1 lot matches" in look(code=CARTON_NDC, lots="A1", also="kenalog-40-1").text

    def test_a_code_that_nobody_carries_says_so(self) -> None:
        page = look(code="9999-9999-99", lots="A1").text
        assert "No item of this clinic carries the code 9999-9999-99." in page
        assert "Record “none found”" in page

    def test_a_lot_leads_here_with_itself_filled_in(self) -> None:
        lot = received(lidocaine(), 40, "A 1/B&C").lot
        client = signed_in(dana())
        page = client.get(reverse("lot_detail", args=[lot.pk])).text
        link = page.split(f'href="{ADD}')[1].split('"')[0].replace("&amp;", "&")
        assert "1 lot matches" in client.get(f"{ADD}{link}").text

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            (
                {"lots": "A1"},
                "Enter the product code of the notice, or choose an item.",
            ),
            ({"item": "lido-1-20"}, "Enter the lots of the notice, or tick “All lots”."),
            (
                {"item": "lido-1-20", "lots": "A1", "all_lots": "on"},
                "Either name lots or tick “All lots”, not both.",
            ),
            (
                {"item": "lido-1-20", "lots": "A*B"},
                "Expected a * at the end of a lot number at most, but got “A*B”.",
            ),
            (
                {"item": "lido-1-20", "lots": "*"},
                "Expected what the lot numbers begin with before the *.",
            ),
            (
                {"item": "lido-1-20", "lots": ",".join(map(str, range(201)))},
                "Expected at most 200 lot numbers, but got 201.",
            ),
            (
                {"code": "9" * 65, "lots": "A1"},
                "Expected a code of at most 64 characters, but got 65.",
            ),
            ({"item": "aspirin", "lots": "A1"}, "Select a valid choice."),
            ({"item": "lido-1-20", "lots": "A1", "also": "aspirin"}, "aspirin"),
            ({"item": "lido-1-20", "lots": "A\x00"}, "a character that cannot be shown"),
        ],
    )
    def test_what_is_not_understood_is_answered_with_a_sentence(
        self, asked: dict[str, Any], sentence: str
    ) -> None:
        lidocaine()
        answer = look(**asked)
        assert (answer.status_code, sentence in answer.text) == (200, True)
        assert 'id="hold"' not in answer.text


# Holding


class TestHolding:
    def test_dana_holds_it_everywhere_opened_vials_too_in_one_step(self) -> None:
        received(lidocaine(), 40)
        received(lidocaine(), 20, where="room-2")
        used(Want(lidocaine(), Decimal(4)))
        answer = hold(entered())
        assert "1 lot is recalled now." in answer.text
        assert opened_vial(lidocaine()).lot.status == "recalled"
        assert set(Holding.objects.on_hand().values_list("lot__status", flat=True)) == {"recalled"}
        assert Recall.objects.get().held_lots.get().on_hand == 56

    def test_while_they_are_checked_lots_are_quarantined(self) -> None:
        for number in ("AB1", "AB2"):
            received(lidocaine(), 20, number)
        answer = hold(entered(lots="AB*", status="quarantined"))
        assert "2 lots are quarantined now." in answer.text

    def test_what_is_ticked_is_held_too(self) -> None:
        ticked = received(lidocaine(), 20, "A-1").lot
        answer = hold(entered(alike=[str(ticked.pk), "x", "9" * 40]))
        assert "1 lot is recalled now." in answer.text
        assert status_of(ticked) == "recalled"

    def test_none_found_is_recorded(self) -> None:
        received(lidocaine(), 40)
        answer = hold(entered(lots="B7"))
        assert "Recorded: none found." in answer.text
        assert "None found. Searched" in answer.text
        assert "every lot balances" not in answer.text

    def test_pressing_twice_holds_once(self) -> None:
        received(lidocaine(), 40)
        client, form = signed_in(dana()), entered()
        first, second = hold(form, client), hold(form, client)
        assert first.redirect_chain == second.redirect_chain
        assert (Recall.objects.count(), LotStatusChange.objects.count()) == (1, 1)
        assert LotHold.objects.count() == 1

    def test_the_same_press_with_other_lots_is_refused(self) -> None:
        received(lidocaine(), 40)
        client, form = signed_in(dana()), entered()
        hold(form, client)
        answer = hold(form | {"lots": "B7"}, client)
        assert answer.status_code == 422
        assert Recall.objects.count() == 1

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"title": ""}, "This field is required."),
            ({"reason": " "}, "This field is required."),
            ({"title": "x" * 201}, "at most 200 characters"),
            ({"reference": "x" * 101}, "at most 100 characters"),
            ({"reason": "x" * 161}, "at most 160 characters"),
            ({"status": "available"}, "Select a valid choice."),
            ({"reason": "a\x07"}, "a character that cannot be shown"),
            ({"item": ""}, "Enter the product code of the notice, or choose an item."),
            ({"lots": ""}, "Enter the lots of the notice"),
        ],
    )
    def test_a_wrong_form_is_answered_with_a_sentence_and_holds_nothing(
        self, facts: dict[str, str], sentence: str
    ) -> None:
        lot = received(lidocaine(), 40).lot
        answer = hold(entered(**facts))
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert (status_of(lot), Recall.objects.count()) == ("available", 0)

    def test_a_tick_stays_when_the_form_comes_back(self) -> None:
        ticked = received(lidocaine(), 20, "A-1").lot
        page = hold(entered(alike=str(ticked.pk), title="")).text
        assert f'value="{ticked.pk}" form="hold"' in page
        assert "checked>" in page.split('name="alike"')[1].split("<td")[0]

    @pytest.mark.parametrize("text", ["<b>bold</b>", "=1+1", "' OR 1=1 --", "{{ 7*7 }}", "𝕫\u202e"])
    def test_whatever_is_typed_is_shown_as_it_was_typed(self, text: str) -> None:
        received(lidocaine(), 40)
        page = hold(entered(title=text, reference=text, reason=text)).text
        assert Recall.objects.get().title == text
        assert "<b>bold" not in page

    def test_more_lots_are_looked_for_with_no_more_queries(
        self, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(dana())
        received(lidocaine(), 20, "AB0")
        with django_assert_max_num_queries(25) as few:
            look(client, item="lido-1-20", lots="AB*")
        for number in range(1, 8):
            received(lidocaine(), 20, f"AB{number}")
            received(lidocaine(), 20, f"A-B{number}", where="room-2")
        with django_assert_max_num_queries(len(few)):
            look(client, item="lido-1-20", lots="AB*")

    def test_more_lots_are_held_with_no_more_queries(
        self, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(dana())
        received(lidocaine(), 20, "AB0")
        with django_assert_max_num_queries(60) as few:
            client.post(ADD, entered(lots="AB0"))
        for number in range(1, 8):
            received(lidocaine(), 20, f"AB{number}")
        with django_assert_max_num_queries(len(few)):
            client.post(ADD, entered(lots="AB*"))


# The trace


class TestTheTrace:
    def test_it_lists_what_came_what_is_left_who_had_it_and_what_was_disposed_of(self) -> None:
        northgate()
        line = ReceiptLine(kenalog(), Decimal(10), "K1", date(2027, 12, 31))
        facts: dict[str, Any] = {"location": place(), "happened_at": NOW, "now": NOW}
        ledger.receive(
            by=priya(), lines=[line], supplier=northgate(), reference="INV-5521", **facts
        )
        shelf = Holding.objects.get()
        given("ENC-778")
        lines = [StockLine(kenalog(), Decimal(2), holding=shelf)]
        ledger.waste(by=mara(), lines=lines, reason=WasteReason.RECALLED, **facts)
        lines = [StockLine(kenalog(), Decimal(3), holding=shelf)]
        ledger.return_to_supplier(
            by=mara(), lines=lines, supplier=northgate(), reference="RA-7", **facts
        )
        lines = [StockLine(kenalog(), Decimal(3), holding=shelf)]
        ledger.count(by=mara(), lines=lines, reason="Count", **facts)

        page = page_of(recalled("K1", items=[kenalog()]))

        assert "every lot balances" in page
        for heading, words in {
            "Receipts": ("INV-5521", "Northgate", "Priya Shah"),
            "Procedures": ("Trigger point, 1 or 2", "Room 1", "Dr. Amara Osei", "ENC-778", "0.5"),
            "What is left": ("Room 1", "3"),
            "Disposals": ("Returned to Northgate", "Discarded", "Mara Ortiz", "left over"),
        }.items():
            part = section(page, heading)
            assert [each for each in words if each not in part] == [], heading
        assert cells(section(page, "What became of each lot"))[5:12] == [
            "10",
            "3",
            "0.5",
            "2.5",
            "3",
            "-1",
            "balances",
        ]

    def test_what_does_not_balance_is_said_loudly(self) -> None:
        held = received(lidocaine(), 40)
        recall = recalled("A1")
        Holding.objects.filter(pk=held.pk).update(quantity=Decimal(20))
        page = page_of(recall)
        assert "does not balance" in page
        assert "20 mL unexplained" in page

    def test_what_is_left_leads_to_what_can_be_done_about_it(self) -> None:
        held = received(lidocaine(), 40)
        recall = recalled("A1")
        for who, offered in ((mara, True), (vic, False)):
            page = page_of(recall, who)
            assert (f"{reverse('waste_add')}?holding={held.pk}" in page) is offered

    def test_many_procedures_are_read_page_by_page(self) -> None:
        received(needle(), 200, "N1")
        for _ in range(PAGE_SIZE + 1):
            logged(LineWanted(needle(), Decimal(1)))
        recall = recalled("N1", items=[needle()])
        first, second = page_of(recall), page_of(recall, page="2")
        assert f"Used in {PAGE_SIZE + 1} procedures" in first
        assert section(first, "Procedures").count("Trigger point") == PAGE_SIZE
        assert section(second, "Procedures").count("Trigger point") == 1
        assert page_of(recall, page="x' --").count("<h1") == 1

    def test_more_lots_and_procedures_are_shown_with_no_more_queries(
        self, django_assert_max_num_queries: Any
    ) -> None:
        received(kenalog(), 5, "K1")
        logged(LineWanted(kenalog(), Decimal(1)))
        one, client = recalled("K1", items=[kenalog()]), signed_in(dana())
        with django_assert_max_num_queries(30) as few:
            client.get(reverse("recall_detail", args=[one.pk]))
        for number in range(6):
            received(needle(), 5, f"N{number}")
            logged(LineWanted(needle(), Decimal(1)))
        more = recalled(items=[needle()])
        with django_assert_max_num_queries(len(few)):
            client.get(reverse("recall_detail", args=[more.pk]))

    def test_a_recall_that_does_not_exist_is_not_found(self) -> None:
        client = signed_in(dana())
        for name in ("recall_detail", "recall_export", "recall_close"):
            assert client.get(reverse(name, args=[99])).status_code == 404
        assert client.get(f"/recalls/{10**30}/").status_code == 404


def section(page: str, label: str) -> str:
    """The table of this label, as the page has it."""
    return page.split(f'aria-label="{label}"')[1].split("</table>", maxsplit=1)[0]


def cells(table: str) -> list[str]:
    """The words of the cells of a table's first row."""
    row = table.split("<tbody")[1].split("</tr>", maxsplit=1)[0]
    return [_words(cell.split(">", 1)[1].split("</td>")[0]) for cell in row.split("<td")[1:]]


def _words(html: str) -> str:
    return " ".join("".join(piece.split(">")[-1] for piece in html.split("<")).split())


# The list


class TestTheList:
    def test_it_shows_the_newest_first_with_what_was_found(self) -> None:
        received(lidocaine(), 40)
        recalled("A1")
        recalled("B7")
        page = signed_in(vic()).get("/recalls/").text
        assert page.index("none found") < page.index("1 lot<")

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ({"state": "open"}, {"A1", "B7"}),
            ({"state": "closed"}, {"C9"}),
            ({"state": "none"}, {"B7", "C9"}),
            ({"q": "b7"}, {"B7"}),
            ({"q": "Z-1234 lidocaine"}, {"A1", "B7", "C9"}),
            ({"q": "gauze"}, set()),
        ],
    )
    def test_a_recall_is_found(self, asked: dict[str, str], shown: set[str]) -> None:
        received(lidocaine(), 40)
        for number in ("A1", "B7"):
            recalled(number)
        record.close_recall(recalled("C9"), Ending("None here"), by=dana(), now=NOW)
        table = signed_in(vic()).get("/recalls/", asked).text.split('id="table"')[1]
        assert {number for number in ("A1", "B7", "C9") if f">{number}<" in table} == shown


# The log and the end


class TestTheLog:
    def test_a_note_that_says_nothing_is_refused(self) -> None:
        recall = recalled("A1")
        answer = note(recall, "  ")
        assert (answer.status_code, "This field is required." in answer.text) == (422, True)
        assert len(log_of(recall)) == 1

    def test_pressing_twice_notes_once(self) -> None:
        recall = recalled("A1")
        for _ in range(2):
            note(recall, "Supplier informed.")
        assert log_of(recall)[1:] == ["Supplier informed."]

    def test_another_note_by_the_same_press_is_refused(self) -> None:
        recall = recalled("A1")
        note(recall, "Supplier informed.")
        assert note(recall, "Somebody else informed.").status_code == 422

    def test_it_goes_on_after_the_end(self) -> None:
        recall = recalled("A1")
        close(recall)
        assert note(recall, "Credit arrived.").status_code == 200
        assert log_of(recall)[-1] == "Credit arrived."

    def test_what_is_typed_is_not_run(self) -> None:
        assert "<script>alert" not in note(recalled("A1"), "<script>alert(1)</script>").text


class TestClosing:
    def test_dana_closes_it_with_its_outcome(self) -> None:
        recall = recalled("A1")
        page = close(recall).text
        assert "The recall is closed." in page
        assert "All of it returned." in page
        recall.refresh_from_db()
        assert (recall.closed_by, recall.outcome) == (dana(), "All of it returned.")

    def test_pressing_twice_closes_once_whatever_becomes_of_the_lots(self) -> None:
        lot = received(lidocaine(), 40).lot
        recall = recalled("A1", status=Lot.Status.QUARANTINED)
        first, second = close(recall, then="release"), close(recall, then="release")
        assert first.redirect_chain == second.redirect_chain
        assert status_of(lot) == "available"
        assert sum(text.startswith("Closed:") for text in log_of(recall)) == 1

    def test_a_second_closing_is_told_of_the_first(self) -> None:
        recall = recalled("A1")
        close(recall)
        answer = close(recall, key="c2", outcome="Something else.")
        assert answer.status_code == 422
        assert "This recall was closed by Dana Lindqvist: All of it returned." in answer.text

    def test_who_opens_the_page_of_a_closed_one_is_told_so(self) -> None:
        recall = recalled("A1")
        close(recall)
        answer = signed_in(dana()).get(reverse("recall_close", args=[recall.pk]), follow=True)
        assert answer.redirect_chain == [(reverse("recall_detail", args=[recall.pk]), 302)]
        assert "This recall was closed by Dana Lindqvist" in answer.text

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"outcome": ""}, "This field is required."),
            ({"outcome": "x" * 501}, "at most 500 characters"),
            ({"then": "burn"}, "Select a valid choice."),
        ],
    )
    def test_a_wrong_form_is_answered_with_a_sentence(
        self, facts: dict[str, Any], sentence: str
    ) -> None:
        recall = recalled("A1")
        answer = close(recall, **facts)
        assert (answer.status_code, sentence in answer.text) == (422, True)
        recall.refresh_from_db()
        assert recall.is_open

    @pytest.mark.parametrize(
        ("status", "offered"),
        [(Lot.Status.QUARANTINED, True), (Lot.Status.RECALLED, False)],
    )
    def test_only_what_is_in_quarantine_can_be_released(
        self, status: Lot.Status, offered: bool
    ) -> None:
        received(lidocaine(), 40)
        recall = recalled("A1", status=status)
        page = signed_in(dana()).get(reverse("recall_close", args=[recall.pk])).text
        assert ("Release 1 lot that" in page) is offered

    def test_none_found_is_closed_and_deliveries_stay_watched(self) -> None:
        recall = recalled("A1")
        page = signed_in(dana()).get(reverse("recall_close", args=[recall.pk])).text
        assert "None is held; lots that arrive later are" in page
        assert "a lot that arrives and matches is held at once" in close(recall).text

    def test_watching_ends_when_dana_says_so_once(self) -> None:
        recall, client = recalled("A1"), signed_in(dana())
        address = reverse("recall_unwatch", args=[recall.pk])
        first, second = (client.post(address, follow=True).text for _ in range(2))
        assert "Deliveries are no longer watched for these lots." in first
        assert "Deliveries were not watched any more." in second
        assert sum(text.startswith("Deliveries are no longer") for text in log_of(recall)) == 1


# What arrives later


class TestLaterArrivals:
    def arrives(self, lot: str) -> Any:
        """Mara receives two vials of this lot on the page."""
        place("storeroom")
        line = {
            "item": "lido-1-20",
            "lot": lot,
            "expires_on": "2027-12-31",
            "quantity": "2",
            "measure": "container",
            "price": "",
        }
        form = {
            "location": "storeroom",
            "supplier": "",
            "reference": "",
            "received_on": "2026-11-23",
            "submission_key": str(uuid4()),
            "lines-TOTAL_FORMS": "1",
            "lines-INITIAL_FORMS": "0",
            **{f"lines-0-{name}": value for name, value in line.items()},
        }
        return signed_in(mara()).post("/stock/receive/", form, follow=True)

    def test_who_receives_it_is_told_to_set_it_aside(self) -> None:
        recall = recalled("A*")
        page = self.arrives("a9").text
        assert "Lot A9 is recalled (Recall Z-1234: particles found)" in page
        trace = page_of(recall)
        assert "lot A9 arrived and was held at once." in trace
        assert "every lot balances" in trace

    def test_its_page_leads_to_the_recall(self) -> None:
        recall = recalled("A*")
        self.arrives("a9")
        page = signed_in(vic()).get(reverse("lot_detail", args=[Lot.objects.get().pk])).text
        assert reverse("recall_detail", args=[recall.pk]) in page

    def test_the_list_counts_it(self) -> None:
        recalled("A*")
        self.arrives("a9")
        assert "1 lot<" in signed_in(vic()).get("/recalls/").text

    def test_a_lot_without_a_number_is_held_under_all_lots(self) -> None:
        recalled(items=[gauze()])
        assert received(gauze(), 10).lot.status == "recalled"
