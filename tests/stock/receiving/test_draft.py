"""The list of a delivery as a value: whatever is scanned in whatever order adds up."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.models import Item
from inventory.stock.receiving.draft import (
    CannotAdd,
    Draft,
    DraftLine,
    Package,
    number_in,
    one_less,
    with_package,
)
from inventory.stock.receiving.measures import choices, count_words, units_in_one

VIALS = Item(
    pk=1, sku="lido", name="Lidocaine", unit="mL", container="multi_dose_vial", container_volume=20
)
NEEDLES = Item(pk=2, sku="needle", name="Needle", unit="each")
SIZES = {VIALS.pk: (20, 200, 500), NEEDLES.pk: (1, 50, 100)}

packages = st.sampled_from([VIALS, NEEDLES]).flatmap(
    lambda item: st.builds(
        Package,
        item=st.just(item),
        quantity=st.sampled_from(SIZES[item.pk]).map(Decimal),
        lot=st.sampled_from(["A1", "a1", " B2", "C3"]),
        expires_on=st.sampled_from([None, date(2027, 12, 31)]),
    )
)


@given(st.lists(packages, max_size=30))
def test_every_package_is_in_the_line_of_its_lot(scanned: list[Package]) -> None:
    draft = Draft()
    came: Counter[tuple[int, str]] = Counter()
    for package in scanned:
        draft = with_package(draft, package)
        came[package.item.pk, package.lot.strip().upper()] += int(package.quantity or 0)

    listed = {
        (line.item.pk, line.lot_number): units_in_one(line.item, line.measure)
        * (number_in(line.quantity) or 0)
        for line in draft.lines
    }
    assert listed == came
    assert len(draft.lines) == len(came)


@given(packages, st.integers(min_value=1, max_value=20))
def test_as_many_times_one_less_empties_the_list(package: Package, times: int) -> None:
    draft = Draft()
    for _ in range(times):
        draft = with_package(draft, package)
    for _ in range(times):
        draft = one_less(draft, 0)
    assert draft.lines == ()


def test_two_expiry_dates_of_one_lot_are_two_lines() -> None:
    package = Package(VIALS, Decimal(20), "A1", date(2027, 12, 31))
    draft = with_package(Draft(), package)
    draft = with_package(draft, replace(package, expires_on=date(2028, 1, 31)))
    assert [line.expires_on for line in draft.lines] == ["2027-12-31", "2028-01-31"]


def test_a_line_in_doubt_takes_only_the_same_code() -> None:
    draft = with_package(Draft(), Package(VIALS, Decimal(20), doubt="xyz"))
    draft = with_package(draft, Package(VIALS, Decimal(20)))
    draft = with_package(draft, Package(VIALS, Decimal(20), doubt="xyz"))
    assert [line.quantity for line in draft.lines] == ["2", "1"]


def test_a_full_list_still_takes_packages_of_its_lots() -> None:
    lines = tuple(DraftLine(number, VIALS, f"L{number}", quantity="1", measure="container")
                  for number in range(100))  # fmt: skip
    full = Draft(lines)
    assert len(with_package(full, Package(VIALS, Decimal(20), "L7")).lines) == 100
    with pytest.raises(CannotAdd, match="takes no more"):
        with_package(full, Package(VIALS, Decimal(20), "NEW"))


@pytest.mark.parametrize(
    ("item", "measure", "count", "words"),
    [
        (VIALS, "of-500", 2, "2 packs of 500 mL = 1,000 mL, 50 vials"),
        (VIALS, "container", 1, "1 vial = 20 mL"),
        (VIALS, "unit", 40, "40 mL"),
        (NEEDLES, "of-100", 1, "1 pack of 100 = 100 pieces"),
        (NEEDLES, "unit", 310, "310 pieces"),
    ],
)
def test_a_line_says_what_it_comes_to(item: Item, measure: str, count: int, words: str) -> None:
    assert count_words(item, measure, Decimal(count)) == words


def test_an_item_is_counted_in_its_packages_smallest_first() -> None:
    measured = [measure for measure, _ in choices(VIALS, [Decimal(500), Decimal(20), Decimal(200)])]
    assert measured == ["container", "of-200", "of-500", "unit"]


@pytest.mark.parametrize("text", ["", "0", "-1", "1e3", "NaN", "²", "1.2345", "9" * 10, "two"])
def test_what_is_no_number_above_zero_counts_as_none(text: str) -> None:
    assert number_in(text) is None
