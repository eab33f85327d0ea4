"""What became of a lot: for a recall, and for whoever wonders."""

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from inventory.api.answers import (
    DisposalOut,
    TotalsOut,
    TracedProcedureOut,
    TracedReceiptOut,
    TraceOut,
    as_json,
)
from inventory.api.auth import ApiRequest, may
from inventory.api.lookups import row_at
from inventory.api.stock import holding_out, lot_out
from inventory.procedures.models import Procedure
from inventory.stock.models import Lot
from inventory.stock.trace import Passage, trace
from inventory.web.roles import EVERYONE

router = Router(tags=["Stock"])


@router.get("/lots/{int:lot_id}/trace", auth=may(*EVERYONE), response=TraceOut)
def lot_trace(request: ApiRequest, lot_id: int) -> HttpResponse:
    """Return where a lot came from, where it is, and what became of it."""
    lot = row_at(Lot.objects.select_related("item"), "lot", lot_id)
    story = trace(lot)
    today = timezone.localdate()
    totals = story.totals
    return as_json(
        TraceOut(
            lot=lot_out(lot),
            totals=TotalsOut(
                received=totals.received,
                on_hand=totals.on_hand,
                used=totals.used,
                wasted=totals.wasted,
                returned=totals.returned,
                counted=totals.counted,
            ),
            receipts=[_receipt(passage) for passage in story.receipts],
            holdings=[holding_out(holding, today) for holding in story.holdings],
            procedures=_procedures(story.uses),
            disposals=[_disposal(passage) for passage in story.disposals],
        )
    )


def _receipt(passage: Passage) -> TracedReceiptOut:
    movement = passage.movement
    return TracedReceiptOut(
        id=movement.pk,
        received_at=movement.happened_at,
        location=passage.location.code,
        quantity=passage.quantity,
        supplier=movement.supplier.code if movement.supplier else None,
        reference=movement.reference or None,
        by=movement.by.username,
    )


def _procedures(uses: list[Passage]) -> list[TracedProcedureOut]:
    """The procedures behind the uses: one query."""
    procedures = Procedure.objects.select_related("type", "location").in_bulk(
        [use.movement.pk for use in uses], field_name="movement_id"
    )
    return [
        TracedProcedureOut(
            id=procedure.pk,
            type=procedure.type.code,
            performed_at=procedure.performed_at,
            location=procedure.location.code,
            provider=procedure.provider or None,
            quantity=use.quantity,
        )
        for use in uses
        if (procedure := procedures.get(use.movement.pk))
    ]


def _disposal(passage: Passage) -> DisposalOut:
    movement = passage.movement
    return DisposalOut(
        id=movement.pk,
        happened_at=movement.happened_at,
        location=passage.location.code,
        quantity=passage.quantity,
        reason=movement.reason or None,
        by=movement.by.username,
    )
