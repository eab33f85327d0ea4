"""Which lot a row of a stock sheet is, and until when it may be used. Pure."""

from datetime import date

from inventory.imports.cells.dates import (
    Expiry,
    day_text,
    month_text,
    read_expiry_text,
)
from inventory.imports.cells.lots import Lot, read_lot_text
from inventory.imports.cells.results import Blank, Doubtful, Refused
from inventory.imports.planned import Choice, Question
from inventory.imports.stock.draft import (
    LEAVE_OUT,
    LEAVE_OUT_CHOICE,
    NO_DATE,
    QUARANTINE,
    TAKE_IN,
    Draft,
    Shelf,
    day_choice,
    note_of,
    row_words,
)
from inventory.imports.stock.lots_seen import RECORDED, others
from inventory.sheets.cell_text import shortened


def take_lot(draft: Draft, shelf: Shelf) -> None:
    """Read the lot number of what is tracked by lot."""
    if not draft.may_have_lot:
        return
    answer = draft.answer("lot")
    read = read_lot_text(answer) if answer else shelf.lot(draft.cell("lot"))
    if isinstance(read, Lot):
        draft.values["lot"] = read.number
        draft.say("lot", read.note)
    elif isinstance(read, Blank):
        if draft.needs_lot:
            draft.ask(
                Question(
                    "lot",
                    "It is tracked by lot, and no lot is given. What does the label say?",
                    "text",
                )
            )
    else:
        guesses = read.guesses if isinstance(read, Doubtful) else ()
        choices = tuple(Choice(guess, guess) for guess in guesses)
        kind = "choice" if choices else "text"
        draft.ask(Question("lot", read.sentence, kind, choices))


def take_expiry(draft: Draft, shelf: Shelf) -> None:
    """Read the expiry, or take it from other rows of the same lot; two for one lot are asked."""
    if not draft.may_have_lot:
        return
    answer = draft.answer("expires_on")
    if answer == NO_DATE and _may_lack_date(draft, shelf):
        draft.say("expires_on", "No date is printed on it.")
        return
    read = (
        read_expiry_text(answer, shelf.today) if answer else shelf.expiry(draft.cell("expires_on"))
    )
    if isinstance(read, Expiry):
        draft.say("expires_on", read.note)
        _agree(draft, shelf, read, answered=bool(answer))
    elif isinstance(read, Blank):
        _no_expiry(draft, shelf)
    elif isinstance(read, Refused):
        draft.refuse("expires_on", read.sentence, _which_expiry(draft, shelf, ()))
    else:
        draft.ask(_which_expiry(draft, shelf, read.guesses, read.sentence))


def _may_lack_date(draft: Draft, shelf: Shelf) -> bool:
    """A supply may have none printed, and a lot has none that the clinic has without one; but not
    where another row, or the record, has one for the same lot."""
    key = _lot_key(draft)
    if key is None or draft.item is None:
        return False
    if shelf.lots.is_known(key):
        return shelf.lots.recorded(key) is None
    return not draft.item.container_volume and not shelf.lots.days(key)


def _lot_key(draft: Draft) -> tuple[str, str] | None:
    lot = draft.values.get("lot")
    return (draft.item.sku, lot) if draft.item is not None and isinstance(lot, str) else None


def _which_expiry(
    draft: Draft, shelf: Shelf, guesses: tuple[str, ...], sentence: str = "When does it expire?"
) -> Question:
    key = _lot_key(draft)
    known = sorted(shelf.lots.days(key)) if key else []
    days = dict.fromkeys((*(date.fromisoformat(guess) for guess in guesses), *known))
    choices = tuple(day_choice(day) for day in days)
    return Question("expires_on", sentence, "choice" if choices else "date", choices)


