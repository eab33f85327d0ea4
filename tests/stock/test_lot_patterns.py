"""Which lot numbers a recall notice means, and which only read like them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inventory.stock.lot_patterns import (
    EVERY_LOT,
    PatternNotUnderstood,
    matches,
    may_be,
    read_patterns,
    resembles,
)
from inventory.stock.requests import normalize_lot_number

ALPHABET = "ABILO0128 -./"
numbers = st.text(ALPHABET, min_size=1, max_size=12).map(normalize_lot_number).filter(bool)
plain_numbers = st.text("ABILO0128", min_size=1, max_size=12)


# Reading what was typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("A1", ("A1",)),
        (" a1 \n\n B2,c3;", ("A1", "B2", "C3")),
        ("A1\r\na1", ("A1",)),
        ("ab44*", ("AB44*",)),
        ("ab  44 *", ("AB 44*",)),
        ("", ()),
        (" , \n", ()),
    ],
)
def test_lots_are_typed_one_a_line_or_with_commas(typed: str, read: tuple[str, ...]) -> None:
    assert read_patterns(typed) == read


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("A*1", "at the end"),
        ("*A", "at the end"),
        ("A**", "at the end"),
        ("*", "before the"),
        ("A1, *", "before the"),
        ("X" * 65, "at most 64 characters"),
        (",".join(f"A{n}" for n in range(201)), "at most 200 lot numbers, but got 201"),
    ],
)
def test_what_is_no_lot_number_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(PatternNotUnderstood, match=says):
        read_patterns(typed)


@given(st.lists(numbers, max_size=6))
def test_what_was_read_is_read_the_same_again(typed: list[str]) -> None:
    read = read_patterns("\n".join(typed))
    assert read_patterns("\n".join(read)) == read
    assert set(read) == set(typed)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        patterns = read_patterns(text)
    except PatternNotUnderstood:
        return
    assert all(0 < len(pattern) <= 65 for pattern in patterns)


# What matches


@given(numbers, numbers)
def test_a_number_matches_itself_alone(pattern: str, number: str) -> None:
    assert matches(pattern, number) == (pattern == number)


@given(numbers, numbers)
def test_a_prefix_matches_what_begins_with_it(prefix: str, number: str) -> None:
    assert matches(f"{prefix}*", number) == number.startswith(prefix)


@given(numbers, st.text(ALPHABET, max_size=6))
def test_a_prefix_matches_whatever_follows(prefix: str, rest: str) -> None:
    assert matches(f"{prefix}*", prefix + rest)


@given(st.one_of(numbers, st.just("")))
def test_every_lot_matches_all_lots_and_nothing_only_reads_alike(number: str) -> None:
    assert matches(EVERY_LOT, number)
    assert not resembles(EVERY_LOT, number)


# What reads alike


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("AB10", "ABI0"),
        ("AB10", "AB1O"),
        ("AB10", "AB-10"),
        ("AB-10", "AB 10"),
        ("AB 10", "AB10"),
        ("25-090-DK", "25O90DK"),
        ("L12", "I12"),
        ("AB-1*", "ABI7"),
        ("AB1*", "A-B-1-99"),
    ],
)
def test_a_slip_of_the_eye_is_offered(pattern: str, number: str) -> None:
    assert resembles(pattern, number)
    assert not matches(pattern, number)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [("AB10", "AB10"), ("AB10", "AB100"), ("AB10", "AB11"), ("AB10", "A10"), ("-*", "AB10")],
)
def test_another_lot_is_not(pattern: str, number: str) -> None:
    assert not resembles(pattern, number)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [("25-090-DK", "25-090-DK01"), ("25-090-DK", "25090DK 02"), ("AB10", "AB1001")],
)
def test_a_makers_run_behind_the_number_is_offered(pattern: str, number: str) -> None:
    assert may_be(pattern, number)
    assert not matches(pattern, number)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("25-090-DK", "25-090-DK"),
        ("25-090-DK", "25-090-DK1"),
        ("25-090-DK", "25-090-DKA1"),
        ("25-090-DK", "25-090-DK001"),
        ("25-090-DK01", "25-090-DK"),
        ("-", "01"),
        ("AB*", "AB01"),
    ],
)
def test_what_follows_otherwise_is_not(pattern: str, number: str) -> None:
    assert not may_be(pattern, number)


@given(plain_numbers, st.data())
def test_hyphens_spaces_and_look_alikes_are_passed_over(number: str, data: st.DataObject) -> None:
    twins = {"O": "O0", "0": "O0", "I": "I1L", "1": "I1L", "L": "I1L"}
    slips = [
        data.draw(st.sampled_from(twins.get(letter, letter))) + data.draw(st.sampled_from("- "))
        for letter in number
    ]
    slipped = normalize_lot_number("".join(slips))
    assume(slipped != number)
    assert resembles(number, slipped)
    assert resembles(slipped, number)


@given(numbers, numbers)
def test_what_matches_never_only_reads_alike(pattern: str, number: str) -> None:
    for each in (pattern, f"{pattern}*"):
        assert not (matches(each, number) and resembles(each, number))


@given(numbers, numbers)
def test_reading_alike_goes_both_ways(one: str, other: str) -> None:
    assert resembles(one, other) == resembles(other, one)
