"""Numbers are exact or refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from inventory.api.numbers import Amount, Price, Quantity, QuantityOrNone, UnitCost

quantity = TypeAdapter[Decimal](Quantity)


@pytest.mark.parametrize("came", ["12.5", "012.500", Decimal("12.5"), Decimal("12.5000000")])
def test_a_string_and_an_exact_number_mean_the_same(came: Any) -> None:
    assert quantity.validate_python(came) == Decimal("12.5")


@pytest.mark.parametrize(
    "came",
    [
        "",
        " 1",
        "1_000",
        "1e3",
        "0x10",
        "١٢",
        "NaN",
        "Infinity",
        "-1",
        "0",
        "0.000",
        "0.0001",
        "1,5",
        "1" * 31,
        "1000000000",
        True,
        None,
        [],
        {},
        0,
        -3,
        10**400,
        Decimal("1E+400"),
        Decimal("1E-400"),
        Decimal("NaN"),
        Decimal("Infinity"),
        1.5,
    ],
)
def test_what_is_no_exact_amount_is_refused(came: Any) -> None:
    with pytest.raises(ValidationError):
        quantity.validate_python(came)


def test_a_count_may_find_nothing() -> None:
    assert TypeAdapter(QuantityOrNone).validate_python("0") == 0


@pytest.mark.parametrize(("kind", "places"), [(Quantity, 3), (Price, 2), (UnitCost, 4)])
def test_each_kind_has_its_scale(kind: Any, places: int) -> None:
    adapter = TypeAdapter[Decimal](kind)

    assert adapter.validate_python(f"1.{'1' * places}0") == Decimal(f"1.{'1' * places}")
    with pytest.raises(ValidationError, match=f"at most {places} decimals"):
        adapter.validate_python(f"1.{'1' * (places + 1)}")


@given(st.decimals(min_value="0.001", max_value="999999999.999", places=3))
def test_an_amount_survives_the_way_out_and_back(amount: Decimal) -> None:
    written = TypeAdapter[Decimal](Amount).dump_python(amount)

    assert "E" not in written
    assert quantity.validate_python(written) == amount
