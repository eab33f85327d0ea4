"""What undoing a movement would do to the shelf, read from the database. Writes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date

from inventory.stock import reversal
from inventory.stock.models import Entry, Holding, Lot, Movement
from inventory.stock.reversal import Change
from inventory.stock.usable import usable_until

TAKES_AWAY = frozenset({Entry.Kind.WASTE, Entry.Kind.COUNT, Entry.Kind.RETURN})


def entries_of(movement: Movement) -> list[Entry]:
    """The entries of a movement as they were written, with their items."""
    return list(movement.entries.order_by("pk").select_related("item"))


def changes(
    movement: Movement, entries: Sequence[Entry], today: date, *, supplies_wasted: bool = False
) -> list[Change]:
    """What the reversal of a movement does to the holdings as they are now: two queries.

    Raises CannotReverse. Certain only for whoever has locked the items.
    """
    holdings = _holdings_now(entries)
    if supplies_wasted:
        return reversal.wasted_instead(entries, holdings)
    return reversal.put_back(movement, entries, holdings, _since(movement, holdings, today))


def _holdings_now(entries: Sequence[Entry]) -> dict[int, Holding]:
    items = {entry.item_id: entry.item for entry in entries}
    ids = {entry.holding_id for entry in entries}
    holdings = Holding.objects.filter(pk__in=ids).select_related("lot", "location").in_bulk()
    for holding in holdings.values():
        holding.lot.item = items[holding.lot.item_id]
    return holdings


def _since(
    movement: Movement, holdings: Mapping[int, Holding], today: date
) -> dict[int, reversal.Since]:
    """What else has happened to each opened vial; to one that moved: what happened afterwards."""
    vials = [pk for pk, holding in holdings.items() if holding.is_opened]
    others = Entry.objects.filter(holding__in=vials).exclude(movement=movement).order_by("pk")
    if movement.kind == Movement.Kind.TRANSFER:
        others = others.filter(movement__gt=movement.pk)
    last: dict[int, Entry] = {entry.holding_id: entry for entry in others}
    return {
        pk: reversal.Since(
            touched=True,
            gone=holdings[pk].quantity == 0
            and entry.quantity <= 0
            and entry.kind in TAKES_AWAY
            and entry.movement_id > movement.pk,
            unusable=_is_for_nobody(holdings[pk], today),
        )
        for pk, entry in last.items()
    }


def _is_for_nobody(vial: Holding, today: date) -> bool:
    """Whether it is past its time, or recalled. What is in quarantine may be let go again, and has
    to be all there then."""
    last_day = usable_until(vial.lot.expires_on, vial.beyond_use_on)
    is_past = last_day is not None and last_day < today
    return is_past or vial.lot.status == Lot.Status.RECALLED
