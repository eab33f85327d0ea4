"""The main job from the sign-in page on, in a real browser, as each of the clinic's people."""

import re
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from inventory.catalog.models import Item
from inventory.procedures.models import Procedure
from inventory.purchasing.workbook import LINES
from tests.browser import PHONE, follow
from tests.clinic import (
    PASSWORD,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    priya,
    received,
)
from tests.procedures.tablet import trigger_point
from tests.purchasing.formulas import Values, computed, computed_by_libreoffice
from tests.purchasing.shop import northgate, offer

pytestmark = pytest.mark.django_db(transaction=True)

COUNT_TAPS = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.taps = Number(sessionStorage.taps || 0) + 1;
}, true);
"""
FULL_ADDRESSES = "links => links.map((a) => new URL(a.getAttribute('href'), location).href)"
TITLES = [column.title for column in LINES]
Row = tuple[str, Decimal, Decimal | None]


@pytest.fixture
def clinic(live_server: LiveServer) -> str:
    """The address of a clinic: Room 1 holds what a trigger point injection takes, needles run low.

    One of its two lots of lidocaine expires in 20 days.
    """
    today = timezone.localdate()
    for who in (mara, dana, priya):
        who()
    trigger_point()
    far = today + timedelta(days=900)
    received(needle(), 64, "N1", far)
    soon = today + timedelta(days=20)
    received(lidocaine(), 20, "SOON1", soon, unit_cost=Decimal("0.45"))
    received(lidocaine(), 40, "AB4410C", far)
    received(kenalog(), 3, "9F7K2", far)
    received(gauze(), 100)
    _to_order()
    return live_server.url


def _to_order() -> None:
    facts = {"kind": "toxin", "unit": "unit", "reorder_point": 100, "par_level": 400}
    botox = Item.objects.create(sku="botox-100", name="Botox 100 units", **facts)
    for item, point, par in ((needle(), 120, 400), (kenalog(), 5, 30), (gauze(), 200, 1000)):
        Item.objects.filter(pk=item.pk).update(reorder_point=point, par_level=par)
    offer(needle(), order_code="NG-11412", pack_quantity=100, pack_price=Decimal("11.35"))
    offer(kenalog(), order_code="NG-10635", pack_quantity=1, pack_price=Decimal("14.05"))
    allerline = northgate("allerline", "Allerline Specialty Pharma")
    offer(botox, allerline, pack_quantity=100, pack_price=Decimal("650.00"))


def sign_in(page: Page, address: str, username: str) -> Page:
    """Sign in by the form, as a person does; ends on the home page."""
    page.goto(address)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return page


def go_to(page: Page, section: str) -> None:
    """Go where the navigation leads, and wait until the page is there."""
    follow(page.get_by_role("navigation", name="Main").get_by_role("link", name=section))
    expect(page.locator(".site-nav a[aria-current=page]")).to_contain_text(section)


def number(text: str) -> Decimal:
    """Return the first number in a text: 1200.5 of "1,200.5 mL"."""
    found = re.search(r"-?[\d,]*\.?\d+", text)
    assert found, f"Expected a number in {text!r}."
    return Decimal(found[0].replace(",", ""))


def cell(row: Locator, heading: str) -> str:
    return row.locator(f'td[data-label="{heading}"]').inner_text()


def shelf(page: Page) -> dict[str, Decimal]:
    """Read how much of each lot the stock page shows, sealed and opened together."""
    go_to(page, "Stock")
    lots: dict[str, Decimal] = defaultdict(Decimal)
    for row in page.locator("#table tbody tr").all():
        lots[cell(row, "Lot")] += number(cell(row, "Quantity"))
    return dict(lots)


def log_with_kenalog(page: Page) -> None:
    """Log the trigger point injection with its optional steroid, in three taps from home."""
    follow(page.get_by_role("link", name=re.compile("Trigger point")).first)
    page.get_by_role("button", name="+ Kenalog-40 1 mL").click()
    page.get_by_role("button", name="Log procedure").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
        "Logged. 4 supplies were taken from Room 1."
    )


class TestMaraTheNurse:
    @pytest.fixture
    def home(self, browser_page: Page, clinic: str) -> Page:
        return sign_in(browser_page, clinic, "mara")

    def test_three_taps_lower_each_lot_by_exactly_what_was_taken(self, home: Page) -> None:
        before = shelf(home)
        home.add_init_script(COUNT_TAPS)
        go_to(home, "Home")
        home.evaluate("sessionStorage.taps = 0")

        log_with_kenalog(home)

        assert home.evaluate("Number(sessionStorage.taps)") == 3
        after = shelf(home)
        assert {lot: before[lot] - after[lot] for lot in before if before[lot] != after[lot]} == {
            "N1": 1,
            "SOON1": 1,
            "9F7K2": 1,
            "not tracked": 2,
        }

    def test_the_receipt_says_what_was_given_and_what_was_discarded(self, home: Page) -> None:
        log_with_kenalog(home)

        lines = home.get_by_label("What was taken").locator("li")
        expect(lines).to_have_count(4)
        kenalog_line = lines.filter(has_text="Kenalog").inner_text()

        assert re.search(r"^0\.5 mL Kenalog-40 .* 20 mg", kenalog_line)
        assert "lot 9F7K2" in kenalog_line
        assert "0.5 mL of a single-dose container" in kenalog_line
        assert "2 units administered, 2 discarded, JW" in kenalog_line

    def test_undo_asks_why_and_puts_every_supply_back(self, home: Page) -> None:
        before = shelf(home)
        go_to(home, "Home")
        log_with_kenalog(home)

        home.get_by_role("link", name="Undo").click()
        home.get_by_label("Why").fill("The patient left before it began")
        home.get_by_text("Put back").click()
        home.get_by_role("button", name="Void the procedure").click()

        expect(home.get_by_text("The patient left before it began")).to_be_visible()
        expect(home.get_by_role("link", name="Undo")).to_have_count(0)
        assert shelf(home) == before

    def test_too_little_stock_moves_nothing_and_keeps_what_she_typed(self, home: Page) -> None:
        received(lidocaine(), 40, "ELSE1", where="room-2")
        follow(home.get_by_role("link", name=re.compile("Trigger point")).first)
        home.get_by_label("Encounter").fill("E-7741")
        amount = home.get_by_label("Lidocaine 1% 20 mL, mL")
        amount.fill("75")
        home.get_by_role("button", name="Log procedure").click()

        expect(home.get_by_role("alert").first).to_contain_text("nothing has moved")
        expect(home.get_by_text("75 mL wanted, 60 mL here; 40 mL in Room 2.")).to_be_visible()
        expect(home.get_by_label("Encounter")).to_have_value("E-7741")
        expect(amount).to_have_value("75")
        assert not Procedure.objects.exists()
        assert on_hand(needle()) == 64

    def test_the_whole_job_fits_a_phone(self, home: Page) -> None:
        home.set_viewport_size(PHONE)
        go_to(home, "Home")

        follow(home.get_by_role("link", name=re.compile("Trigger point")).first)
        home.get_by_role("button", name="+ Kenalog-40 1 mL").click()
        press = home.get_by_role("button", name="Log procedure")
        expect(press).to_be_in_viewport()
        assert home.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        press.click()

        expect(home.get_by_role("main").get_by_role("status")).to_be_in_viewport()
        expect(home.get_by_role("link", name="Undo")).to_be_in_viewport()
        assert on_hand(kenalog()) == 2


class TestDanaTheManager:
    @pytest.fixture
    def home(self, browser_page: Page, clinic: str) -> Page:
        return sign_in(browser_page, clinic, "dana")

    @pytest.fixture
    def report(self, home: Page) -> Page:
        """The reorder report, the dearest line first."""
        go_to(home, "Reorder")
        for _ in range(2):
            home.get_by_role("columnheader", name="Cost").get_by_role("link").click()
            expect(home.get_by_role("columnheader", name="Cost")).to_have_attribute(
                "aria-sort", re.compile(".")
            )
        expect(home).to_have_url(re.compile("sort=-cost"))
        return home

    def test_home_shows_what_is_low_and_what_expires(self, home: Page) -> None:
        decide = home.get_by_label("Decide today")
        figures = home.get_by_label("The clinic in figures")

        expect(decide).to_contain_text("Needle 25G 1½ in")
        expect(decide).to_contain_text("64 usable, reorder point 120.")
        expect(figures).to_contain_text("To order 4 items")
        expect(figures).to_contain_text("Expires within 60 days $9 1 lot")

    def test_the_workbook_has_the_rows_order_and_totals_of_the_page(
        self, report: Page, tmp_path: Path
    ) -> None:
        path = download(report, tmp_path)

        values = computed(load_workbook(path))

        assert ordered(values) == shown(report)
        assert totals(values) == shown_totals(report)

    def test_libreoffice_comes_to_the_totals_of_the_page(
        self, report: Page, tmp_path: Path
    ) -> None:
        values = computed_by_libreoffice(download(report, tmp_path))

        assert ordered(values) == shown(report)
        assert totals(values) == shown_totals(report)

    def test_what_can_be_counted_is_a_number_in_the_workbook(
        self, report: Page, tmp_path: Path
    ) -> None:
        workbook = load_workbook(download(report, tmp_path))

        line = dict(zip(TITLES, workbook["Northgate Medical Supply"][2], strict=True))

        typed = {title: line[title].data_type for title in ("Item", "Packs", "Pack price", "Cost")}
        assert typed == {"Item": "s", "Packs": "n", "Pack price": "n", "Cost": "f"}
        assert workbook["Summary"]["B2"].is_date


def download(page: Page, directory: Path) -> Path:
    """Press Export, and return the file that came."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="Export .xlsx").click()
    today = timezone.localdate()
    assert coming.value.suggested_filename == f"reorder-{today}.xlsx"
    path = directory / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def shown(page: Page) -> dict[str, list[Row]]:
    """Return the item, the quantity and the cost of each line, by supplier, as the page has it."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in page.locator("#table tbody tr").all():
        cost = cell(row, "Cost")
        line = (
            row.locator('td[data-label="Item"] a').inner_text(),
            number(cell(row, "Order").splitlines()[-1]),
            None if cost == "not priced" else number(cost),
        )
        rows[cell(row, "Supplier").splitlines()[0]].append(line)
    return dict(rows)


def ordered(values: Values) -> dict[str, list[Row]]:
    """Return the same of a workbook whose formulas are computed."""
    return {
        supplier: [
            (line["Item"], Decimal(line["Quantity"]), money(line["Cost"]))
            for line in (dict(zip(TITLES, row, strict=True)) for row in sheet[1:-1])
        ]
        for supplier, sheet in values.items()
        if supplier != "Summary"
    }


def shown_totals(page: Page) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Return the packs and the cost on each card, and check that the table's foot says so too."""
    cards = {}
    for card in page.locator("#reorder-totals .card").all():
        name, cost, note = filter(None, card.inner_text().splitlines())
        packs = number(note.split(",", 1)[1])
        cards[name] = (packs, None if cost == "not priced" else number(cost))
    cards["Total"] = cards.pop("In all")
    assert number(page.locator("#table tfoot").inner_text()) == cards["Total"][1]
    return cards


