"""What to do before it expires, from the shelf to the page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from inventory.catalog.models import Item
from inventory.purchasing.usage_book import daily_usage_by_item
from inventory.purchasing.waste.advice import Advice, advice_rows
from inventory.purchasing.waste.smaller import vial_advice
from inventory.purchasing.waste.use_by_place import daily_use_by_place
from inventory.stock.models import Lot
from tests.clinic import dana, mara, otto, priya, signed_in, vic
from tests.purchasing.shop import (
    TODAY,
    kenalog,
    lidocaine,
    needle,
    offer,
    receive,
    storeroom,
    use,
)

pytestmark = pytest.mark.django_db

PAGE = "/purchasing/waste-advice/"


@pytest.fixture(autouse=True)
def _on_sunday() -> Iterator[None]:
    noon = timezone.make_aware(datetime(2026, 11, 22, 12))  # noqa: DTZ001
    with time_machine.travel(noon, tick=False):
        yield


def in_days(days: int) -> Any:
    return TODAY + timedelta(days=days)


def priced(lot: Lot, unit_cost: str) -> Lot:
    Lot.objects.filter(pk=lot.pk).update(unit_cost=Decimal(unit_cost))
    return lot


@pytest.fixture
def room() -> Any:
    return storeroom("room-1", "Room 1")


@pytest.fixture
def steroid(room: Any) -> Item:
    """Room 1 uses a vial every third day; ten lie in the storeroom, to be used in twenty days."""
    item = kenalog()
    receive(item, 20, "OLD", days_ago=100, location=room, expires_on=in_days(0))
    use(item, 20, days_ago=60, location=room)
    priced(receive(item, 10, "S1", expires_on=in_days(20)), "14.00")
    return item


def only(rows: list[Advice]) -> Advice:
    [row] = rows
    return row


def test_the_use_of_all_places_is_the_use_of_the_clinic(room: Any) -> None:
    items = [needle(), kenalog(), lidocaine()]
    for item in items:
        receive(item, 60)
        receive(item, 60, location=room)
        use(item, 7, days_ago=20)
        use(item, 2, days_ago=3, location=room)

    use_there = daily_use_by_place(items, TODAY)

    assert {pk: sum(use.values()) for pk, use in use_there.items()} == daily_usage_by_item(
        items, TODAY
    )
    assert use_there[items[0].pk][room.pk] == Decimal(9) / 30 * 2 / 9


def test_days_without_any_are_no_days_of_little_use_in_a_room_either(room: Any) -> None:
    item = needle()
    receive(item, 40, days_ago=88, location=room)
    use(item, 40, days_ago=86, location=room)
    receive(item, 40, "B2", days_ago=7, location=room)
    use(item, 4, days_ago=5, location=room)

    there = daily_use_by_place([item], TODAY)[item.pk]

    assert there == {room.pk: daily_usage_by_item([item], TODAY)[item.pk]}
    assert there[room.pk] > 5


def test_what_is_used_in_another_room_is_moved_there_and_the_rest_is_lost(
    room: Any, steroid: Item
) -> None:
    row = only(advice_rows(TODAY))

    # Twenty days at a third of a vial: six and two thirds of ten, at 14.00.
    assert (row.unused, row.cost, row.whole) == (Decimal("3.333"), Decimal("46.66"), 3)
    [carry] = row.carries
    assert (carry.to, carry.quantity, row.saved) == (room, 7, Decimal("93.34"))


def test_what_can_wait_is_left_to_the_next_restock(room: Any, steroid: Item) -> None:
    Lot.objects.filter(number="S1").update(expires_on=in_days(300))

    assert advice_rows(TODAY) == []


def test_what_is_held_or_used_in_time_is_not_on_the_list(room: Any, steroid: Item) -> None:
    Lot.objects.filter(number="S1").update(status=Lot.Status.QUARANTINED)
    receive(steroid, 3, "OK", location=room, expires_on=in_days(10))

    assert advice_rows(TODAY) == []


def test_a_room_out_of_use_is_sent_nothing(room: Any, steroid: Item) -> None:
    type(room).objects.update(is_active=False)

    assert only(advice_rows(TODAY)).carries == []


def test_a_smaller_vial_of_the_same_drug_is_named_with_what_it_saves() -> None:
    large = _vial("lido-1-50", "Lidocaine 1% 50 mL", 50, "7.00")
    small = _vial("lido-1-10", "Lidocaine 1% 10 mL", 10, "2.80")
    _vial("lido-epi", "Lidocaine 1% with epinephrine 5 mL", 5, "0.01")
    receive(large, 100)
    use(large, 15, days_ago=20)

    [advice] = vial_advice(TODAY)

    # Half a mL a day, 14 mL of an open vial: 7.00 / 14 against 2.80 / 10, for 182.5 mL a year.
    assert (advice.item, advice.smaller, advice.used) == (large, small, 14)
    assert advice.found.saved_a_year == Decimal("40.15")


def test_where_patients_are_treated_a_vial_is_not_kept_for_days(room: Any) -> None:
    large = _vial("lido-1-50", "Lidocaine 1% 50 mL", 50, "7.00")
    _vial("lido-1-10", "Lidocaine 1% 10 mL", 10, "2.80")
    receive(large, 100, location=room)
    use(large, 15, days_ago=20, location=room)
    type(room).objects.update(treatment_area=True)

    assert vial_advice(TODAY) == []


def _vial(sku: str, name: str, volume: int, price: str) -> Item:
    item = lidocaine(sku, name, strength=10)
    Item.objects.filter(pk=item.pk).update(container_volume=volume)
    item.refresh_from_db()
    offer(item, pack_quantity=volume, pack_price=Decimal(price), order_code=sku)
    return item


# The page


def page(who: Any = dana, query: str = "") -> str:
    return str(signed_in(who()).get(PAGE + query).content.decode())


@pytest.mark.parametrize("who", [mara, dana, priya, vic])
def test_whoever_works_here_may_read_it(who: Any) -> None:
    assert "Nothing to advise" in page(who)


def test_mara_finds_it_beside_the_stock_that_she_may_move() -> None:
    assert f'href="{PAGE}"' in signed_in(mara()).get("/stock/").text


@pytest.mark.parametrize(("who", "told"), [(mara, False), (priya, True)])
def test_a_smaller_vial_concerns_who_buys(who: Any, told: bool) -> None:
    large = _vial("lido-1-50", "Lidocaine 1% 50 mL", 50, "7.00")
    _vial("lido-1-10", "Lidocaine 1% 10 mL", 10, "2.80")
    receive(large, 100)
    use(large, 15, days_ago=20)

    assert ("A smaller vial would waste less" in page(who)) is told


def test_somebody_without_a_role_may_not() -> None:
    assert signed_in(otto()).get(PAGE).status_code == 403


def test_dana_reads_what_it_costs_and_goes_on_to_move_it(room: Any, steroid: Item) -> None:
    text = page()

    assert "Move 7 vials to Room 1 by Nov 22, 2026" in text
    assert "Ask whether 3 vials can go back" in text
    assert "$46.66" in text
    assert "$93.34" in text
    holding = only(advice_rows(TODAY)).holding
    assert f"/stock/transfer/?holding={holding.pk}&amp;to=room-1&amp;quantity=7" in text
    assert f"/stock/return/?holding={holding.pk}&amp;quantity=3" in text


def test_priya_may_return_it_and_vic_only_looks(steroid: Item) -> None:
    links = {who: page(who) for who in (priya, vic)}

    assert ["/stock/transfer/" in text for text in links.values()] == [False, False]
    assert ["/stock/return/" in text for text in links.values()] == [True, False]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?q=kenalog s1", True),
        ("?q=needle", False),
        ("?location=room-1", False),
        ("?within=90", True),
        ("?within=%00&location=%ED%A0%80&q=%00", True),
    ],
)
def test_the_list_is_narrowed(steroid: Item, query: str, shown: bool) -> None:
    assert ("Ask whether" in page(query=query)) is shown


def test_the_workbook_says_the_same(steroid: Item) -> None:
    response = signed_in(priya()).get(f"{PAGE}?export=xlsx")

    [sheet] = load_workbook(BytesIO(response.content)).worksheets
    said = [cell.value for row in sheet for cell in row]
    assert "Move 7 vials to Room 1 by Nov 22, 2026, which saves $93.34." in " ".join(map(str, said))
    assert {46.66, 93.34} <= set(said)


def test_more_stock_needs_no_more_queries(room: Any, steroid: Item) -> None:
    client = signed_in(dana())

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    count()  # The first request of a session writes to it.
    few = count()
    for number in range(6):
        item = needle(f"needle-{number}", f"Needle {number}")
        receive(item, 20, expires_on=in_days(number))
        receive(item, 20, "B2", location=room, expires_on=in_days(9))
        use(item, 5)

    assert count() == few
