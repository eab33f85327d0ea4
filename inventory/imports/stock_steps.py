"""The steps in which a row of a stock sheet is understood: what, how much, which lot, where. Pure.

Each reads its cells and the answers to its questions, and adds values, messages and questions to
the draft.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from inventory.imports.cells.dates import (
    Expiry,
    day_text,
    last_such_day,
    month_text,
    read_expiry_text,
)
from inventory.imports.cells.lots import Lot, read_lot_text
from inventory.imports.cells.notes import NO_NOTE, Note, read_note
from inventory.imports.cells.quantities import (
    Amount,
    Counted,
    read_quantity,
    read_quantity_text,
)
from inventory.imports.cells.results import Blank, Doubtful, Refused
from inventory.imports.cells.text import plain, shortened
from inventory.imports.lots_seen import RECORDED, others
from inventory.imports.matching import Match
from inventory.imports.places import names_a_place
from inventory.imports.planned import Choice, Question
from inventory.imports.stock_amounts import (
    NO_UNIT,
    Measured,
    UnitSaid,
    container_word,
    heading_unit,
    measure,
    quantity_question,
    read_unit_cell,
    tidy,
)
from inventory.imports.stock_draft import (
    LEAVE_OUT,
    LEAVE_OUT_CHOICE,
    NO_DATE,
    QUARANTINE,
    TAKE_IN,
    Draft,
    Shelf,
    day_choice,
)
from inventory.imports.stock_fields import NAME_FIELDS
from inventory.stock.usable import beyond_use_on
from inventory.web.decimals import plain as plain_number

COST_STEP = Decimal("0.0001")
DEAREST = Decimal(99999999)


# What it is


def product_name(draft: Draft) -> str:
    """What the row calls the product: its name with strength and size, where they stand apart."""
    parts = [draft.text("item")]
    for name in NAME_FIELDS[1:]:
        text = draft.text(name)
        if text and plain(text) not in plain(" ".join(parts)):
            parts.append(_with_unit(text, draft.layout.heading(name)))
    return " ".join(part for part in parts if part)


def _with_unit(text: str, heading: str) -> str:
    """A bare number of a column that says its unit in the heading: 20 under "Size (mL)"."""
    if not text.replace(".", "", 1).isdigit():
        return text
    for unit in ("mg/ml", "ml", "cc", "%"):
        if unit in plain(heading):
            return f"{text} {unit}"
    return text


def take_item(draft: Draft, shelf: Shelf, above: str) -> None:
    """Find the item; `above` is what the row above is, where this one names nothing."""
    chosen = draft.answer("item")
    if chosen in shelf.items:
        _set_item(draft, shelf, chosen)
        return
    if chosen:
        draft.say("item", f"Expected an item of the catalogue, but got {shortened(chosen)}.")
    name = product_name(draft)
    if not name and not draft.text("code"):
        _no_name(draft, shelf, above)
        return
    match = shelf.match(name, draft.text("code"))
    if match.sku is not None:
        draft.say("item", match.note)
        _set_item(draft, shelf, match.sku)
    elif match.skus:
        _ask_which(draft, shelf, match, name)
    else:
        _not_in_catalogue(draft, shelf, match, name)


def _set_item(draft: Draft, shelf: Shelf, sku: str) -> None:
    draft.item = shelf.items[sku]
    draft.values["item"] = sku
    if not draft.item.is_active:
        draft.refuse(
            "item",
            f"{draft.item.name} is no longer in use here. Put it in use again, or choose another.",
            Question("item", "Which item is it?", kind="item"),
        )


def _no_name(draft: Draft, shelf: Shelf, above: str) -> None:
    if above in shelf.items:
        name = shelf.items[above].name
        draft.candidates = (shelf.items[above],)
        draft.ask(
            Question(
                "item",
                f"The row names no item. Is it {name}, as in the row above?",
                choices=(Choice(above, name),),
            )
        )
        return
    draft.refuse(
        "item",
        "Expected the name of an item, but the cell is empty.",
        Question("item", "Which item is it?", kind="item"),
    )


def _ask_which(draft: Draft, shelf: Shelf, match: Match, name: str) -> None:
    lot = shelf.lot(draft.cell("lot"))
    of_lot = shelf.lots.items_of(lot.number) if isinstance(lot, Lot) else frozenset()
    skus = sorted(match.skus, key=lambda sku: sku not in of_lot)
    draft.candidates = tuple(shelf.items[sku] for sku in skus)
    sentence = match.doubt or f"{shortened(name)} may be one of {len(skus)} items. Which one is it?"
    if not sentence.endswith("?"):
        sentence += " Which item is it?"
    if of_lot & set(skus):
        sentence += f" Lot {lot.number} is known of {draft.candidates[0].name}."  # type: ignore[union-attr]
    choices = tuple(Choice(each.sku, each.name) for each in draft.candidates)
    draft.say("item", match.note)
    draft.ask(Question("item", sentence, choices=choices))


def _not_in_catalogue(draft: Draft, shelf: Shelf, match: Match, name: str) -> None:
    if match.doubt == "formula":
        sentence = f"Expected the name of an item, but got a text that looks like a formula: {shortened(name)}."
    else:
        sentence = f"{shortened(name)} is not in the catalogue."
    near = [shelf.items[sku] for sku in match.near]
    if near:
        names = "; ".join(each.name for each in near[:3])
        sentence += f" What it has of that name is another product: {names}."
    choices = tuple(Choice(each.sku, each.name) for each in near)
    draft.refuse("item", sentence, Question("item", "Which item is it?", "item", choices))


# How much


def said_unit(draft: Draft) -> UnitSaid:
    """The unit of the column beside the count, or of its heading."""
    beside = read_unit_cell(draft.text("unit"))
    if beside.unit or not beside.understood:
        return beside
    heading = heading_unit(draft.layout.heading("quantity"))
    return UnitSaid(heading.unit, beside.holds) if heading.unit else beside


def take_quantity(draft: Draft, shelf: Shelf) -> Measured | None:
    """Read the count and bring it to the item's unit; None where it is not to be had yet."""
    note = note_of(draft, shelf)
    counted = _counted(draft)
    if counted is None:
        return None
    if counted.is_nothing:
        draft.leave_out("quantity", "None is there: nothing to take in.")
        return None
    if draft.item is None:
        _quantity_of_anything(draft, counted)
        return None
    measured = measure(counted, draft.item, _unit_for(draft), draft.answer("pack"))
    if measured.refusal:
        draft.refuse("quantity", measured.refusal, _how_many())
        return None
    for text in measured.notes:
        draft.say("quantity", text)
    if measured.question is not None:
        draft.ask(measured.question, "quantity")
        return None
    draft.values["counted"] = measured.words
    if note.count_again and not draft.answer("quantity"):
        draft.ask(
            quantity_question(
                f"The note says {shortened(draft.text('note'))}. How many are there?",
                (_as_typed(draft),),
            )
        )
    return measured


