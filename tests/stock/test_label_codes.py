"""The codes of our own labels: each means what it was made of, and a slip means nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.stock.label_codes import (
    OwnCode,
    item_code,
    item_sku,
    lot_code,
    lot_number,
    read_own_code,
)
from inventory.stock.vial_codes import vial_code

SKU_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_."
skus = st.from_regex(r"\A[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z").filter(lambda sku: len(sku) <= 64)
numbers = st.integers(min_value=1, max_value=10**18)
codes = st.one_of(skus.map(item_code), numbers.map(lot_code), numbers.map(vial_code))


def printed(code: OwnCode) -> str:
    if code.kind == "item":
        return item_code(code.key)
    return (lot_code if code.kind == "lot" else vial_code)(int(code.key))


@given(skus)
@example("lido-1-20")
@example("a-12")
@example("97")
@example("x" * 64)
@example("_".join("0" * 32))
def test_the_code_of_an_item_means_its_sku(sku: str) -> None:
    code = item_code(sku)
    assert (item_sku(code), item_sku(f" {code.lower()}\r\n")) == (sku, sku)
    assert read_own_code(code) == OwnCode("item", sku)


@given(numbers)
@example(1)
@example(97)
def test_the_code_of_a_lot_means_the_lot(number: int) -> None:
    code = lot_code(number)
    assert (lot_number(code), lot_number(f" {code.lower()}\r\n")) == (number, number)
    assert read_own_code(code) == OwnCode("lot", str(number))


def test_the_label_of_a_vial_is_one_of_ours() -> None:
    assert read_own_code(vial_code(1042)) == OwnCode("vial", "1042")


@given(codes, st.data())
def test_one_wrong_character_is_never_another_label(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(min_value=0, max_value=len(code) - 1))
    others = [c for c in SKU_CHARACTERS.upper() if c != code[at]]
    wrong = data.draw(st.sampled_from(others))
    assert read_own_code(code[:at] + wrong + code[at + 1 :]) is None


@given(skus, st.data())
def test_two_swapped_characters_of_a_sku_are_never_another_item(
    sku: str, data: st.DataObject
) -> None:
    code = item_code(sku)
    at = data.draw(st.integers(min_value=5, max_value=4 + len(sku) - 1)) if sku[1:] else 5
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or item_sku(swapped) is None


@given(st.text(max_size=40) | st.text("ITEMLOVA-_.0123456789", max_size=40))
@example("ITEM-LIDO-1-20")
@example("ITEM--20")
@example("LOT-0-98")
@example("LOT-٣-01")
@example("ıtem-a-00")
@example("LOT-1-")
@example("ITEM-" + "X" * 65 + "-00")
def test_any_other_text_is_no_label_of_ours(text: str) -> None:
    read = read_own_code(text)
    assert read is None or printed(read) == text.strip().upper()


@pytest.mark.parametrize(
    "text",
    [item_code("x" * 65), f"LOT-{10**19}-{98 - 10**19 * 100 % 97:02}", "A1", "00323155940411"],
)
def test_what_we_cannot_have_printed_is_no_label_of_ours(text: str) -> None:
    assert read_own_code(text) is None
