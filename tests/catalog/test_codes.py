"""Product codes: what is understood, what is refused and in which words."""

import csv

import pytest
from biip.gtin import Gtin
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.codes import (
    CodeNotUnderstood,
    gs1_check_digit,
    hibc_check_character,
    kinds_to_compare,
    normalize,
)
from inventory.catalog.starter import FOLDER


@pytest.mark.parametrize(
    ("kind", "value", "normalized"),
    [
        ("gtin", "00323155940411", "00323155940411"),
        ("gtin", " 323155940411 ", "00323155940411"),
        ("gtin", "96385074", "00000096385074"),
        ("gtin", "0316714140018", "00316714140018"),
        ("upc", "316714140018", "00316714140018"),
        ("ndc", "0409-4276-01", "0409427601"),
        ("ndc", "63323-485-27", "6332348527"),
        ("ndc", "12345-6789-0", "1234567890"),
        ("ndc", "00409-4276-01", "00409427601"),
        ("ndc", "123456-7890-12", "123456789012"),
        ("ndc", "0409427601", "0409427601"),
        ("ref", " nn-2538r ", "NN-2538R"),
        ("hibc", "+a123bjc5d6e71g", "+A123BJC5D6E71G"),
        ("hibc", "A123", "A123"),
    ],
)
def test_a_code_is_compared_in_one_form(kind: str, value: str, normalized: str) -> None:
    assert normalize(kind, value) == normalized


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (
            "gtin",
            "00323155940412",
            "Expected a GTIN that ends with its check digit 1, but got “00323155940412”.",
        ),
        ("gtin", "123", "Expected a GTIN of 8, 12, 13 or 14 digits, but got “123”."),
        ("gtin", "²²²²²²²²", "Expected a GTIN of 8, 12, 13 or 14 digits, but got “²²²²²²²²”."),
        ("upc", "x", "Expected a UPC of 8, 12, 13 or 14 digits, but got “X”."),
        ("ref", "   ", "Expected a REF, but got nothing."),
        ("ref", "R" * 65, "Expected a REF of at most 64 characters, but got 65."),
        (
            "ref",
            "A\x00B",
            "Expected a REF in plain characters, but it holds one that cannot be shown.",
        ),
        (
            "hibc",
            "+A123BJC5D6E71H",
            "Expected a HIBC that ends with its check character G, but got “+A123BJC5D6E71H”.",
        ),
    ],
)
def test_it_refuses_what_is_no_code_and_says_what_was_expected(
    kind: str, value: str, sentence: str
) -> None:
    with pytest.raises(CodeNotUnderstood) as refusal:
        normalize(kind, value)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("value", ["0409-4276", "409-4276-01", "0409-4276-0x", "123456789", "--"])
def test_it_refuses_an_ndc_of_another_layout(value: str) -> None:
    with pytest.raises(CodeNotUnderstood, match=r"Expected an NDC like 0409-4276-01"):
        normalize("ndc", value)


def test_it_refuses_a_hibc_with_characters_that_hibc_has_not() -> None:
    with pytest.raises(CodeNotUnderstood, match=r"letters, digits and - \. \$ / \+ %"):
        normalize("hibc", "+A123é1G")


def test_a_hibc_may_end_with_a_space_that_was_trimmed() -> None:
    with_space = next(
        text
        for text in (f"+A123{number}1" for number in range(1000))
        if hibc_check_character(text) == " "
    )

    assert normalize("hibc", with_space + " ") == normalize("hibc", with_space) == with_space


def test_a_upc_is_a_gtin_and_an_ndc_is_not() -> None:
    assert kinds_to_compare("upc") == kinds_to_compare("gtin") == {"gtin", "upc"}
    assert kinds_to_compare("ndc") == {"ndc"}


@given(st.text("0123456789", min_size=13, max_size=13).filter(lambda digits: digits.strip("0")))
def test_another_library_agrees_on_every_check_digit(digits: str) -> None:
    gtin = digits + gs1_check_digit(digits)

    assert Gtin.parse(gtin).check_digit == int(gtin[-1])
    assert normalize("gtin", gtin) == gtin


@given(st.sampled_from(["gtin", "upc", "ndc", "ref", "hibc"]), st.text())
def test_whatever_comes_is_understood_or_refused_and_understood_again(kind: str, text: str) -> None:
    try:
        normalized = normalize(kind, text)
    except CodeNotUnderstood:
        return

    assert normalize(kind, normalized) == normalized


def test_every_code_of_the_starter_catalog_is_understood() -> None:
    with (FOLDER / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len({(row["kind"], normalize(row["kind"], row["value"])) for row in rows}) == 149
