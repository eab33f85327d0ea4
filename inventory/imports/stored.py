"""Planned rows as they are kept between two looks at them, and as they are told to machines."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from inventory.imports.kinds import Kind
from inventory.imports.models import LONGEST_NAME
from inventory.imports.planned import Outcome, PlannedRow, Question, Value
from inventory.sheets.cell_text import plain as spelled
from inventory.web.decimals import plain

LONGEST_SKU = 64
PLANNED = ("outcome", "cells", "understood", "messages", "questions", "name", "item", "mark")


def value_text(value: Value) -> str:
    """Return a value as text: "240", "2027-12-31", "true", nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def stored_facts(kind: Kind, row: PlannedRow) -> dict[str, Any]:
    """Return what is kept of a planned row, by the names of `ImportRow`'s columns."""
    return {
        "outcome": row.outcome.value,
        "cells": dict(row.cells),
        "understood": values_as_text(row),
        "messages": [[message.column, message.text] for message in row.messages],
        "questions": [_question(question) for question in row.questions],
        "mark": kind.mark(row) if row.outcome == Outcome.ACCEPT else "",
        "item": value_text(row.values.get("item"))[:LONGEST_SKU],
        "name": spelled(row.cells.get("item", ""))[:LONGEST_NAME],
    }


def values_as_text(row: PlannedRow) -> dict[str, str]:
    """Return what was understood of a row, as text by field; what is not said is left out."""
    return {name: value_text(value) for name, value in row.values.items() if value is not None}


def _question(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "text": question.text,
        "kind": question.kind,
        "choices": [[choice.value, choice.label] for choice in question.choices],
    }
