"""Fields answer bad input with a sentence: what was expected, what came."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms

from inventory.web.forms import (
    CleanCharField,
    DayField,
    MoneyField,
    MonthField,
    PercentField,
    QuantityField,
    UnitCostField,
)


class ShelfForm(forms.Form):
    """A field of each kind."""

    name = CleanCharField(max_length=20)
    quantity = QuantityField(help_text="In the item's unit")
    price = MoneyField(required=False)
    unit_cost = UnitCostField(required=False)
    expires_on = DayField(required=False, label="Expires on")
    checked = forms.BooleanField(required=False)


def filled(**changes: Any) -> ShelfForm:
    return ShelfForm({"name": "Lidocaine", "quantity": "2.5", **changes})


def test_a_form_hands_over_exact_values() -> None:
    form = filled(price="12.50", unit_cost="0.0825", expires_on="2027-04-30")

    assert form.is_valid()
    assert form.cleaned_data == {
        "name": "Lidocaine",
        "quantity": Decimal("2.5"),
        "price": Decimal("12.50"),
        "unit_cost": Decimal("0.0825"),
        "expires_on": date(2027, 4, 30),
        "checked": False,
    }


@pytest.mark.parametrize(
    ("field", "sent", "sentence"),
    [
        ("name", "Lido\0caine", "a character that cannot be shown"),
        ("name", "Lido\ud800caine", "a character that cannot be shown"),
        ("name", "\x1b[31m", "a character that cannot be shown"),
        ("name", "x" * 21, "at most 20 characters"),
        ("quantity", "two", "Expected an amount like 2 or 0.5, but got “two”."),
        ("quantity", "1\0", "Expected an amount like 2 or 0.5, but got “1”."),
        ("quantity", "NaN", "Expected an amount like 2 or 0.5, but got “NaN”."),
        ("quantity", "Infinity", "Expected an amount like 2 or 0.5"),
        ("quantity", "9" * 5000, "less than or equal to 999999999"),
        ("quantity", "1e999999999", "digits"),
        ("quantity", "-1", "greater than or equal to 0"),
        ("quantity", "0.0005", "no more than 3 decimal places"),
        ("price", "1.005", "no more than 2 decimal places"),
        ("price", "5$", "Expected an amount of money like 12.50, but got “5$”."),
        ("price", "1,5", "Expected an amount of money like 12.50, but got “1,5”."),
        ("price", "1,00,000", "Expected an amount of money like 12.50, but got “1,00,000”."),
        ("unit_cost", "0.00825", "no more than 4 decimal places"),
        ("expires_on", "soon", "Expected a day like 2027-04-30, but got “soon”."),
        ("expires_on", "2027-02-30", "Expected a day like 2027-04-30, but got “2027-02-30”."),
        ("expires_on", "0001-01-01", "Expected a day from 2000-01-01 to 2100-12-31"),
        ("expires_on", "9999-12-31", "Expected a day from 2000-01-01 to 2100-12-31"),
        ("expires_on", "99999999999-01-01", "Expected a day like 2027-04-30"),
    ],
)
def test_it_refuses_bad_input_in_a_sentence(field: str, sent: str, sentence: str) -> None:
    form = filled(**{field: sent})

    assert not form.is_valid()
    assert sentence in form.errors[field].as_text()


def test_a_text_keeps_its_letters_signs_and_lines() -> None:
    form = filled(name="Ñandú ½ µg\tx\ny")

    assert form.is_valid()
    assert form.cleaned_data["name"] == "Ñandú ½ µg\tx\ny"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("$5", "5"), ("$ 1,250.50", "1250.50"), ("1,000", "1000"), (" 12.5 ", "12.5"), ("0", "0")],
)
def test_money_may_be_written_as_people_write_it(typed: str, amount: str) -> None:
    assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["95", "95%", " 95 % "])
def test_a_percentage_may_have_its_sign(typed: str) -> None:
    assert PercentField().clean(typed) == 95


def test_the_sentence_stands_beside_its_field_and_is_announced_with_it() -> None:
    page = str(filled(quantity="two"))

    assert '<p class="field-error" id="id_quantity_error">' in page
    assert 'aria-describedby="id_quantity_helptext id_quantity_error"' in page
    assert 'aria-invalid="true"' in page


def test_what_may_stay_empty_says_so() -> None:
    page = str(ShelfForm())

    assert page.count('<span class="optional">optional</span>') == 3
    assert 'type="date"' in page


def test_a_month_is_handed_over_as_its_first_day() -> None:
    assert MonthField().clean("2026-11") == date(2026, 11, 1)