def _unit_for(draft: Draft) -> UnitSaid:
    """What was typed as an answer says its own unit, or means that of the column."""
    said = said_unit(draft)
    if not said.understood:
        draft.say(
            "unit", f"{shortened(draft.text('unit'))} is no unit that we know: taken for pieces."
        )
        return NO_UNIT
    return said


def _as_typed(draft: Draft) -> str:
    return draft.text("quantity")


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
    said = said_unit(draft)
    part = counted.parts[0]
    unit = part.unit or said.unit
    pieces = all(each.container_volume is None for each in draft.candidates)
    if draft.candidates and pieces and unit in {"", "each"} and len(counted.parts) == 1:
        if part.holds is None and part.number == part.number.to_integral_value():
            draft.values["quantity"] = part.number


# Sealed, or opened


def note_of(draft: Draft, shelf: Shelf) -> Note:
    text = draft.text("note")
    return read_note(text, shelf.today) if text else NO_NOTE


def take_opened(draft: Draft, shelf: Shelf, measured: Measured) -> None:
    """Tell sealed containers from an opened one, and take the quantity."""
    item = draft.item
    if item is None:
        return
    note = note_of(draft, shelf)
    opened_on = _opened_on(draft, shelf, note)
    speaks = (note.opened or opened_on is not None) and item.container_volume is not None
    if measured.rest is None and speaks:
        measured = _perhaps_opened(draft, measured)
    if measured.rest is None:
        draft.values["quantity"] = measured.sealed
        return
    answer = draft.answer("opened")
    if answer == LEAVE_OUT:
        _leave_opened_out(draft, measured)
    elif item.single_dose:
        _single_dose_opened(draft, measured)
    else:
        _multi_dose_opened(draft, shelf, measured, opened_on)


