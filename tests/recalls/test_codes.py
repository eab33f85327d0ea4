"""Which items a code of a notice means, at whatever packaging level and however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.codes import gs1_check_digit, hibc_check_character
from inventory.recalls.codes import Kinship, kinship, read_code

SAME, OTHER_LEVEL, SAME_MAKER = Kinship.SAME, Kinship.OTHER_LEVEL, Kinship.SAME_MAKER


def kin(asked: str, kind: str, value: str) -> Kinship | None:
    return kinship(read_code(asked), kind, value)


@pytest.mark.parametrize(
    "asked",
    [
        "0409-4276-01",
        "00409-4276-01",
        "00409427601",
        "0409427601",
        "000409-4276-01",
        " 0409-4276-01 ",
        "00304094276014",
        "304094276014",
        "(01)00304094276014(17)270430(10)A1",
        "]d20100304094276014",
    ],
)
@pytest.mark.parametrize(
    ("kind", "value"),
    [("ndc", "0409-4276-01"), ("ndc", "00409427601"), ("gtin", "00304094276014")],
)
def test_an_ndc_is_found_in_any_layout_and_in_its_gtin(asked: str, kind: str, value: str) -> None:
    assert kin(asked, kind, value) is SAME


def test_a_case_leads_to_the_item_that_was_scanned_as_one() -> None:
    each = "0030409427601"
    case = "1030409427601"
    asked = case + gs1_check_digit(case)
    assert kin(asked, "gtin", each + gs1_check_digit(each)) is OTHER_LEVEL


def test_a_upc_is_the_gtin_of_its_case_at_another_level() -> None:
    case = "1003600029145"
    assert kin("036000291452", "gtin", case + gs1_check_digit(case)) is OTHER_LEVEL


@pytest.mark.parametrize("asked", ["0409-4276-02", "0409-4276", "00409-4276-17", "00304094276021"])
def test_another_package_of_the_same_product_is_a_relative(asked: str) -> None:
    assert kin(asked, "ndc", "0409-4276-01") is SAME_MAKER


def test_another_product_of_the_maker_is_not_found() -> None:
    assert kin("0409-4277-01", "ndc", "0409-4276-01") is None


@pytest.mark.parametrize("asked", ["305106", " 305106", "305-106", "305 106"])
def test_a_ref_is_found_however_it_is_spaced(asked: str) -> None:
    assert kin(asked, "ref", "305 106") is SAME


def test_a_ref_is_found_whole_or_not_at_all() -> None:
    assert kin("30510", "ref", "305106") is None


def hibc(stem: str) -> str:
    return stem + hibc_check_character(stem)


def test_a_hibc_is_found_at_another_packaging_level() -> None:
    assert kin(hibc("+H123ABC010"), "hibc", hibc("+H123ABC013")) is OTHER_LEVEL


def test_a_hibc_is_found_with_its_lot_behind_it() -> None:
    assert kin("+H123ABC010/$$0427A1", "hibc", hibc("+H123ABC013")) is OTHER_LEVEL


def test_a_hibc_of_another_product_is_not_found() -> None:
    assert kin(hibc("+H123ABC020"), "hibc", hibc("+H123ABC010")) is None


def test_a_scanned_carton_says_its_lot() -> None:
    read = read_code("010030409427601417270430\x1d10ab-7\x1d")
    assert (read.text, read.lot) == ("00304094276014", "ab-7")


def test_what_only_looks_like_a_gs1_code_has_no_lot() -> None:
    assert read_code("10AB7").lot == ""


digits = st.text("0123456789", min_size=13, max_size=13)


@given(digits, st.sampled_from("0123456789"))
def test_every_level_of_a_gtin_is_found(body: str, level: str) -> None:
    one = body + gs1_check_digit(body)
    other = level + body[1:]
    assert kin(one, "gtin", other + gs1_check_digit(other)) in {SAME, OTHER_LEVEL}


@given(
    st.sampled_from([(4, 4, 2), (5, 3, 2), (5, 4, 1)]),
    st.text("0123456789", min_size=10, max_size=10),
)
def test_an_ndc_of_ten_digits_is_found_in_eleven_and_twelve(
    layout: tuple[int, int, int], ten: str
) -> None:
    labeler, product, package = (
        ten[: layout[0]],
        ten[layout[0] : -layout[2]],
        ten[-layout[2] :],
    )
    eleven = labeler.zfill(5) + product.zfill(4) + package.zfill(2)
    written = f"{labeler}-{product}-{package}"
    for asked in (written, ten, eleven, f"0{eleven}"):
        assert kin(asked, "ndc", written) is SAME
        assert kin(written, "ndc", asked) is SAME


@given(
    st.text(max_size=60),
    st.sampled_from(["gtin", "upc", "ndc", "ref", "hibc"]),
    st.text(max_size=30),
)
def test_any_text_is_compared_without_a_failure(asked: str, kind: str, value: str) -> None:
    kin(asked, kind, value)
