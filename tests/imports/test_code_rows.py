"""What becomes of the rows of a list of product codes."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Item
from inventory.imports.catalog.code_rows import CodePlanner, KnownCode
from inventory.imports.meaning.catalogue import CatalogItem, Catalogue
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.row_draft import ToldRow
from tests.imports.told import NO_ANSWERS, GivenAnswers, asked, outcomes, sentences, told

GTIN = "00323155940411"
ITEMS = (
    Item(
        sku="lido-1-20",
        name="Lidocaine 1% 20 mL multi-dose vial",
        kind="local_anesthetic",
        unit="mL",
        container="multi_dose_vial",
        container_volume=Decimal(20),
    ),
    Item(sku="needle-25g-15", name="Needle 25G 1½ in", kind="needle", unit="each"),
)
CATALOGUE = Catalogue(
    tuple(
        CatalogItem(
            item.sku,
            item.name,
            item.kind,
            item.unit,
            item.container,
            item.container_volume,
        )
        for item in ITEMS
    )
)


def plan(
    *rows: ToldRow,
    known: tuple[KnownCode, ...] = (),
    answers: GivenAnswers = NO_ANSWERS,
) -> list[PlannedRow]:
    finder = ItemFinder(ITEMS, CATALOGUE)
    given = {("", row): each for row, each in answers.items()}
    planner = CodePlanner(finder, known, given)
    return [planner.plan(row) for row in rows]


def plan_one(**cells: Any) -> PlannedRow:
    (row,) = plan(told(**{"item": "lido-1-20", **cells}))
    return row


# What kind of code


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (GTIN, "gtin"),
        ("323155940411", "gtin"),
        ("0409-4276-01", "ndc"),
        ("23155-940-41", "ndc"),
        ("+H123NN2538R1R", "hibc"),
    ],
)
def test_the_kind_of_a_code_is_told_from_the_code(value: str, kind: str) -> None:
    row = plan_one(value=value, quantity="500")

    assert (row.outcome, row.values["kind"]) == (Outcome.ACCEPT, kind)


@pytest.mark.parametrize(
    ("value", "first"), [("305127", "ref"), ("BD-305127", "ref"), ("2315594041", "ndc")]
)
def test_a_code_that_may_be_several_kinds_is_asked_about(value: str, first: str) -> None:
    row = plan_one(value=value, quantity="500")

    assert row.outcome == Outcome.DECIDE
    assert asked(row)["kind"][0] == first


@pytest.mark.parametrize(("said", "kind"), [("EAN", "gtin"), ("NDC", "ndc"), ("Ref", "ref")])
def test_the_file_may_say_the_kind_in_its_own_words(said: str, kind: str) -> None:
    value = "0409-4276-01" if kind == "ndc" else GTIN

    assert plan_one(value=value, kind=said, quantity="500").values["kind"] == kind


def test_a_wrong_check_digit_is_refused_with_the_right_one() -> None:
    row = plan_one(value="00323155940412")

    assert sentences(row)["value"] == (
        "Expected a GTIN that ends with its check digit 1, but got “00323155940412”."
    )


def test_a_code_that_a_spreadsheet_has_shortened_is_refused() -> None:
    row = plan_one(value="3.23156E+11")

    assert "a spreadsheet took it for a number and shortened it" in sentences(row)["value"]


# How much it holds


@pytest.mark.parametrize(
    ("cells", "level", "quantity"),
    [
        ({"quantity": "500"}, "inner", 500),
        ({"quantity": "25 vials"}, "inner", 500),
        ({"quantity": "20"}, "each", 20),
        ({"quantity": "1 vial"}, "each", 20),
        ({"level": "Case", "quantity": "100 vials"}, "case", 2000),
        ({"level": "box"}, "inner", None),
        ({"level": "vial"}, "each", 20),
    ],
)
def test_a_level_and_what_it_holds(cells: dict[str, str], level: str, quantity: int | None) -> None:
    row = plan_one(value=GTIN, **cells)

    assert (row.values["level"], row.values["quantity"]) == (level, quantity)


def test_a_gtin_of_a_higher_level_is_no_single_vial() -> None:
    row = plan_one(value="10323155940418")

    assert (row.values["level"], row.values["quantity"]) == ("inner", None)


def test_a_code_without_a_level_is_taken_for_a_single_one_and_says_so() -> None:
    row = plan_one(value=GTIN)

    assert sentences(row)["level"].startswith("Taken for the code of a single one (20 mL)")


def test_what_is_no_whole_container_is_refused() -> None:
    row = plan_one(value=GTIN, quantity="25 mL")

    assert sentences(row)["quantity"].startswith("Expected whole containers, a multiple of 20 mL")


# Whose it is


@pytest.mark.parametrize("said", ["lido-1-20", "LIDO-1-20", "Lidocaine 1% 20 ml Multi-Dose Vial"])
def test_an_item_is_named_by_its_sku_or_its_name(said: str) -> None:
    assert plan_one(item=said, value=GTIN).values["item"] == "lido-1-20"


def test_a_name_that_reads_like_an_item_is_taken_for_it() -> None:
    row = plan_one(item="lido 1% 20ml MDV", value=GTIN)

    assert row.values["item"] == "lido-1-20"


def test_an_unknown_item_is_asked_about_once() -> None:
    rows = [
        told(2, item="Frobnicator", value=GTIN),
        told(3, item="Frobnicator", value="0409-4276-01"),
    ]

    assert [bool(row.questions) for row in plan(*rows)] == [True, False]
    assert outcomes(plan(*rows, answers={2: {"item": "lido-1-20"}})) == ["accept", "accept"]


def test_an_answer_has_to_be_an_item() -> None:
    (row,) = plan(told(item="Frobnicator", value=GTIN), answers={2: {"item": "nothing"}})

    assert sentences(row)["item"] == "Expected the SKU of an item, but got “nothing”."


def test_an_sku_and_a_name_of_two_items_are_asked_about() -> None:
    row = plan_one(name="Needle 25G 1½ in", value=GTIN)

    assert asked(row)["item"] == ["lido-1-20", "needle-25g-15"]


def test_a_row_that_names_no_item_or_no_code_is_refused() -> None:
    (row,) = plan(told(level="each"))

    assert sentences(row) == {
        "item": "Expected the SKU or the name of an item, but got nothing.",
        "value": "Expected a code, but got nothing.",
    }


def test_a_code_of_this_item_is_known_already() -> None:
    (row,) = plan(told(item="lido-1-20", value=GTIN), known=(KnownCode("gtin", GTIN, ITEMS[0]),))

    assert row.outcome == Outcome.IGNORE


def test_a_code_of_another_item_is_refused_and_named() -> None:
    (row,) = plan(
        told(item="lido-1-20", value="323155940411", kind="UPC"),
        known=(KnownCode("gtin", GTIN, ITEMS[1]),),
    )

    assert sentences(row)["value"] == "This code already belongs to Needle 25G 1½ in."


def test_a_code_that_the_file_gives_to_two_items_is_refused_the_second_time() -> None:
    rows = plan(
        told(2, item="lido-1-20", value=GTIN, quantity="500"),
        told(3, item="needle-25g-15", value=GTIN, quantity="100"),
        told(4, item="lido-1-20", value=GTIN, quantity="500"),
    )

    assert outcomes(rows) == ["accept", "reject", "ignore"]
    assert sentences(rows[1])["value"].endswith("multi-dose vial, by row 2.")
