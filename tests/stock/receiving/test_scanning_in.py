"""A delivery is scanned into a list: what adds up, what is asked, what is warned of."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.catalog.models import ItemCode, Supplier, SupplierOffer
from inventory.stock import ledger
from inventory.stock.label_codes import item_code, lot_code
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.vial_codes import vial_code
from inventory.web.words import day_words
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    gauze,
    kenalog,
    lidocaine,
    needle,
    on_hand,
    priya,
    received,
)
from tests.recalls.notices import recalled
from tests.stock.receiving.desk import TRAY, TRAY_OF_A1, VIAL, Counter, code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

UNKNOWN = "00300030293053"
REF_OF_BOX = "30382903051251"


@pytest.fixture
def counter() -> Counter:
    """Mara in the storeroom; the clinic knows lidocaine by its tray of 25 and by its vial."""
    code(lidocaine(), TRAY, 500)
    code(lidocaine(), VIAL, 20)
    return Counter()


# One line for each lot


def test_a_scan_is_a_line_with_lot_expiry_and_one_package(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1)
    assert counter.line() == {
        "item": "lido-1-20",
        "lot": "A1",
        "expires_on": "2027-12-31",
        "quantity": "1",
        "measure": "of-500",
        "price": "",
    }


def test_a_tray_that_is_scanned_twice_is_two_packs(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, TRAY_OF_A1)
    assert "2 packs of 500 mL = 1,000 mL, 50 vials" in counter.said
    counter.receive()
    assert on_hand(lidocaine()) == 1000


def test_scans_that_came_while_an_answer_was_under_way_all_count(counter: Counter) -> None:
    pairs = "&".join(f"scan={TRAY_OF_A1}" for _ in range(3)).replace("]", "%5D")
    form = "application/x-www-form-urlencoded"
    answer = counter.browser.post("/stock/receive/scan/", pairs, content_type=form)
    assert "3 packs of 500 mL" in answer.text


def test_another_lot_is_another_line(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, f"01{TRAY}1728013110B2")
    assert [counter.line(number)["lot"] for number in (0, 1)] == ["A1", "B2"]


def test_the_same_lot_in_small_letters_is_the_same_line(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, TRAY_OF_A1.replace("A1", "a1"))
    assert counter.line()["quantity"] == "2"


def test_a_tray_and_a_vial_of_one_lot_add_up_in_vials(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, f"01{VIAL}1727123110A1")
    assert (counter.line()["quantity"], counter.line()["measure"]) == ("26", "container")
    counter.receive()
    assert on_hand(lidocaine()) == 520


def test_a_price_follows_the_smaller_measure(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1).type_in(0, price="75").scan(f"01{VIAL}1727123110A1")
    assert counter.line()["price"] == "3"
    assert "look at its price" in counter.said


def test_a_box_and_a_piece_add_up_in_pieces(counter: Counter) -> None:
    code(needle(), REF_OF_BOX, 100)
    code(needle(), "00382903051250", 1)
    counter.scan(f"01{REF_OF_BOX}10N1", "010038290305125010N1")
    assert (counter.line()["quantity"], counter.line()["measure"]) == ("101", "unit")


def test_what_was_typed_into_a_line_is_kept(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1).type_in(0, quantity="4", price="71.50").scan(TRAY_OF_A1)
    assert (counter.line()["quantity"], counter.line()["price"]) == ("5", "71.50")


def test_a_line_that_is_not_understood_takes_no_more_scans(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1).type_in(0, quantity="two").scan(TRAY_OF_A1)
    assert "expected an amount like 2 in its line, but got “two”" in counter.said
    assert counter.line()["quantity"] == "two"


def test_the_last_scan_is_taken_back_by_one_less(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, TRAY_OF_A1).press("minus:0")
    assert counter.line()["quantity"] == "1"
    assert counter.press("minus:0").line() == {}


def test_a_line_is_removed_and_the_others_stay(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, f"01{TRAY}1728013110B2").press("remove:0")
    assert (counter.line(0), counter.line(1)["lot"]) == ({}, "B2")


def test_what_has_no_lots_is_a_line_without_questions(counter: Counter) -> None:
    code(gauze(), REF_OF_BOX, 200)
    counter.scan(REF_OF_BOX, REF_OF_BOX)
    assert "Enter the lot" not in counter.said
    counter.receive()
    assert on_hand(gauze()) == 400


def test_a_package_of_unknown_size_asks_for_its_quantity(counter: Counter) -> None:
    code(lidocaine(), UNKNOWN, None)
    counter.scan(f"01{UNKNOWN}10A1")
    assert "how much this package of Lidocaine" in counter.said
    assert counter.line()["quantity"] == ""


def test_one_package_scanned_twice_by_its_serial_number_is_told_of(counter: Counter) -> None:
    counter.scan(f"01{TRAY}17271231" + "10A1\x1d21S77", f"01{TRAY}17271231" + "10A1\x1d21S77")
    assert "Serial number S77 was scanned before" in counter.said
    assert counter.line()["quantity"] == "2"


def test_the_list_ends_at_a_hundred_lines(counter: Counter) -> None:
    for number in range(100):
        counter.fields |= {f"lines-{number}-item": "lido-1-20", f"lines-{number}-lot": f"L{number}"}
    counter.scan(TRAY_OF_A1)
    assert "takes no more" in counter.said
    assert counter.line(99)["lot"] == "L99"


# What the code does not say


def test_a_code_without_a_lot_asks_for_lot_and_expiry_in_its_line(counter: Counter) -> None:
    counter.scan(VIAL)
    assert "Enter the lot and expiry date as the label has it." in counter.said
    counter.type_in(0, lot="a1", expires_on="2027-12-31").receive()
    assert on_hand(lidocaine()) == 20


def test_the_expiry_of_a_known_lot_is_filled_in(counter: Counter) -> None:
    received(lidocaine(), 20)
    counter.scan(VIAL).type_in(0, lot="a1").scan("")
    assert counter.line()["expires_on"] == "2027-12-31"


def test_another_expiry_of_a_known_lot_is_refused_before_it_is_received(counter: Counter) -> None:
    received(lidocaine(), 20, expires_on=date(2028, 1, 31))
    counter.scan(TRAY_OF_A1)
    assert (
        "is known to expire on Jan 31, 2028; this says Dec 31, 2027. Check the label."
        in counter.said
    )


def test_a_lot_in_doubt_is_asked_for_and_never_guessed(counter: Counter) -> None:
    run_together = f"01{TRAY}1727123110A121110000012345"
    counter.scan(run_together)
    assert "nobody can tell where the lot ends" in counter.said
    assert counter.line()["lot"] == ""
    counter.type_in(0, lot="A1").scan(run_together)
    assert "nobody can tell" not in counter.said
    counter.receive()
    assert on_hand(lidocaine()) == 1000


def test_a_makers_second_code_gives_the_line_its_lot(counter: Counter) -> None:
    ItemCode.objects.create(
        item=needle(), kind="hibc", value="+A123BJC5D6E71G", normalized="+A123BJC5D6E71G",
        level="inner", quantity=Decimal(100),
    )  # fmt: skip
    counter.scan("+A123BJC5D6E71G", "(17)271231(10)N1")
    assert (counter.line()["lot"], counter.line()["expires_on"]) == ("N1", "2027-12-31")


def test_a_lot_without_a_product_before_it_is_refused(counter: Counter) -> None:
    counter.scan("(17)271231(10)N1")
    assert "Scan the product's own code first." in counter.said


def test_a_wrong_scan_is_answered_with_a_sentence_and_keeps_the_list(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, "01303829030519501729093010X")
    assert "ends with its check digit 4" in counter.said
    assert counter.line()["lot"] == "A1"


# A code that nobody knows


def learned(counter: Counter, **answers: str) -> Counter:
    kenalog()
    counter.scan(f"01{UNKNOWN}1727123110K1")
    assert "Which item is this?" in counter.said
    counter.press("find", find="kenalog")
    counter.press("pick:kenalog-40-1")
    return counter.press("learn", **answers)


def test_an_unknown_code_is_asked_about_once_and_remembered(counter: Counter) -> None:
    learned(counter, level="each")
    assert f"GTIN {UNKNOWN} is known from now on: Kenalog-40" in counter.said
    assert (counter.line()["item"], counter.line()["lot"]) == ("kenalog-40-1", "K1")
    assert counter.scan(f"01{UNKNOWN}1727123110K1").line()["quantity"] == "2"


def test_the_size_of_an_unknown_box_is_said_in_vials(counter: Counter) -> None:
    learned(counter, level="inner", holds="25")
    assert ItemCode.objects.get(value=UNKNOWN).quantity == 25
    assert counter.line()["measure"] == "of-25"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"level": "inner"}, "Say how many it holds"),
        ({"level": "inner", "holds": "0"}, "greater than or equal to 0.001"),
        ({"level": "shelf"}, "Select a valid choice"),
        ({"level": "inner", "holds": "0.5"}, "whole containers"),
    ],
)
def test_an_answer_that_makes_no_sense_is_asked_again(
    counter: Counter, answers: dict[str, str], sentence: str
) -> None:
    learned(counter, **answers)
    assert sentence in counter.said
    assert not ItemCode.objects.filter(value=UNKNOWN).exists()


def test_other_packages_are_scanned_while_a_question_waits(counter: Counter) -> None:
    kenalog()
    counter.scan(f"01{UNKNOWN}1727123110K1", TRAY_OF_A1, f"01{UNKNOWN}1727123110K1")
    assert counter.line()["lot"] == "A1"
    counter.press("pick:kenalog-40-1")
    counter.press("learn", level="each")
    assert counter.line(1)["quantity"] == "2"


def test_an_unknown_code_is_left_out(counter: Counter) -> None:
    counter.scan(UNKNOWN).press("skip")
    assert "Which item is this?" not in counter.said


def test_nothing_is_received_while_a_code_is_to_be_asked_about(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1, UNKNOWN)
    assert counter.receive().status_code == 422
    assert on_hand(lidocaine()) == 0


def test_the_item_of_a_code_at_another_level_is_proposed(counter: Counter) -> None:
    counter.scan("50323155940416")
    assert 'value="pick:lido-1-20"' in counter.text


# By hand, by label


def test_an_item_is_found_by_its_name_and_filled_in_by_hand(counter: Counter) -> None:
    counter.scan("lido 20")
    assert "“lido 20” is no code. Which item came?" in counter.said
    counter.press("add:lido-1-20")
    counter.type_in(0, lot="A1", expires_on="2027-12-31", quantity="3").receive()
    assert on_hand(lidocaine()) == 60


def test_what_was_found_stays_until_something_is_picked_or_scanned(counter: Counter) -> None:
    counter.scan("lido 20")
    assert "Which item came?" in counter.scan("").said
    assert "Which item came?" not in counter.press("add:lido-1-20").said
    assert "Which item came?" not in counter.scan("lido 20", TRAY_OF_A1).said


def test_a_name_that_nothing_has_is_told(counter: Counter) -> None:
    assert "No item in use is called “rubber duck”." in counter.scan("rubber duck").said


def test_the_label_of_a_box_is_a_package_of_its_lot(counter: Counter) -> None:
    received(lidocaine(), 20)
    counter.scan(f"]d1{lot_code(Lot.objects.get().pk)}")
    line = counter.line()
    assert (line["lot"], line["expires_on"], line["measure"]) == ("A1", "2027-12-31", "container")


def test_a_shelf_label_is_a_line_to_be_filled_in(counter: Counter) -> None:
    counter.scan(item_code("lido-1-20"))
    assert (counter.line()["item"], counter.line()["lot"]) == ("lido-1-20", "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (vial_code(7), "label of an opened vial"),
        (lot_code(999), "a lot that is not known here"),
        (item_code("gone"), "shelf label of gone, which is not in use"),
    ],
)
def test_other_labels_of_ours_are_answered_with_a_sentence(
    counter: Counter, text: str, sentence: str
) -> None:
    assert sentence in counter.scan(text).said


# What is warned of, what it comes to


def test_short_dated_expired_and_held_lots_are_told_of_before(counter: Counter) -> None:
    soon, past = TODAY + timedelta(days=9), TODAY - timedelta(days=1)
    in_a_while = TODAY + timedelta(days=80)
    counter.scan(f"01{TRAY}17{soon:%y%m%d}10S1", f"01{TRAY}17{past:%y%m%d}10P1")
    counter.scan(f"01{TRAY}17{in_a_while:%y%m%d}10W1")
    assert "Lot S1 is short-dated" in counter.said
    assert f"Lot P1 expired on {day_words(past)}:" in counter.said
    assert "It expires on Feb 11, 2027, in 80 days." in counter.said


def test_a_lot_that_a_recall_waits_for_is_told_of_before_and_after(counter: Counter) -> None:
    recalled("A*")
    warning = "Lot A1 is recalled (Recall Z-1234: particles found): it cannot be used."
    assert warning in counter.scan(TRAY_OF_A1).said
    counter.receive()
    assert warning in counter.said


def test_a_lot_on_hold_is_told_of_before(counter: Counter) -> None:
    lot = received(lidocaine(), 20).lot
    held = Lot.Status.QUARANTINED
    ledger.set_lot_status(lot, by=dana(), status=held, reason="wet", now=NOW)
    assert "Lot A1 is quarantined" in counter.scan(TRAY_OF_A1).said


def offered(price: str = "75") -> None:
    harbor = Supplier.objects.create(code="harbor", name="Harbor")
    SupplierOffer.objects.create(
        supplier=harbor, item=lidocaine(), pack_quantity=500, pack_price=Decimal(price),
        lead_time_days=2,
    )  # fmt: skip


def test_the_offered_price_is_shown_for_what_is_counted(counter: Counter) -> None:
    offered()
    assert "for a pack of 500 mL; offered at $75.00" in counter.scan(TRAY_OF_A1).said
    assert "for a vial; offered at $3.00" in counter.scan(VIAL).said


def test_the_list_is_totalled(counter: Counter) -> None:
    offered()
    code(needle(), REF_OF_BOX, 100)
    counter.scan(TRAY_OF_A1, TRAY_OF_A1, REF_OF_BOX)
    assert "2 lines · 3 packages · $150.00 · 1 line without a price" in counter.said


def test_a_supplier_that_is_chosen_sets_the_prices(counter: Counter) -> None:
    offered()
    Supplier.objects.create(code="other", name="Other")
    counter.enter(supplier="other").scan(TRAY_OF_A1)
    assert "offered at" not in counter.said
    assert counter.fields["supplier"] == "other"


# Receiving it


def test_after_it_the_page_says_what_came_and_offers_labels_and_undo(counter: Counter) -> None:
    page = counter.scan(TRAY_OF_A1).receive().text
    movement = Movement.objects.get()
    assert "Received 1 line into Storeroom." in page
    assert f'href="/stock/labels/lots/?movement={movement.pk}"' in page
    assert "Undo this receipt" in page


def test_a_scan_that_was_not_taken_in_yet_is_looked_at_first(counter: Counter) -> None:
    counter.scan(TRAY_OF_A1).enter(scan=TRAY_OF_A1)
    assert counter.receive().status_code == 422
    assert (counter.line()["quantity"], on_hand(lidocaine())) == ("2", 0)


def test_a_refused_list_is_mended_and_received_with_the_same_key(counter: Counter) -> None:
    counter.scan(VIAL)
    assert counter.receive().status_code == 422
    counter.type_in(0, lot="A1", expires_on="2027-12-31").receive()
    assert Holding.objects.get().quantity == 20


def test_a_purchaser_scans_in_too() -> None:
    code(lidocaine(), TRAY, 500)
    Counter(priya()).scan(TRAY_OF_A1).receive()
    assert on_hand(lidocaine()) == 500


def test_a_script_gets_the_parts_that_change(counter: Counter) -> None:
    answer = counter.browser.post(
        "/stock/receive/scan/", {"scan": TRAY_OF_A1}, headers={"HX-Request": "true"}
    )
    assert "<html" not in answer.text
    assert [part in answer.text for part in ('id="receipt-list"', 'id="receipt-said"')] == [
        *(True, True),
    ]


def test_where_it_goes_is_not_asked_for_before_it_is_received(counter: Counter) -> None:
    counter.enter(location="").scan(TRAY_OF_A1)
    assert "Choose one." not in counter.said
    counter.enter(location="").receive()
    assert "Choose one." in counter.said