def _no_expiry(draft: Draft, shelf: Shelf) -> None:
    key = _lot_key(draft)
    days = shelf.lots.days(key) if key else {}
    if len(days) == 1:
        ((day, row),) = days.items()
        where = _where(draft, row)
        _set_expiry(draft, Expiry(day))
        draft.say(
            "expires_on", f"No date here; lot {draft.values['lot']} has {day_text(day)} in {where}."
        )
        return
    if key and shelf.lots.is_known(key) and not days:
        draft.say("expires_on", "The clinic has this lot without a date.")
        return
    if not draft.needs_lot:
        return
    question = _which_expiry(
        draft,
        shelf,
        (),
        "It is tracked by lot, and no expiry date is given. What does the label say?",
    )
    if _may_lack_date(draft, shelf):
        none = Choice(NO_DATE, "No date is printed on it")
        question = Question("expires_on", question.text, question.kind, (*question.choices, none))
    draft.ask(question)


def _where(draft: Draft, row: tuple[str, int]) -> str:
    return "the clinic’s record" if row == RECORDED else row_words(draft, row)


def _set_expiry(draft: Draft, expiry: Expiry) -> None:
    draft.expiry = expiry
    draft.values["expires_on"] = expiry.day


def _agree(draft: Draft, shelf: Shelf, expiry: Expiry, *, answered: bool) -> None:
    """One lot has one expiry: where rows, or the clinic's record, give two, somebody has to say."""
    key = _lot_key(draft)
    if key is None:
        _set_expiry(draft, expiry)
        return
    day = shelf.lots.exact_day(key, expiry)
    if day != expiry.day:
        draft.say("expires_on", f"{month_text(day)}: lot {key[1]} has {day_text(day)} elsewhere.")
    _set_expiry(draft, Expiry(day, expiry.month_only))
    if shelf.lots.is_known(key) and shelf.lots.recorded(key) is None:
        _ask_about_undated(draft, key, day)
        return
    days = shelf.lots.days(key)
    other = others(days, day)
    recorded = shelf.lots.recorded(key)
    settled = answered and shelf.lots.settled(key) == day and recorded in {None, day}
    if not other or settled:
        return
    texts = [f"{day_text(each)} in {_where(draft, days[each])}" for each in other]
    draft.ask(
        Question(
            "expires_on",
            f"Lot {key[1]} has {day_text(day)} here, but {' and '.join(texts)}. One lot has one"
            " expiry date: what does the label say?",
            choices=tuple(map(day_choice, (day, *other))),
        )
    )


def _ask_about_undated(draft: Draft, key: tuple[str, str], day: date) -> None:
    draft.ask(
        Question(
            "expires_on",
            f"Lot {key[1]} has {day_text(day)} here, but no date in the clinic’s record. Take it in"
            " without a date, as it is there?",
            choices=(Choice(NO_DATE, "Take it in without a date"),),
        )
    )


def warn_of_expiry(draft: Draft, shelf: Shelf) -> None:
    """Say that it expired: it is on the shelf, so it goes in, and is never offered for use."""
    if draft.expiry is None:
        return
    if draft.expiry.day < shelf.today:
        draft.say(
            "expires_on",
            f"It expired on {day_text(draft.expiry.day)}: it goes in as expired, and is never"
            " offered for use.",
        )
    elif note_of(draft, shelf).expired and draft.answer("row") != TAKE_IN:
        draft.ask(
            Question(
                "row",
                "The note says that it expired, but the date is still to come. Take it in?",
                choices=(Choice(TAKE_IN, "Take it in"), LEAVE_OUT_CHOICE),
            ),
            "note",
        )


def warn_of_holds(draft: Draft, shelf: Shelf) -> None:
    """Point at a recall that names the lot, or at a lot that is held; ask where a note sets it
    aside."""
    key = _lot_key(draft)
    if key is not None:
        draft.say("lot", shelf.stores.recalled.get(key, ""))
        draft.say("lot", shelf.stores.held_lots.get(key, ""))
    if not note_of(draft, shelf).held:
        return
    answer = draft.answer("hold")
    if answer == QUARANTINE:
        draft.values["hold"] = QUARANTINE
        draft.say("note", "It goes in as quarantined.")
    elif answer == LEAVE_OUT:
        draft.leave_out("note", "It was left out.")
    else:
        draft.ask(
            Question(
                "hold",
                f"The note says {shortened(draft.text('note'))}. Take it in as quarantined, or not"
                " at all?",
                choices=(
                    Choice(QUARANTINE, "Take it in as quarantined: never offered for use"),
                    LEAVE_OUT_CHOICE,
                ),
            ),
            "note",
        )