def _opened_on(draft: Draft, shelf: Shelf, note: Note) -> date | None:
    if answer := draft.answer("opened_on"):
        day = last_such_day(answer, shelf.today)
        if day is None:
            draft.say(
                "opened_on",
                f"Expected a day up to today such as 11/12/2026, but got {shortened(answer)}.",
            )
        return day
    cell = draft.cell("opened_on").value
    if isinstance(cell, date):
        return last_such_day(draft.text("opened_on"), shelf.today)
    return note.opened_on or (
        last_such_day(draft.text("opened_on"), shelf.today) if draft.text("opened_on") else None
    )


def _perhaps_opened(draft: Draft, measured: Measured) -> Measured:
    """The count is of whole containers, but the note speaks of an opened one."""
    item = draft.item
    assert item is not None
    if draft.answer("opened") == "sealed" or not measured.sealed:
        return measured
    return Measured(
        measured.sealed - item.piece, item.piece, exact_rest=False, words=measured.words
    )


def _leave_opened_out(draft: Draft, measured: Measured) -> None:
    if measured.sealed:
        draft.values["quantity"] = measured.sealed
    else:
        draft.leave_out("opened", "The opened one was left out, and there is no other.")


def _amount(draft: Draft, quantity: Decimal) -> str:
    unit = draft.item.unit if draft.item else ""
    return f"{plain_number(quantity)} {'units' if unit == 'unit' else unit}"


def _sealed_words(draft: Draft, measured: Measured) -> str:
    item = draft.item
    assert item is not None
    count = measured.sealed / item.piece
    return f"{plain_number(count)} sealed {container_word(item, count)}"


def _opened_choices(draft: Draft, measured: Measured, *, usable: bool) -> tuple[Choice, ...]:
    choices = []
    if usable:
        choices.append(Choice(TAKE_IN, "Take it in as an opened vial"))
    if not measured.exact_rest and measured.rest == (draft.item.piece if draft.item else None):
        choices.append(Choice("sealed", "None is opened"))
    label = "Leave the opened one out: it is waste"
    if measured.sealed:
        label = f"Take in the {_sealed_words(draft, measured)} alone"
    return (*choices, Choice(LEAVE_OUT, label))


def _single_dose_opened(draft: Draft, measured: Measured) -> None:
    item = draft.item
    assert item is not None
    if measured.sealed and not measured.exact_rest:
        what = f"{_sealed_words(draft, measured)} and an opened one"
    else:
        what = f"{_amount(draft, measured.rest or Decimal(0))} in an opened one"
    draft.ask(
        Question(
            "opened",
            f"That is {what}, and what is left in an opened {container_word(item, 1)} for a single"
            " dose is waste. Leave the opened one out?",
            choices=_opened_choices(draft, measured, usable=False),
        ),
        "quantity",
    )


def _multi_dose_opened(
    draft: Draft, shelf: Shelf, measured: Measured, opened_on: date | None
) -> None:
    item, rest = draft.item, measured.rest
    assert item is not None
    assert rest is not None
    until = None
    if opened_on is not None:
        expires = draft.expiry.day if draft.expiry else None
        until = beyond_use_on(opened_on, item.beyond_use_days, expires)
        draft.values["opened_on"] = opened_on
    past = until is not None and until < shelf.today
    left = rest if measured.exact_rest else _left(draft)
    if draft.answer("opened") == TAKE_IN and until is not None and not past and left is not None:
        draft.values["quantity"] = measured.sealed + left
        draft.values["opened_left"] = left
        draft.say(
            "quantity",
            f"One opened vial with {_amount(draft, left)}, to be used by {day_text(until)}.",
        )
        return
    if measured.exact_rest:
        draft.values["quantity"] = measured.sealed + rest
        draft.values["opened_left"] = rest
    draft.ask(
        Question(
            "opened",
            _opened_sentence(draft, measured, opened_on, until, past=past),
            choices=_opened_choices(draft, measured, usable=not past),
        ),
        "quantity",
    )
    if past:
        return
    if opened_on is None:
        draft.questions.append(Question("opened_on", "When was it opened?", kind="date"))
    if left is None:
        draft.questions.append(
            Question("opened_left", f"How many {item.unit} are left in it?", kind="quantity")
        )


