"""The reorder report on the screen: Priya purchases, Dana manages, Vic only looks."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from inventory.catalog.models import Item, Location, LocationLevel, Site
from inventory.catalog.models import Supplier as Company
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import draft_record, record
from inventory.purchasing.orders.draft_record import Pick
from tests.clinic import dana, mara, otto, priya, signed_in, vic
from tests.purchasing.formulas import computed
from tests.purchasing.shop import (
    TODAY,
    lidocaine,
    needle,
    northgate,
    offer,
    receive,
    storeroom,
    use,
)
from tests.walk import fields_of

pytestmark = pytest.mark.django_db

PAGE = "/purchasing/reorder/"
EXPORT = "/purchasing/reorder/export/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _on_sunday() -> Iterator[None]:
    noon = timezone.make_aware(datetime(2026, 11, 22, 12))  # noqa: DTZ001
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def short() -> dict[str, Item]:
    """Needles and lidocaine from two suppliers run short; so does something nobody sells."""
    needles = needle(reorder_point=340, par_level=900)
    offer(needles, order_code="NG-11412")
    receive(needles, 310)
    use(needles, 90)
    drug = lidocaine(reorder_point=200, par_level=900)
    harbor = northgate("harbor", "Harbor Drug Wholesale")
    offer(drug, harbor, pack_quantity=500, pack_price=Decimal("75.00"), lead_time_days=1)
    receive(drug, 60)
    unsold = needle("tape", "Tape", kind="dressing", reorder_point=5, par_level=20)
    return {"needles": needles, "drug": drug, "unsold": unsold}


def page(query: str = "", **headers: str) -> Any:
    return signed_in(priya()).get(PAGE + query, headers=headers)


def draft(item: Item, packs: int) -> PurchaseOrder:
    """Priya puts so many packs of what Northgate sells on its draft."""
    pick = Pick(item, item.offers.get(), packs)
    return draft_record.draft(northgate(), [pick], by=priya(), now=timezone.now()).order


def names(query: str = "") -> list[str]:
    """Return the items on the page, in their order."""
    rows = page(query).context["table"].rows
    return [row.record.item.name for row in rows]


def workbook(query: str = "", address: str = EXPORT) -> Workbook:
    response = signed_in(priya()).get(address + query)
    return load_workbook(BytesIO(response.content))


def sold(book: Workbook) -> list[str]:
    return [str(row[1].value) for sheet in book.worksheets[1:] for row in list(sheet)[1:-1]]


# Who


@pytest.mark.parametrize("address", [PAGE, EXPORT])
def test_an_outsider_is_sent_to_the_sign_in(address: str, client: Any) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response.url.startswith(f"{reverse('sign_in')}?")


@pytest.mark.parametrize("address", [PAGE, EXPORT])
@pytest.mark.parametrize("who", [mara, otto])
def test_a_nurse_and_somebody_without_a_role_are_refused(who: Any, address: str) -> None:
    assert signed_in(who()).get(address).status_code == 403


@pytest.mark.parametrize("address", [PAGE, EXPORT])
@pytest.mark.parametrize("who", [priya, dana, vic])
def test_a_purchaser_a_manager_and_a_viewer_may_read_it(who: Any, address: str) -> None:
    assert signed_in(who()).get(address).status_code == 200


# What Priya sees


def test_priya_sees_why_an_item_has_to_be_ordered(short: dict[str, Item]) -> None:
    text = page().content.decode()

    assert (
        "220 usable is below the reorder point of 340; 7 packs of 100 bring it to 920,"
        " par level 900" in text
    )
    assert "NG-11412" in text


def test_priya_sees_what_of_the_stock_cannot_be_counted_on() -> None:
    item = needle(reorder_point=340, par_level=900)
    receive(item, 50, expires_on=TODAY + timedelta(days=30))
    receive(item, 20, "B2", expires_on=TODAY - timedelta(days=1))

    text = page().content.decode()

    assert "of 70 on hand" in text
    assert "50 expiring" in text


def test_priya_goes_from_an_item_to_its_outlook(short: dict[str, Item]) -> None:
    assert 'href="/purchasing/outlook/needle-25g/"' in page().content.decode()


def test_priya_ticks_what_to_order_and_vic_only_looks(short: dict[str, Item]) -> None:
    assert "Draft orders of what is ticked" in page().content.decode()

    looked_at = signed_in(vic()).get("/purchasing/reorder/").content.decode()
    assert "Draft orders of what is ticked" not in looked_at
    assert 'name="pick"' not in looked_at


def test_a_budget_leaves_out_what_does_not_fit(short: dict[str, Item]) -> None:
    whole, small = page().context["table"], page("?budget=20").context["table"]

    assert 0 < len(small.rows) < len(whole.rows)
    assert sum(row.record.cost or 0 for row in small.rows) <= 20


def test_priya_sees_what_a_budget_leaves_out(short: dict[str, Item]) -> None:
    text = page("?budget=$20").content.decode()

    assert "The budget of $20.00 leaves out" in text
    assert "Needle 25G 1½ in</a> (6 packs, $66.00, order by " in text
    assert "Lidocaine 1% 20 mL</a> (2 packs, $150.00, " in text
    assert "$216.00 more would buy all of it." in text


def test_a_budget_too_small_for_anything_says_so(short: dict[str, Item]) -> None:
    text = page("?budget=1&supplier=northgate").content.decode()

    assert "Nothing fits the budget." in text
    assert "(7 packs, $77.00, order by " in text


def test_priya_cannot_draft_by_mistake_what_a_draft_has(short: dict[str, Item]) -> None:
    order = draft(short["needles"], 7)

    text = page().content.decode()

    assert f'7 packs on draft <a href="/purchasing/orders/{order.pk}/">{order}</a>' in text
    assert 'aria-label="Order Needle 25G 1½ in"' not in text
    assert 'aria-label="Order Lidocaine 1% 20 mL"' in text
    assert "$77.00 of it on drafts" in text


def test_of_what_a_draft_has_in_part_the_rest_is_drafted(short: dict[str, Item]) -> None:
    order = draft(short["needles"], 5)

    text = page().content.decode()

    assert f'5 packs on draft <a href="/purchasing/orders/{order.pk}/">' in text
    assert re.search(r'name="packs-needle-25g"\s+value="2"', text)
    assert "700 wanted" in text


@pytest.fixture
def north() -> Location:
    """A second building, which uses what Main never did and has run out of it."""
    storeroom()
    site = Site.objects.create(code="north", name="North")
    Location.objects.create(code="n-1", name="A room", site=site, treatment_area=True)
    store = Location.objects.create(code="n-store", name="North store", site=site)
    gloves = needle("gloves", "Gloves", kind="glove")
    receive(gloves, 20, location=store)
    offer(gloves)
    for week in range(1, 11):
        use(gloves, 2, days_ago=7 * week, location=store)
    return store


def test_a_site_is_told_what_it_uses_and_not_what_others_do(
    short: dict[str, Item], north: Location
) -> None:
    assert names("?location=site:north") == ["Gloves"]


def test_what_is_drafted_for_a_site_is_delivered_there_and_not_drafted_again(
    north: Location,
) -> None:
    before = page("?location=site:north")
    sent = fields_of(before.text) | {"pick": "gloves", "packs-gloves": "1"}

    signed_in(priya()).post(reverse("order_draft"), sent)

    assert PurchaseOrder.objects.get().deliver_to == north
    (row,) = page("?location=site:north").context["table"].rows
    assert row.record.packs_to_draft == 0


def test_a_site_and_the_clinic_have_drafts_of_their_own(
    short: dict[str, Item], north: Location
) -> None:
    draft(short["needles"], 1)
    sent = {"pick": "gloves", "packs-gloves": "1", "deliver_to": "n-store"}
    signed_in(priya()).post(reverse("order_draft"), sent)

    assert [each.deliver_to for each in PurchaseOrder.objects.order_by("pk")] == [None, north]


@pytest.mark.parametrize("code", ["nowhere", "\0", "n-1" * 90])
def test_a_place_that_is_none_of_the_clinics_keeps_nobody_from_drafting(
    north: Location, code: str
) -> None:
    sent = {"pick": "gloves", "packs-gloves": "1", "deliver_to": code}

    signed_in(priya()).post(reverse("order_draft"), sent)

    assert PurchaseOrder.objects.get().deliver_to is None


def test_a_draft_for_another_room_is_none_for_this_one(short: dict[str, Item]) -> None:
    room = storeroom("room-1", "Room 1")
    LocationLevel.objects.create(
        item=short["needles"], location=room, reorder_point=30, par_level=60
    )
    draft(short["needles"], 7)

    assert "on draft" not in page("?location=room-1").content.decode()


def test_an_order_that_is_approved_is_on_no_draft(short: dict[str, Item]) -> None:
    order = draft(short["needles"], 1)
    record.approve(order, seen=order.version, by=dana(), now=timezone.now())

    text = page().content.decode()

    assert "on draft" not in text
    assert "100 on order" in text


def test_priya_sees_what_an_order_would_cost_by_supplier_and_in_all(
    short: dict[str, Item],
) -> None:
    response = page()

    assert [(str(total.supplier), total.cost) for total in response.context["totals"]] == [
        ("Harbor Drug Wholesale", Decimal("150.00")),
        ("Northgate Medical Supply", Decimal("77.00")),
        ("None", 0),
    ]
    assert response.context["whole"].cost == Decimal("227.00")


def test_the_most_urgent_item_comes_first(short: dict[str, Item]) -> None:
    assert names() == ["Tape", "Needle 25G 1½ in", "Lidocaine 1% 20 mL"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("?sort=item", "Lidocaine 1% 20 mL"),
        ("?sort=-item", "Tape"),
        ("?sort=supplier", "Tape"),
        ("?sort=-cost", "Lidocaine 1% 20 mL"),
        ("?sort=-usable", "Needle 25G 1½ in"),
        ("?sort=-suggested_quantity", "Lidocaine 1% 20 mL"),
        ("?sort=-days_of_supply", "Lidocaine 1% 20 mL"),
    ],
)
def test_priya_sorts_by_a_column(short: dict[str, Item], query: str, first: str) -> None:
    assert names(query)[0] == first


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?supplier=northgate", ["Needle 25G 1½ in"]),
        ("?supplier=-", ["Tape"]),
        ("?kind=local_anesthetic", ["Lidocaine 1% 20 mL"]),
        ("?supplier=northgate&kind=local_anesthetic", []),
    ],
)
def test_priya_narrows_the_report(short: dict[str, Item], query: str, left: list[str]) -> None:
    assert names(query) == left


def test_priya_looks_at_one_room(short: dict[str, Item]) -> None:
    room = storeroom("room-1", "Room 1")
    LocationLevel.objects.create(
        item=short["needles"], location=room, reorder_point=30, par_level=60
    )
    receive(short["needles"], 10, location=room)

    assert names("?location=room-1") == ["Needle 25G 1½ in"]
    assert "10 usable in Room 1 is below" in page("?location=room-1").content.decode()


@pytest.mark.parametrize(
    "query",
    ["?supplier=nobody", "?kind=%00", "?location=%ED%A0%80", "?sort=%00&page=99999999999999999999"],
)
def test_an_address_that_makes_no_sense_is_answered_with_the_whole_report(
    short: dict[str, Item], query: str
) -> None:
    assert len(names(query)) == 3


def test_a_filter_that_makes_no_sense_is_named(short: dict[str, Item]) -> None:
    assert "nobody is not one of the available choices" in page("?supplier=nobody").content.decode()


def test_names_are_shown_as_they_are_written() -> None:
    needle("odd", "<b>Bold</b> & @odd", reorder_point=5)

    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; @odd" in page().content.decode()


def test_nothing_to_order_is_said_in_words() -> None:
    assert "Nothing has to be ordered" in page().content.decode()


def test_a_narrowed_list_brings_its_own_totals_along(short: dict[str, Item]) -> None:
    fragment = page("?supplier=northgate", **HTMX).content.decode()

    assert "<html" not in fragment
    assert 'id="table"' in fragment
    assert 'id="reorder-totals" class="totals" aria-label="Totals" hx-swap-oob="true"' in fragment
    assert "Harbor" not in fragment


def test_a_supplier_out_of_use_is_no_longer_asked_for(short: dict[str, Item]) -> None:
    Company.objects.filter(code="harbor").update(is_active=False)

    assert "Harbor" not in page().content.decode()


@pytest.mark.parametrize("address", [PAGE, EXPORT])
def test_more_items_need_no_more_queries(short: dict[str, Item], address: str) -> None:
    client = signed_in(priya())

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    count()  # The first request of a session writes to it.
    few = count()
    for number in range(10):
        item = needle(f"needle-{number}", f"Needle {number}", reorder_point=50)
        offer(item)
        receive(item, 20)
        use(item, 5)

    assert count() == few


# What Priya sends


def test_priya_downloads_the_report_as_a_workbook(short: dict[str, Item]) -> None:
    response = signed_in(priya()).get(EXPORT)

    assert response["Content-Disposition"] == f'attachment; filename="reorder-{TODAY}.xlsx"'
    assert sold(load_workbook(BytesIO(response.content))) == ["lido-1-20", "needle-25g", "tape"]


def test_the_button_of_the_list_leads_to_the_same_workbook(short: dict[str, Item]) -> None:
    assert 'href="?export=xlsx"' in page().content.decode()
    assert workbook("?export=xlsx", PAGE).sheetnames == workbook().sheetnames


def test_the_workbook_holds_what_the_screen_was_narrowed_to(short: dict[str, Item]) -> None:
    narrowed = workbook("?supplier=northgate&kind=needle")

    assert sold(narrowed) == ["needle-25g"]
    assert narrowed["Summary"]["B3"].value == "Northgate Medical Supply, Needle"


def test_the_workbook_is_in_the_order_of_the_screen(short: dict[str, Item]) -> None:
    more = needle("needle-27g", "Needle 27G", reorder_point=10)
    offer(more)

    assert sold(workbook("?supplier=northgate&sort=item")) == ["needle-25g", "needle-27g"]
    assert sold(workbook("?supplier=northgate&sort=-item")) == ["needle-27g", "needle-25g"]


def test_the_workbook_adds_up_to_the_totals_on_the_screen(short: dict[str, Item]) -> None:
    response = page()

    summary = computed(workbook())["Summary"]

    costs = {str(row[0]): row[3] for row in summary if row[0] and row[3] not in (None, "Cost")}
    assert costs == {
        **{
            str(total.supplier): float(total.cost)
            for total in response.context["totals"]
            if total.supplier
        },
        "Total": float(response.context["whole"].cost),
    }
    assert "$227.00" in response.content.decode()
