"""`manage.py load_starter`: the catalog that a new clinic begins with."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.catalog import register
from inventory.catalog.billing_codes import code_on
from inventory.catalog.models import (
    BillingCode,
    Item,
    ItemCode,
    Location,
    Supplier,
    SupplierOffer,
)
from inventory.catalog.register import BillingCodeFacts, ItemFacts, OfferFacts, add_item
from inventory.procedures.models import KitLine, KitSubstitute, ProcedureType
from inventory.procedures.register import change_kit_line, kit_facts, line_facts, remove_kit_line
from inventory.procedures.starter import load_starter
from tests import clinic
from tests.catalog import facts

pytestmark = pytest.mark.django_db


def load() -> str:
    """Run the command and return what it prints."""
    out = StringIO()
    call_command("load_starter", stdout=out)
    return out.getvalue().strip()


def test_an_empty_clinic_gets_the_whole_catalog() -> None:
    assert load() == (
        "Added 63 items, 149 codes, 11 billing codes by date, 4 suppliers, 63 supplier offers,"
        " 5 locations, 24 procedure types, 249 kit lines."
    )
    counts = [
        model.objects.count()
        for model in (Item, ItemCode, Supplier, SupplierOffer, Location, ProcedureType, KitLine)
    ]
    assert counts == [63, 149, 4, 63, 5, 24, 249]


def test_it_knows_a_vial_down_to_its_codes() -> None:
    load()

    lidocaine = Item.objects.get(sku="lido-1-20")
    offer = lidocaine.offers.get()
    assert (lidocaine.container_volume, lidocaine.strength) == (20, 10)
    assert (lidocaine.beyond_use_days, lidocaine.preservative_free) == (28, False)
    assert lidocaine.codes.filter(kind="ndc", normalized="0409427601", quantity=500).exists()
    assert (offer.supplier.code, offer.pack_quantity, offer.preferred) == ("northgate", 500, True)
    assert Item.objects.get(sku="alcohol-pad").lot_tracked is False
    assert Location.objects.get(code="room-3").treatment_area is True


@pytest.mark.parametrize(
    ("sku", "day", "billed_by"),
    [
        ("depo-40-1", date(2024, 3, 31), ("J1030", "40 mg")),
        ("depo-40-1", date(2024, 4, 1), ("J1010", "1 mg")),
        ("lido-1-pf-5-amp", date(2024, 9, 30), ("J2001", "10 mg")),
        ("lido-1-pf-5-amp", date(2024, 10, 1), ("J2003", "1 mg")),
    ],
)
def test_it_knows_what_was_billed_before_the_codes_changed(
    sku: str, day: date, billed_by: tuple[str, str]
) -> None:
    load()

    item = Item.objects.get(sku=sku)
    code = code_on(day, item, item.billing_codes.all())
    assert (code.hcpcs, code.billing_unit) == billed_by


def test_it_knows_what_a_procedure_takes() -> None:
    load()

    kit = kit_facts(ProcedureType.objects.get(code="tpi-1-2"))

    needle, lidocaine, kenalog = kit[0], kit[2], kit[3]
    assert [item.sku for item in needle.substitutes] == ["needle-27g-125", "needle-22g-15"]
    assert (lidocaine.quantity, lidocaine.per) == (Decimal(1), "site")
    assert (kenalog.item.sku, kenalog.optional) == ("kenalog-40-1", True)
    assert KitSubstitute.objects.exists()


def test_what_it_loads_keeps_the_rules_of_the_register() -> None:
    load()

    for item in Item.objects.all():
        said = {name: getattr(item, name) for name in ItemFacts.__dataclass_fields__}
        register.change_item(item, ItemFacts(**said))
    for offer in SupplierOffer.objects.all():
        said = {name: getattr(offer, name) for name in OfferFacts.__dataclass_fields__}
        register.change_offer(offer, OfferFacts(**said))
    for code in BillingCode.objects.all():
        said = {name: getattr(code, name) for name in BillingCodeFacts.__dataclass_fields__}
        register.change_billing_code(code, BillingCodeFacts(**said))
    for line in KitLine.objects.select_related("item").prefetch_related("substitutes__item"):
        change_kit_line(line, line_facts(line))

    assert KitLine.objects.count() == 249


def test_a_second_run_changes_nothing_and_says_so() -> None:
    load()

    with CaptureQueriesContext(connection) as queries:
        said = load()

    assert said == "Nothing to add: the clinic has the whole starter catalog. Nothing was changed."
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))] == []


def test_it_leaves_alone_what_the_clinic_has_changed() -> None:
    load()
    Item.objects.filter(sku="lido-1-20").update(name="Our lidocaine", is_active=False)
    ItemCode.objects.filter(item__sku="lido-1-20").delete()
    BillingCode.objects.filter(item__sku="lido-1-20").delete()
    SupplierOffer.objects.filter(item__sku="bandage").delete()
    remove_kit_line(ProcedureType.objects.get(code="knee").kit.all()[0])
    lines = KitLine.objects.count()

    load()

    lidocaine = Item.objects.get(sku="lido-1-20")
    assert (lidocaine.name, lidocaine.is_active) == ("Our lidocaine", False)
    assert not lidocaine.codes.exists()
    assert not lidocaine.billing_codes.exists()
    assert not Item.objects.get(sku="bandage").offers.exists()
    assert KitLine.objects.count() == lines


def test_it_adds_what_is_missing_beside_what_the_clinic_has() -> None:
    mine = add_item(facts.needle(name="Our needle"), [facts.gtin("00323155940312")])
    clinic.place("cabinet")

    added = load_starter(str)

    assert (added["items"], added["locations"]) == (62, 0)
    assert Item.objects.get(pk=mine.pk).name == "Our needle"
    assert mine.codes.get().normalized == "00323155940312"
    assert list(Location.objects.values_list("code", flat=True)) == ["cabinet"]


def test_it_asks_the_database_few_questions() -> None:
    with CaptureQueriesContext(connection) as queries:
        load_starter(str)

    assert len(queries) < 40
