"""Items, codes and price lists from files: looked at, decided, and brought in once."""

from csv import DictWriter
from decimal import Decimal
from io import BytesIO, StringIO

import pytest

from inventory.catalog.models import Item, ItemCode, Supplier, SupplierOffer
from inventory.imports.catalog import item_record
from inventory.imports.errors import BroughtInBefore
from inventory.imports.kinds import Kind, RowsRefused, Writing
from inventory.imports.models import Import
from inventory.imports.planned import Outcome
from inventory.imports.register import KINDS
from inventory.imports.sheets import read_file
from inventory.imports.template import template_workbook
from inventory.procedures.starter import load_starter
from tests.clinic import NOW, dana, kenalog, lidocaine, needle, received
from tests.imports.told import DATA, answered, brought_in, outcomes, planned, sent

pytestmark = pytest.mark.django_db


def counts(upload: Import) -> tuple[int, int, int, int]:
    upload.refresh_from_db()
    return upload.accepted, upload.undecided, upload.refused, upload.left_out


def catalog() -> bytes:
    return (DATA / "catalog.csv").read_bytes()


def codes() -> bytes:
    return (DATA / "catalog_codes.csv").read_bytes()


# A clinic's whole catalog


def test_a_whole_catalog_goes_in_as_items_codes_and_offers() -> None:
    items = sent("items", catalog(), "catalog.csv")
    assert (counts(items), items.summary) == ((63, 0, 0, 0), "63 new items")
    brought_in(items)

    scanned = sent("codes", codes(), "codes.csv")
    assert (counts(scanned), scanned.summary) == ((149, 0, 0, 0), "149 codes of 48 items")
    brought_in(scanned)

    prices = sent("offers", catalog(), "catalog.csv")
    assert counts(prices) == (0, 63, 0, 0)
    answered(prices, {"supplier": "new"})
    assert counts(prices) == (63, 0, 0, 0)
    brought_in(prices)

    vial = Item.objects.get(sku="lido-1-20")
    offer = vial.offers.get()
    assert (vial.container, vial.container_volume, vial.beyond_use_days) == (
        "multi_dose_vial",
        20,
        28,
    )
    assert (offer.pack_quantity, offer.pack_price) == (500, Decimal("75.00"))
    assert offer.supplier.name == "Northgate Medical Supply"
    assert ItemCode.objects.count() == 149
    assert Supplier.objects.count() == 4


def test_the_same_catalog_in_another_file_changes_nothing() -> None:
    brought_in(sent("items", catalog()))
    brought_in(sent("codes", codes()))
    again = catalog() + b"\n"

    assert counts(sent("items", again))[:3] == (0, 0, 0)
    assert counts(sent("codes", codes() + b"\n"))[:3] == (0, 0, 0)


def test_the_very_same_file_is_brought_in_once() -> None:
    brought_in(sent("items", "name,kind\nNeedle 25G,Needle\n"))

    with pytest.raises(BroughtInBefore):
        sent("items", "name,kind\nNeedle 25G,Needle\n")


# Items


def test_what_is_refused_stops_nothing_else() -> None:
    upload = sent("items", "name,kind,reorder point\nNeedle 25G,Needle,\nNeedle 27G,Needle,many\n")

    assert counts(upload) == (1, 0, 1, 0)
    brought_in(upload)
    assert [item.name for item in Item.objects.all()] == ["Needle 25G"]


def test_a_known_item_is_changed_when_a_person_says_so() -> None:
    needle(reorder_point=100)
    upload = sent("items", "sku,name,reorder point,par\nneedle-25g-15,Needle 25G 1½ in,200,400\n")

    assert counts(upload) == (0, 1, 0, 0)
    answered(upload, {"facts": "theirs"})
    done = brought_in(upload)

    assert done.written == "1 item changed"
    assert Item.objects.get().par_level == 400


