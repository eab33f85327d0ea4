"""What is usual at a place: the procedure types used most, and the providers of late."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from inventory.catalog.checks import SLUG
from inventory.catalog.models import Location
from inventory.procedures.models import Procedure, ProcedureType
from inventory.web.days import midnight

LATELY = timedelta(days=90)
PROVIDERS_SHOWN = 6


@dataclass(frozen=True)
class TypeUse:
    """A procedure type, and how often it was logged in one place: lately, and today."""

    type: ProcedureType
    lately: int = 0
    today: int = 0


def types_by_use(location: Location, today: date) -> list[TypeUse]:
    """All types in use, those used most here in the last 90 days first, then by name.

    Two queries.
    """
    rows = (
        Procedure.objects.filter(
            location=location,
            status=Procedure.Status.LOGGED,
            performed_at__gte=midnight(today - LATELY),
        )
        .order_by()
        .values_list("type")
        .annotate(
            lately=Count("pk"), today=Count("pk", filter=Q(performed_at__gte=midnight(today)))
        )
    )
    counts = {pk: (lately, since_midnight) for pk, lately, since_midnight in rows}
    uses = [
        TypeUse(kind, *counts.get(kind.pk, (0, 0)))
        for kind in ProcedureType.objects.filter(is_active=True)
    ]
    return sorted(uses, key=lambda use: -use.lately)


def out_of_use(code: str) -> ProcedureType | None:
    """The type of this code that is not in use any more: one query, none for what is no code."""
    if not SLUG.search(code):
        return None
    return ProcedureType.objects.filter(code=code, is_active=False).first()


def recent_providers(today: date) -> list[str]:
    """Who has performed procedures lately, the busiest first: one query."""
    rows = (
        Procedure.objects.filter(performed_at__gte=midnight(today - LATELY))
        .exclude(provider="")
        .order_by()
        .values_list("provider")
        .annotate(count=Count("pk"))
        .order_by("-count", "provider")
    )
    return [provider for provider, _ in rows[:PROVIDERS_SHOWN]]


def last_location(person_id: int) -> Location | None:
    """Where this person logged a procedure last: one query."""
    last = (
        Procedure.objects.filter(logged_by=person_id, location__is_active=True)
        .select_related("location")
        .order_by("-pk")
        .first()
    )
    return last.location if last else None
