"""What a scan does to a draft: it picks that item and that lot on its line, or adds a line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from inventory.catalog.models import Item
from inventory.procedures import draft as drafts
from inventory.procedures.draft import Draft, DraftLine
from inventory.stock.allocation import first_expiry_first
from inventory.stock.models import Holding
from inventory.stock.pointing import NobodyKnows, Pointed, PointsAtNothing, point_at
from inventory.stock.shelf import as_stock, usable_elsewhere, why_not_usable

MOST_SCANS = 20


@dataclass(frozen=True)
class ScanSaid:
    """What is to be said about a scan; `unknown` is the code where somebody may say which item it
    stands for."""

    text: str
    unknown: str = ""


class CannotPick(ValueError):
    """What was scanned cannot be picked here; `str()` says why, and what to do."""


def scanned(draft: Draft, texts: Sequence[str], today: date) -> tuple[Draft, list[ScanSaid]]:
    """Return the draft with what was scanned picked, and what is to be said about it.

    `today` is the day on which it was performed.
    """
    said: list[ScanSaid] = []
    for text in texts[:MOST_SCANS]:
        try:
            pointed = point_at(text)
            draft = _picked(draft, pointed, today)
        except NobodyKnows as unknown:
            said.append(ScanSaid(str(unknown), unknown.text))
        except (PointsAtNothing, CannotPick) as refusal:
            said.append(ScanSaid(str(refusal)))
        else:
            if pointed.question:
                said.append(ScanSaid(f"{pointed.item}: {pointed.question}"))
    return draft, said


def _picked(draft: Draft, pointed: Pointed, today: date) -> Draft:
    """Raises CannotPick."""
    if draft.type is None:
        raise CannotPick("Choose the kind of procedure first, then scan.")
    if not pointed.item.is_active:
        raise CannotPick(f"{pointed.item} is not in use. A manager can change that in the catalog.")
    holding = _holding(draft, pointed, today)
    draft, key = _with_line_of(draft, pointed.item, holding)
    if holding is None:
        return draft
    line = next(line for line in draft.lines if line.key == key)
    return drafts.with_line(draft, replace(line, holding_id=holding.pk, unusable_reason=""))


def _holding(draft: Draft, pointed: Pointed, today: date) -> Holding | None:
    """Return what is here of the lot that was scanned; None where the code says no lot.

    Raises CannotPick where it must not be used, or is not here.
    """
    if not pointed.names_a_lot:
        return None
    if pointed.lot is None:
        raise CannotPick(
            f"No lot {pointed.number} of {pointed.item} is known here. Receive it first, or choose"
            " a lot on the line."
        )
    here = _here(draft, pointed)
    if not here:
        raise CannotPick(_not_here(draft, pointed, today))
    usable = [holding for holding in here if not why_not_usable(holding, today)]
    if not usable:
        why = why_not_usable(here[0], today)
        what = "This vial" if pointed.vial else f"Lot {pointed.lot}"
        raise CannotPick(
            f"{what} of {pointed.item} must not be used: it is {why}. If it really was used, choose"
            " it on its line and say why."
        )
    return min(usable, key=lambda holding: first_expiry_first(as_stock(holding)))


def _here(draft: Draft, pointed: Pointed) -> list[Holding]:
    holdings = Holding.objects.on_hand().with_lot().filter(location=draft.location)
    if pointed.vial:
        return list(holdings.filter(pk=pointed.vial.pk))
    return list(holdings.filter(lot=pointed.lot))


def _not_here(draft: Draft, pointed: Pointed, today: date) -> str:
    what = f"Lot {pointed.lot} of {pointed.item}"
    if pointed.vial:
        where = pointed.vial.location if pointed.vial.quantity else None
        what = f"This vial of {pointed.item}"
        places = [where] if where else []
    else:
        lot = pointed.lot.pk if pointed.lot else None
        places = [place for place, _ in usable_elsewhere(pointed.item, draft.location, today, lot)]
    if not places:
        return f"{what} is not in {draft.location}, by the ledger, nor anywhere else."
    return (
        f"{what} is not in {draft.location}, by the ledger, but in {', '.join(map(str, places))}."
    )


def _with_line_of(draft: Draft, item: Item, holding: Holding | None) -> tuple[Draft, str]:
    """Return the draft with a line of the item, and its key: the line that has it, else the one
    that it may stand in for, else one of the kit that is left out, else a new one."""
    line = _line_of(draft, item, holding)
    if line:
        return draft, line.key
    for line in draft.lines:
        if item in drafts.stand_ins(draft, line):
            swapped = replace(line, item=item, holding_id=None, unusable_reason="")
            return drafts.with_line(draft, swapped), line.key
    for kit_line in draft.on_offer:
        if kit_line.item == item:
            key = drafts.key_of(kit_line)
            return drafts.with_kit_line(draft, key), key
    draft = drafts.with_item(draft, item)
    return draft, draft.lines[-1].key


def _line_of(draft: Draft, item: Item, holding: Holding | None) -> DraftLine | None:
    """Return the line of an item: of several the one with this lot, else one without a choice."""
    lines = [line for line in draft.lines if line.item == item]
    chosen = [line for line in lines if holding and line.holding_id == holding.pk]
    free = [line for line in lines if line.holding_id is None]
    return next(iter([*chosen, *free, *lines]), None)
