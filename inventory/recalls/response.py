"""The whole answer to a recall, read back from the ledger: what came, where it is, who had it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from inventory.accounts.models import User
from inventory.procedures.models import Procedure
from inventory.recalls.held import lots_of
from inventory.recalls.models import Recall, RecallLot
from inventory.stock.models import Holding, Lot, LotStatusChange
from inventory.stock.trace import Passage, Totals, Trace, traces


@dataclass(frozen=True)
class LotBalance:
    """One lot of a recall, and what became of all that came of it. `held` is None for one that
    arrived later."""

    lot: Lot
    totals: Totals
    held: RecallLot | None


@dataclass(frozen=True)
class LotPassage:
    """What one movement did to a lot of the recall."""

    lot: Lot
    passage: Passage
    procedure: Procedure | None = None
    returned: bool = False


@dataclass(frozen=True)
class LogLine:
    """A line of the response log: what somebody noted, or a lot that came and was held."""

    at: datetime
    by: User
    text: str


@dataclass(frozen=True)
class Response:
    """Each part in the order in which it happened. `given` are the uses that a procedure explains
    and those that none does."""

    balances: list[LotBalance]
    receipts: list[LotPassage]
    holdings: list[Holding]
    given: list[LotPassage]
    disposals: list[LotPassage]
    log: list[LogLine]

    @property
    def balanced(self) -> bool:
        return not any(balance.totals.unexplained for balance in self.balances)

    @property
    def procedures(self) -> int:
        """How many procedures used any of it; one that drew from two lots is one."""
        return len({each.procedure.pk for each in self.given if each.procedure})

    @property
    def other_uses(self) -> int:
        """How many uses no procedure explains."""
        return len({each.passage.movement.pk for each in self.given if not each.procedure})


def response_of(recall: Recall) -> Response:
    """Read it all, in a fixed number of queries."""
    lots = lots_of(recall)
    stories = traces(lots)
    held = {each.lot_id: each for each in recall.held_lots.all()}
    uses = [(lot, passage) for lot in lots for passage in stories[lot.pk].uses]
    procedures = Procedure.objects.select_related("type", "location").in_bulk(
        [passage.movement.pk for _, passage in uses], field_name="movement_id"
    )
    return Response(
        balances=[LotBalance(lot, stories[lot.pk].totals, held.get(lot.pk)) for lot in lots],
        receipts=_in_order(
            LotPassage(lot, each) for lot in lots for each in stories[lot.pk].receipts
        ),
        holdings=[
            holding for lot in lots for holding in stories[lot.pk].holdings if holding.quantity
        ],
        given=_in_order(
            LotPassage(lot, passage, procedures.get(passage.movement.pk)) for lot, passage in uses
        ),
        disposals=_in_order(_disposals(lots, stories)),
        log=_log(recall),
    )


def recalls_of_lots(lots: Collection[int]) -> dict[int, int]:
    """Return the newest recall of each of these lots that is in one, by their ids."""
    through = RecallLot.objects.filter(lot__in=lots).order_by("recall")
    caught = LotStatusChange.objects.filter(lot__in=lots, hold__recalls__isnull=False)
    pairs = [
        *through.values_list("lot", "recall"),
        *caught.order_by("hold__recalls").values_list("lot", "hold__recalls"),
    ]
    return {lot: recall for recall, lot in sorted((recall, lot) for lot, recall in pairs)}


def _disposals(lots: list[Lot], stories: dict[int, Trace]) -> Iterator[LotPassage]:
    for lot in lots:
        yield from (LotPassage(lot, each) for each in stories[lot.pk].disposals)
        yield from (LotPassage(lot, each, returned=True) for each in stories[lot.pk].returns)


def _in_order(passages: Iterator[LotPassage]) -> list[LotPassage]:
    return sorted(passages, key=lambda each: (each.passage.movement.happened_at, each.lot.pk))


def _log(recall: Recall) -> list[LogLine]:
    notes = [LogLine(note.at, note.by, note.text) for note in recall.notes.select_related("by")]
    came = LotStatusChange.objects.filter(hold__recalls=recall).select_related("by", "lot__item")
    arrivals = [
        LogLine(
            change.changed_at,
            change.by,
            f"{change.lot.full_name} arrived and was held at once.",
        )
        for change in came.order_by("pk")
    ]
    return sorted([*notes, *arrivals], key=lambda line: line.at)
