"""How much a row of a stock sheet counts. Pure."""

from inventory.imports.cells.quantities import (
    Amount,
    Counted,
    read_quantity,
    read_quantity_text,
)
from inventory.imports.cells.results import Blank, Doubtful, Refused
from inventory.imports.planned import Question
from inventory.imports.stock.amounts import (
    NO_UNIT,
    Measured,
    UnitSaid,
    heading_unit,
    measure,
    quantity_question,
    read_unit_cell,
)
from inventory.imports.stock.draft import (
    Draft,
    Shelf,
    note_of,
)
from inventory.sheets.cell_text import shortened
from inventory.web.decimals import plain as plain_number


def said_unit(draft: Draft) -> UnitSaid:
    """The unit of the column beside the count, or of its heading."""
    beside = read_unit_cell(draft.text("unit"))
    if beside.unit or not beside.understood:
        return beside
    heading = heading_unit(draft.layout.heading("quantity"))
    return UnitSaid(heading.unit, beside.holds) if heading.unit else beside


def take_quantity(draft: Draft, shelf: Shelf) -> Measured | None:
    """Read the count and bring it to the item's unit; None where it is not to be had yet."""
    counted = _counted(draft)
    if counted is None:
        return None
    if counted.is_nothing:
        draft.leave_out("quantity", "None is there: nothing to take in.")
        return None
    if draft.item is None:
        _quantity_of_anything(draft, counted)
        return None
    said = _unit_for(draft, counted)
    if said is None:
        return None
    return _settled(draft, shelf, measure(counted, draft.item, said, draft.answer("pack")))


def _settled(draft: Draft, shelf: Shelf, measured: Measured) -> Measured | None:
    if measured.refusal:
        draft.refuse("quantity", measured.refusal, _how_many())
        return None
    for text in measured.notes:
        draft.say("quantity", text)
    if measured.question is not None:
        draft.ask(measured.question, "quantity")
        return None
    draft.values["counted"] = measured.words
    if note_of(draft, shelf).count_again and not draft.answer("quantity"):
        draft.ask(
            quantity_question(
                f"The note says {shortened(draft.text('note'))}. How many are there?",
                (draft.text("quantity"),),
            )
        )
    return measured


def _unit_for(draft: Draft, counted: Counted) -> UnitSaid | None:
    """The unit beside the count; None where it is none that a count could go by."""
    said = said_unit(draft)
    if said.understood or draft.answer("quantity"):
        return said if said.understood else NO_UNIT
    if all(part.unit for part in counted.parts):
        return NO_UNIT
    number = plain_number(counted.parts[0].number)
    draft.ask(
        quantity_question(
            f"{shortened(draft.text('unit'))} is no unit that this is counted in. How many are"
            " there?",
            (f"{number} each", *([f"{number} {said.unit}"] if said.unit else [])),
        )
    )
    return None


def _how_many() -> Question:
    return Question("quantity", "How many are there?", kind="quantity")


def _counted(draft: Draft) -> Counted | None:
    """The count as the cell, or the answer, gives it."""
    answer = draft.answer("quantity")
    read = read_quantity_text(answer) if answer else read_quantity(draft.cell("quantity"))
    loose = read_quantity(draft.cell("loose")) if not answer else None
    if isinstance(loose, Counted) and not loose.is_nothing:
        read = _with_loose(read, loose, said_unit(draft))
    if isinstance(read, Counted):
        if read.computed:
            draft.say(
                "quantity", f"The stored result of {draft.cell('quantity').formula} was taken."
            )
        return read
    if isinstance(read, Blank):
        draft.refuse("quantity", "Expected how many there are, but the cell is empty.", _how_many())
    elif isinstance(read, Refused):
        draft.refuse("quantity", read.sentence, _how_many())
    else:
        draft.ask(quantity_question(read.sentence, read.guesses))
    return None


def _with_loose(
    read: Counted | Blank | Doubtful | Refused, loose: Counted, said: UnitSaid
) -> Counted | Blank | Doubtful | Refused:
    pieces = tuple(Amount(part.number, part.unit or "each") for part in loose.parts)
    if isinstance(read, Blank):
        return Counted(pieces)
    if isinstance(read, Counted):
        parts = tuple(
            Amount(
                part.number, part.unit or said.unit or "box", part.holds or said.holds, part.size
            )
            for part in read.parts
        )
        return Counted(parts + pieces, opened=read.opened)
    return read


def _quantity_of_anything(draft: Draft, counted: Counted) -> None:
    """Pieces are as many, whichever of the candidates it is."""
    part = counted.parts[0]
    unit = part.unit or said_unit(draft).unit
    in_pieces = bool(draft.candidates) and all(
        each.container_volume is None for each in draft.candidates
    )
    whole = part.holds is None and part.number == part.number.to_integral_value()
    if in_pieces and whole and unit in {"", "each"} and len(counted.parts) == 1:
        draft.values["quantity"] = part.number
