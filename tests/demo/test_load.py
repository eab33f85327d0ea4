"""What the demo clinic looks like, eight weeks of it, on a leap day."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from inventory.attention.flags import collapsed, open_flags, pressing, pressing_count
from inventory.attention.rules import Kind
from inventory.catalog.models import Clinic, Item, Supplier
from inventory.demo import database
from inventory.demo.cast import ROOMS, Cast
from inventory.demo.database import Holds
from inventory.demo.incidents import USED_ALL_THE_SAME
from inventory.demo.load import LOADING, NAME
from inventory.demo.opening import OPENING
from inventory.demo.year import monday, planned_year
from inventory.procedures.kits import kit_lines, kit_wants
from inventory.procedures.models import Procedure, ProcedureLine, ProcedureType
from inventory.purchasing.lead_times import FEWEST_OBSERVED
from inventory.purchasing.models import OrderEvent, PurchaseOrder
from inventory.purchasing.orders.delivered import lead_times_by_item
from inventory.purchasing.orders.words import state_pill
from inventory.purchasing.reorder import reorder_rows
from inventory.stock.audit import check_ledger
from inventory.stock.models import Entry, Holding, Lot, LotStatusChange, Movement
from tests.demo.conftest import WEEKS

pytestmark = pytest.mark.django_db

EVERYDAY = ("tpi-1-2", "tpi-3-plus")


@pytest.fixture
def today(demo: datetime) -> date:
    return timezone.localdate(demo)


def test_the_ledger_holds(demo: datetime) -> None:
    assert check_ledger().differences == []


def test_every_kind_of_flag_is_open(today: date) -> None:
    flags = open_flags(today)
    assert {flag.kind for flag in flags} == set(Kind)
    assert pressing_count(today) == len(pressing(collapsed(flags)))


def test_what_procedures_used_is_what_the_file_says(demo: datetime, today: date) -> None:
    cast = Cast({})
    since = monday(today) - timedelta(weeks=WEEKS - 1)
    by_the_file: dict[str, Decimal] = defaultdict(Decimal)
    for planned in planned_year(demo):
        if planned.day >= since:
            for sku, quantity in cast.used_by(planned).items():
                by_the_file[sku] += quantity

    used = Entry.objects.filter(kind=Entry.Kind.USE).order_by().values_list("item__sku")

    assert {sku: -total for sku, total in used.annotate(Sum("quantity"))} == by_the_file


def test_it_has_procedures_of_today(today: date) -> None:
    assert Procedure.objects.filter(performed_at__date=today).exists()


def test_nothing_is_dated_in_the_future(demo: datetime) -> None:
    assert not Movement.objects.filter(happened_at__gt=demo).exists()
    assert not Movement.objects.filter(recorded_at__gt=demo).exists()
    assert not Procedure.objects.filter(logged_at__gt=demo).exists()


def test_the_ledger_was_written_in_the_order_in_which_it_happened(demo: datetime) -> None:
    deliveries = Movement.objects.exclude(kind=Movement.Kind.USE).order_by("pk")
    times = list(deliveries.values_list("happened_at", flat=True))

    assert times == sorted(times)


def test_the_first_movement_says_that_it_is_a_demo(demo: datetime) -> None:
    assert Movement.objects.order_by("pk")[0].reference == OPENING
    assert Clinic.objects.get(pk=1).name == NAME


def test_three_lots_that_have_expired_still_lie_there(today: date) -> None:
    expired = Holding.objects.on_hand().sealed().filter(lot__expires_on__lt=today)

    assert expired.count() == 3


@pytest.mark.parametrize(("above", "up_to"), [(0, 30), (30, 60), (60, 90)])
def test_some_lot_expires_within_so_many_days(today: date, above: int, up_to: int) -> None:
    days = (today + timedelta(days=above), today + timedelta(days=up_to))
    expiring = Holding.objects.usable_on(today).on_hand().filter(lot__expires_on__range=days)

    assert expiring.exists()


def test_opened_vials_stand_in_more_than_one_room(demo: datetime) -> None:
    opened = Holding.objects.on_hand().opened().values_list("location__code", flat=True)

    assert set(opened) <= set(ROOMS)
    assert len(set(opened)) > 1


def test_a_few_vials_of_the_recalled_lot_were_overlooked(demo: datetime) -> None:
    recalled = Lot.objects.get(status=Lot.Status.RECALLED)
    left = Holding.objects.on_hand().get(lot=recalled)

    assert left.location.code == "room-3"
    assert 1 <= left.quantity / Decimal(10) <= 4


def test_the_recalled_lot_was_used_once_more_with_a_reason(demo: datetime) -> None:
    recalled = Lot.objects.get(status=Lot.Status.RECALLED)
    line = ProcedureLine.objects.exclude(unusable_reason="").get()
    change = LotStatusChange.objects.get(lot=recalled)

    assert (line.unusable_lot, line.unusable_reason) == (recalled, USED_ALL_THE_SAME)
    assert line.procedure.performed_at > change.changed_at


def test_one_lot_is_on_hold(demo: datetime) -> None:
    lot = Lot.objects.get(status=Lot.Status.QUARANTINED)

    assert lot.item.sku == "xylo-1-20"
    assert Holding.objects.on_hand().filter(lot=lot).exists()


def test_a_procedure_that_was_logged_twice_is_there_once(demo: datetime) -> None:
    voided = Procedure.objects.get(void_supplies=Procedure.Supplies.RETURNED)
    same = Procedure.objects.filter(
        encounter_ref=voided.encounter_ref, type=voided.type, performed_at=voided.performed_at
    )

    assert same.filter(status=Procedure.Status.LOGGED).count() == 1


def test_the_supplies_of_a_procedure_that_was_given_up_are_wasted(demo: datetime) -> None:
    given_up = Procedure.objects.get(void_supplies=Procedure.Supplies.WASTED)
    wasted = Entry.objects.filter(movement__reverses=given_up.movement, kind=Entry.Kind.WASTE)

    assert wasted.exists()


def test_waste_has_its_reasons(demo: datetime) -> None:
    reasons = Movement.objects.filter(kind=Movement.Kind.WASTE).values_list("reason", flat=True)

    assert {"expired", "recalled"} < set(reasons)


def test_the_last_count_found_small_differences_only(demo: datetime) -> None:
    variances = Entry.objects.filter(kind=Entry.Kind.COUNT).select_related("item")

    assert variances
    assert all(
        abs(entry.quantity) <= max(Decimal(4), entry.item.container_volume or 0)
        for entry in variances
    )


def test_there_is_something_to_order_from_several_suppliers(today: date) -> None:
    suppliers = {row.supplier for row in reorder_rows(today)}

    assert len(suppliers) >= 3
    assert None not in suppliers


def test_nearly_every_item_is_or_was_in_stock(demo: datetime) -> None:
    assert Item.objects.filter(lots__isnull=True).count() == 0


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("code", EVERYDAY)
def test_a_newcomer_can_log_the_usual_procedures(today: date, room: str, code: str) -> None:
    usable = Holding.objects.usable_on(today).filter(location__code=room)
    here = dict(usable.values_list("lot__item").annotate(Sum("quantity")).order_by())
    kit = kit_wants(kit_lines(ProcedureType.objects.get(code=code)), muscles=3, sites=5)

    assert {line.item.sku for line in kit if here.get(line.item.pk, 0) < 2 * line.quantity} == set()


def test_everything_that_was_bought_has_its_cost_and_its_supplier(demo: datetime) -> None:
    assert not Lot.objects.filter(unit_cost__isnull=True).exists()
    later = Movement.objects.filter(kind=Movement.Kind.RECEIPT).exclude(reference=OPENING)
    assert not later.filter(supplier__isnull=True).exists()


def test_no_text_could_be_a_patients_name(demo: datetime) -> None:
    refs = Procedure.objects.values_list("encounter_ref", flat=True)

    assert all(ref[:2] == "E-" and ref[2:].isdigit() for ref in refs)


def test_orders_stand_at_every_step(today: date) -> None:
    orders = PurchaseOrder.objects.with_progress()
    states = {state_pill(order, today).word for order in orders}

    assert states >= {"received", "received in part", "closed short", "approved", "draft"}


def test_lead_times_were_learned_from_the_orders_that_came(demo: datetime) -> None:
    observed = lead_times_by_item().by_supplier[Supplier.objects.get(code="northgate").pk]

    assert len(observed) >= FEWEST_OBSERVED
    assert set(observed) != {0}


def test_some_levels_are_set_by_hand_with_a_reason_and_the_rest_is_not(demo: datetime) -> None:
    by_hand = Item.objects.exclude(reorder_point=None)

    assert 0 < by_hand.count() < Item.objects.count()
    assert not by_hand.filter(levels_reason="").exists()
    assert not by_hand.filter(levels_set_on=None).exists()


def test_no_order_is_of_the_future(demo: datetime) -> None:
    assert not OrderEvent.objects.filter(at__gt=demo).exists()


def test_it_is_told_by_its_ledger_whatever_the_clinic_is_called_now(demo: datetime) -> None:
    Clinic.objects.update(name="Our own name")

    assert database.holds() is Holds.DEMO


def test_one_that_was_interrupted_is_told_from_a_whole_one(demo: datetime) -> None:
    Clinic.objects.update(name=LOADING)

    assert database.holds() is Holds.PART_OF_DEMO
