"""Discarded-drug units: the published cases, and what must hold of all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.procedures.billing import billing_units, parse_billing_unit


def units(dose: str, label: str, billing_unit: str, strength: str | None = None) -> tuple[int, int]:
    result = billing_units(
        hcpcs="J0000",
        billing_unit=billing_unit,
        item_unit="mL" if strength else "unit",
        strength=Decimal(strength) if strength else None,
        administered=Decimal(dose),
        discarded=Decimal(label) - Decimal(dose),
    )
    assert result is not None
    return result.administered, result.discarded


@pytest.mark.parametrize(
    ("dose", "label", "billing_unit", "administered", "discarded"),
    [
        # The Rheumatologist, Key facts on billing drug wastage, and MedLearn: doses in mg of a
        # vial of 1 mg per mL.
        ("70", "100", "10 mg", 7, 3),
        ("77", "100", "10 mg", 8, 2),
        ("7", "10", "10 mg", 1, 0),
        ("75", "100", "100 mg", 1, 0),
    ],
)
def test_the_published_cases_in_milligrams(
    dose: str, label: str, billing_unit: str, administered: int, discarded: int
) -> None:
    assert units(dose, label, billing_unit, strength="1") == (administered, discarded)


def test_155_of_200_units_of_toxin() -> None:
    assert units("155", "200", "1 unit") == (155, 45)


def test_25_mg_from_a_40_mg_vial_of_kenalog() -> None:
    assert units("0.625", "1", "10 mg", strength="40") == (3, 1)


def test_nothing_discarded_is_jz_and_so_is_a_residue_under_one_unit() -> None:
    whole = billing_units(
        hcpcs="J3301",
        billing_unit="10 mg",
        item_unit="mL",
        strength=Decimal(40),
        administered=Decimal("0.8"),
        discarded=Decimal("0.2"),
    )
    assert whole is not None
    assert (whole.administered, whole.discarded, whole.modifier) == (4, 0, "JZ")


@pytest.mark.parametrize("text", ["", "10", "mg", "0 mg", "10 mcg", "ten mg", "1e3 mg"])
def test_a_billing_unit_that_says_nothing_is_none(text: str) -> None:
    assert parse_billing_unit(text) is None


def test_milliliters_are_billed_as_they_are() -> None:
    result = billing_units(
        hcpcs="J0670",
        billing_unit="10 mL",
        item_unit="mL",
        strength=None,
        administered=Decimal(12),
        discarded=Decimal(18),
    )
    assert result is not None
    assert (result.administered, result.discarded) == (2, 1)


@given(
    dose=st.decimals("0.001", "50", places=3),
    rest=st.decimals("0", "50", places=3),
    strength=st.sampled_from(["1", "2.5", "6", "40"]),
    billing_unit=st.sampled_from(["1 mg", "10 mg", "0.5 mg", "6 mg"]),
)
def test_no_unit_is_billed_that_was_not_in_the_container(
    dose: Decimal, rest: Decimal, strength: str, billing_unit: str
) -> None:
    administered, discarded = units(str(dose), str(dose + rest), billing_unit, strength)
    amount = Decimal(billing_unit.split(maxsplit=1)[0])
    in_the_container = (dose + rest) * Decimal(strength) / amount
    assert administered + discarded <= max(int(in_the_container), administered)
    assert discarded >= 0