def _opened_sentence(
    draft: Draft,
    measured: Measured,
    opened_on: date | None,
    until: date | None,
    *,
    past: bool,
) -> str:
    about = "" if measured.exact_rest else "about "
    rest = measured.rest or Decimal(0)
    whole = draft.item is not None and rest == draft.item.piece
    left = "" if whole else f" with {about}{_amount(draft, rest)}"
    what = f"an opened vial{left}"
    if measured.sealed:
        what = f"{_sealed_words(draft, measured)} and {what}"
    if opened_on is None or until is None:
        return f"That is {what}. When was it opened, and is it still within its beyond-use date?"
    if past:
        return (
            f"That is {what}, opened on {day_text(opened_on)}: past its beyond-use date"
            f" {day_text(until)}, so it is waste and no usable stock. Leave it out?"
        )
    return (
        f"That is {what}, opened on {day_text(opened_on)}, so to be used by {day_text(until)}."
        " Take it in as an opened vial?"
    )


def _left(draft: Draft) -> Decimal | None:
    """How much is left in the opened vial, as answered."""
    answer, item = draft.answer("opened_left"), draft.item
    if not answer or item is None:
        return None
    read = read_quantity_text(answer)
    number = read.parts[0].number if isinstance(read, Counted) and len(read.parts) == 1 else None
    if number is None or not 0 < number <= item.piece:
        draft.say(
            "opened_left",
            f"Expected up to {_amount(draft, item.piece)}, but got {shortened(answer)}.",
        )
        return None
    return tidy(number)


# Which lot, and until when


def take_lot(draft: Draft, shelf: Shelf) -> None:
    """Read the lot number of what is tracked by lot."""
    if not draft.tracked:
        return
    answer = draft.answer("lot")
    read = read_lot_text(answer) if answer else shelf.lot(draft.cell("lot"))
    if isinstance(read, Lot):
        draft.values["lot"] = read.number
        draft.say("lot", read.note)
    elif isinstance(read, Blank):
        if draft.item is not None or draft.candidates:
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
    if not draft.tracked:
        return
    if draft.answer("expires_on") == NO_DATE and draft.item and not draft.item.container_volume:
        draft.say("expires_on", "No date is printed on it.")
        return
    answer = draft.answer("expires_on")
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
        where = "the clinic’s record" if row == RECORDED else f"{_sheet_words(draft, row)}"
        _set_expiry(draft, Expiry(day))
        draft.say(
            "expires_on", f"No date here; lot {draft.values['lot']} has {day_text(day)} in {where}."
        )
        return
    if key and shelf.lots.is_known(key) and not days:
        draft.say("expires_on", "The clinic has this lot without a date.")
        return
    if draft.item is None and not draft.candidates:
        return
    question = _which_expiry(
        draft,
        shelf,
        (),
        "It is tracked by lot, and no expiry date is given. What does the label say?",
    )
    if draft.item is not None and not draft.item.container_volume:
        none = Choice(NO_DATE, "No date is printed on it")
        question = Question("expires_on", question.text, question.kind, (*question.choices, none))
    draft.ask(question)


