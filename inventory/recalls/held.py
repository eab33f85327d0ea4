"""Which lots a recall holds, and which of them it alone holds."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from inventory.recalls.models import Recall, RecallLot
from inventory.stock.models import Lot, LotStatusChange


def lots_of(recall: Recall) -> list[Lot]:
    """Return its lots: those held when it was opened, then those that were held as they came."""
    held = [each.lot for each in recall.held_lots.select_related("lot__item").order_by("pk")]
    known = {lot.pk for lot in held}
    came = Lot.objects.filter(status_changes__hold__recalls=recall).exclude(pk__in=known)
    return [*held, *came.select_related("item").distinct().order_by("pk")]


def with_lot_counts(recalls: QuerySet[Recall]) -> QuerySet[Recall]:
    """Annotate `lot_count`: how many lots each recall has held, those that came later too."""
    held = RecallLot.objects.filter(recall=OuterRef(OuterRef("pk")))
    came = LotStatusChange.objects.filter(hold__recalls=OuterRef(OuterRef("pk")))
    lots = Lot.objects.filter(Q(pk__in=held.values("lot")) | Q(pk__in=came.values("lot")))
    count = lots.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk"))
    return recalls.annotate(lot_count=Coalesce(Subquery(count.values("number")), 0))


def to_release(recall: Recall) -> list[Lot]:
    """Return those of its lots that are in quarantine for nothing but this recall."""
    for_another_reason = {
        *recall.held_lots.exclude(status_before=Lot.Status.AVAILABLE).values_list("lot", flat=True),
        *_held_by(Recall.objects.exclude(pk=recall.pk)),
    }
    return [
        lot
        for lot in lots_of(recall)
        if lot.status == Lot.Status.QUARANTINED and lot.pk not in for_another_reason
    ]


def _held_by(recalls: QuerySet[Recall]) -> set[int]:
    """Return the lots that these recalls hold, by their ids. What a recall held stays held when it
    is closed, until somebody lets it go."""
    let_go = LotStatusChange.objects.filter(lot=OuterRef("lot"), status=Lot.Status.AVAILABLE)
    found = RecallLot.objects.filter(recall__in=recalls).exclude(
        ~Q(recall__closed_at=None)
        & Exists(let_go.filter(changed_at__gte=OuterRef("recall__opened_at")))
    )
    came = LotStatusChange.objects.filter(hold__recalls__in=recalls).exclude(
        Exists(let_go.filter(pk__gt=OuterRef("pk")))
        & ~Exists(recalls.filter(holds=OuterRef("hold"), closed_at=None))
    )
    return {*found.values_list("lot", flat=True), *came.values_list("lot", flat=True)}
