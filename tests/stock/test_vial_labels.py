"""The label of an opened vial: what it says, and a code that a scanner reads back to the vial."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.html import strip_tags
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.accounts.models import User
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import StockLine, Want
from inventory.stock.vial_codes import vial_code, vial_number
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    mara,
    opened_vial,
    otto,
    place,
    priya,
    received,
    signed_in,
    used,
    vic,
)
from tests.stock.scanner import scanned


def label_page(holding: Holding, query: str = "", who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(f"/stock/holdings/{holding.pk}/label/{query}")
    assert answer.status_code == 200
    return answer.text


def labels_page(query: str = "") -> str:
    answer = signed_in(mara()).get(f"/stock/opened/labels/{query}")
    assert answer.status_code == 200
    return answer.text


def count_of(page: str) -> int:
    return page.count('class="vial-label"')


@pytest.fixture
def vial(db: None, monday_morning: None) -> Holding:
    """16 mL of lidocaine, opened by Mara at 10:15."""
    received(lidocaine(), 60)
    used(Want(lidocaine(), Decimal(4)))
    return opened_vial(lidocaine())


# The code


@given(st.integers(min_value=1, max_value=10**18))
@example(1)
@example(96)
@example(97)
def test_a_code_means_the_number_it_was_made_of(number: int) -> None:
    code = vial_code(number)
    assert (vial_number(code), vial_number(f" {code.lower()}\r\n")) == (number, number)


@given(st.integers(min_value=1, max_value=10**9), st.data())
def test_one_wrong_digit_is_never_another_vial(number: int, data: st.DataObject) -> None:
    code = vial_code(number)
    digits = [at for at, letter in enumerate(code) if letter.isdigit()]
    at = data.draw(st.sampled_from(digits))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != code[at]]))
    assert vial_number(code[:at] + wrong + code[at + 1 :]) is None


@given(st.text(max_size=30) | st.text("VIAL-0123456789", max_size=30))
@example("VIAL-٣-01")
@example("VIAL-0-01")
@example("vial-1")
def test_any_other_text_means_no_vial(text: str) -> None:
    number = vial_number(text)
    assert number is None or vial_code(number) == text.strip().upper()


def test_what_is_printed_is_read_back_to_the_vial_and_finds_it(vial: Holding) -> None:
    [read] = scanned(label_page(vial))
    assert vial_number(read) == vial.pk
    found = signed_in(mara()).get("/stock/opened/", {"q": read}).text
    assert f'href="/stock/holdings/{vial.pk}/"' in found


def test_the_label_stays_right_when_the_vial_moves(vial: Holding) -> None:
    before = scanned(label_page(vial))
    line = StockLine(vial.lot.item, holding=vial)
    ledger.transfer(
        by=mara(),
        source=place(),
        destination=place("room-2"),
        lines=[line],
        happened_at=NOW,
        now=NOW,
    )
    assert scanned(label_page(vial)) == before


# What it says


def test_a_label_says_what_until_when_and_by_whom(vial: Holding) -> None:
    words = " ".join(strip_tags(label_page(vial)).split())
    for part in (
        "Lidocaine 1% 20 mL multi-dose vial",
        "Lot A1 · exp Dec 31, 2027",
        "Use by Dec 21, 2026",
        "Opened Nov 23, 2026",
        "10:15, Mara Ortiz",
        vial_code(vial.pk),
    ):
        assert part in words


def test_the_makers_date_is_on_it_where_it_comes_first(vial: Holding) -> None:
    Lot.objects.update(expires_on=TODAY + timedelta(days=3))
    assert "Use by Nov 26, 2026" in " ".join(strip_tags(label_page(vial)).split())


@pytest.mark.parametrize(
    ("length", "size"), [(48, "usual"), (49, "long"), (90, "long"), (91, "very-long")]
)
def test_a_longer_name_is_set_smaller(vial: Holding, length: int, size: str) -> None:
    vial.lot.item.name = "x" * length
    vial.lot.item.save()
    assert f"label-name label-name-{size}" in label_page(vial)


def test_a_vial_that_must_go_says_so_above_its_label(vial: Holding) -> None:
    recalled = Lot.Status.RECALLED
    ledger.set_lot_status(vial.lot, by=dana(), status=recalled, reason="Notice", now=NOW)
    assert "This vial may not be used: recalled. Discard it rather than label it." in (
        label_page(vial)
    )


def test_sealed_stock_and_empty_vials_have_no_label(vial: Holding) -> None:
    sealed = Holding.objects.sealed().get()
    used(Want(lidocaine(), Decimal(16), holding=vial))
    pages = [label_page(sealed), label_page(vial)]
    assert [count_of(page) for page in pages] == [0, 0]
    assert "This stock is sealed" in pages[0]
    assert "Nothing is left of this vial" in pages[1]


# On which paper, how many


@pytest.mark.parametrize("query", ["", "?paper=roll", "?paper=plain", "?paper=sheet"])
def test_each_paper_has_its_own_page(vial: Holding, query: str) -> None:
    page, paper = label_page(vial, query), query.partition("=")[2] or "roll"
    assert f'class="labels labels-{paper}"' in page
    styles = [name for name in ("roll", "plain", "sheet") if f"label_{name}" in page]
    assert styles == [paper]


def test_a_sheet_takes_as_many_copies_as_one_asks_for(vial: Holding) -> None:
    page = label_page(vial, "?paper=plain&copies=6")
    assert scanned(page) == [vial_code(vial.pk)] * 6


@pytest.mark.parametrize(
    "query", ["?copies=1000000", "?copies=x", "?copies=-1", "?paper=stone", "?paper=%00&copies=%00"]
)
def test_an_odd_question_prints_one_label(vial: Holding, query: str) -> None:
    assert count_of(label_page(vial, query)) == 1


# All labels of a place


def test_a_place_prints_one_label_for_each_vial_that_may_be_used(vial: Holding) -> None:
    received(lidocaine(), 20, "OLD", expires_on=TODAY + timedelta(days=1))
    old = Holding.objects.sealed().get(lot__number="OLD")
    line = StockLine(lidocaine(), holding=old)
    ledger.open_vial(by=mara(), location=place(), line=line, happened_at=NOW, now=NOW)
    Lot.objects.filter(number="OLD").update(expires_on=TODAY - timedelta(days=1))
    page = labels_page("?location=room-1")
    assert scanned(page) == [vial_code(vial.pk)]
    assert "1 more opened vial here may not be used and gets no label." in page


@pytest.mark.parametrize("query", ["", "?location=nowhere", "?location=%00", "?location=room-2"])
def test_where_nothing_is_open_there_is_nothing_to_print(vial: Holding, query: str) -> None:
    place("room-2")
    page = labels_page(query)
    assert (count_of(page), "No opened vial that may be used is here." in page) == (0, True)


# Who


@pytest.mark.parametrize("who", [mara, dana, priya, vic])
def test_everybody_of_the_clinic_prints_labels(vial: Holding, who: Any) -> None:
    assert count_of(label_page(vial, who=who())) == 1


def test_somebody_without_a_role_prints_none(vial: Holding) -> None:
    browser = signed_in(otto())
    for path in (f"/stock/holdings/{vial.pk}/label/", "/stock/opened/labels/?location=room-1"):
        assert browser.get(path).status_code == 403


def test_stock_that_never_was_has_no_label(vial: Holding) -> None:
    assert signed_in(mara()).get(f"/stock/holdings/{10**18}/label/").status_code == 404


def test_single_dose_stock_has_no_label(db: None, monday_morning: None) -> None:
    assert count_of(label_page(received(kenalog(), 5))) == 0
