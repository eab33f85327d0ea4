"""What was used before the stock was counted here counts for what to order."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from inventory.catalog.models import Item
from inventory.procedures.models import ProcedureType
from inventory.procedures.past_record import PastWanted, take_back, take_in
from inventory.purchasing import usage_book
from inventory.purchasing.ledger_mark import ledger_mark
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.usage import Usage, first_use_by_item, read_recent_use
from inventory.purchasing.usage_book import daily_usage_by_item
from inventory.stock.models import PastFile
from tests.clinic import dana
from tests.purchasing.shop import TODAY, ago, kenalog, needle, receive, storeroom, use

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    usage_book.forget()
    yield
    usage_book.forget()


def usages(*places: int) -> dict[int, Usage]:
    return {item: recent.quarter for item, recent in read_recent_use(TODAY, places).items()}


def used_before(item: Item, quantity: str | int, days_ago: int, where: str = "room-1") -> PastFile:
    """A file says that so much was used."""
    knee, _ = ProcedureType.objects.get_or_create(code="knee", defaults={"name": "Knee"})
    place = storeroom(where, where.capitalize())
    wanted = PastWanted(knee, place, ago(days_ago), supplies=[(item, Decimal(quantity))])
    return take_in("2026.csv", [wanted], by=dana(), now=ago(0))


def test_it_is_added_to_what_was_logged() -> None:
    item = needle()
    receive(item, 100, days_ago=30)
    use(item, 3, days_ago=20)
    used_before(item, 5, days_ago=60)

    assert usages() == {item.pk: Usage(Decimal(8))}


def test_only_the_last_days_count() -> None:
    item = needle()
    used_before(item, 5, days_ago=90)
    used_before(item, 2, days_ago=89)
    used_before(item, 1, days_ago=29)

    recent = read_recent_use(TODAY)[item.pk]

    assert (recent.quarter.used, recent.month.used) == (3, 1)


def test_it_was_used_where_the_file_says() -> None:
    item = needle()
    used_before(item, 5, days_ago=3, where="room-1")

    assert usages(storeroom("room-1", "Room 1").pk)[item.pk].used == 5
    assert usages(storeroom().pk) == {}


def test_what_was_left_of_a_single_dose_vial_had_to_be_replaced_too() -> None:
    item = kenalog()
    used_before(item, "0.25", days_ago=3)

    assert usages() == {item.pk: Usage(Decimal("0.25"), Decimal("0.75"))}


def test_the_first_use_is_that_of_the_file() -> None:
    item = needle()
    receive(item, 100, days_ago=30)
    use(item, 3, days_ago=20)
    used_before(item, 5, days_ago=200)

    assert first_use_by_item([item.pk]) == {item.pk: ago(200).date()}


def test_a_clinic_that_has_logged_nothing_yet_is_told_what_to_order() -> None:
    item = needle(reorder_point=20)
    receive(item, 10, days_ago=0)
    for days_ago in range(90):
        used_before(item, 2, days_ago=days_ago)

    assert daily_usage_by_item([item], TODAY)[item.pk] == Decimal(180) / 89
    (row,) = reorder_rows(TODAY)
    assert row.used_90 == 180
    assert row.days_of_supply is not None


def test_what_is_remembered_is_forgotten_when_a_file_comes_or_goes() -> None:
    item = needle()
    before = ledger_mark()
    file = used_before(item, 5, days_ago=3)
    with_the_file = ledger_mark()
    take_back(file, by=dana(), reason="wrong file", now=ago(0))

    assert len({before, with_the_file, ledger_mark()}) == 3
    assert usages() == {}
