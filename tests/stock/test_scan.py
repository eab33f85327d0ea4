"""What a scanner types becomes a value, or a sentence that says what was expected."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory.stock.scan import Scan, ScanNotUnderstood, read_scan

VIAL = "00323155940411"


@pytest.mark.parametrize(
    "text",
    [
        f"01{VIAL}1727043010A1",
        f"]d201{VIAL}1727043010A1",
        f"]C101{VIAL}10A1\x1d17270430",
        f"\x1d01{VIAL}1727043010A1\x1d",
        f"(01){VIAL}(17)270430(10)A1",
        f"https://example.com/01/{VIAL}/10/A1?17=270430",
        f"01{VIAL}1727043010A1\r\n",
    ],
)
def test_however_it_is_written_it_says_the_same(text: str) -> None:
    assert read_scan(text) == Scan(gtin=VIAL, lot="A1", expires_on=date(2027, 4, 30))


def test_an_expiry_without_a_day_is_the_end_of_its_month() -> None:
    assert read_scan(f"01{VIAL}17280200").expires_on == date(2028, 2, 29)


@pytest.mark.parametrize("text", [VIAL, VIAL[1:], VIAL[2:]])
def test_a_plain_code_names_the_item_alone(text: str) -> None:
    assert read_scan(text) == Scan(gtin=VIAL)


@pytest.mark.parametrize(
    "text",
    ["", " ", "nonsense", "00323155940412", f"01{VIAL}17279930", "(01)1", "\x00", "]", "1" * 500],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ScanNotUnderstood, match="Expected a GS1 code"):
        read_scan(text)


@given(st.text(max_size=60) | st.text("]()CdQe013AI0+\x1d7", max_size=40))
@example("]")
@example("]d2")
def test_whatever_is_scanned_is_read_or_refused(text: str) -> None:
    with suppress(ScanNotUnderstood):
        scan = read_scan(text)
        assert scan.gtin is None or len(scan.gtin) == 14
