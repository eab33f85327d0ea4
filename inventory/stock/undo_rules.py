"""Who may put a movement right by its opposite. Pure."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from inventory.stock.models import Movement
from inventory.web.roles import MANAGER, NURSE, PURCHASER

RECEIVES = frozenset({NURSE, MANAGER, PURCHASER})


def may_reverse(movement: Movement, person: int, roles: Collection[str], today: date) -> bool:
    """Say whether a person with these roles may reverse a movement.

    A manager any; whoever received a delivery their own, on the clinic's day on which they did.
    What was used of it meanwhile stands in the way of both: the ledger refuses.
    """
    if MANAGER in roles:
        return True
    return (
        movement.kind == Movement.Kind.RECEIPT
        and movement.by_id == person
        and not RECEIVES.isdisjoint(roles)
        and timezone.localdate(movement.recorded_at) == today
    )
