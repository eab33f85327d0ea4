"""A count sheet in the hands of the test clinic's people, by its writer and by its pages."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from inventory.accounts.models import User
from inventory.counts import record
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.counts.record import Answer, Number, Scope
from inventory.counts.review import Review, ReviewRow, review
from inventory.stock.models import Holding
from tests.clinic import NOW, mara, place, signed_in

EVERYTHING = Scope()


def sheet_of(
    where: str = "room-1", *, scope: Scope | None = None, blind: bool = True
) -> CountSheet:
    """Make a sheet of a place, as Mara."""
    return record.make(
        location=place(where), scope=scope or Scope(), blind=blind, by=mara(), now=NOW
    )


def line_of(sheet: CountSheet, holding: Holding) -> CountSheetLine:
    return CountSheetLine.objects.get(sheet=sheet, holding=holding)


def count(
    sheet: CountSheet, numbers: Mapping[Holding, str | int], by: User | None = None
) -> CountSheet:
    """Enter numbers in the items' units, and go to the review."""
    lines = {line_of(sheet, holding): Decimal(number) for holding, number in numbers.items()}
    entered = [Number(line.pk, number, line.counted) for line, number in lines.items()]
    assert record.save_numbers(sheet, entered, by=by or mara(), now=NOW) == {}
    record.open_review(sheet, now=NOW)
    sheet.refresh_from_db()
    return sheet


def row_of(sheet: CountSheet, holding: Holding) -> ReviewRow:
    return next(row for row in review(sheet).rows if row.line.holding_id == holding.pk)


def explain(
    sheet: CountSheet, holding: Holding, reason: str = "", *, moment: int | None = None
) -> None:
    """Say why a row differs; and which of its moments was the one of the count, if it moved."""
    row = row_of(sheet, holding)
    up_to = None if moment is None else row.outcomes[moment].up_to
    known = None if moment is None else row.newest
    pk, shown = row.line.pk, record.answer_of(row.line)
    record.save_answers(sheet, {pk: Answer(reason, up_to, known)}, shown={pk: shown})


def post(sheet: CountSheet, seen: Review | None = None, by: User | None = None) -> CountSheet:
    """Post it, having looked at the review as it is now, or as it was."""
    looked_at = seen or review(sheet)
    return record.post(sheet, seen=looked_at.seen, by=by or mara(), now=NOW)


def left(holding: Holding) -> Decimal:
    """How much the ledger says is left."""
    quantity: Decimal = Holding.objects.get(pk=holding.pk).quantity
    return quantity


def page(address: str, who: User | None = None) -> str:
    answer = signed_in(who or mara()).get(f"/stock/counts/{address}")
    assert answer.status_code == 200
    return answer.text


def send(address: str, form: Mapping[str, Any], who: User | None = None) -> Any:
    known = {"submission_key": str(uuid4())}
    return signed_in(who or mara()).post(f"/stock/counts/{address}", {**known, **form}, follow=True)
