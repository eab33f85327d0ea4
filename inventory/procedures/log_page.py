"""Everything that the logging page shows, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from inventory.catalog.models import Clinic, Location
from inventory.procedures.draft import Draft
from inventory.procedures.log_words import (
    ShownLine,
    ShownOffer,
    Words,
    prep_words,
    short_words,
    shown_line,
    shown_offer,
    takes_words,
)
from inventory.procedures.preview import Preview, preview
from inventory.procedures.usual import TypeUse, recent_providers
from inventory.stock.allocation import ZERO
from inventory.stock.reversal import Change
from inventory.web.words import quantity_words

TILES = 5


@dataclass(frozen=True)
class LogPage:
    """What the templates of the logging page draw from; `now` is the moment of this answer."""

    draft: Draft
    preview: Preview
    lines: Sequence[ShownLine]
    uses: Sequence[TypeUse]
    locations: Sequence[Location]
    providers: Sequence[str]
    now: datetime
    earliest: datetime

    @property
    def tiles(self) -> list[TypeUse]:
        """The types used most here; the chosen one is always among them, even if out of use."""
        first = list(self.uses[:TILES])
        kind = self.draft.type
        if kind is None or any(use.type == kind for use in first):
            return first
        chosen = next((use for use in self.uses if use.type == kind), TypeUse(kind))
        return [chosen, *first[: TILES - 1]]

    @property
    def has_more_types(self) -> bool:
        """Whether there are types in use that have no tile."""
        return any(use not in self.tiles for use in self.uses)

    @property
    def all_types(self) -> list[TypeUse]:
        return sorted(self.uses, key=lambda use: use.type.name.lower())

    @cached_property
    def folded(self) -> list[ShownLine]:
        """Prep supplies are told in one sentence, unless somebody wants or has to see them."""
        if self.draft.prep_open:
            return []
        return [line for line in self.lines if line.is_prep and not line.needs_a_look]

    @property
    def unfolded(self) -> list[ShownLine]:
        return [line for line in self.lines if line not in self.folded]

    @property
    def prep(self) -> str:
        return prep_words(self.folded)

    @property
    def offers(self) -> list[ShownOffer]:
        return [shown_offer(f"offer:{offer.key}", offer) for offer in self.preview.offers]

    @property
    def takes(self) -> list[str]:
        """What the one press takes, in words; what it cannot take comes last."""
        enough = [line for line in self.lines if not line.preview.shortage]
        words = [takes_words(line.preview) for line in enough if not line.is_prep]
        prep = sum((x.preview.line.quantity or ZERO for x in enough if x.is_prep), ZERO)
        if prep:
            words.append(f"{quantity_words(prep)} prep supplies")
        return [*words, short_words(self.preview.short)] if self.preview.short else words


def log_page(
    draft: Draft,
    *,
    performed_at: datetime | None,
    uses: Sequence[TypeUse],
    locations: Sequence[Location],
    now: datetime,
    undone: Sequence[Change] = (),
) -> LogPage:
    """Look at the shelf for this draft: five queries at most, however many lines it has.

    `undone` is what is put back first, when the draft amends a procedure.
    """
    clinic = Clinic.objects.get(pk=1)
    today = timezone.localdate(performed_at or now)
    looked = preview(draft, today, undone)
    # "Tomorrow" would be read from the day on which the page is open.
    soon_days = clinic.expiring_soon_days if today == timezone.localdate(now) else -1
    words = Words(today, soon_days, draft.location.treatment_area)
    limit = timedelta(days=clinic.procedure_backdating_days)
    return LogPage(
        draft=draft,
        preview=looked,
        lines=[shown_line(line, words) for line in looked.lines],
        uses=uses,
        locations=locations,
        providers=recent_providers(timezone.localdate(now)),
        now=now,
        earliest=timezone.localtime(now - limit).replace(hour=0, minute=0),
    )