def test_what_lots_were_counted_by_is_refused_before_anything_is_written() -> None:
    received(lidocaine(), 20)
    upload = sent("items", "sku,name,container volume\nlido-1-20,Lidocaine,50\n")

    answered(upload, {"facts": "theirs"})

    assert counts(upload) == (0, 0, 1, 0)


def test_a_band_across_the_sheet_is_asked_about() -> None:
    rows = planned("items", "Our list,,\nName,Kind,Unit\nNEEDLES,,\nNeedle 25G,Needle,each\n")

    assert outcomes(rows) == ["decide", "accept"]


def test_when_somebody_was_faster_nothing_is_written_and_the_row_is_named() -> None:
    rows = planned("items", "sku,name,kind\nn-1,Needle 25G,Needle\nn-2,Needle 27G,Needle\n")
    Item.objects.create(sku="n-2", name="Another", kind="needle")

    with pytest.raises(RowsRefused, match=r"Nothing was written\. Row 3: The SKU n-2 is taken"):
        item_record.ITEMS.commit(rows, Writing(dana(), NOW, "items.csv"))


# Codes


def test_a_code_that_is_known_to_another_item_is_refused_and_the_others_go_in() -> None:
    lidocaine()
    ItemCode.objects.create(
        item=kenalog(), kind="ndc", value="0003-0293-05", normalized="0003029305"
    )
    upload = sent(
        "codes",
        "sku,code,quantity\nlido-1-20,0003-0293-05,20\nlido-1-20,00323155940411,25 vials\n",
    )

    assert counts(upload) == (1, 0, 1, 0)
    refused = upload.rows.get(outcome=Outcome.REJECT)
    assert refused.messages == [
        ["value", "This code already belongs to Kenalog-40 1 mL single-dose vial."]
    ]
    brought_in(upload)
    assert ItemCode.objects.get(item__sku="lido-1-20").quantity == 500


# Offers


def test_a_new_price_takes_the_place_of_the_old_when_a_person_says_so() -> None:
    item = lidocaine()
    acme = Supplier.objects.create(code="acme", name="Acme")
    SupplierOffer.objects.create(
        supplier=acme, item=item, order_code="A-1", pack_quantity=500, pack_price=75,
        lead_time_days=3, preferred=True,
    )  # fmt: skip
    upload = sent(
        "offers", "vendor,sku,order code,pack,price\nAcme,lido-1-20,A-1,25 vials,$80.00\n"
    )

    answered(upload, {"offer": "theirs"})
    done = brought_in(upload)

    assert done.written == "1 offer changed"
    offer = SupplierOffer.objects.get()
    assert (offer.pack_price, offer.lead_time_days, offer.preferred) == (80, 3, True)


def test_the_first_offer_of_an_item_is_preferred() -> None:
    needle()
    upload = sent(
        "offers", "supplier,sku,pack,price,lead time\nAcme,needle-25g-15,box of 100,9.80,3 days\n"
    )

    answered(upload, {"supplier": "new"})
    done = brought_in(upload)

    assert done.written == "1 new offer, 1 new supplier"
    assert SupplierOffer.objects.get().preferred


# Templates


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.code))
def test_every_kind_knows_the_headings_of_its_own_template(kind: Kind) -> None:
    file = BytesIO()
    template_workbook(kind).save(file)

    read = read_file(file.getvalue(), "template.xlsx")
    layout = next(iter(kind.layouts(read.rows).values()))

    assert list(layout.columns) != []
    assert {field.name for field in kind.template_fields()} == set(layout.columns)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.code))
def test_the_examples_of_a_template_can_go_in(kind: Kind) -> None:
    load_starter(lambda _: None)
    titles = {field.name: field.title for field in kind.template_fields()}
    file = StringIO()
    writer = DictWriter(file, titles.values())
    writer.writeheader()
    for example in kind.examples:
        writer.writerow({titles[name]: text for name, text in example.items()})

    rows = planned(kind.code, file.getvalue())

    assert not {"reject"} & set(outcomes(rows)), [row.messages for row in rows]
