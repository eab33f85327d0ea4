"""Discarded-drug units: the published cases, and what must hold of all."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.procedures.billing import (
    BillingUnits,
    CannotBill,
    Rate,
    parse_billing_unit,
    rate_of,
    shared_out,
)


def rate(billing_unit: str, strength: str | None = None, item_unit: str = "") -> Rate:
    return rate_of(
        hcpcs="J3301",
        billing_unit=billing_unit,
        item_unit=item_unit or ("mL" if strength else "unit"),
        strength=Decimal(strength) if strength else None,
    )


def units(dose: str, label: str, billing_unit: str, strength: str | None = None) -> BillingUnits:
    """A dose out of containers that held so much together, in the item's unit."""
    given_, held = Decimal(dose), Decimal(label)
    return rate(billing_unit, strength).units(given_, held - given_)


# The Rheumatologist, Key facts on billing drug wastage, and MedLearn: doses in mg of vials of
# 1 mg per mL. Botox: JW Modifier Waste Economics. Kenalog: 25 mg are 0.625 mL of 40 mg per mL.
@pytest.mark.parametrize(
    ("dose", "label", "billing_unit", "strength", "administered", "discarded", "modifier"),
    [
        pytest.param("70", "100", "10 mg", "1", 7, 3, "JW", id="70 of 100 mg"),
        pytest.param("77", "100", "10 mg", "1", 8, 2, "JW", id="77 of 100 mg, both rounded"),
        pytest.param("7", "10", "10 mg", "1", 1, 0, "JZ", id="7 of 10 mg fit in one unit"),
        pytest.param("75", "100", "100 mg", "1", 1, 0, "JZ", id="75 of 100 mg fit in one unit"),
        pytest.param("155", "200", "1 unit", None, 155, 45, "JW", id="155 of 200 units of Botox"),
        pytest.param("0.625", "1", "10 mg", "40", 3, 1, "JW", id="25 of 40 mg of Kenalog"),
        pytest.param("1", "1", "10 mg", "40", 4, 0, "JZ", id="a whole vial"),
        pytest.param("0.8", "1", "10 mg", "40", 4, 0, "JZ", id="a residue under one unit"),
        pytest.param("2.5", "3", "10 mg", "40", 10, 2, "JW", id="three vials in one line"),
        pytest.param("12", "30", "10 mL", None, 2, 1, "JW", id="billed by the mL"),
    ],
)
def test_the_published_cases(
    dose: str,
    label: str,
    billing_unit: str,
    strength: str | None,
    administered: int,
    discarded: int,
    modifier: str,
) -> None:
    by_volume = "mL" if billing_unit.endswith("mL") else ""
    held = Decimal(label)
    result = rate(billing_unit, strength, by_volume).units(Decimal(dose), held - Decimal(dose))

    assert (result.administered, result.discarded) == (administered, discarded)
    assert result.modifier == modifier


@pytest.mark.parametrize("text", ["", "10", "mg", "0 mg", "10 mcg", "ten mg", "1e3 mg"])
def test_a_billing_unit_that_says_nothing_is_none(text: str) -> None:
    assert parse_billing_unit(text) is None


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"hcpcs": ""}, "It has no HCPCS code."),
        ({"billing_unit": " "}, "has to be an amount, as in 10 mg; it is not set."),
        ({"billing_unit": "a vial"}, "has to be an amount, as in 10 mg; “a vial” says nothing."),
        ({"strength": None}, "by the mg, but its strength in mg per mL is not set."),
        ({"billing_unit": "10 mL", "item_unit": "unit"}, "billed by the mL, but dosed in units."),
        ({"billing_unit": "1 unit"}, "billed by the unit, but dosed in mL."),
        ({"item_unit": "each"}, "billed by the mg, but dosed in pieces."),
    ],
)
def test_what_cannot_be_worked_out_is_said(facts: dict[str, str | None], sentence: str) -> None:
    kenalog = {
        "hcpcs": "J3301",
        "billing_unit": "10 mg",
        "item_unit": "mL",
        "strength": Decimal(40),
    }

    with pytest.raises(CannotBill) as refusal:
        rate_of(**kenalog | facts)  # type: ignore[arg-type]

    assert sentence in str(refusal.value)


def shares(*lines: tuple[str, str]) -> list[tuple[int, int]]:
    """Units of lines of Kenalog, in mL: (administered, discarded) each."""
    told = [(Decimal(given_), Decimal(thrown)) for given_, thrown in lines]
    return [
        (share.administered, share.discarded) for share in shared_out(rate("10 mg", "40"), told)
    ]


def test_a_line_of_its_own_has_the_units_of_its_dose() -> None:
    assert shares(("0.625", "0.375")) == [(3, 1)]


def test_two_lines_from_one_vial_are_not_billed_for_more_than_it_held() -> None:
    # 25 mg and 12 mg of one vial of 40 mg: 3 + 2 units would be five of four.
    assert shares(("0.625", "0.075"), ("0.3", "0")) == [(3, 0), (1, 0)]


def test_what_was_discarded_counts_at_the_line_that_opened_the_vial() -> None:
    assert shares(("0.25", "0.5"), ("0.25", "0")) == [(1, 2), (1, 0)]


def test_no_line_gives_a_unit_back() -> None:
    # The second dose rounds up into what the first had left.
    assert shares(("0.5", "0.25"), ("0.125", "0")) == [(2, 0), (1, 0)]


amounts = st.decimals("0.001", "50", places=3)
residues = st.decimals("0", "50", places=3)
rates = st.builds(
    rate,
    st.sampled_from(["1 mg", "10 mg", "0.5 mg", "6 mg"]),
    st.sampled_from(["1", "2.5", "6", "40"]),
)


@given(rates, amounts, residues)
def test_no_unit_is_billed_that_was_not_in_the_container(
    how: Rate, dose: Decimal, rest: Decimal
) -> None:
    result = how.units(dose, rest)

    labelled = how.rounded(dose + rest, ROUND_FLOOR)
    # A container that holds less than a unit is billed as the one that its dose rounds up to.
    assert result.administered + result.discarded <= max(labelled, result.administered)
    assert result.administered == how.rounded(dose, ROUND_CEILING)
    assert 0 <= result.discarded <= how.rounded(rest, ROUND_FLOOR)


@given(rates, st.lists(st.tuples(amounts, residues), min_size=1, max_size=4))
def test_the_lines_of_a_dose_add_up_to_its_units(
    how: Rate, lines: list[tuple[Decimal, Decimal]]
) -> None:
    whole = how.units(
        sum((dose for dose, _ in lines), Decimal(0)), sum((rest for _, rest in lines), Decimal(0))
    )

    parts = shared_out(how, lines)

    assert sum(part.administered for part in parts) == whole.administered
    assert sum(part.discarded for part in parts) == whole.discarded
    assert all(part.administered >= 0 and part.discarded >= 0 for part in parts)
