"""What becomes of the rows of a list of items."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Item
from inventory.imports.catalog.item_rows import ItemPlanner, KnownItem
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.row_draft import ToldRow
from tests.imports.told import NO_ANSWERS, GivenAnswers, asked, outcomes, sentence, sentences, told

LIDOCAINE = "Lidocaine 1% 20 mL multi-dose vial"


def plan(
    *rows: ToldRow,
    known: tuple[KnownItem, ...] = (),
    answers: GivenAnswers = NO_ANSWERS,
) -> list[PlannedRow]:
    planner = ItemPlanner(known, {("", row): given for row, given in answers.items()})
    return [planner.plan(row) for row in rows]


def plan_one(answers: dict[str, str] | None = None, /, **cells: Any) -> PlannedRow:
    (row,) = plan(told(**cells), answers={2: answers or {}})
    return row


def lidocaine(**changes: Any) -> Item:
    facts: dict[str, Any] = {
        "sku": "lido-1-20",
        "name": LIDOCAINE,
        "kind": "local_anesthetic",
        "unit": "mL",
        "container": "multi_dose_vial",
        "container_volume": Decimal(20),
        "beyond_use_days": 28,
    }
    return Item(**facts | changes)


# Words


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("kind", "Local anesthetic", "local_anesthetic"),
        ("kind", "local_anesthetic", "local_anesthetic"),
        ("kind", "Steroids", "corticosteroid"),
        ("container", "MDV", "multi_dose_vial"),
        ("container", "Multi-dose vial", "multi_dose_vial"),
        ("container_volume", "20 mL", Decimal(20)),
        ("strength", "10 mg/mL", Decimal(10)),
        ("strength", "1%", Decimal(10)),
        ("storage", "Refrigerated", "fridge"),
        ("storage", "protect from light", "room_dark"),
        ("preservative_free", "x", True),
        ("preservative_free", "no", False),
        ("preservative_free", "n/a", None),
        ("lot_tracked", "no", False),
        ("beyond_use_days", "28 days", 28),
        ("reorder_point", "5 vials", Decimal(100)),
        ("par_level", "200 mL", Decimal(200)),
        ("hcpcs", "j2003", "J2003"),
    ],
)
def test_people_write_the_facts_of_an_item_in_their_own_words(
    column: str, text: str, value: object
) -> None:
    cells = {"name": LIDOCAINE, "kind": "local", column: text}

    row = plan_one(**cells)

    assert row.outcome == Outcome.ACCEPT
    assert row.values[column] == value


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("sku", "***", "Expected a code like lido-1-20, but got “***”."),
        ("unit", "gallon", "Expected one of each, mL, unit, but got “gallon”."),
        ("container", "keg", "Expected one of None, Ampule, Single-dose vial, Multi-dose vial"),
        ("container_volume", "big", "Expected an amount like 20 or 20 mL, but got “big”."),
        ("strength", "strong", "Expected a strength in mg per mL like 40"),
        ("strength", "0", "Expected an amount above 0, but got 0."),
        ("beyond_use_days", "a month", "Expected a number of days like 3, but got “a month”."),
        ("storage", "attic", "Expected one of Room temperature"),
        ("preservative_free", "sometimes", "Expected one of yes, no, but got “sometimes”."),
        ("hcpcs", "JABCD", "Expected a letter and four digits, as in J3301, but got “JABCD”."),
        ("billing_unit", "lots", "Expected an amount in mg, mL or units"),
        ("lot_tracked", "maybe", "Expected yes or no, but got “maybe”."),
        ("reorder_point", "some", "Expected an amount like 500, 25 vials or box of 100"),
        ("reorder_point", "-1", "Expected an amount like 500, 25 vials or box of 100"),
    ],
)
def test_what_is_not_understood_is_said_at_its_column(
    column: str, text: str, expected: str
) -> None:
    row = plan_one(**{"name": LIDOCAINE, "kind": "local", column: text})

    assert row.outcome == Outcome.REJECT
    assert sentences(row)[column].startswith(expected)


def test_a_par_level_below_the_reorder_point_is_refused_as_the_catalog_does() -> None:
    row = plan_one(name="Needle 25G", reorder_point="100", par_level="50")

    assert sentences(row)["par_level"] == "The par level cannot be below the reorder point."


def test_a_volume_in_another_unit_than_the_item_is_refused() -> None:
    row = plan_one(name="Botox vial", unit="unit", container="SDV", container_volume="5 mL")

    assert sentences(row)["container_volume"] == "Expected an amount in unit, but got one in mL."


def test_a_row_without_a_name_is_refused() -> None:
    row = plan_one(kind="Needle")

    assert sentences(row)["name"] == "Expected the name of the item, but got nothing."


# What the name gives away


def test_a_name_says_kind_container_volume_and_unit() -> None:
    row = plan_one(name=LIDOCAINE)

    assert row.outcome == Outcome.ACCEPT
    understood = {name: row.values[name] for name in ("kind", "unit", "container", "action")}
    assert understood == {
        "kind": "local_anesthetic",
        "unit": "mL",
        "container": "multi_dose_vial",
        "action": "add",
    }
    assert row.values["container_volume"] == 20
    assert sentences(row)["kind"] == "Local anesthetic, by its name."


def test_an_opened_multi_dose_vial_keeps_28_days_unless_the_file_says_otherwise() -> None:
    assert plan_one(name=LIDOCAINE).values["beyond_use_days"] == 28
    assert plan_one(name=LIDOCAINE, beyond_use_days="14").values["beyond_use_days"] == 14


def test_a_toxin_is_counted_in_units() -> None:
    row = plan_one(name="Botox 100 units single-dose vial")

    assert (row.values["kind"], row.values["unit"]) == ("toxin", "unit")


def test_a_name_that_sounds_like_two_kinds_is_asked_about() -> None:
    row = plan_one(name="Syringe 3 mL with needle 25G")

    assert row.outcome == Outcome.DECIDE
    assert asked(row)["kind"][:2] == ["needle", "syringe"]


def test_a_vial_of_unknown_doses_is_asked_about() -> None:
    row = plan_one(name="Ketorolac 30 mg vial", kind="other drug", container_volume="1")

    assert asked(row) == {"container": ["single_dose_vial", "multi_dose_vial"]}


def test_an_answer_settles_the_question() -> None:
    row = plan_one({"container": "single_dose_vial"}, name="Ketorolac vial", kind="other drug",
                   container_volume="1")  # fmt: skip

    assert row.outcome == Outcome.ACCEPT
    assert row.values["container"] == "single_dose_vial"


def test_an_answer_that_was_not_offered_settles_nothing() -> None:
    row = plan_one({"container": "barrel"}, name="Ketorolac vial", kind="other drug")

    assert row.outcome == Outcome.DECIDE


def test_a_word_for_a_kind_is_asked_about_once_for_the_whole_file() -> None:
    rows = [told(row, name=f"Thing {row}", kind="widgets") for row in (2, 3)]

    waiting = plan(*rows)
    decided = plan(*rows, answers={2: {"kind": "other"}})

    assert outcomes(waiting) == ["decide", "decide"]
    assert waiting[1].questions == ()
    assert sentence(waiting[1]) == (
        "Named thing-3: the file gives no SKU. Waits for what is answered at row 2."
    )
    assert outcomes(decided) == ["accept", "accept"]


# SKUs


@pytest.mark.parametrize(
    ("name", "sku"),
    [
        (LIDOCAINE, "lidocaine-1-20-ml-multi-dose-vial"),
        ("Needle 25G 1½ in", "needle-25g-15-in"),
        ("Gauze 2 × 2 in", "gauze-2-2-in"),
    ],
)
def test_an_sku_is_proposed_from_the_name(name: str, sku: str) -> None:
    row = plan_one(name=name)

    assert row.values["sku"] == sku
    assert sentences(row)["sku"] == f"Named {sku}: the file gives no SKU."


def test_a_proposed_sku_is_free_in_file_and_clinic() -> None:
    known = KnownItem(Item(sku="needle-25g", name="Old needle", kind="needle"))

    rows = plan(told(2, name="Needle 25G!"), told(3, name="Needle 25G?"), known=(known,))

    assert [row.values["sku"] for row in rows] == ["needle-25g-2", "needle-25g-3"]


def test_an_sku_is_written_as_all_are() -> None:
    row = plan_one(sku="LIDO 1/20", name=LIDOCAINE)

    assert row.values["sku"] == "lido-1-20"
    assert sentences(row)["sku"].startswith("Written as lido-1-20")


def test_an_item_without_letters_needs_an_sku() -> None:
    row = plan_one(name="¿?", kind="Needle")

    assert sentences(row)["sku"] == "Give this item an SKU: none can be made of its name."


# What is known already


def test_an_item_that_is_known_with_the_same_facts_is_left_alone() -> None:
    known = KnownItem(lidocaine())

    (row,) = plan(told(sku="lido-1-20", name=LIDOCAINE, container="MDV"), known=(known,))

    assert row.outcome == Outcome.IGNORE
    assert sentence(row) == f"{LIDOCAINE} is known already."


def test_other_facts_of_a_known_item_are_shown_and_asked_about() -> None:
    known = KnownItem(lidocaine())

    (row,) = plan(told(sku="lido-1-20", name=LIDOCAINE, strength="20"), known=(known,))

    assert asked(row) == {"facts": ["theirs", "ours"]}
    assert row.questions[0].text == (
        f"{LIDOCAINE} is known. Strength: nothing here, 20 in the file."
    )


@pytest.mark.parametrize(
    ("answer", "outcome", "action"),
    [("theirs", Outcome.ACCEPT, "change"), ("ours", Outcome.IGNORE, "change")],
)
def test_a_person_says_whose_facts_count(answer: str, outcome: Outcome, action: str) -> None:
    (row,) = plan(
        told(sku="lido-1-20", name=LIDOCAINE, strength="20"),
        known=(KnownItem(lidocaine()),),
        answers={2: {"facts": answer}},
    )

    assert row.outcome == outcome
    assert row.values["action"] == action


def test_what_the_file_does_not_say_of_a_known_item_stays() -> None:
    known = KnownItem(lidocaine(hcpcs="J2003", lot_tracked=False))

    (row,) = plan(
        told(sku="lido-1-20", strength="20"), known=(known,), answers={2: {"facts": "theirs"}}
    )

    assert (row.values["hcpcs"], row.values["lot_tracked"]) == ("J2003", False)
    assert row.values["name"] == LIDOCAINE


def test_what_lots_are_counted_by_cannot_change_any_more() -> None:
    known = KnownItem(lidocaine(), has_lots=True)

    (row,) = plan(
        told(sku="lido-1-20", name=LIDOCAINE, container_volume="50"),
        known=(known,),
        answers={2: {"facts": "theirs"}},
    )

    assert row.outcome == Outcome.REJECT
    assert "cannot change any more" in sentences(row)["container_volume"]


def test_packages_that_no_longer_fit_are_named_before_anything_is_written() -> None:
    known = KnownItem(lidocaine(), packages=(Decimal(500),))

    (row,) = plan(
        told(sku="lido-1-20", name=LIDOCAINE, container_volume="30"),
        known=(known,),
        answers={2: {"facts": "theirs"}},
    )

    assert "no longer fits" in sentences(row)["container_volume"]


def test_an_item_of_the_same_name_but_another_sku_is_asked_about() -> None:
    (row,) = plan(told(sku="lido-new", name=LIDOCAINE), known=(KnownItem(lidocaine()),))

    assert asked(row) == {"namesake": ["leave_out", "new"]}


# Rows among each other


def test_a_row_that_says_the_same_again_is_left_out() -> None:
    rows = plan(told(2, sku="n-1", name="Needle 25G"), told(3, sku="n-1", name="Needle 25G"))

    assert outcomes(rows) == ["accept", "ignore"]
    assert sentence(rows[1]).endswith("Row 2 says the same.")


def test_a_row_that_says_something_else_of_the_same_sku_is_refused() -> None:
    rows = plan(told(2, sku="n-1", name="Needle 25G"), told(3, sku="n-1", name="Needle 27G"))

    assert sentences(rows[1])["sku"] == "Row 2 says something else of n-1."


def test_one_text_alone_may_be_a_heading_or_an_item() -> None:
    (row,) = plan(told(name="Needles", is_alone=True))
    (left_out,) = plan(told(name="Needles", is_alone=True), answers={2: {"line": "leave_out"}})

    assert asked(row) == {"line": ["leave_out", "item"]}
    assert left_out.outcome == Outcome.IGNORE


def test_a_row_that_is_left_out_is_ignored_whatever_it_says() -> None:
    (row,) = plan(told(name="¿?"), answers={2: {"row": "leave_out"}})

    assert row.outcome == Outcome.IGNORE


def test_a_formula_without_a_result_is_no_value() -> None:
    (row,) = plan(told(name="Needle 25G", reorder_point="#REF!"))

    assert sentences(row)["reorder_point"] == "Expected a value, but got Excel's error #REF!."
