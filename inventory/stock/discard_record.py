"""Discarding what a person saw on a list: all of it, or nothing when any of it has changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from inventory.accounts.models import User
from inventory.catalog.models import Location
from inventory.stock import ledger
from inventory.stock.discards import seen
from inventory.stock.errors import ChangedSinceSeen
from inventory.stock.models import Holding, Movement
from inventory.stock.requests import StockLine, WasteReason
from inventory.stock.shelf import why_not_usable
from inventory.web.transactions import all_or_nothing


@dataclass(frozen=True)
class Ticked:
    """A holding to discard whole: what the page showed of it (`discards.seen`), and the reason."""

    holding: Holding
    seen: str
    reason: WasteReason


@all_or_nothing
def discard(ticked: Sequence[Ticked], *, by: User, now: datetime) -> list[Movement]:
    """Discard all of these, as one movement for each place and reason.

    Raises ChangedSinceSeen when anything is not as it was seen; then nothing has moved.
    """
    with ledger.together(each.holding.lot.item for each in ticked):
        as_it_is = Holding.objects.with_lot().in_bulk([each.holding.pk for each in ticked])
        today = timezone.localdate(now)
        changed = [
            (as_it_is[each.holding.pk], why_not_usable(as_it_is[each.holding.pk], today))
            for each in ticked
            if seen(as_it_is[each.holding.pk], today) != each.seen
        ]
        if changed:
            raise ChangedSinceSeen(changed)
        lines: dict[tuple[Location, WasteReason], list[StockLine]] = defaultdict(list)
        for each in ticked:
            holding = as_it_is[each.holding.pk]
            line = StockLine(holding.lot.item, holding.quantity, holding=holding)
            lines[holding.location, each.reason].append(line)
        return [
            ledger.waste(by=by, location=place, lines=same, reason=reason, happened_at=now, now=now)
            for (place, reason), same in lines.items()
        ]
