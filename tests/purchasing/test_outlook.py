"""What becomes of an item's stock: by numbers, as a drawing, and on its page."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from inventory.purchasing.models import OrderLine
from inventory.purchasing.outlook.drawing import NARROW, WIDE, Size, drawing
from inventory.purchasing.outlook.projection import Event, Happening, Projection, Stored, project
from inventory.purchasing.outlook.reading import outlook_of
from inventory.purchasing.planning.ordering import runs_out_on
from inventory.stock.models import Lot
from tests.clinic import mara, priya, signed_in, vic
from tests.purchasing.orders.desk import approved, drafted
from tests.purchasing.shop import TODAY, ago, kenalog, needle, northgate, offer, receive, use


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def projected(
    *stored: Stored, daily: int = 1, low: int | None = None, **when: tuple[date, Stored]
) -> Projection:
    level = None if low is None else Decimal(low)
    return project(stored, list(when.values()), Decimal(daily), level, TODAY, 30)


def lot(quantity: int, days: int | None = None, name: str = "A1") -> Stored:
    return Stored(Decimal(quantity), None if days is None else in_days(days), name)


def test_it_runs_out_on_the_day_on_which_the_last_of_it_is_used() -> None:
    assert projected(lot(6), daily=2).runs_out_on == in_days(3)


@pytest.mark.parametrize(("quantity", "daily"), [(100, 40), (2, 5), (9, 3)])
def test_it_runs_out_on_the_day_that_the_reorder_report_names(quantity: int, daily: int) -> None:
    named = runs_out_on(Decimal(quantity), Decimal(daily), TODAY)

    assert projected(lot(quantity), daily=daily).runs_out_on == named


def test_what_was_used_up_to_a_trace_of_a_division_did_not_expire() -> None:
    daily = Decimal(58) / 90
    outlook = project([lot(58, 90), lot(900)], [], daily, None, TODAY, 100)

    assert outlook.events == ()


def test_what_happens_on_one_day_is_marked_side_by_side() -> None:
    picture = drawing([], projected(lot(10, 4), daily=0, low=2), Decimal(2), TODAY)

    assert len({(mark.x, mark.y) for mark in picture.marks}) == 3


def test_what_is_not_used_by_its_last_day_falls_away_then() -> None:
    outlook = projected(lot(10, 4), lot(100, name="B2"))

    assert outlook.events == (Event(in_days(4), Happening.EXPIRY, Decimal(6), "A1"),)
    assert dict(outlook.days)[in_days(4)] == 100


def test_it_says_when_it_comes_down_to_the_reorder_point() -> None:
    (event,) = projected(lot(50), low=40).events

    assert (event.day, event.what, event.quantity) == (in_days(10), Happening.LOW, 40)


def test_what_arrives_can_be_used_that_day() -> None:
    outlook = projected(lot(2), daily=1, order=(in_days(3), lot(20, name="PO-2026-0001")))

    assert [(event.what, event.day) for event in outlook.events] == [
        (Happening.EMPTY, in_days(2)),
        (Happening.ARRIVAL, in_days(3)),
        (Happening.EMPTY, in_days(22)),
    ]


stocks = st.lists(
    st.builds(
        lot,
        st.integers(1, 100),
        st.one_of(st.none(), st.integers(0, 60)),
    ),
    max_size=5,
)


@given(stocks, st.integers(0, 9))
def test_every_unit_is_used_expires_or_is_left(stored: list[Stored], daily: int) -> None:
    outlook = projected(*stored, daily=daily)

    lost = sum(event.quantity for event in outlook.events if event.what is Happening.EXPIRY)
    left = outlook.days[-1][1]
    assert outlook.used + lost + left == sum(each.quantity for each in stored)
    assert all(quantity >= 0 for _, quantity in outlook.days)


def test_an_empty_shelf_is_drawn_on_the_floor() -> None:
    picture = drawing([], projected(), None, TODAY)

    assert {point.split(",")[1] for point in picture.future.split()} == {str(WIDE.floor)}


@pytest.fixture
def page_of_priya(db: None) -> str:
    item = needle()
    offer(item)
    receive(item, 300)
    for days_ago in range(1, 90, 3):
        use(item, 9, days_ago=days_ago)
    assert Lot.objects.count() == 1
    with time_machine.travel(ago(0), tick=False):
        return signed_in(priya()).get(f"/purchasing/outlook/{item.sku}/").content.decode()


def test_the_weeks_of_the_picture_are_a_table_too(page_of_priya: str) -> None:
    assert '<td data-label="Week until">Nov 15, 2026</td>' in page_of_priya
    assert '<td data-label="Used" class="number">to come</td>' in page_of_priya


def test_priya_sees_how_an_item_is_planned_and_when_it_runs_out(page_of_priya: str) -> None:
    assert "it runs out" in page_of_priya
    assert "smooth: used every week, by about the same" in page_of_priya
    assert "(by Croston, from 12 weeks)" in page_of_priya
    assert "learned" in page_of_priya


@pytest.mark.django_db
def test_priya_drafts_the_order_where_she_sees_why_and_vic_does_not() -> None:
    item = needle(reorder_point=50, par_level=250)
    offer(item)
    receive(item, 40)
    page = f"/purchasing/outlook/{item.sku}/"

    shown = signed_in(priya()).get(page).content.decode()
    fields = dict(
        re.findall(r'name="(submission_key|pick|offer-\S+|packs-\S+)" value="(.+?)"', shown)
    )
    signed_in(priya()).post("/purchasing/orders/draft/", fields)

    assert "Draft an order of 3 packs" in shown
    assert [(line.item, line.packs) for line in OrderLine.objects.all()] == [(item, 3)]
    assert "Draft an order" not in signed_in(vic()).get(page).content.decode()


@pytest.mark.django_db
def test_priya_is_led_to_the_draft_that_has_it_already() -> None:
    item = needle(reorder_point=50, par_level=250)
    receive(item, 40)
    order = drafted(2, offer(item))
    address = f"/purchasing/outlook/{item.sku}/"

    in_part = signed_in(priya()).get(address).content.decode()
    OrderLine.objects.update(packs=3)
    whole = signed_in(priya()).get(address).content.decode()

    assert "Draft an order of 1 more pack<" in in_part
    assert f">3 packs on draft {order}</a>" in whole
    assert "Draft an order" not in whole


@pytest.mark.django_db
def test_of_a_single_dose_vial_what_was_discarded_left_with_what_was_used() -> None:
    item = kenalog()
    receive(item, 100)
    use(item, "0.5", days_ago=10)

    page = signed_in(priya()).get(f"/purchasing/outlook/{item.sku}/").content.decode()

    (week,) = [line for line in outlook_of(item, TODAY).weeks if line.used]
    assert week.used == 1
    assert "Used and discarded" in page


@pytest.mark.django_db
def test_what_comes_is_named_by_its_order() -> None:
    item = needle()
    receive(item, 40)
    order = approved(2, offer(item))

    page = signed_in(priya()).get(f"/purchasing/outlook/{item.sku}/").content.decode()

    assert f"200 arrive ({order.number})" in page


@pytest.mark.django_db
def test_an_item_that_nobody_stocked_has_an_outlook_too() -> None:
    page = signed_in(priya()).get(f"/purchasing/outlook/{needle().sku}/")

    assert page.status_code == 200
    assert "Nobody sells it yet." in page.content.decode()


@pytest.mark.django_db
def test_a_nurse_is_not_shown_how_items_are_ordered() -> None:
    assert signed_in(mara()).get(f"/purchasing/outlook/{needle().sku}/").status_code == 403


@pytest.mark.django_db
def test_only_who_may_see_the_outlook_is_led_to_it() -> None:
    orders = f"/purchasing/orders/items/{needle().sku}/"

    led = ["/outlook/" in signed_in(who()).get(orders).content.decode() for who in (priya, mara)]

    assert led == [True, False]


def test_what_each_week_used_stands_on_the_floor_of_the_picture() -> None:
    weeks = [(TODAY - timedelta(days=14), Decimal(5)), (TODAY - timedelta(days=7), Decimal(0))]
    picture = drawing(
        [(TODAY - timedelta(days=14), Decimal(20))], projected(lot(10)), None, TODAY, WIDE, weeks
    )

    (bar,) = picture.bars
    assert bar.y + bar.height == picture.size.floor
    assert 0 < bar.height < picture.size.floor


def test_the_first_of_the_weeks_is_as_wide_as_the_others() -> None:
    past = [(TODAY - timedelta(days=7 * ago), Decimal(20)) for ago in range(13, -1, -1)]
    weeks = [(day - timedelta(days=6), Decimal(5)) for day, _ in past[:-1]]

    picture = drawing(past, projected(lot(10)), None, TODAY, WIDE, weeks)

    widths = {bar.width for bar in picture.bars}
    assert max(widths) - min(widths) <= 1


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_what_falls_away_comes_and_ends_is_written_above_each_in_its_own_place(size: Size) -> None:
    stored = lot(10, 4), lot(10, 5, "B2"), lot(10, 5, "A-LONG-LOT-NUMBER")
    outlook = projected(*stored, daily=0, order=(in_days(29), lot(3, name="on order")))

    labels = drawing([], outlook, None, TODAY, size).labels

    assert [label.words for label in labels] == [
        "−10 lot A1", "−10 lot B2", "−10 lot A-LONG-LOT-NUMBER", "out Nov 27", "+3 on order",
    ]  # fmt: skip
    for one, other in combinations(labels, 2):
        assert one.y != other.y or one.x + 7 * len(one.words) < other.x
    assert all(label.x + 7 * len(label.words) <= size.right for label in labels)


@time_machine.travel(ago(0))
@pytest.mark.django_db
def test_more_lots_offers_and_orders_need_no_more_queries() -> None:
    item = needle(reorder_point=10)
    browser = signed_in(priya())

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert f"/orders/{number}/" in browser.get(f"/purchasing/outlook/{item.sku}/").text
        return len(queries)

    def more(name: str) -> int:
        receive(item, 20, name)
        sold = offer(item, northgate(name, f"Supplier {name}"))
        return approved(3, sold).pk

    number = more("a")
    few = count()
    for name in "bcdef":
        number = more(name)

    assert count() == few
