"""Opened vials as a nurse looks at them: what is left, until when, what to do. Writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode

from inventory.catalog.models import Location
from inventory.stock.discards import obvious_reason, seen
from inventory.stock.holding_words import state_pill
from inventory.stock.models import Holding, HoldingQuerySet
from inventory.stock.requests import WasteReason
from inventory.stock.shelf import why_not_usable
from inventory.stock.usable import usable_until
from inventory.stock.vial_codes import vial_code
from inventory.web.pills import Pill
from inventory.web.words import days_away_words

# From here on whoever plans the day should reach for this vial first.
SOON = timedelta(days=3)
NEVER = date.max


@dataclass(frozen=True)
class OpenedVial:
    """One opened vial. `countdown` says whether it may be used, and for how long."""

    holding: Holding
    until: date | None
    countdown: Pill
    obvious_reason: WasteReason | None
    seen: str

    @property
    def volume(self) -> Decimal:
        """How much is in it when it is full."""
        volume: Decimal | None = self.holding.lot.item.container_volume
        return volume or self.holding.quantity

    @property
    def is_for_one_patient(self) -> bool:
        """Whether it is where patients are treated: then it is discarded after the procedure."""
        return self.holding.location.treatment_area

    @property
    def code(self) -> str:
        return vial_code(self.holding.pk)


def opened_vials() -> HoldingQuerySet:
    """Return the opened vials that hold something, with what a row shows."""
    return Holding.objects.opened().on_hand().with_lot().select_related("opened_by")


def board(vials: Iterable[Holding], own: Location | None, today: date) -> list[OpenedVial]:
    """Return the vials by place, a person's own place first, what ends soonest first."""

    def position(row: OpenedVial) -> tuple[bool, str, int, date, int]:
        place = row.holding.location
        return (
            place != own,
            place.name.lower(),
            place.pk,
            row.until or NEVER,
            row.holding.pk,
        )

    return sorted((opened_vial(vial, today) for vial in vials), key=position)


def opened_vial(vial: Holding, today: date) -> OpenedVial:
    """Return one vial as it is shown. Wants `with_lot()` and the person who opened it."""
    until = usable_until(vial.lot.expires_on, vial.beyond_use_on)
    return OpenedVial(
        holding=vial,
        until=until,
        countdown=_countdown(vial, until, today),
        obvious_reason=obvious_reason(vial, today),
        seen=seen(vial, today),
    )


def can_be_opened(holding: Holding, today: date) -> bool:
    """Say whether this is sealed stock of which a vial may be opened ahead of its use."""
    if holding.is_opened or not holding.quantity or not holding.lot.item.is_multi_dose:
        return False
    return not why_not_usable(holding, today)


def opening_url(holding: Holding) -> str:
    """Return the address of the page where a vial of this lot is opened."""
    words = f"{holding.lot.item.sku} {holding.lot.number}".strip()
    query = urlencode({"q": words, "location": holding.location.code})
    return f"{reverse('opened_add')}?{query}"


def _countdown(vial: Holding, until: date | None, today: date) -> Pill:
    """Say "in 18 days", "today is the last day", "past since Nov 20", or why it is held."""
    state = state_pill(vial, today)
    if state.tone == "held" or until is None:
        return state
    if until < today:
        return Pill("bad", f"past since {until:%b} {until.day}")
    if until == today:
        return Pill("soon", "today is the last day")
    return Pill("soon" if until - today <= SOON else "usable", days_away_words(until, today))
