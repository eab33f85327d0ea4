"""What becomes of the rows of a list of past procedures."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Item, Location
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.past.procedure_rows import ITEM, Known, KnownType, ProcedurePlanner
from inventory.imports.past.procedure_supplies import read_overrides
from inventory.imports.planned import Outcome, PlannedRow
from inventory.imports.row_draft import ToldRow
from inventory.procedures.models import KitLine, ProcedureType
from tests.clinic import TODAY
from tests.imports.test_code_rows import CATALOGUE, ITEMS
from tests.imports.told import NO_ANSWERS, GivenAnswers, asked, outcomes, sentence, sentences, told

LIDOCAINE, NEEDLE = ITEMS
AT = datetime(2025, 11, 3, 14, 7, tzinfo=UTC)
ROW: dict[str, Any] = {
    "performed_at": "2025-11-03 08:07",
    "type": "tpi-1-2",
    "location": "room-1",
    "provider": "Dr. Reyes",
    "muscles": "2",
    "sites": "4",
    "encounter_ref": "E-60111",
}


def kit_line(
    item: Item, quantity: str, per: str = "procedure", *, optional: bool = False
) -> KitLine:
    return KitLine(item=item, quantity=Decimal(quantity), per=per, optional=optional)


TYPES = (
    KnownType(
        ProcedureType(code="tpi-1-2", name="Trigger point, 1 or 2", cpt="20552"),
        [kit_line(LIDOCAINE, "0.75", "site"), kit_line(NEEDLE, "1", "muscle")],
    ),
    KnownType(
        ProcedureType(code="knee", name="Knee", cpt="20610"),
        [kit_line(LIDOCAINE, "5"), kit_line(NEEDLE, "1", optional=True)],
    ),
    KnownType(ProcedureType(code="shoulder", name="Shoulder", cpt="20610"), []),
)
PLACES = (
    Location(code="room-1", name="Room 1 cart, kept in the prep alcove"),
    Location(code="room-2", name="Room 2 cart"),
)


def plan(
    *rows: ToldRow,
    answers: GivenAnswers = NO_ANSWERS,
    place: str = "",
    **known: Any,
) -> list[PlannedRow]:
    planner = ProcedurePlanner(
        Known(types=TYPES, places=PLACES, items=ITEMS, **known),
        ItemFinder(ITEMS, CATALOGUE),
        {("", row): given for row, given in answers.items()},
        today=TODAY,
        place=place,
    )
    return [planner.plan(row) for row in rows]


def plan_one(answers: dict[str, str] | None = None, /, **changes: str) -> PlannedRow:
    cells = {name: text for name, text in {**ROW, **changes}.items() if text}
    (row,) = plan(told(**cells), answers={2: answers or {}})
    return row


def used(row: PlannedRow) -> dict[str, str]:
    found: dict[str, str] = json.loads(str(row.values["supplies"]))
    return found


# What it was


def test_a_row_is_a_procedure_with_its_kit_scaled() -> None:
    row = plan_one()

    assert row.outcome == Outcome.ACCEPT
    assert row.values == {
        "type": "tpi-1-2",
        "performed_at": AT,
        "location": "room-1",
        "provider": "Dr. Reyes",
        "muscles": 2,
        "sites": 4,
        "encounter_ref": "E-60111",
        "supplies": '{"lido-1-20": "3", "needle-25g-15": "2"}',
    }


@pytest.mark.parametrize(
    "said", ["tpi-1-2", "Trigger point, 1 or 2", "TRIGGER POINT 1 OR 2", "20552"]
)
def test_a_type_is_named_by_code_name_or_number(said: str) -> None:
    assert plan_one(type=said).values["type"] == "tpi-1-2"


def test_the_number_counts_where_the_type_is_not_said() -> None:
    assert plan_one(type="", cpt="20552").values["type"] == "tpi-1-2"


def test_a_number_of_two_types_is_asked_about() -> None:
    row = plan_one(type="20610")

    assert asked(row) == {"type": ["knee", "shoulder"]}


def test_an_unknown_type_is_asked_about_once() -> None:
    rows = [told(row, **{**ROW, "type": "TPI", "encounter_ref": f"E-{row}"}) for row in (2, 3)]

    assert [len(row.questions) for row in plan(*rows)] == [1, 0]
    decided = plan(*rows, answers={2: {"type": "knee"}})
    assert [row.values["type"] for row in decided] == ["knee", "knee"]


@pytest.mark.parametrize("said", ["room-1", "ROOM 1", "Rm 1", "Room 1 cart"])
def test_a_place_is_named_as_people_call_it(said: str) -> None:
    assert plan_one(location=said).values["location"] == "room-1"


def test_an_unknown_place_is_asked_about() -> None:
    assert asked(plan_one(location="Annex")) == {"location": ["room-1", "room-2"]}


def test_rows_without_a_place_are_where_the_person_says() -> None:
    cells = {**ROW, "location": ""}

    (somewhere,) = plan(told(**cells), place="room-2")
    (nowhere,) = plan(told(**cells))

    assert somewhere.values["location"] == "room-2"
    assert sentences(nowhere)["location"].startswith("Expected the code or name of a place")


def test_muscles_and_sites_are_one_unless_said() -> None:
    row = plan_one(muscles="", sites="")

    assert (row.values["muscles"], row.values["sites"]) == (1, 1)


def test_a_time_may_have_a_column_of_its_own() -> None:
    assert plan_one(performed_at="11/3/2025", time="8:07 AM").values["performed_at"] == AT


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("performed_at", "", "Expected the day of the procedure, but got nothing."),
        ("performed_at", "Tuesday", "Expected a day and a time like 2026-11-22 10:15"),
        ("performed_at", "2026-12-01", "A procedure cannot be performed in the future."),
        ("time", "lunch", "Expected a time like 10:15, but got “lunch”."),
        ("type", "", "Expected the type of the procedure, but got nothing."),
        ("muscles", "two", "Expected a number of muscles like 2, but got “two”."),
        ("muscles", "100", "Expected 0 to 99 muscles, but got 100."),
        ("sites", "-1", "Expected 0 to 99 sites, but got -1."),
        ("provider", "x" * 101, "Expected at most 100 characters, but got 101."),
        ("provider", "Dr.\x07", "Expected plain text"),
        ("overrides", "some", "Expected amounts by SKU"),
        ("overrides", '{"lido-1-20": "-1"}', "Expected an amount of lido-1-20 like 2 or 0.5"),
        ("overrides", '{"needle-25g-15": "0.5"}', "Expected whole pieces of Needle 25G"),
    ],
)
def test_what_is_not_understood_is_said_at_its_column(
    column: str, text: str, expected: str
) -> None:
    row = plan_one(**{column: text})

    assert row.outcome == Outcome.REJECT
    assert sentences(row)[column].startswith(expected)


@pytest.mark.parametrize("text", ["Jane Doe", "123-45-6789", "1980-02-03", "555-867-5309"])
def test_what_may_identify_a_patient_is_refused_and_repeated_nowhere(text: str) -> None:
    row = plan_one(encounter_ref=text)

    assert row.outcome == Outcome.REJECT
    assert text not in repr(row)


# What it used


def test_an_amount_that_the_file_says_takes_the_place_of_the_kit() -> None:
    assert used(plan_one(overrides='{"lido-1-20": "5.5"}')) == {
        "lido-1-20": "5.5",
        "needle-25g-15": "2",
    }


def test_nothing_used_is_no_line() -> None:
    assert used(plan_one(overrides="needle-25g-15=0")) == {"lido-1-20": "3"}


def test_an_optional_supply_is_used_only_where_the_file_says_so() -> None:
    assert used(plan_one(type="knee")) == {"lido-1-20": "5"}
    assert used(plan_one(type="knee", overrides="needle-25g-15=2")) == {
        "lido-1-20": "5",
        "needle-25g-15": "2",
    }


def test_a_column_headed_with_an_item_says_how_much_was_used() -> None:
    row = plan_one(**{f"{ITEM}lido-1-20": "7 mL"})

    assert used(row) == {"lido-1-20": "7", "needle-25g-15": "2"}


def test_an_item_named_twice_is_refused() -> None:
    row = plan_one(**{f"{ITEM}lido-1-20": "7", "overrides": "lido-1-20=6"})

    assert sentence(row).endswith("multi-dose vial is named twice in this row.")


def test_an_unknown_supply_is_asked_about() -> None:
    row = plan_one(overrides="lido=3")
    settled = plan_one({"item lido": "lido-1-20"}, overrides="lido=3")

    assert list(asked(row)) == ["item lido"]
    assert used(settled)["lido-1-20"] == "3"


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ('{"a": "1", "b": 2.50}', {"a": Decimal(1), "b": Decimal("2.50")}),
        ("a=1 b=0.5", {"a": Decimal(1), "b": Decimal("0.5")}),
        ("a: 1; b: 2", {"a": Decimal(1), "b": Decimal(2)}),
        ("{}", {}),
    ],
)
def test_amounts_are_written_in_several_ways(text: str, amounts: dict[str, Decimal]) -> None:
    assert read_overrides(text) == amounts


# Which are known


def test_a_procedure_of_an_earlier_file_is_known_already() -> None:
    (row,) = plan(told(**ROW), past=[("tpi-1-2", AT, "room-1", "E-60111")])

    assert (row.outcome, sentence(row)) == (
        Outcome.IGNORE,
        "Known already, from a file that was imported before.",
    )


def test_a_procedure_that_was_logged_here_is_no_history() -> None:
    (row,) = plan(told(**ROW), logged=[("tpi-1-2", AT, "room-1", "E-60111")])

    assert (row.outcome, sentence(row)) == (Outcome.IGNORE, "This procedure was logged here.")


def test_the_same_row_twice_is_one_procedure() -> None:
    rows = plan(told(2, **ROW), told(3, **ROW))

    assert outcomes(rows) == ["accept", "ignore"]
    assert sentence(rows[1]) == "Row 2 says the same."


def test_the_same_encounter_with_something_else_is_asked_about() -> None:
    rows = [told(2, **ROW), told(3, **{**ROW, "sites": "6"})]

    assert asked(plan(*rows)[1]) == {"twin": ["leave_out", "another"]}
    assert outcomes(plan(*rows, answers={3: {"twin": "another"}})) == ["accept", "accept"]
    assert outcomes(plan(*rows, answers={3: {"twin": "leave_out"}})) == ["accept", "ignore"]


def test_two_of_one_day_without_time_and_encounter_are_two() -> None:
    cells = {**ROW, "performed_at": "2025-11-03", "encounter_ref": ""}

    assert outcomes(plan(told(2, **cells), told(3, **cells))) == ["accept", "accept"]


def test_as_many_of_them_are_known_as_were_taken_in() -> None:
    cells = {**ROW, "performed_at": "2025-11-03", "encounter_ref": ""}
    midnight = datetime(2025, 11, 3, 6, tzinfo=UTC)

    rows = plan(*(told(row, **cells) for row in (2, 3)), past=[("tpi-1-2", midnight, "room-1", "")])

    assert outcomes(rows) == ["ignore", "accept"]


def test_use_after_the_stock_was_counted_here_may_count_twice() -> None:
    (row,) = plan(told(**ROW), counted_since={"lido-1-20": datetime(2025, 10, 1, 12, tzinfo=UTC)})

    assert row.outcome == Outcome.ACCEPT
    assert sentences(row)["performed_at"] == (
        "The stock of Lidocaine 1% 20 mL multi-dose vial is kept here since Oct 1, 2025: if this"
        " procedure was logged here too, its use counts twice."
    )
