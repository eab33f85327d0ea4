"""What becomes of the rows of a price list."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Supplier, SupplierOffer
from inventory.imports.catalog.offer_rows import KnownOffer, OfferPlanner
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.row_draft import ToldRow
from tests.imports.test_code_rows import CATALOGUE, ITEMS
from tests.imports.told import NO_ANSWERS, GivenAnswers, asked, outcomes, sentence, sentences, told

NORTHGATE = Supplier(code="northgate", name="Northgate Medical Supply")
ROW: dict[str, Any] = {
    "supplier": "Northgate Medical Supply",
    "item": "lido-1-20",
    "order_code": "NG-10117",
    "pack_quantity": "25 vials",
    "pack_price": "$75.00",
    "lead_time_days": "3",
}


def offer(**changes: Any) -> KnownOffer:
    facts: dict[str, Any] = {
        "order_code": "NG-10117",
        "pack_quantity": Decimal(500),
        "pack_price": Decimal("75.00"),
        "lead_time_days": 3,
        "minimum_packs": 1,
    }
    return KnownOffer(SupplierOffer(**facts | changes), "northgate", "lido-1-20")


def plan(
    *rows: ToldRow,
    known: tuple[KnownOffer, ...] = (),
    answers: GivenAnswers = NO_ANSWERS,
) -> list[PlannedRow]:
    given = {("", row): each for row, each in answers.items()}
    planner = OfferPlanner(ItemFinder(ITEMS, CATALOGUE), [NORTHGATE], known, given)
    return [planner.plan(row) for row in rows]


def plan_one(
    answers: dict[str, str] | None = None, known: tuple[KnownOffer, ...] = (), /, **changes: Any
) -> PlannedRow:
    cells = {name: text for name, text in {**ROW, **changes}.items() if text}
    (row,) = plan(told(**cells), known=known, answers={2: answers or {}})
    return row


def test_a_row_says_what_a_supplier_asks() -> None:
    row = plan_one(minimum_packs="2", preferred="yes")

    assert row.outcome == Outcome.ACCEPT
    assert row.values == {
        "supplier": "northgate",
        "supplier_name": "Northgate Medical Supply",
        "item": "lido-1-20",
        "order_code": "NG-10117",
        "pack_quantity": 500,
        "pack_price": Decimal("75.00"),
        "lead_time_days": 3,
        "minimum_packs": 2,
        "preferred": True,
        "is_active": True,
        "action": "add",
    }


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("supplier", "", "Expected the name of a supplier, but got nothing."),
        ("supplier", "!!!", "Expected a name with letters, but got “!!!”."),
        ("pack_quantity", "", "Expected how much one pack holds, but got nothing."),
        ("pack_quantity", "plenty", "Expected an amount like 500, 25 vials or box of 100"),
        ("pack_price", "", "Expected the price of a pack, but got nothing."),
        ("pack_price", "cheap", "Expected an amount of money like 12.50, but got “cheap”."),
        ("pack_price", "1.234", "Expected an amount of at most 2 decimals, but got 1.234."),
        ("lead_time_days", "soon", "Expected a number of days like 3, but got “soon”."),
        ("minimum_packs", "some", "Expected a whole number, but got “some”."),
        ("preferred", "perhaps", "Expected yes or no, but got “perhaps”."),
    ],
)
def test_what_is_not_understood_is_said_at_its_column(
    column: str, text: str, expected: str
) -> None:
    row = plan_one(**{column: text})

    assert row.outcome == Outcome.REJECT
    assert sentences(row)[column].startswith(expected)


# Suppliers


@pytest.mark.parametrize("said", ["northgate", "NORTHGATE MEDICAL SUPPLY", "Northgate Med"])
def test_a_supplier_is_named_by_code_name_or_the_beginning_of_it(said: str) -> None:
    assert plan_one(supplier=said).values["supplier"] == "northgate"


def test_a_new_supplier_is_asked_about_once() -> None:
    rows = [
        told(2, **{**ROW, "supplier": "Harbor Drug"}),
        told(
            3, **{**ROW, "supplier": "Harbor drug", "item": "needle-25g-15", "pack_quantity": "100"}
        ),
    ]

    waiting = plan(*rows)
    decided = plan(*rows, answers={2: {"supplier": "new"}})

    assert asked(waiting[0]) == {"supplier": ["new", "is:northgate"]}
    assert sentence(waiting[1]) == "Waits for what is answered at row 2."
    assert [row.values["supplier"] for row in decided] == ["harbor-drug", "harbor-drug"]
    assert outcomes(decided) == ["accept", "accept"]


def test_an_unknown_name_may_be_a_supplier_that_is_known() -> None:
    row = plan_one({"supplier": "is:northgate"}, supplier="N.M.S.")

    assert row.values["supplier"] == "northgate"


def test_when_the_first_row_is_left_out_the_next_one_asks() -> None:
    rows = [told(row, **{**ROW, "supplier": "Harbor Drug"}) for row in (2, 3)]

    planned = plan(*rows, answers={2: {"row": "leave_out"}})

    assert outcomes(planned) == ["ignore", "decide"]
    assert "supplier" in asked(planned[1])


def test_days_to_deliver_are_asked_about_once_for_a_supplier() -> None:
    rows = [
        told(2, **{**ROW, "lead_time_days": ""}),
        told(3, **{**ROW, "lead_time_days": "", "order_code": "NG-2"}),
    ]

    assert asked(plan(*rows)[0]) == {"lead_time_days": []}
    decided = plan(*rows, answers={2: {"lead_time_days": "1 week"}})
    assert [row.values["lead_time_days"] for row in decided] == [7, 7]


# Packs


def test_a_number_that_can_only_count_vials_is_asked_about() -> None:
    row = plan_one(pack_quantity="25")

    assert asked(row) == {"pack_quantity": ["containers"]}
    assert row.questions[0].choices[0].label == "25 containers of 20 mL: 500 mL"
    assert plan_one({"pack_quantity": "containers"}, pack_quantity="25").values[
        "pack_quantity"
    ] == Decimal(500)


def test_a_column_beside_it_may_say_what_the_pack_counts() -> None:
    assert plan_one(pack_quantity="25", pack_unit="vial").values["pack_quantity"] == 500


def test_a_bare_number_in_the_unit_says_how_many_vials_it_was_taken_for() -> None:
    row = plan_one(pack_quantity="500")

    assert sentences(row)["pack_quantity"] == "500 mL: 25 containers of 20 mL."


# What is known already


def test_the_same_offer_is_known_already() -> None:
    row = plan_one(None, (offer(),))

    assert (row.outcome, sentence(row)) == (Outcome.IGNORE, "Known already.")


def test_a_new_price_is_proposed() -> None:
    row = plan_one(None, (offer(),), pack_price="80")

    assert asked(row) == {"offer": ["theirs", "ours"]}
    assert row.questions[0].text == (
        "Northgate Medical Supply offers Lidocaine 1% 20 mL multi-dose vial already."
        " New price: $80.00 instead of $75.00."
    )


def test_a_person_says_whether_the_new_price_counts() -> None:
    taken = plan_one({"offer": "theirs"}, (offer(),), pack_price="80")
    kept = plan_one({"offer": "ours"}, (offer(),), pack_price="80")

    assert (taken.outcome, taken.values["action"]) == (Outcome.ACCEPT, "change")
    assert kept.outcome == Outcome.IGNORE


def test_without_an_order_code_the_only_offer_is_meant() -> None:
    row = plan_one({"offer": "theirs"}, (offer(),), order_code="", pack_price="80")

    assert (row.values["order_code"], row.values["action"]) == ("NG-10117", "change")


def test_what_the_file_does_not_say_of_a_known_offer_stays() -> None:
    row = plan_one(None, (offer(minimum_packs=4, preferred=True),), lead_time_days="")

    assert row.outcome == Outcome.IGNORE


def test_an_offer_out_of_use_comes_into_use_again() -> None:
    row = plan_one(None, (offer(is_active=False),))

    assert "In use again." in row.questions[0].text


# Rows among each other


def test_an_offer_is_named_once_in_a_file() -> None:
    rows = plan(told(2, **ROW), told(3, **ROW), told(4, **{**ROW, "pack_price": "80"}))

    assert outcomes(rows) == ["accept", "ignore", "reject"]
    assert sentences(rows[2])["order_code"] == "Row 2 says something else of this offer."


def test_an_item_is_preferred_from_one_supplier() -> None:
    rows = plan(
        told(2, **ROW, preferred="yes"),
        told(3, **{**ROW, "order_code": "NG-2"}, preferred="yes"),
    )

    assert sentences(rows[1])["preferred"] == (
        "Row 2 is preferred for Lidocaine 1% 20 mL multi-dose vial already."
    )
