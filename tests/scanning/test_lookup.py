"""What the clinic knows by a code: the item, the package, and how much is in it."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from inventory.catalog.codes import gs1_check_digit, hibc_check_character
from inventory.scanning.lookup import Found, look_up, look_up_text, look_up_texts
from inventory.scanning.reading import read_scan
from inventory.scanning.scan import ScanNotUnderstood
from tests.clinic import gauze, kenalog, lidocaine, needle
from tests.scanning.goods import carries

pytestmark = pytest.mark.django_db

TRAY = "00363323464172"


def level_of(gtin: str, indicator: str) -> str:
    body = indicator + gtin[1:13]
    return body + gs1_check_digit(body)


def test_a_gtin_says_which_item_and_how_much_the_package_holds() -> None:
    item = carries(lidocaine(), "gtin", TRAY, "inner", 500)

    found = look_up_text(f"]d201{TRAY}1728022910A1")

    assert (found.item, found.level, found.quantity) == (item, "inner", Decimal(500))
    assert found.scan.lot == "A1"


def test_a_upc_is_the_gtin_with_its_zeros_left_out() -> None:
    item = carries(gauze(), "upc", "614141007776", "inner", 200)

    assert look_up_text("0614141007776").item == item


def test_how_many_the_code_says_counts_packages() -> None:
    carries(needle(), "gtin", "30382903051275", "inner", 100)

    assert look_up_text("0130382903051275305").quantity == Decimal(500)


def test_nobody_knows_how_much_a_package_holds_that_nobody_has_said() -> None:
    carries(needle(), "gtin", "30382903051275", "inner")

    assert look_up_text("0130382903051275305").quantity is None


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("0409-4276-01", "0409-4276-01"),
        ("0409-4276-01", "0409427601"),
        ("0409-4276-01", "00409-4276-01"),
        ("0409-4276-01", "00409427601"),
        ("0409-4276-01", "000409-4276-01"),
        ("00409427601", "0409-4276-01"),
        ("00409427601", "0409427601"),
        ("51655-089-52", "51655008952"),
        ("51655-089-52", "5165508952"),
        ("58118-1397-3", "58118139703"),
        ("58118-1397-3", "5811813973"),
        ("0409427601", "00409-4276-01"),
    ],
)
def test_an_ndc_is_found_in_every_layout(known: str, asked: str) -> None:
    item = carries(lidocaine(), "ndc", known)

    assert look_up_text(asked).item == item


def test_the_gtin_of_a_drug_is_found_by_its_ndc() -> None:
    item = carries(lidocaine(), "ndc", "63323-464-17", "inner", 500)

    found = look_up_text(f"01{TRAY}")

    assert (found.item, found.level, found.quantity) == (item, "inner", Decimal(500))
    assert found.ndc == "6332346417"


def test_ten_digits_that_may_be_two_items_are_neither() -> None:
    one = carries(lidocaine(), "ndc", "00409427601")
    other = carries(kenalog(), "ndc", "04094-0276-01")

    found = look_up_text("0409427601")

    assert found.item is None
    assert set(found.likely) == {one, other}


def test_hyphens_settle_which_of_two_it_is() -> None:
    carries(lidocaine(), "ndc", "00409427601")
    item = carries(kenalog(), "ndc", "04094-0276-01")

    assert look_up_text("04094-276-01").item == item


def test_a_device_has_no_ndc_though_its_gtin_begins_like_one() -> None:
    carries(needle(), "gtin", "00382903051274")

    assert look_up_text("0100382903051274").ndc is None


def test_a_drug_has_one_once_a_code_says_so() -> None:
    carries(lidocaine(), "gtin", TRAY, "inner")
    assert look_up_text(TRAY).ndc is None

    carries(lidocaine(), "ndc", "63323-464-17", "inner")
    assert look_up_text(TRAY).ndc == "6332346417"


def test_the_ndc_that_the_code_says_itself_is_believed() -> None:
    item = carries(lidocaine(), "ndc", "63323-464-17")

    found = look_up_text("01003231559404117156332346417")

    assert (found.ndc, found.item) == ("6332346417", item)


@pytest.mark.parametrize("indicator", ["1", "3", "5", "8"])
def test_another_level_of_a_known_code_is_likely_but_not_known(indicator: str) -> None:
    item = carries(needle(), "gtin", "00382903051274")

    found = look_up_text(level_of("00382903051274", indicator))

    assert (found.item, found.likely) == (None, (item,))


def test_a_case_of_a_known_ndc_is_likely_but_not_known() -> None:
    item = carries(lidocaine(), "ndc", "63323-464-17", "inner", 500)

    found = look_up_text("50363323464177")

    assert (found.item, found.likely, found.ndc) == (None, (item,), "6332346417")


def test_a_hibc_is_found_by_its_primary() -> None:
    item = carries(gauze(), "hibc", "+A123BJC5D6E71G", "inner", 24)
    both = "+A123BJC5D6E71/$$820022810X3"

    found = look_up_text(both + hibc_check_character(both))

    assert (found.item, found.quantity, found.scan.count) == (item, Decimal(480), Decimal(20))


def test_a_hibc_at_another_level_is_likely_but_not_known() -> None:
    item = carries(gauze(), "hibc", "+A123BJC5D6E71G")
    case = "+A123BJC5D6E73"

    assert look_up_text(case + hibc_check_character(case)).likely == (item,)


def test_a_hibc_with_the_number_of_a_known_ref_is_likely() -> None:
    item = carries(needle(), "ref", "NN-2538R")

    assert look_up_text("+H123NN2538R1R").likely == (item,)


@pytest.mark.parametrize("text", ["305127", " 305-127 ", "]A0305127", "*305127*"])
def test_a_ref_is_known_by_its_text(text: str) -> None:
    item = carries(needle(), "ref", "305 127")

    found = look_up_text(text)

    assert (found.item, found.scan.symbology, found.scan.ref) == (item, "plain", "305 127")


def test_a_ref_that_reads_like_an_ndc_is_known_all_the_same() -> None:
    item = carries(needle(), "ref", "10-305127-22")
    carries(gauze(), "ref", "3051272211")

    assert look_up_text("10 305127 22").item == item
    assert look_up_text("3051272211").scan.ref == "3051272211"


def test_an_ndc_of_twelve_digits_is_known_though_it_is_no_upc() -> None:
    item = carries(lidocaine(), "ndc", "000409427601")

    found = look_up_text("000409427601")

    assert (found.item, found.ndc) == (item, "000409427601")


def test_a_text_that_no_item_carries_is_refused() -> None:
    with pytest.raises(ScanNotUnderstood, match="but got “305127”"):
        look_up_text("305127")


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\x1d"])
def test_what_no_database_keeps_is_not_looked_for(text: str) -> None:
    with pytest.raises(ScanNotUnderstood):
        look_up_text(text)


def test_a_code_that_nobody_knows_is_read_all_the_same() -> None:
    found = look_up_text(f"01{TRAY}10A1")

    assert found == Found(read_scan(f"01{TRAY}10A1"))


def test_many_codes_ask_the_database_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    carries(lidocaine(), "gtin", TRAY)
    carries(needle(), "ref", "305127")
    texts = [TRAY, "305127", "nonsense", "0409-4276-01", "+A123BJC5D6E71G"] * 100

    with django_assert_num_queries(1):
        found = look_up_texts(texts)

    known = [one for one in found if isinstance(one, Found) and one.item]
    assert (len(found), len(known)) == (500, 200)


def test_nothing_to_look_up_asks_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert look_up([]) == []
