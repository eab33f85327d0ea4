"""The clinic's own demand and terms, from a small ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from inventory.purchasing.backtest.history import clinic_demand, clinic_terms
from inventory.stock import ledger
from tests.clinic import dana
from tests.purchasing.shop import FAR, TODAY, ago, needle, offer, receive, use

pytestmark = pytest.mark.django_db


def test_uses_of_a_day_are_added_up_and_what_was_taken_back_is_no_use() -> None:
    item = needle()
    receive(item, 100)
    use(item, 3, days_ago=20)
    use(item, 2, days_ago=20)
    slip = use(item, 7, days_ago=5)
    ledger.reverse(slip, by=dana(), reason="A slip", happened_at=ago(4), now=ago(4))

    assert clinic_demand() == {item.sku: {TODAY - timedelta(days=20): 5}}


def test_terms_are_those_of_the_usual_offer_and_of_the_lots() -> None:
    item = needle()
    offer(item, pack_quantity=50, pack_price=Decimal("9.50"), lead_time_days=4)
    receive(item, 100, days_ago=120)

    terms = clinic_terms([item.sku])[item.sku]

    assert (terms.lead_time_days, terms.pack_size, terms.pack_price) == (4, 50, Decimal("9.50"))
    assert terms.shelf_life_days == (FAR - ago(120).date()).days


def test_a_clinic_that_has_used_nothing_has_nothing_to_play() -> None:
    with pytest.raises(CommandError, match="Expected some use in the ledger, got none yet"):
        call_command("backtest_reorder")


def test_a_clinic_has_its_own_lead_times() -> None:
    with pytest.raises(CommandError, match="together with --demand or --made-up"):
        call_command("backtest_reorder", "--lead-time-days", "10")
