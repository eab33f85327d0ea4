"""The main pages, as a nurse and a manager see them: axe finds nothing serious, nor the browser."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.clinic import dana, mara, signed_in
from tests.walk import address, one_of_everything

pytestmark = pytest.mark.django_db(transaction=True)

READ_BY_A_NURSE = (
    *("home", "procedure_list", "procedure_detail", "procedure_void", "stock_list", "lot_detail"),
    *("receipt_add", "transfer_add", "waste_add", "count_add", "flag_list", "account"),
    *("restock_add", "return_add", "location_detail", "item_labels", "lot_labels"),
    *("count_sheet_list", "count_sheet_plan", "count_sheet_add", "count_sheet_detail"),
    *("count_sheet_review", "count_sheet_find", "count_sheet_print"),
    *("lot_history", "holding_history"),
)
READ_BY_A_MANAGER = (
    *("home", "reorder_report", "item_list", "item_detail", "item_edit", "movement_list"),
    *("movement_detail", "procedure_type_detail", "supplier_detail", "people_list", "person_add"),
    *("billing_report", "billing_code_add"),
    *("location_history", "person_history"),
    *("order_list", "order_detail", "order_edit", "order_send", "order_receive", "spend_report"),
    *("order_add", "order_answer", "order_close", "supplier_orders"),
    *("waste_advice", "item_outlook", "report_index", "report_detail"),
)


def wrong_with(page: Page) -> list[str]:
    """Return what axe finds serious or critical, with the first place of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html']}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(
    ("who", "names"), [(mara, READ_BY_A_NURSE), (dana, READ_BY_A_MANAGER)], ids=["nurse", "manager"]
)
def test_everybody_can_use_the_pages_of_their_work(
    browser_page: Page, live_server: LiveServer, who: Any, names: tuple[str, ...]
) -> None:
    one_of_everything()
    session = signed_in(who()).cookies["sessionid"].value
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    complaints: list[str] = []
    browser_page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )

    for name in names:
        browser_page.goto(live_server.url + address(name))
        # What loads by itself is on the page too.
        expect(browser_page.locator(".htmx-request")).to_have_count(0)
        complaints += [f"{name}: {wrong}" for wrong in wrong_with(browser_page)]

    assert complaints == []
