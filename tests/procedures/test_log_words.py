"""The words of the logging page, one rule each."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.catalog.models import Item
from inventory.procedures import draft
from inventory.procedures.log_words import Words, dose
from inventory.stock.item_words import short_name, title
from tests.clinic import TODAY


def item(name: str, **facts: object) -> Item:
    return Item(name=name, **facts)


def vial(name: str, volume: int) -> Item:
    return item(name, unit="mL", container="single_dose_vial", container_volume=volume)


@pytest.mark.parametrize(
    ("name", "volume", "shown", "short"),
    [
        ("Lidocaine 1% 20 mL multi-dose vial", 20, "Lidocaine 1% 20 mL", "Lidocaine 1%"),
        ("Kenalog-40 1 mL single-dose vial", 1, "Kenalog-40 1 mL", "Kenalog-40"),
        ("Triamcinolone 40 mg/mL 1 mL single-dose vial", 1, "Triamcinolone 40 mg/mL 1 mL",
         "Triamcinolone 40 mg/mL"),
        ("Lidocaine 1% preservative-free 5 mL ampule", 5, "Lidocaine 1% preservative-free 5 mL",
         "Lidocaine 1% preservative-free"),
        ("Botox 100 units single-dose vial", 100, "Botox 100 units", "Botox"),
        ("Marcaine", 30, "Marcaine", "Marcaine"),
    ],
)  # fmt: skip
def test_a_drug_is_named_without_its_container(
    name: str, volume: int, shown: str, short: str
) -> None:
    assert (title(vial(name, volume)), short_name(vial(name, volume))) == (shown, short)


@pytest.mark.parametrize(
    ("name", "kind", "short"),
    [
        ("Chlorhexidine 2% / alcohol 70% applicator 3 mL", "prep", "Chlorhexidine"),
        ("Gauze 2 × 2 in, non-sterile", "dressing", "Gauze"),
        ("Nitrile exam glove, medium", "glove", "Nitrile exam glove"),
        ("Sterile glove size 7½, latex-free", "glove", "Sterile glove"),
        ("Needle 25G 1½ in", "needle", "Needle 25G 1½ in"),
    ],
)
def test_prep_is_named_in_a_word_or_two(name: str, kind: str, short: str) -> None:
    assert short_name(item(name, kind=kind)) == short


@pytest.mark.parametrize(
    ("strength", "quantity", "milligrams"),
    [("40", "0.5", "20 mg"), ("2.5", "5", "12.5 mg"), ("10", "120", "1,200 mg"), (None, "1", "")],
)
def test_a_volume_of_known_strength_is_told_in_milligrams(
    strength: str | None, quantity: str, milligrams: str
) -> None:
    drug = item("Kenalog-40", unit="mL", strength=Decimal(strength) if strength else None)

    assert dose(drug, Decimal(quantity)) == milligrams


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (18, "expires Dec 11, in 18 days"),
        (0, "expires Nov 23, today"),
        (-6, "expired Nov 17"),
        (200, "expires Jun 11, 2027"),
        (800, "expires Jan 2029"),
    ],
)
def test_an_expiry_is_told_by_how_near_it_is(days: int, words: str) -> None:
    assert Words(TODAY, soon_days=60).usable(TODAY + timedelta(days=days), opened=False) == words


def test_an_open_vial_is_used_by_its_beyond_use_date() -> None:
    assert Words(TODAY, 60).usable(date(2026, 12, 10), opened=True) == "use by Dec 10, in 17 days"


@pytest.mark.parametrize(
    ("unit", "volume", "before", "after_more", "after_less"),
    [
        ("each", None, "1", "2", "1"),
        ("mL", 20, "4", "5", "3"),
        ("mL", 20, "0.5", "1", "0.5"),
        ("mL", 1, "0.25", "0.5", "0.25"),
        ("mL", 1, "0.75", "1", "0.5"),
        ("unit", 100, "155", "160", "150"),
        ("mL", 20, "99999", "99999", "99998"),
    ],
)
def test_plus_and_minus_step_as_a_syringe_is_read(
    unit: str, volume: int | None, before: str, after_more: str, after_less: str
) -> None:
    drug, quantity = item("Drug", unit=unit, container_volume=volume), Decimal(before)

    assert draft.more(quantity, drug) == Decimal(after_more)
    assert draft.less(quantity, drug) == Decimal(after_less)
