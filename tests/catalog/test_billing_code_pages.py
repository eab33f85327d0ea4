"""Dana keeps the billing codes by date on an item's page."""

from typing import Any

import pytest
from django.urls import reverse

from inventory.catalog.models import BillingCode, Item
from inventory.catalog.register import BillingCodeFacts, add_billing_code
from inventory.web.forms import LATEST_DAY
from tests.clinic import dana, kenalog, mara, needle, signed_in

pytestmark = pytest.mark.django_db

FORMER = {"hcpcs": "J1030", "billing_unit": "40 mg", "effective_to": "2024-03-31"}
KENALOG = {
    "name": "Kenalog-40 1 mL single-dose vial",
    "kind": "corticosteroid",
    "unit": "mL",
    "container": "single_dose_vial",
    "container_volume": "1",
    "strength": "40",
    "hcpcs": "J3301",
    "billing_unit": "10 mg",
    "storage": "room",
    "lot_tracked": "on",
    "is_active": "on",
}


def send(view: str, /, *args: object, **said: Any) -> str:
    """Send a form as Dana, who manages; return the page that comes back."""
    answer = signed_in(dana()).post(reverse(view, args=args), said, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def page(item: Item, who: Any = mara) -> str:
    return " ".join(signed_in(who()).get(reverse("item_detail", args=[item.sku])).text.split())


def kept(**facts: Any) -> BillingCode:
    return add_billing_code(kenalog(), BillingCodeFacts(**facts or {"effective_to": LATEST_DAY}))


def test_a_manager_adds_the_code_of_the_past_and_takes_it_away() -> None:
    added = send("billing_code_add", kenalog().sku, **FORMER)
    removed = send("billing_code_remove", BillingCode.objects.get().pk)

    assert "Kenalog-40 1 mL single-dose vial: J1030 until Mar 31, 2024." in added
    assert "its own code counts again on the days of “J1030 until Mar 31, 2024”" in removed
    assert not BillingCode.objects.exists()


def test_a_manager_changes_one_and_its_form_begins_as_it_is() -> None:
    send("billing_code_add", kenalog().sku, **FORMER)
    code = BillingCode.objects.get()
    address = reverse("billing_code_edit", args=[code.pk])
    form = signed_in(dana()).get(address).context["form"]

    began = {name: form[name].value() or "" for name in form.fields}
    send("billing_code_edit", code.pk, **began | {"billing_unit": "20 mg"})

    changed = BillingCode.objects.get()
    assert {**vars(changed), "billing_unit": "40 mg", "_state": 0} == {**vars(code), "_state": 0}
    assert changed.billing_unit == "20 mg"


def test_days_that_another_code_covers_are_named_at_their_field() -> None:
    send("billing_code_add", kenalog().sku, **FORMER)

    answer = send("billing_code_add", kenalog().sku, **FORMER | {"effective_from": "2024-03-31"})

    assert "has a code for some of these days already: J1030 until Mar 31, 2024." in answer
    assert BillingCode.objects.count() == 1


def test_a_nurse_reads_what_counts_when() -> None:
    kept(hcpcs="J1030", billing_unit="40 mg", effective_to=LATEST_DAY.replace(year=2024))

    text = page(kenalog())

    assert '<strong>J1030</strong> <span class="note">in units of 40 mg</span>' in text
    assert "until Dec 31, 2024" in text
    assert "On all other days: J3301, in units of 10 mg." in text
    assert "Add a code by date" not in text
    assert "Add a code by date" in page(kenalog(), dana)


def test_a_needle_has_nothing_to_bill() -> None:
    assert "Billing codes by date" not in page(needle())


def test_the_form_of_an_item_says_how_to_enter_a_change_from_a_date() -> None:
    form = signed_in(dana()).get(reverse("item_edit", args=[kenalog().sku])).text

    assert "It counts for past days too" in form
    assert "under “Billing codes by date”" in form


@pytest.mark.parametrize(
    ("changes", "warned"),
    [({"hcpcs": "J9999"}, True), ({"billing_unit": "1 mg"}, True), ({"name": "Kenalog"}, False)],
)
def test_who_changes_an_item_s_own_code_is_told_that_past_days_change(
    changes: dict[str, str], warned: bool
) -> None:
    answer = send("item_edit", kenalog().sku, **KENALOG | changes)

    assert ("What it is billed by changed for past days too." in answer) is warned


def test_who_gives_an_item_its_first_code_is_not_asked_for_a_former_one() -> None:
    kenalog(hcpcs="", billing_unit="")

    assert "changed for past days too" not in send("item_edit", kenalog().sku, **KENALOG)


def test_a_nurse_changes_none_of_it() -> None:
    code, client = kept(), signed_in(mara())

    answers = [
        client.post(reverse("billing_code_add", args=[kenalog().sku]), FORMER),
        client.post(reverse("billing_code_edit", args=[code.pk]), FORMER),
        client.post(reverse("billing_code_remove", args=[code.pk])),
    ]

    assert {answer.status_code for answer in answers} == {403}