def totals(values: Values) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Return the same of the workbook's summary."""
    summary = values["Summary"]
    start = next(n for n, row in enumerate(summary) if row[0] == "Supplier") + 1
    end = next(n for n, row in enumerate(summary) if row[0] == "Total") + 1
    return {name: (Decimal(packs), money(cost)) for name, _, packs, cost in summary[start:end]}


def money(value: Any) -> Decimal | None:
    return None if value is None else round(Decimal(value), 2)


class TestPriyaThePurchaser:
    @pytest.fixture
    def home(self, browser_page: Page, clinic: str) -> Page:
        return sign_in(browser_page, clinic, "priya")

    def test_she_is_offered_what_she_may_do_and_no_more(self, home: Page) -> None:
        sections = home.get_by_role("navigation", name="Main").get_by_role("link")

        expect(sections).to_have_text(
            ["Home", "Today", "Stock", re.compile("Flags"), "Reorder", "Reports"],
            use_inner_text=True,
        )
        expect(home.get_by_role("link", name=re.compile("Trigger point"))).to_have_count(0)
        go_to(home, "Stock")
        expect(home.locator(".page-actions a")).to_have_text(["Receive", "Return"])

    def test_every_link_on_her_pages_opens_for_her(self, home: Page, clinic: str) -> None:
        for section in ("Home", "Today", "Stock", "Flags", "Reorder", "Reports"):
            go_to(home, section)
            hrefs = home.locator("main a[href]").evaluate_all(FULL_ADDRESSES)
            refused = [
                href
                for href in dict.fromkeys(hrefs)
                if href.startswith(clinic) and home.request.get(href).status != 200
            ]
            assert refused == [], section

    def test_she_takes_the_order_sheet_herself(self, home: Page, tmp_path: Path) -> None:
        go_to(home, "Reorder")

        path = download(home, tmp_path)

        assert load_workbook(path).sheetnames[0] == "Summary"
