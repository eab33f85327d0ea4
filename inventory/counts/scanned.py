"""Which row of a count sheet a scanned code stands for."""

from collections.abc import Sequence

from inventory.counts.models import CountSheet, CountSheetLine
from inventory.stock.pointing import Pointed


class NoSuchRow(ValueError):
    """What was scanned has no row, and can have none; `str()` says why, and what to do."""


def row_of(
    sheet: CountSheet, lines: Sequence[CountSheetLine], pointed: Pointed
) -> CountSheetLine | None:
    """Return the row that was pointed at; None where it is to be added to the sheet.

    Raises NoSuchRow.
    """
    if pointed.vial:
        return _of_vial(sheet, lines, pointed)
    of_item = [line for line in lines if line.lot.item_id == pointed.item.pk]
    if pointed.lot:
        of_lot = [line for line in of_item if line.lot_id == pointed.lot.pk]
        return min(of_lot, key=lambda line: (line.is_opened, line.pk), default=None)
    if pointed.number:
        raise NoSuchRow(
            f"No lot {pointed.number} of {pointed.item} is known. Receive it instead of counting"
            " it."
        )
    if not of_item:
        raise NoSuchRow(
            f"{pointed.item} is not on this sheet, and the code does not say which lot it is. Enter"
            " it under “Found something that is not listed”."
        )
    return of_item[0]


def question_about(lines: Sequence[CountSheetLine], row: CountSheetLine, pointed: Pointed) -> str:
    """Return what is still to be decided by the person at the row, if anything."""
    if pointed.question:
        return f"{pointed.item}: {pointed.question} Choose its row."
    others = [line for line in lines if line.lot.item_id == row.lot.item_id]
    if not pointed.names_a_lot and len(others) > 1:
        return f"The code does not say which lot it is: {pointed.item} has {len(others)} rows here."
    same = [line for line in others if line.lot_id == row.lot_id and line.is_opened]
    if not pointed.vial and row.is_opened and len(same) > 1:
        return f"There are {len(same)} opened vials of this lot. Scan the label of the vial itself."
    return ""


def _of_vial(
    sheet: CountSheet, lines: Sequence[CountSheetLine], pointed: Pointed
) -> CountSheetLine | None:
    vial = pointed.vial
    row = next((line for line in lines if vial and line.holding_id == vial.pk), None)
    if row is None and vial and vial.location_id != sheet.location_id:
        raise NoSuchRow(
            f"By the ledger this vial of {pointed.item} is in {vial.location}. Move it here first,"
            " or put it back."
        )
    return row
