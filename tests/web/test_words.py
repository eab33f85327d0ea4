"""Numbers and days in the words of the clinic."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template

from inventory.web.pills import Pill
from inventory.web.words import (
    amount_words,
    day_words,
    days_away_words,
    money_words,
    month_words,
    period_words,
    quantity_words,
    time_words,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("12.500", "12.5"),
        ("4.000", "4"),
        ("0.000", "0"),
        ("100", "100"),
        ("0.005", "0.005"),
        ("1E+3", "1,000"),
        ("-2.50", "-2.5"),
        ("1234567.250", "1,234,567.25"),
    ],
)
def test_a_quantity_shows_no_zeros_that_say_nothing(quantity: str, words: str) -> None:
    assert quantity_words(Decimal(quantity)) == words


@pytest.mark.parametrize(
    ("quantity", "unit", "words"),
    [
        ("310", "each", "310"),
        ("40", "mL", "40 mL"),
        ("100", "unit", "100 units"),
        ("1", "unit", "1 unit"),
        ("-1", "unit", "-1 unit"),
        ("0.5", "unit", "0.5 units"),
    ],
)
def test_an_amount_has_its_unit_in_the_right_number(quantity: str, unit: str, words: str) -> None:
    assert amount_words(Decimal(quantity), unit) == words


def test_a_template_says_units_of_a_hundred() -> None:
    template = Template("{% load words %}{{ 'unit'|of_amount:many }} {{ 'unit'|of_amount:one }}")

    assert template.render(Context({"many": Decimal(100), "one": Decimal(1)})) == "units unit"


@pytest.mark.parametrize(
    ("amount", "words"),
    [("1284", "$1,284.00"), ("-3.1", "-$3.10"), ("0.0825", "$0.0825"), ("0.5000", "$0.50")],
)
def test_money_shows_cents_and_more_only_where_there_is_more(amount: str, words: str) -> None:
    assert money_words(Decimal(amount)) == words


def test_a_day_is_written_out() -> None:
    assert day_words(date(2026, 12, 1)) == "Dec 1, 2026"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (18, "in 18 days"),
        (-3, "3 days ago"),
        (89, "in 89 days"),
        (120, "in 4 months"),
        (-800, "2 years ago"),
    ],
)
def test_it_says_how_far_away_a_day_is(days: int, words: str) -> None:
    assert days_away_words(TODAY + timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 22, 16, 15, tzinfo=UTC), "10:15"),
        (datetime(2026, 11, 22, 3, 0, tzinfo=UTC), "Nov 21, 21:00"),
        (datetime(2025, 11, 22, 16, 15, tzinfo=UTC), "Nov 22, 2025, 10:15"),
    ],
)
def test_a_moment_is_told_in_the_clinics_own_time(moment: datetime, words: str) -> None:
    assert time_words(moment, TODAY) == words


def test_a_pill_never_lacks_its_word_and_escapes_it() -> None:
    shown = Template('{% load words %}{% pill "bad" word %}').render(Context({"word": "<b>"}))

    assert shown == '<span class="pill pill-bad">&lt;b&gt;</span>'


def test_a_pill_is_shown_right_by_a_template_as_it_is() -> None:
    shown = Template("{{ pill }}").render(Context({"pill": Pill("held", "recalled")}))

    assert shown == '<span class="pill pill-held">recalled</span>'


def test_a_copied_pill_is_the_same_pill() -> None:
    copied = deepcopy(Pill("held", "recalled"))

    assert (copied, copied.tone, copied.word) == (Pill("held", "recalled"), "held", "recalled")


def test_the_filters_leave_what_is_not_there_empty() -> None:
    template = Template(
        "{% load words %}{{ x|quantity }}{{ x|money }}{{ x|day }}"
        "{{ x|in_days:today }}{{ x|clock:today }}"
    )

    assert template.render(Context({"x": None, "today": TODAY})) == ""


@pytest.mark.parametrize(
    ("name", "letters"), [("Mara Ortiz", "MO"), ("mara", "M"), ("Ana de la Paz", "AP"), ("", "")]
)
def test_a_person_has_initials(name: str, letters: str) -> None:
    template = Template("{% load words %}{{ name|initials }}")

    assert template.render(Context({"name": name})) == letters


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 4, 1), None, "from Apr 1, 2024"),
        (None, date(2024, 3, 31), "until Mar 31, 2024"),
        (date(2024, 4, 1), date(2024, 6, 30), "from Apr 1, 2024 to Jun 30, 2024"),
        (None, None, "always"),
    ],
)
def test_a_period_says_its_first_and_its_last_day(
    first: date | None, last: date | None, words: str
) -> None:
    assert period_words(first, last) == words


def test_a_month_has_its_year() -> None:
    assert month_words(date(2026, 12, 31)) == "December 2026"
