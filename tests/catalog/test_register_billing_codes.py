"""Codes that count on some days: what the register refuses, and the database after it."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from inventory.catalog.models import BillingCode, Item
from inventory.catalog.register import (
    BillingCodeFacts,
    NotAccepted,
    Taken,
    add_billing_code,
    change_billing_code,
    remove_billing_code,
)
from tests.catalog.facts import what_was_wrong
from tests.clinic import kenalog, lidocaine

pytestmark = pytest.mark.django_db

MARCH_31, APRIL_1 = date(2024, 3, 31), date(2024, 4, 1)


def former(**changes: Any) -> BillingCodeFacts:
    """What methylprednisolone was billed by until the end of March 2024."""
    said: dict[str, Any] = {
        "hcpcs": "J1030",
        "billing_unit": "40 mg",
        "effective_to": MARCH_31,
    }
    return BillingCodeFacts(**said | changes)


def test_a_code_is_added_with_its_last_day() -> None:
    code = add_billing_code(kenalog(), former(hcpcs="j1030"))

    assert (code.hcpcs, code.effective_from, code.effective_to) == ("J1030", None, MARCH_31)
    assert str(code) == "J1030 until Mar 31, 2024"


def test_days_on_which_nothing_is_billed_have_no_code() -> None:
    code = add_billing_code(kenalog(), BillingCodeFacts(effective_from=APRIL_1))

    assert str(code) == "not billed from Apr 1, 2024"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"hcpcs": "33"}, "hcpcs", "Expected a letter and four digits, as in J3301, but got “33”"),
        ({"hcpcs": ""}, "hcpcs", "Expected the code of this billing unit"),
        ({"billing_unit": ""}, "billing_unit", "Expected what one billing unit is"),
        ({"billing_unit": "a vial"}, "billing_unit", "as in 10 mg, but got “a vial”"),
        ({"effective_to": None}, "effective_from", "Expected a first day, a last day or both."),
        (
            {"effective_from": APRIL_1},
            "effective_to",
            "Expected a day from 2024-04-01 on, but got 2024-03-31",
        ),
    ],
)
def test_it_refuses_a_code_that_cannot_be(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(NotAccepted) as refusal:
        add_billing_code(kenalog(), former(**changes))

    assert sentence in what_was_wrong(refusal.value)[field]
    assert not BillingCode.objects.exists()


@pytest.mark.parametrize(
    "period",
    [
        {"effective_from": MARCH_31, "effective_to": None},
        {"effective_from": None, "effective_to": date(2020, 1, 1)},
        {"effective_from": date(2024, 3, 1), "effective_to": date(2025, 1, 1)},
    ],
)
def test_two_codes_of_an_item_have_no_day_in_common(period: dict[str, Any]) -> None:
    add_billing_code(kenalog(), former())

    with pytest.raises(Taken, match="for some of these days already: J1030 until Mar 31, 2024"):
        add_billing_code(kenalog(), former(**period))


def test_one_may_begin_on_the_day_after_another_ends() -> None:
    add_billing_code(kenalog(), former())

    add_billing_code(kenalog(), former(effective_from=APRIL_1, effective_to=None))

    assert kenalog().billing_codes.count() == 2


def test_another_item_has_days_of_its_own() -> None:
    add_billing_code(kenalog(), former())

    assert add_billing_code(lidocaine(), former()).pk


def test_a_code_is_changed_and_does_not_stand_in_its_own_way() -> None:
    code = add_billing_code(kenalog(), former())

    change_billing_code(code, former(billing_unit="20 mg"))

    assert BillingCode.objects.get().billing_unit == "20 mg"


def test_a_changed_code_keeps_apart_from_the_others() -> None:
    add_billing_code(kenalog(), former())
    code = add_billing_code(kenalog(), former(effective_from=APRIL_1, effective_to=None))

    with pytest.raises(Taken, match="J1030 until Mar 31, 2024"):
        change_billing_code(code, former(effective_from=MARCH_31, effective_to=None))


def test_a_code_is_removed() -> None:
    remove_billing_code(add_billing_code(kenalog(), former()))

    assert not BillingCode.objects.exists()


class TestTheDatabaseItselfRefuses:
    def keep(self, item: Item, **facts: Any) -> BillingCode:
        said = {"hcpcs": "J1030", "billing_unit": "40 mg", **facts}
        with transaction.atomic():
            return BillingCode.objects.create(item=item, **said)

    @pytest.mark.parametrize(
        "facts",
        [
            {},
            {"effective_from": APRIL_1, "effective_to": MARCH_31},
            {"effective_from": APRIL_1, "hcpcs": ""},
            {"effective_from": APRIL_1, "billing_unit": ""},
        ],
        ids=["no day", "the end first", "a unit alone", "a code alone"],
    )
    def test_a_code_that_cannot_be(self, facts: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError):
            self.keep(kenalog(), **facts)

    @pytest.mark.parametrize(
        "period",
        [
            {"effective_from": date(2024, 3, 15)},
            {"effective_to": date(2024, 3, 1)},
            {"effective_from": date(2024, 3, 10), "effective_to": date(2024, 3, 12)},
            {"effective_from": date(2024, 1, 1), "effective_to": date(2025, 1, 1)},
        ],
    )
    def test_a_day_that_another_covers(self, period: dict[str, Any]) -> None:
        self.keep(kenalog(), effective_from=date(2024, 3, 1), effective_to=date(2024, 3, 15))

        with pytest.raises(IntegrityError, match="have a day in common"):
            self.keep(kenalog(), **period)

    def test_a_change_onto_the_days_of_another(self) -> None:
        self.keep(kenalog(), effective_to=MARCH_31)
        later = self.keep(kenalog(), effective_from=APRIL_1)

        later.effective_from = MARCH_31
        with pytest.raises(IntegrityError, match="have a day in common"), transaction.atomic():
            later.save()

    def test_two_at_once(self) -> None:
        codes = [
            BillingCode(item=kenalog(), hcpcs="J1030", billing_unit="40 mg", effective_to=MARCH_31)
            for _ in range(2)
        ]

        with pytest.raises(IntegrityError, match="have a day in common"), transaction.atomic():
            BillingCode.objects.bulk_create(codes)

    def test_but_not_a_change_of_something_else(self) -> None:
        code = self.keep(kenalog(), effective_to=MARCH_31)

        code.billing_unit = "20 mg"
        code.save()

        assert BillingCode.objects.get().billing_unit == "20 mg"
