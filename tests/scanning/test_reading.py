"""What a scanner types becomes a value, or a sentence that says what was expected."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import override_settings
from hypothesis import example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from inventory.catalog.codes import gs1_check_digit
from inventory.scanning.reading import read_scan
from inventory.scanning.scan import Scan, ScanNotUnderstood
from tests.deep import DEEP

VIAL = "00323155940411"
TRAY = "00363323464172"
GS = "\x1d"


def said(text: str) -> dict[str, Any]:
    """What a code says, without the text itself and without what it does not say."""
    scan = vars(read_scan(text)).copy()
    del scan["text"]
    return {name: value for name, value in scan.items() if value}


# GS1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"]d201{TRAY}172802291061021543{GS}2110000012345",
            {
                "symbology": "gs1_datamatrix",
                "gtin": TRAY,
                "expires_on": date(2028, 2, 29),
                "lot": "61021543",
                "serial": "10000012345",
            },
        ),
        (
            f"]d201003000302930532119F7K2{GS}1727120010ABT1234",
            {
                "symbology": "gs1_datamatrix",
                "gtin": "00300030293053",
                "serial": "19F7K2",
                "expires_on": date(2027, 12, 31),
                "lot": "ABT1234",
            },
        ),
        (
            "]C10150363323464177172802291061021543",
            {
                "symbology": "gs1_128",
                "gtin": "50363323464177",
                "expires_on": date(2028, 2, 29),
                "lot": "61021543",
            },
        ),
        (
            f"01{TRAY}172802291017A21B",
            {
                "symbology": "gs1",
                "gtin": TRAY,
                "expires_on": date(2028, 2, 29),
                "lot": "17A21B",
            },
        ),
        (f"]Q301{TRAY}", {"symbology": "gs1_qr", "gtin": TRAY}),
        (f"]e001{TRAY}", {"symbology": "gs1_databar", "gtin": TRAY}),
        (
            f"17280229{GS}10A1{GS}01{TRAY}",
            {"symbology": "gs1", "gtin": TRAY, "expires_on": date(2028, 2, 29), "lot": "A1"},
        ),
        (
            f"01{TRAY}11260115301000{GS}240AB-7{GS}71563323464{GS}10A1",
            {
                "symbology": "gs1",
                "gtin": TRAY,
                "count": Decimal(1000),
                "ref": "AB-7",
                "lot": "A1",
            },
        ),
        (
            f"01{TRAY}7156332346417",
            {"symbology": "gs1", "gtin": TRAY, "ndc": "6332346417"},
        ),
        (
            f"02{TRAY}3712{GS}10A1",
            {"symbology": "gs1", "gtin": TRAY, "count": Decimal(12), "lot": "A1"},
        ),
        ("]C1172802291061021543", {
            "symbology": "gs1_128", "expires_on": date(2028, 2, 29), "lot": "61021543",
        }),
        ("1728022910A1", {"symbology": "gs1", "expires_on": date(2028, 2, 29), "lot": "A1"}),
    ],
)  # fmt: skip
def test_a_gs1_code_is_read_in_any_order(text: str, expected: dict[str, Any]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"01{VIAL}1727043010A1",
        f"]d201{VIAL}1727043010A1",
        f"]C101{VIAL}10A1{GS}17270430",
        f"]J101{VIAL}10A1{GS}17270430",
        f"{GS}01{VIAL}1727043010A1{GS}",
        f"]d2{GS}01{VIAL}10A1{GS}{GS}17270430",
        f"(01){VIAL}(17)270430(10)A1",
        f" (01) {VIAL} (17) 270430 (10) A1 ",
        f"https://example.com/01/{VIAL}/10/A1?17=270430",
        f"HTTPS://id.gs1.org/01/{VIAL}/10/A1?17=270430&linkType=all",
        f"01{VIAL}1727043010A1\r\n",
    ],
)
def test_however_it_is_written_it_says_the_same(text: str) -> None:
    scan = read_scan(text)

    assert (scan.gtin, scan.lot, scan.expires_on) == (VIAL, "A1", date(2027, 4, 30))


@pytest.mark.parametrize("separator", [GS, "␝", "^]", "<GS>", "<gs>", "{GS}", "[GS]", "|"])
def test_the_separator_is_known_however_the_scanner_spells_it(separator: str) -> None:
    scan = read_scan(f"]d201{VIAL}10A1{separator}2199{separator}17270430")

    assert (scan.lot, scan.serial, scan.expires_on) == ("A1", "99", date(2027, 4, 30))


@override_settings(SCAN_SEPARATORS=["~F1~"])
def test_a_clinic_may_say_how_its_scanner_spells_the_separator() -> None:
    assert read_scan(f"01{VIAL}10A1~F1~2199").lot == "A1"


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        (f"]Q1https://example.com/01/{VIAL}", "gs1_qr"),
        (f"]d1https://example.com/01/{VIAL}", "gs1_datamatrix"),
        (f"https://example.com/01/{VIAL}", "gs1"),
        (f"]C001{VIAL}", "gs1"),
    ],
)
def test_a_code_in_a_plain_symbol_is_read_too(text: str, symbology: str) -> None:
    assert said(text) == {"symbology": symbology, "gtin": VIAL}


@pytest.mark.parametrize(
    ("yymmdd", "day"),
    [
        ("271200", date(2027, 12, 31)),
        ("280200", date(2028, 2, 29)),
        ("270200", date(2027, 2, 28)),
        ("280229", date(2028, 2, 29)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
        ("990101", date(1999, 1, 1)),
    ],
)
def test_a_date_is_within_fifty_years_and_a_month_ends_on_its_last_day(
    yymmdd: str, day: date
) -> None:
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC)):
        assert read_scan(f"01{VIAL}17{yymmdd}").expires_on == day


@pytest.mark.parametrize("yymmdd", ["279930", "270230", "270001", "271301", "27A101", "2704"])
def test_a_date_that_is_none_is_refused(yymmdd: str) -> None:
    with pytest.raises(ScanNotUnderstood) as refusal:
        read_scan(f"01{VIAL}17{yymmdd}")

    assert str(refusal.value) == (
        "Expected an expiry date as YYMMDD that is in the calendar behind (17), but got"
        f" “{yymmdd}”."
    )


def test_a_wrong_check_digit_is_refused_with_the_right_one() -> None:
    with pytest.raises(ScanNotUnderstood) as refusal:
        read_scan("01303829030519501729093010X")

    assert str(refusal.value) == (
        "Expected a GTIN that ends with its check digit 4, but got “30382903051950”."
    )


def test_a_code_that_says_two_lots_is_refused() -> None:
    with pytest.raises(ScanNotUnderstood, match=r"one value behind \(10\), but got “A1” and “A2”"):
        read_scan(f"01{VIAL}10A1{GS}10A2")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"01{VIAL}10{'A' * 21}{GS}17280229", r"a lot of 1 to 20 characters behind \(10\)"),
        (f"01{VIAL}10A 1", r"a lot of 1 to 20 characters behind \(10\)"),
        (f"01{VIAL}3012A{GS}10A1", r"a count of at most 8 digits behind \(30\)"),
        (f"(01){VIAL}(17)27043", r"an expiry date"),
        ("(01)1", r"a GTIN of 14 digits behind \(01\)"),
    ],
)
def test_a_part_that_does_not_fit_is_named(text: str, why: str) -> None:
    with pytest.raises(ScanNotUnderstood, match=why):
        read_scan(text)


# A separator that was left out


@pytest.mark.parametrize(
    ("run_together", "expires_on"),
    [
        ("172802291061021543" + "2110000012345", date(2028, 2, 29)),
        ("17280229" + "10A1" + "21123456", date(2028, 2, 29)),
        ("17280229" + "10A1" + "11260115", date(2028, 2, 29)),
        ("17280229" + "10ABC" + "1126011521X", date(2028, 2, 29)),
        ("17280229" + "3012" + "10ABT1234", date(2028, 2, 29)),
        ("17280229" + "10AB" + "240305106", date(2028, 2, 29)),
        ("10A1" + "17280229", None),
        ("2119F7K2" + "17271200" + "10ABT1234", None),
        ("2119F7" + "10ABT1", None),
        ("10" + "A" * 25, None),
    ],
)
def test_where_a_separator_is_missing_the_lot_is_in_doubt(
    run_together: str, expires_on: date | None
) -> None:
    scan = read_scan(f"01{TRAY}{run_together}")

    assert (scan.gtin, scan.lot, scan.serial, scan.expires_on) == (TRAY, None, None, expires_on)
    assert scan.doubt.startswith("The scanner left out the separator between the parts")
    assert scan.doubt.endswith("Enter the lot as the label has it.")


@pytest.mark.parametrize(
    "lot", ["17A21B", "61021543", "10", "21", "A21B", "1799", "2112345", "3012345", "A17289930"]
)
def test_a_lot_that_only_resembles_other_parts_is_kept_whole(lot: str) -> None:
    scan = read_scan(f"01{TRAY}1728022910{lot}")

    assert (scan.lot, scan.doubt) == (lot, "")


def test_what_the_code_says_already_is_not_looked_for_in_its_lot() -> None:
    assert read_scan(f"01{TRAY}1728022910A117270430").lot == "A117270430"


def test_a_code_with_its_separators_is_in_no_doubt() -> None:
    scan = read_scan(f"01{TRAY}2112345{GS}10A117280229")

    assert (scan.lot, scan.doubt) == ("A117280229", "")


# The number of a product alone


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("0316714140018", "00316714140018"),
        ("316714140018", "00316714140018"),
        ("]E00316714140018", "00316714140018"),
        ("]E4 96385074", "00000096385074"),
        ("96385074", "00000096385074"),
        (VIAL, VIAL),
        (f"]I1{VIAL}", VIAL),
    ],
)
def test_a_product_code_alone_names_the_product(text: str, gtin: str) -> None:
    assert said(text) == {"symbology": "ean_upc", "gtin": gtin}


@pytest.mark.parametrize("text", ["00323155940412", "316714140019", "]E0316714140019", "96385075"])
def test_a_product_code_with_a_wrong_check_digit_is_refused(text: str) -> None:
    with pytest.raises(ScanNotUnderstood, match="that ends with its check digit"):
        read_scan(text)


# NDC


@pytest.mark.parametrize(
    ("text", "ndc"),
    [
        ("0409-4276-01", "0409427601"),
        ("51655-089-52", "5165508952"),
        ("58118-1397-3", "5811813973"),
        ("00409-4276-01", "00409427601"),
        ("000409-4276-01", "000409427601"),
        ("0409427601", "0409427601"),
        ("00409427601", "00409427601"),
        ("]C00409427601", "0409427601"),
    ],
)
def test_an_ndc_is_read_with_and_without_its_hyphens(text: str, ndc: str) -> None:
    assert said(text) == {"symbology": "ndc", "ndc": ndc}


@pytest.mark.parametrize("text", ["0409-427-01", "040-4276-01", "0409-4276", "123456789"])
def test_what_has_no_layout_of_an_ndc_is_refused(text: str) -> None:
    with pytest.raises(ScanNotUnderstood):
        read_scan(text)


# Whatever else


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nonsense",
        "\x00",
        "]",
        "]d2",
        "]C1nonsense",
        "1" * 500,
        "305106",
        "10AB7",
        "30100",
        "(",
        "(01)",
        "()",
        "https://example.com/about",
        "01٠٠٣٢٣١٥٥٩٤٠٤١١",
    ],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ScanNotUnderstood, match=r"\AExpected "):
        read_scan(text)


def test_the_refusal_shows_what_came() -> None:
    with pytest.raises(ScanNotUnderstood) as refusal:
        read_scan("non\x01sense")

    assert str(refusal.value) == (
        "Expected a GS1 code such as (01)00323155940411(17)270430(10)A1, a GTIN or UPC with its"
        " check digit, an NDC or a HIBC, but got “non·sense”."
    )


CODES = (
    f"]d201{TRAY}172802291061021543{GS}2110000012345",
    f"(01){VIAL}(17)270430(10)A1",
    f"https://example.com/01/{VIAL}/10/A1?17=270430",
    f"02{TRAY}3712{GS}71563323464{GS}10A1",
    "+A99912345/$$52001510X3/16D20111212/S77DEFG457",
    "+A123BJC5D6E71G",
    "0409-4276-01",
    "316714140018",
    f"]C101{VIAL}8008260102{GS}3932840123{GS}7003280229{GS}00106141412345678908",
)
PIECES = "]()CdQEeA0123456789+$/-%.VX |<>GS^{}~" + GS + "␝٣"


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real code, cut, joined to another, or with some of its characters changed."""
    text = draw(st.sampled_from(CODES))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        end = min(len(text), place + draw(st.integers(0, 3)))
        text = text[:place] + draw(st.text(PIECES, max_size=3)) + text[end:]
    return draw(st.sampled_from(("", "]d2", "]C1", "]A0", ""))) + text


