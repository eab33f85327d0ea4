"""HIBC: the codes on devices, with what stands beside the product."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.codes import hibc_check_character
from inventory.scanning.reading import read_scan
from inventory.scanning.scan import ScanNotUnderstood
from tests.scanning.test_reading import said

PRIMARY = "+A123BJC5D6E71G"


def checked(text: str) -> str:
    return text + hibc_check_character(text)


def beside(secondary: str) -> dict[str, Any]:
    """What a secondary says that stands behind a primary."""
    told = said(checked(f"+A123BJC5D6E71/{secondary}"))
    assert (told.pop("hibc"), told.pop("symbology")) == (PRIMARY, "hibc")
    return told


@pytest.mark.parametrize(
    "text", [PRIMARY, f"]A0{PRIMARY}", f"]d1{PRIMARY}", f"*{PRIMARY}*", PRIMARY.lower()]
)
def test_a_primary_names_the_product(text: str) -> None:
    assert said(text) == {"symbology": "hibc", "hibc": PRIMARY}


def test_a_check_character_that_is_a_blank_may_be_missing() -> None:
    body = next(
        f"+A123B{number}1"
        for number in range(100, 200)
        if hibc_check_character(f"+A123B{number}1") == " "
    )

    assert said(body) == said(f"{body} ") == {"symbology": "hibc", "hibc": body}


@pytest.mark.parametrize("last", ["/", "$", "+", "%", ".", "-"])
def test_a_check_character_may_be_a_sign(last: str) -> None:
    body = next(
        f"+A123B{number}1"
        for number in range(100, 300)
        if hibc_check_character(f"+A123B{number}1") == last
    )

    assert said(body + last) == {"symbology": "hibc", "hibc": body + last}


@pytest.mark.parametrize(
    ("secondary", "expected"),
    [
        ("$10X3", {"lot": "10X3"}),
        ("$$022810X3", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        ("$$122710X3", {"lot": "10X3", "expires_on": date(2027, 12, 31)}),
        ("$$202292810X3", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        ("$$328022910X3", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        ("$$42802291410X3", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        ("$$52806010X3", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        ("$$6280601410X3", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        ("$$710X3", {"lot": "10X3"}),
        ("$$824022810X3", {"lot": "10X3", "expires_on": date(2028, 2, 29), "count": Decimal(24)}),
        ("$$900500710X3", {"lot": "10X3", "count": Decimal(500)}),
        ("$$824", {"count": Decimal(24)}),
        ("$+7DEFG45", {"serial": "7DEFG45"}),
        ("$$+32802297DEFG45", {"serial": "7DEFG45", "expires_on": date(2028, 2, 29)}),
        ("2806010X3", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        (
            "$$52001510X3/16D20111212/S77DEFG45",
            {"lot": "10X3", "expires_on": date(2020, 1, 15), "serial": "77DEFG45"},
        ),
        ("$10X3/14D20280229", {"lot": "10X3", "expires_on": date(2028, 2, 29)}),
        ("$10X3/Q500", {"lot": "10X3", "count": Decimal(500)}),
    ],
)
def test_what_stands_beside_the_product_is_read(secondary: str, expected: dict[str, Any]) -> None:
    assert beside(secondary) == expected


def test_the_example_of_the_standard_is_read_whole() -> None:
    assert said("+A99912345/$$52001510X3/16D20111212/S77DEFG457") == {
        "symbology": "hibc",
        "hibc": "+A999123457",
        "lot": "10X3",
        "serial": "77DEFG45",
        "expires_on": date(2020, 1, 15),
    }


def test_a_secondary_alone_says_lot_and_date_of_a_product_that_it_does_not_name() -> None:
    assert said(checked("+$$022810X3G")) == {
        "symbology": "hibc",
        "lot": "10X3",
        "expires_on": date(2028, 2, 29),
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("+A123BJC5D6E71H", "ends with its check character G"),
        ("+A123BJC5D6E71/$10X3A", "ends with its check character"),
        ("+A12", "of letters, digits|check character"),
        (checked("+1"), "of letters, digits"),
        ("+A123~JC5D6E71G", "of letters, digits"),
        (checked("+A123BJC5D6EX"), "a digit for the packaging level"),
        (checked("+A123BJC5D6E71/$$132710X3"), "a date that is in the calendar, not “1327”"),
        (checked("+A123BJC5D6E71/$$32802300X3"), "a date that is in the calendar, not “280230”"),
        (checked("+A123BJC5D6E71/$$52736610X3"), "a date that is in the calendar, not “27366”"),
        (checked("+A123BJC5D6E71/$$328"), "a date that is in the calendar, not “28”"),
        (checked("+A123BJC5D6E71/$10X3/14D20280230"), "calendar, not “20280230”"),
        (checked("+A123BJC5D6E71/$$A"), "a date in one of its formats"),
        (checked("+A123BJC5D6E71/$$8X"), "2 digits of its quantity"),
        (checked("+A123BJC5D6E71/$" + "A" * 21), "a lot of at most 20"),
    ],
)
def test_what_is_no_hibc_is_refused(text: str, why: str) -> None:
    with pytest.raises(ScanNotUnderstood, match=why) as refusal:
        read_scan(text)

    assert str(refusal.value).startswith("Expected a HIBC ")