def _sheet_words(draft: Draft, row: tuple[str, int]) -> str:
    sheet, number = row
    if sheet == draft.row.sheet:
        return f"row {number}"
    return f"row {number} of the sheet “{sheet}”"


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
    days = shelf.lots.days(key)
    other = others(days, day)
    recorded = shelf.lots.recorded(key)
    settled = answered and shelf.lots.settled(key) == day and recorded in {None, day}
    if not other or settled:
        return
    texts = [
        f"{day_text(each)} in {'the clinic’s record' if days[each] == RECORDED else _sheet_words(draft, days[each])}"
        for each in other
    ]
    draft.ask(
        Question(
            "expires_on",
            f"Lot {key[1]} has {day_text(day)} here, but {' and '.join(texts)}. One lot has one"
            " expiry date: what does the label say?",
            choices=tuple(map(day_choice, (day, *other))),
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


# Where


def take_place(draft: Draft, shelf: Shelf) -> None:
    """The place that the row names, else the one that its sheet is titled with, else the default."""
    answer = draft.answer("location")
    if answer in shelf.places.by_code:
        draft.values["location"] = answer
        return
    where = draft.text("location")
    of_row = shelf.places.find(where)
    of_sheet = _place_of_sheet(draft, shelf)
    if len(of_row) == 1:
        draft.values["location"] = of_row[0]
    elif of_row and of_sheet in of_row:
        draft.values["location"] = of_sheet
    elif of_row or names_a_place(where):
        _ask_where(draft, shelf, (*of_row, of_sheet), f"{shortened(where)} is")
    elif of_sheet:
        draft.values["location"] = of_sheet
    else:
        _ask_where(draft, shelf, (), "The row names")


def _place_of_sheet(draft: Draft, shelf: Shelf) -> str | None:
    found = shelf.places.find(draft.row.sheet)
    if len(found) == 1:
        return found[0]
    return shelf.default_place if shelf.default_place in shelf.places.by_code else None


def _ask_where(draft: Draft, shelf: Shelf, likely: tuple[str | None, ...], what: str) -> None:
    codes = dict.fromkeys(
        code for code in (*likely, *shelf.places.by_code) if code in shelf.places.by_code
    )
    choices = tuple(Choice(code, shelf.places.by_code[code].name) for code in codes if code)
    draft.ask(
        Question("location", f"{what} no place that the clinic has. Where is it?", choices=choices)
    )


# What it cost, and who sold it


def take_cost(draft: Draft) -> None:
    """The cost of one unit, where the heading says of what the price is."""
    item = draft.item
    price = read_price(draft.text("unit_cost"))
    if item is None or price is None:
        return
    heading = set(plain(draft.layout.heading("unit_cost")).replace("/", " ").split())
    per: Decimal | None = None
    if heading & {"box", "bx", "pack", "pk", "pkg", "package", "tray", "carton", "ctn"}:
        sizes = item.packs("inner") or tuple(item.pack_quantities.get("sold", ()))
        per = sizes[0] if len(sizes) == 1 else None
    elif heading & {"case", "cs"}:
        sizes = item.packs("case")
        per = sizes[0] if len(sizes) == 1 else None
    elif heading & {"each", "ea", "unit", "vial", "piece", "pc"}:
        per = item.piece
    if per:
        draft.values["unit_cost"] = (price / per).quantize(COST_STEP, ROUND_HALF_UP)


@lru_cache(maxsize=5_000)
def read_price(text: str) -> Decimal | None:
    """Read a price such as $1,284.00; None where there is none that is sure."""
    bare = plain(text).replace("usd", "").replace("$", "").replace(",", "").strip()
    try:
        price = Decimal(bare)
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price <= DEAREST else None


def take_supplier(draft: Draft, shelf: Shelf) -> None:
    code = shelf.suppliers.find(draft.text("supplier"))
    if code is not None:
        draft.values["supplier"] = code


# The row as a whole


def ask_about_row(draft: Draft, shelf: Shelf, line: tuple[object, ...], printed: str) -> None:
    """Hidden, entered twice, gone in before: never taken in unasked."""
    before = shelf.lines.setdefault(line, draft.key)
    if draft.answer("row") == TAKE_IN:
        return
    if draft.row.hidden:
        _ask_to_take_in(draft, "The row is hidden in the file. Take it in all the same?")
    if note_of(draft, shelf).not_stock:
        _ask_to_take_in(
            draft, f"The note says {shortened(draft.text('note'))}. Take it in all the same?"
        )
    if before != draft.key:
        _ask_to_take_in(
            draft,
            f"This is the very same line as {_sheet_words(draft, before)}: entered twice, or so"
            " much more of it?",
        )
    if printed in shelf.stores.gone_in:
        _ask_to_take_in(
            draft, "The very same line went in before, from another file. Is it so much more of it?"
        )


def _ask_to_take_in(draft: Draft, sentence: str) -> None:
    draft.ask(
        Question(
            "row",
            sentence,
            choices=(Choice(TAKE_IN, "Take it in"), LEAVE_OUT_CHOICE),
        ),
        "",
    )