FUZZ = 10_000 if DEEP else 300


@how(max_examples=FUZZ)
@given(st.text(max_size=60) | st.text(PIECES, max_size=60) | mutated())
@example("]")
@example("]d2")
@example("]d2" + "00" * 20)
@example("+$$2A")
@example("+A")
@example("https://[")
def test_whatever_is_scanned_is_read_or_refused_in_a_sentence(text: str) -> None:
    scan = refusal = None
    try:
        scan = read_scan(text)
    except ScanNotUnderstood as error:
        refusal = str(error)

    assert scan or str(refusal).startswith("Expected ")
    assert not scan or scan.gtin is None or len(scan.gtin) == 14
    assert not scan or not scan.doubt or (scan.lot, scan.serial) == (None, None)


lots = st.text("0123456789ABCXYZ-", min_size=1, max_size=20)


@how(max_examples=FUZZ)
@given(st.text("0123456789", min_size=13, max_size=13), lots, lots, st.permutations([0, 1, 2, 3]))
def test_what_is_written_with_separators_is_read_back(
    body: str, lot: str, serial: str, order: list[int]
) -> None:
    gtin = body + gs1_check_digit(body)
    parts = [f"01{gtin}", "17280229", f"10{lot}{GS}", f"21{serial}{GS}"]

    scan = read_scan("]d2" + "".join(parts[place] for place in order))

    assert scan == Scan(
        scan.text, "gs1_datamatrix", gtin, lot=lot, serial=serial, expires_on=date(2028, 2, 29)
    )


@how(max_examples=FUZZ)
@given(lots, st.text("0123456789ABCXYZ", min_size=6, max_size=20))
def test_a_lot_that_ran_into_its_serial_number_is_never_taken_for_one(
    lot: str, serial: str
) -> None:
    with suppress(ScanNotUnderstood):
        assert read_scan(f"01{TRAY}1728022910{lot}21{serial}").lot is None
