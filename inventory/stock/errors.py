"""Every way in which stock refuses, by name. `str()` of each is what the nurse reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalog.models import Item, Location
from inventory.stock.models import Holding, Lot, Movement
from inventory.stock.usable import why_words
from inventory.web.decimals import plain
from inventory.web.words import amount_words, day_words


class InvalidLine(Exception):
    """What was asked cannot be understood; `field` names the part, as in `lines.0.quantity`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class StockRefusal(Exception):
    """What was asked is understood, but stock or state refuses. Nothing has moved."""


@dataclass(frozen=True)
class Shortage:
    """One line that cannot be served, in the item's unit."""

    item: Item
    wanted: Decimal
    available: Decimal
    # None: nobody looked, because only this place counts.
    elsewhere: tuple[tuple[Location, Decimal], ...] | None = None
    lot: Lot | None = None

    def __str__(self) -> str:
        unit = "" if self.item.unit == Item.Unit.EACH else f" {self.item.unit}"
        what = self.lot.full_name if self.lot else self.item.name
        sentence = f"{what}: {plain(self.wanted)}{unit} wanted, {plain(self.available)}{unit} here"
        if self.elsewhere is None:
            return f"{sentence}."
        if self.elsewhere:
            places = ", ".join(
                f"{plain(there)}{unit} in {place}" for place, there in self.elsewhere
            )
            return f"{sentence}; {places}."
        return f"{sentence}; none that may be used elsewhere in the clinic."


class NotEnoughStock(StockRefusal):
    """Too little stock: which lines, how much there is, and where else there is some."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__("Not enough stock. " + " ".join(str(each) for each in self.shortages))


class LotNotUsable(StockRefusal):
    """Somebody chose stock that must not be used, without saying why they used it."""

    def __init__(self, lot: Lot, why: str) -> None:
        self.lot = lot
        self.why = why
        super().__init__(
            f"{named(lot)} cannot be used: {why_words(why)}. Choose another lot, or, if it"
            " really was used, say why."
        )


class HoldingElsewhere(StockRefusal):
    """The chosen vial or lot is not where the person says it is."""

    def __init__(self, holding: Holding, location: Location) -> None:
        self.holding = holding
        super().__init__(f"{named(holding.lot)} is in {holding.location}, not in {location}.")


class LotExpiryDiffers(StockRefusal):
    """A lot that is known already came with another expiry date."""

    def __init__(self, lot: Lot, expires_on: date | None) -> None:
        self.lot = lot
        super().__init__(
            f"{named(lot)} is known to expire on {_day(lot.expires_on)};"
            f" this says {_day(expires_on)}. Check the label."
        )


class ForManagers(StockRefusal):
    """A lot's status is changed by somebody who may only put it in quarantine."""

    def __init__(self, lot: Lot, wanted: Lot.Status) -> None:
        self.lot = lot
        if wanted == Lot.Status.QUARANTINED:
            sentence = "Only a manager may change what is recalled."
        else:
            sentence = "Only a manager may recall or release a lot; you may put it in quarantine."
        super().__init__(f"{named(lot)} is {lot.get_status_display().lower()}. {sentence}")


class AlreadyReversed(StockRefusal):
    """A movement is reversed at most once."""

    def __init__(self, movement: Movement) -> None:
        self.movement = movement
        super().__init__(f"This {movement.get_kind_display().lower()} was reversed already.")


class CannotReverse(StockRefusal):
    """What the movement brought has been used, moved or counted away since."""


class ChangedSinceListed(StockRefusal):
    """A restock was listed, and by now its source or the place to fill is not as it was listed."""

    def __init__(self, changes: Mapping[int, str]) -> None:
        # A sentence for each item, by its id.
        self.changes = changes
        super().__init__(f"Nothing was moved. {' '.join(changes.values())}")


class MovedSinceCounted(StockRefusal):
    """More has left since the count than the count found."""

    def __init__(self, holding: Holding, counted: Decimal, moved: Decimal) -> None:
        self.holding = holding
        item = holding.lot.item
        super().__init__(
            f"{holding.lot.full_name}: {amount_words(counted, item.unit)} were counted, but"
            f" {amount_words(-moved, item.unit)} have left since. Count it again."
        )


class ChangedSinceShown(StockRefusal):
    """What was counted is not what the page showed: something has moved since. Nothing is saved."""

    def __init__(self, changed: Sequence[tuple[Holding, Decimal]]) -> None:
        # A sentence for each holding, by its id.
        self.changes = {holding.pk: self._was_and_is(holding, was) for holding, was in changed}
        super().__init__(
            "Nothing was saved: stock has moved since this page was opened. Look at the marked rows"
            " again, then save what is there now."
        )

    @staticmethod
    def _was_and_is(holding: Holding, was: Decimal) -> str:
        unit = holding.lot.item.unit
        return (
            f"The ledger said {amount_words(was, unit)} when this page was opened, and says"
            f" {amount_words(holding.quantity, unit)} now."
        )


class ChangedSinceSeen(StockRefusal):
    """What a person saw on a list and pressed for is not there like that any more."""

    def __init__(self, changed: Sequence[tuple[Holding, str]]) -> None:
        self.changed = tuple(holding for holding, _ in changed)
        now = " ".join(self._as_it_is(holding, why_not) for holding, why_not in changed)
        super().__init__(
            f"Nothing was discarded: something has changed since you looked. {now}"
            " Look again, then press again."
        )

    @staticmethod
    def _as_it_is(holding: Holding, why_not: str) -> str:
        name = holding.lot.full_name
        if not holding.quantity:
            return f"{name}: none of it is left in {holding.location}; somebody was faster."
        unit = "" if holding.lot.item.unit == Item.Unit.EACH else f" {holding.lot.item.unit}"
        state = why_words(why_not) or "and it may be used"
        return f"{name}: now {plain(holding.quantity)}{unit} in {holding.location}, {state}."


def named(lot: Lot) -> str:
    """The lot as the subject of a sentence: a comma closes what a comma opened."""
    return f"{lot.full_name}," if lot.number else lot.full_name


def _day(day: date | None) -> str:
    return day_words(day) if day else "no date"
