"""Labels of shelves and of sealed boxes: what they say, on which paper, and that they are read."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.utils.html import strip_tags

from inventory.catalog.models import Item
from inventory.catalog.register import set_level
from inventory.stock.label_codes import OwnCode, item_code, lot_code, read_own_code
from inventory.stock.models import Lot, Movement
from tests.clinic import (
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    otto,
    place,
    priya,
    received,
    signed_in,
    vic,
)
from tests.stock.scanner import scanned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

CELL = '<div class="label-cell">'


def shelf_page(query: str = "", who: Any = mara) -> str:
    answer = signed_in(who()).get(f"/stock/labels/items/{query}")
    assert answer.status_code == 200
    return answer.text


def box_page(query: str, who: Any = mara) -> str:
    answer = signed_in(who()).get(f"/stock/labels/lots/{query}")
    assert answer.status_code == 200
    return answer.text


def words(page: str) -> str:
    return " ".join(strip_tags(page).split())


# Shelves


@pytest.mark.parametrize("symbol", ["datamatrix", "qr"])
def test_a_shelf_label_is_read_back_to_its_item(symbol: str) -> None:
    lidocaine()
    [read] = scanned(shelf_page(f"?symbol={symbol}"))
    assert read_own_code(read) == OwnCode("item", "lido-1-20")


@pytest.mark.parametrize("symbol", ["datamatrix", "qr"])
def test_the_longest_sku_is_read_back_too(symbol: str) -> None:
    needle(sku="_".join("z" * 32))
    Item.objects.update(sku=f"{'_'.join('z' * 32)}9")
    [read] = scanned(shelf_page(f"?symbol={symbol}"))
    assert read == item_code(Item.objects.get().sku)


def test_every_item_in_use_has_a_label_by_its_name() -> None:
    needle()
    lidocaine()
    gauze(is_active=False)
    assert scanned(shelf_page()) == [item_code("lido-1-20"), item_code("needle-25g-15")]


def test_a_label_of_a_place_says_where_it_hangs_and_what_belongs_there() -> None:
    set_level(lidocaine(), place(), Decimal(100), Decimal(400))
    said = words(shelf_page("?location=room-1"))
    assert "Room 1 Refill at 100 mL, par 400 mL lido-1-20" in said


def test_a_place_prints_what_it_holds_or_should_hold() -> None:
    set_level(lidocaine(), place(), Decimal(100), Decimal(400))
    received(needle(), 5)
    received(kenalog(), 5, where="storeroom")
    page = shelf_page("?location=room-1")
    assert scanned(page) == [item_code("lido-1-20"), item_code("needle-25g-15")]


@pytest.mark.parametrize("query", ["?q=lido", "?kind=local_anesthetic"])
def test_items_are_found_by_words_and_kind(query: str) -> None:
    lidocaine()
    needle()
    assert scanned(shelf_page(query)) == [item_code("lido-1-20")]


def test_only_what_is_ticked_is_printed() -> None:
    needle()
    lidocaine()
    page = shelf_page(f"?ticked=1&pick={needle().pk}&pick=x&pick=999999")
    assert scanned(page) == [item_code("needle-25g-15")]


def test_with_nothing_ticked_the_page_asks() -> None:
    lidocaine()
    assert "Tick at least one item" in shelf_page("?ticked=1")


def test_a_new_search_ticks_all_that_it_finds() -> None:
    lidocaine()
    needle()
    page = shelf_page(f"?q=lido&pick={needle().pk}")
    assert scanned(page) == [item_code("lido-1-20")]


# Paper


def test_a_sheet_that_was_begun_is_used_from_its_first_free_label() -> None:
    lidocaine()
    cells = shelf_page("?paper=sheet&start=4").split(CELL)[1:]
    assert [bool(re.search("<article", cell)) for cell in cells] == [False, False, False, True]


def test_labels_beyond_the_thirtieth_come_on_another_sheet() -> None:
    for number in range(31):
        Item.objects.create(sku=f"n-{number}", name=f"Needle {number}", kind="needle")
    page = shelf_page("?paper=sheet")
    assert [part.count(CELL) for part in page.split('class="label-page"')[1:]] == [30, 1]


@pytest.mark.parametrize(
    "query", ["?start=0", "?start=31", "?start=x", "?paper=stone&symbol=%00", "?kind=x", "?q=%00"]
)
def test_an_odd_question_prints_from_the_first_label(query: str) -> None:
    lidocaine()
    page = shelf_page(query)
    assert 'class="labels labels-sheet"' in page or "No item in use matches" in page
    assert f"{CELL}</div>" not in page


# Boxes


def test_the_label_of_a_box_is_read_back_to_its_lot_and_says_it_in_words() -> None:
    received(lidocaine(), 40)
    lot = Lot.objects.get()
    page = box_page(f"?lot={lot.pk}")
    assert [read_own_code(text) for text in scanned(page)] == [OwnCode("lot", str(lot.pk))]
    assert "Lot A1 Expires Dec 31, 2027" in words(page)


def test_a_delivery_prints_the_labels_of_its_lots() -> None:
    received(kenalog(), 5, "K1")
    received(lidocaine(), 40)
    movement = Movement.objects.get(entries__item=lidocaine())
    page = box_page(f"?movement={movement.pk}")
    assert scanned(page) == [lot_code(Lot.objects.get(number="A1").pk)]


def test_one_box_may_have_several_labels() -> None:
    received(lidocaine(), 40)
    assert len(scanned(box_page(f"?lot={Lot.objects.get().pk}&copies=3"))) == 3


@pytest.mark.parametrize("query", ["", "?lot=7", "?lot=x&movement=y", f"?lot={'9' * 30}"])
def test_where_no_lot_is_named_there_is_nothing_to_print(query: str) -> None:
    assert "No lot was named" in box_page(query)


# Who, and from where


@pytest.mark.parametrize(("who", "status"), [(mara, 200), (dana, 200), (priya, 403), (vic, 403)])
def test_nurses_and_managers_label_shelves(who: Any, status: int) -> None:
    assert signed_in(who()).get("/stock/labels/items/").status_code == status


@pytest.mark.parametrize(("who", "status"), [(priya, 200), (vic, 403), (otto, 403)])
def test_whoever_receives_labels_boxes(who: Any, status: int) -> None:
    assert signed_in(who()).get("/stock/labels/lots/").status_code == status


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/catalog/items/", "/stock/labels/items/"),
        ("/catalog/items/lido-1-20/", "/stock/labels/items/?q=lido-1-20&amp;pick="),
        ("/catalog/locations/room-1/", "/stock/labels/items/?location=room-1"),
        ("/catalog/locations/room-1/", "/stock/opened/labels/?location=room-1"),
    ],
)
def test_labels_are_found_where_the_things_are(page: str, link: str) -> None:
    lidocaine()
    place()
    assert f'href="{link}' in signed_in(mara()).get(page).text
