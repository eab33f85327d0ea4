"""Sealed containers and opened ones: an opened vial is never taken for sealed stock. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.imports.cells.dates import day_text, last_such_day
from inventory.imports.cells.notes import Note
from inventory.imports.cells.quantities import Counted, read_quantity_text
from inventory.imports.meaning.catalogue import CatalogItem
from inventory.imports.planned import Choice, Question
from inventory.imports.stock.amounts import Measured, container_word, tidy
from inventory.imports.stock.draft import LEAVE_OUT, TAKE_IN, Draft, Shelf, note_of
from inventory.sheets.cell_text import shortened
from inventory.stock.usable import beyond_use_on
from inventory.web.decimals import plain as plain_number

SEALED = "sealed"


@dataclass(frozen=True)
class Opened:
    """What there is of an item: `sealed` beside one opened container with about `rest` in it."""

    item: CatalogItem
    sealed: Decimal
    rest: Decimal
    exact: bool
    opened_on: date | None = None
    until: date | None = None
    today: date = date.max

    @property
    def past(self) -> bool:
        """Whether its beyond-use date is over."""
        return self.until is not None and self.until < self.today

    @property
    def nothing_known(self) -> bool:
        """Whether nobody says how much is left in it."""
        return not self.exact and self.rest == self.item.piece

    def amount(self, quantity: Decimal) -> str:
        unit = "units" if self.item.unit == "unit" else self.item.unit
        return f"{plain_number(quantity)} {unit}"

    def sealed_words(self) -> str:
        count = self.sealed / self.item.piece
        return f"{plain_number(count)} sealed {container_word(self.item, count)}"

    def words(self) -> str:
        """Return "2 sealed vials and an opened vial with about 10 mL"."""
        name = container_word(self.item, 1)
        left = f" with {'' if self.exact else 'about '}{self.amount(self.rest)}"
        opened = f"an opened {name}{'' if self.nothing_known else left}"
        return f"{self.sealed_words()} and {opened}" if self.sealed else opened


def take_opened(draft: Draft, shelf: Shelf, measured: Measured) -> None:
    """Tell sealed containers from an opened one, and take the quantity."""
    item = draft.item
    if item is None:
        return
    opened_on = _opened_on(draft, shelf)
    there = _there(draft, item, measured, note_of(draft, shelf), opened_on)
    if there is None:
        draft.values["quantity"] = measured.sealed
    elif draft.answer("opened") == LEAVE_OUT:
        _leave_opened_out(draft, there)
    elif item.single_dose:
        _ask_about_waste(draft, there)
    else:
        _take_multi_dose(draft, shelf, there, opened_on)


def _opened_on(draft: Draft, shelf: Shelf) -> date | None:
    answer = draft.answer("opened_on")
    if not answer:
        told = last_such_day(draft.text("opened_on"), shelf.today)
        return told or note_of(draft, shelf).opened_on
    day = last_such_day(answer, shelf.today)
    if day is None:
        draft.say(
            "opened_on",
            f"Expected a day up to today such as 11/12/2026, but got {shortened(answer)}.",
        )
    return day


def _there(
    draft: Draft, item: CatalogItem, measured: Measured, note: Note, opened_on: date | None
) -> Opened | None:
    """What is sealed and what is opened; None where all of it is sealed."""
    if measured.rest is not None:
        return Opened(item, measured.sealed, measured.rest, measured.exact_rest)
    speaks = (note.opened or opened_on is not None) and item.container_volume is not None
    if not speaks or not measured.sealed or draft.answer("opened") == SEALED:
        return None
    # The count is of whole containers, but the note speaks of an opened one.
    return Opened(item, measured.sealed - item.piece, item.piece, exact=False)


def _leave_opened_out(draft: Draft, there: Opened) -> None:
    if there.sealed:
        draft.values["quantity"] = there.sealed
    else:
        draft.leave_out("quantity", "The opened one was left out, and there is no other.")


def _choices(there: Opened, *, usable: bool) -> tuple[Choice, ...]:
    choices = []
    if usable:
        choices.append(Choice(TAKE_IN, "Take it in as an opened vial"))
    if there.nothing_known:
        choices.append(Choice(SEALED, "None is opened"))
    label = "Leave it out: it is waste"
    if there.sealed:
        label = f"Take in the {there.sealed_words()} alone"
    return (*choices, Choice(LEAVE_OUT, label))


def _ask_about_waste(draft: Draft, there: Opened) -> None:
    name = container_word(there.item, 1)
    draft.ask(
        Question(
            "opened",
            f"That is {there.words()}. What is left in an opened {name} for a single dose is"
            " waste. Leave it out?",
            choices=_choices(there, usable=False),
        ),
        "quantity",
    )


def _take_multi_dose(draft: Draft, shelf: Shelf, there: Opened, opened_on: date | None) -> None:
    if opened_on is not None:
        expires = draft.expiry.day if draft.expiry else None
        until = beyond_use_on(opened_on, there.item.beyond_use_days, expires)
        there = Opened(
            there.item, there.sealed, there.rest, there.exact, opened_on, until, shelf.today
        )
        draft.values["opened_on"] = opened_on
    left = there.rest if there.exact else _left(draft, there)
    ready = there.until is not None and not there.past and left is not None
    if left is not None and (ready or there.exact):
        draft.values["quantity"] = there.sealed + left
        draft.values["opened_left"] = left
    if there.until is not None and ready and draft.answer("opened") == TAKE_IN:
        draft.say("quantity", f"One opened vial, to be used by {day_text(there.until)}.")
        return
    _ask_about_opened(draft, there, left)


def _ask_about_opened(draft: Draft, there: Opened, left: Decimal | None) -> None:
    question = Question("opened", _sentence(there), choices=_choices(there, usable=not there.past))
    draft.ask(question, "quantity")
    if there.past:
        return
    if there.opened_on is None:
        draft.questions.append(Question("opened_on", "When was it opened?", kind="date"))
    if left is None:
        text = f"How many {there.item.unit} are left in it?"
        draft.questions.append(Question("opened_left", text, kind="quantity"))


def _sentence(there: Opened) -> str:
    if there.opened_on is None or there.until is None:
        return (
            f"That is {there.words()}. When was it opened, and is it still within its beyond-use"
            " date?"
        )
    opened = f"That is {there.words()}, opened on {day_text(there.opened_on)}"
    if there.past:
        return (
            f"{opened}: past its beyond-use date {day_text(there.until)}, so it is waste and no"
            " usable stock. Leave it out?"
        )
    return f"{opened}, so to be used by {day_text(there.until)}. Take it in as an opened vial?"


def _left(draft: Draft, there: Opened) -> Decimal | None:
    """How much is left in the opened vial, as answered."""
    answer = draft.answer("opened_left")
    if not answer:
        return None
    read = read_quantity_text(answer)
    number = read.parts[0].number if isinstance(read, Counted) and len(read.parts) == 1 else None
    if number is None or not 0 < tidy(number) <= there.item.piece:
        draft.say(
            "opened_left",
            f"Expected up to {there.amount(there.item.piece)}, but got {shortened(answer)}.",
        )
        return None
    return tidy(number)
