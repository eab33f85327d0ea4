"""Rows that are never taken in unasked: hidden ones, doubles, what went in before. Pure."""

from inventory.imports.planned import Choice, Question
from inventory.imports.stock.draft import (
    LEAVE_OUT_CHOICE,
    TAKE_IN,
    Draft,
    Shelf,
    note_of,
    row_words,
)
from inventory.sheets.cell_text import shortened


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
            f"This is the very same line as {row_words(draft, before)}: entered twice, or so"
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
