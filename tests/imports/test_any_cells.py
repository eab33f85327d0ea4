"""Whatever stands in the cells of a row, it is planned: nothing is raised, and no row is lost."""

from collections.abc import Callable
from typing import Protocol

import hypothesis.strategies as some
import pytest
from hypothesis import given, settings

from inventory.catalog.models import Supplier
from inventory.imports.catalog import code_rows, item_rows, offer_rows
from inventory.imports.catalog.item_rows import ItemPlanner, KnownItem
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.past import procedure_rows
from inventory.imports.past.procedure_rows import Known, ProcedurePlanner
from inventory.imports.planned import Field, Outcome, PlannedRow
from inventory.imports.row_draft import ToldRow
from inventory.imports.stored import values_as_text
from inventory.sheets.cells import SheetCell
from tests.clinic import TODAY
from tests.deep import DEEP
from tests.imports.test_code_rows import CATALOGUE, ITEMS
from tests.imports.test_procedure_rows import PLACES, TYPES


class Planner(Protocol):
    def plan(self, told: ToldRow) -> PlannedRow: ...


LIKELY = [
    "lido-1-20", "Lidocaine 1% 20 mL multi-dose vial", "needle-25g-15", "MDV", "vial", "none",
    "n/a", "yes", "x", "-", "20 mL", "25 vials", "25 x 20 mL", "box of 100", "1e400", "-0", "NaN",
    "1,200", "$75.00", "00323155940411", "0409-4276-01", "+A123", "2025-11-03T08:07:00-06:00",
    "11/3/2025", "0001-01-01", "99:99", '{"lido-1-20": "3"}', '{"a": {"a": 1}}', "lido-1-20=3",
    "[" * 3000,
    "tpi-1-2", "room-1", "E-1", "new", "½", "\x00", "\ud800", "=1+1", "#REF!", "9" * 500,
]  # fmt: skip

QUESTIONS = [
    "row", "kind", "container", "facts", "item", "supplier", "offer", "type", "location", "twin",
    "pack_quantity", "lead_time_days", "namesake", "line",
]  # fmt: skip

values = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-(10**20), 10**20),
    some.decimals(allow_nan=False, allow_infinity=False),
    some.dates(),
    some.datetimes(),
    some.times(),
    some.timedeltas(),
    some.sampled_from(LIKELY),
    some.text(max_size=40),
    some.builds("{} {}".format, some.sampled_from(LIKELY), some.sampled_from(LIKELY)),
)
cells = some.builds(SheetCell, values, formula=some.sampled_from(["", "", "=A1"]))
answers = some.dictionaries(
    some.sampled_from(QUESTIONS),
    some.sampled_from(["leave_out", "theirs", "ours", "new", "other", "lido-1-20", "room-1", "3"]),
)
Answered = dict[tuple[str, int], dict[str, str]]


def items(given_answers: Answered) -> ItemPlanner:
    return ItemPlanner([KnownItem(item, has_lots=True) for item in ITEMS], given_answers)


def codes(given_answers: Answered) -> code_rows.CodePlanner:
    return code_rows.CodePlanner(ItemFinder(ITEMS, CATALOGUE), (), given_answers)


def offers(given_answers: Answered) -> offer_rows.OfferPlanner:
    sellers = [Supplier(code="northgate", name="Northgate Medical Supply")]
    return offer_rows.OfferPlanner(ItemFinder(ITEMS, CATALOGUE), sellers, (), given_answers)


def procedures(given_answers: Answered) -> ProcedurePlanner:
    known = Known(types=TYPES, places=PLACES, items=ITEMS)
    return ProcedurePlanner(known, ItemFinder(ITEMS, CATALOGUE), given_answers, today=TODAY)


PLANNERS: dict[str, tuple[Callable[[Answered], Planner], tuple[Field, ...]]] = {
    "items": (items, item_rows.FIELDS),
    "codes": (codes, code_rows.FIELDS),
    "offers": (offers, offer_rows.FIELDS),
    "procedures": (
        procedures,
        (*procedure_rows.FIELDS, *procedure_rows.item_fields(ITEMS)),
    ),
}


@pytest.mark.parametrize("kind", PLANNERS)
@settings(max_examples=2_500 if DEEP else 25)
@given(data=some.data())
def test_any_cells_become_planned_rows(kind: str, data: some.DataObject) -> None:
    planner, fields = PLANNERS[kind]
    names = [field.name for field in fields]
    rows = data.draw(some.lists(some.dictionaries(some.sampled_from(names), cells), max_size=4))
    plans = planner({("", 2): data.draw(answers), ("", 3): data.draw(answers)})

    for number, row in enumerate(rows, start=2):
        planned = plans.plan(ToldRow("", number, row))

        assert planned.row == number
        assert (planned.outcome == Outcome.REJECT) <= bool(planned.messages)
        assert (planned.outcome == Outcome.DECIDE) <= bool(planned.questions or planned.messages)
        assert all(isinstance(text, str) for text in values_as_text(planned).values())
