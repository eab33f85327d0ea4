"""The lines of the logging page in words: what each takes, from where, until when, what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from inventory.catalog.models import Item
from inventory.procedures.preview import Choice, Offer, PreviewLine, Source
from inventory.stock.allocation import ZERO
from inventory.stock.errors import Shortage
from inventory.stock.holding_words import container_words, state_pill
from inventory.stock.item_words import PREP_KINDS, short_name, title
from inventory.stock.models import Holding
from inventory.stock.usable import beyond_use_on, usable_until
from inventory.web.decimals import plain
from inventory.web.pills import Pill
from inventory.web.words import amount_words, day_words, days_away_words, quantity_words

YEAR = timedelta(days=365)
NAMED_MAX = 3


@dataclass(frozen=True)
class Words:
    """What the words depend on besides the line: the day, which expiry is near, and the place.

    A negative `soon_days` keeps to plain dates.
    """

    today: date
    soon_days: int
    treatment_area: bool = False

    def usable(self, day: date, *, opened: bool) -> str:
        """Return "use by Dec 10, in 18 days", "expires Sep 2029" or "expired Nov 16"."""
        if day < self.today:
            return f"{'past beyond-use' if opened else 'expired'} {day:%b} {day.day}"
        return f"{'use by' if opened else 'expires'} {self.until(day)}"

    def until(self, day: date) -> str:
        """Return "Dec 10, in 18 days" where that is near, "Sep 2029" where it is far."""
        days = (day - self.today).days
        if 0 <= days <= self.soon_days:
            return f"{day:%b} {day.day}, {days_away_words(day, self.today)}"
        return f"{day:%b %Y}" if day - self.today > YEAR else day_words(day)


@dataclass(frozen=True)
class ShownLot:
    """One choice in the list of what is here."""

    holding_id: int
    words: str
    pill: Pill
    chosen: bool


@dataclass(frozen=True)
class ShownOffer:
    """Something that one press adds or puts in: `do` is the button's value."""

    do: str
    name: str
    here: str


@dataclass(frozen=True)
class ShownLine:
    """One line as the page shows it."""

    preview: PreviewLine
    title: str
    dose: str
    pills: tuple[Pill, ...]
    details: tuple[str, ...]
    shortage: str
    lots: tuple[ShownLot, ...]
    stand_ins: tuple[ShownOffer, ...]

    @property
    def value(self) -> str:
        """What stands in the field: the quantity, or what was typed instead of one."""
        line = self.preview.line
        return line.typed if line.quantity is None else plain(line.quantity)

    @property
    def other(self) -> str:
        """What else there is to choose: "other lot", "other item", both, or nothing."""
        choices = []
        if len(self.lots) > 1 or any(lot.chosen or lot.pill.tone != "usable" for lot in self.lots):
            choices.append("lot")
        if self.stand_ins:
            choices.append("item")
        return f"other {' or '.join(choices)}" if choices else ""

    @property
    def is_prep(self) -> bool:
        return self.preview.line.item.kind in PREP_KINDS

    @property
    def needs_a_look(self) -> bool:
        """Whether it must not be folded away."""
        return bool(self.preview.problem or self.preview.shortage or self.preview.why_not)


def shown_line(line: PreviewLine, words: Words) -> ShownLine:
    """Put one line into words."""
    return ShownLine(
        preview=line,
        title=title(line.line.item),
        dose=dose(line.line.item, line.line.quantity),
        pills=tuple(_pills(line, words)),
        details=tuple(_details(line, words)),
        shortage=shortage_words(line.shortage) if line.shortage else "",
        lots=tuple(_shown_lot(choice, words) for choice in line.choices),
        stand_ins=tuple(
            shown_offer(f"switch:{offer.key}:{offer.item.pk}", offer) for offer in line.stand_ins
        ),
    )


def shown_offer(do: str, offer: Offer) -> ShownOffer:
    """Put an offer into words: its name, and how much of it is here."""
    return ShownOffer(do, title(offer.item), offer_words(offer))


def dose(item: Item, quantity: Decimal | None) -> str:
    """Return "20 mg" for a volume of a drug of known strength."""
    if quantity is None or item.strength is None or item.unit != Item.Unit.ML:
        return ""
    return f"{quantity_words((quantity * item.strength).normalize())} mg"


def amount(item: Item, quantity: Decimal) -> str:
    """Return "4 mL", "100 units", or the plain number of pieces."""
    return amount_words(quantity, item.unit)


def on_the_shelf(item: Item, quantity: Decimal) -> str:
    """What there is: single-dose containers by the piece, all else in the item's unit."""
    return container_words(item, quantity) if item.is_single_dose else amount(item, quantity)


def shortage_words(shortage: Shortage) -> str:
    """Say how much there is here, and where else there is some."""
    item = shortage.item
    of_lot = f" of lot {shortage.lot}" if shortage.lot else ""
    here = f"{amount(item, shortage.available)}{of_lot} here" if shortage.available else "none here"
    words = f"{amount(item, shortage.wanted)} wanted, {here}"
    if not shortage.elsewhere:
        return f"{words}; none that may be used elsewhere in the clinic."
    places = ", ".join(f"{amount(item, there)} in {place}" for place, there in shortage.elsewhere)
    return f"{words}; {places}."


def prep_words(lines: list[ShownLine]) -> str:
    """The prep supplies in one sentence."""
    return ", ".join(
        f"{quantity_words(line.preview.line.quantity or ZERO)} {_lowered(line)}" for line in lines
    )


def takes_words(line: PreviewLine) -> str:
    """What a line that is not short takes, for the summary beside the button."""
    item, quantity = line.line.item, line.line.quantity
    name = short_name(item)
    if quantity is None:
        return f"{name}: say how much"
    if item.is_single_dose:
        given = amount(item, quantity)
        words = f"{_vials(line)} {name}: {given} given"
        return f"{words}, {amount(item, line.discarded)} discarded" if line.discarded else words
    words = f"{amount(item, quantity)} {name}"
    last = line.sources[-1]
    if line.discarded:
        return f"{words}, {amount(item, line.discarded)} discarded: the vial is for one patient"
    if item.container_volume:
        which = "new vial" if last.vials else "vial"
        return f"{words}, {amount(item, last.left)} left in the {which}"
    return words


def short_words(lines: Sequence[PreviewLine]) -> str:
    """Which lines are short, in one sentence; how many where they are many."""
    if len(lines) > NAMED_MAX:
        return f"Not enough here of {len(lines)} supplies"
    return f"Not enough here of {', '.join(short_name(line.line.item) for line in lines)}"


def offer_words(offer: Offer) -> str:
    """What is here of an item on offer."""
    return f"{on_the_shelf(offer.item, offer.here)} here" if offer.here else "none here"


def _lowered(line: ShownLine) -> str:
    name = short_name(line.preview.line.item)
    return name[:1].lower() + name[1:]


def _vials(line: PreviewLine) -> str:
    opened = sum(source.containers for source in line.sources)
    volume = line.line.item.container_volume or ZERO
    # A line that drinks from what an earlier one opened opens none itself.
    return container_words(line.line.item, opened * volume) if opened else "part of a vial of"


def _pills(line: PreviewLine, words: Words) -> list[Pill]:
    pills = []
    item = line.line.item
    if line.shortage:
        pills.append(Pill("bad", "not enough here"))
    if line.why_not:
        pills.append(state_pill(_chosen(line), words.today))
    for source in line.sources:
        if source.holding.is_opened and not line.why_not:
            left = amount(item, source.holding.quantity)
            pills.append(Pill("usable", f"open vial · {left} left"))
        elif source.vials:
            opens = "opens a vial" if source.vials == 1 else f"opens {source.vials} vials"
            pills.append(Pill("quiet", opens))
    if words.treatment_area and item.is_multi_dose and line.sources:
        # CDC: a multi-dose vial that enters an immediate treatment area is for that patient only.
        pills.append(Pill("soon", "for one patient only here"))
    if line.sources and line.left < 2 * (line.taken + line.discarded):
        left = on_the_shelf(item, line.left) if line.left else "none"
        pills.append(Pill("soon", f"{left} left after this"))
    return pills


def _chosen(line: PreviewLine) -> Holding:
    return next(choice.holding for choice in line.choices if choice.chosen)


def _details(line: PreviewLine, words: Words) -> list[str]:
    several = len(line.sources) > 1
    details = [_source_words(source, words, several=several) for source in line.sources]
    if line.discarded:
        discarded = amount(line.line.item, line.discarded)
        what = "single dose" if line.line.item.is_single_dose else "one patient"
        details[-1] += f" · {what}: {discarded} will be discarded"
    return [detail[:1].upper() + detail[1:] for detail in details if detail]


def _source_words(source: Source, words: Words, *, several: bool) -> str:
    holding, item = source.holding, source.holding.lot.item
    parts = []
    if several:
        parts.append(f"{amount(item, source.quantity)} from")
    if holding.lot.number:
        parts.append(f"lot {holding.lot}")
    start = " ".join(parts)
    rest = [start] if start else []
    until = usable_until(holding.lot.expires_on, holding.beyond_use_on)
    if until:
        rest.append(words.usable(until, opened=holding.is_opened))
    if source.vials:
        by = beyond_use_on(words.today, item.beyond_use_days, holding.lot.expires_on)
        if source.left and by != until:
            rest.append(f"then use by {by:%b} {by.day}")
    elif not holding.is_opened:
        rest.append(f"{on_the_shelf(item, holding.quantity)} here")
    return " · ".join(rest)


def _shown_lot(choice: Choice, words: Words) -> ShownLot:
    holding, item = choice.holding, choice.holding.lot.item
    number = f"Lot {holding.lot}" if holding.lot.number else item.name
    what = amount(item, holding.quantity)
    if holding.is_opened:
        what = f"open vial, {what} left"
    elif item.container_volume:
        what = container_words(item, holding.quantity)
    until = usable_until(holding.lot.expires_on, holding.beyond_use_on)
    parts = [number, what]
    if until:
        parts.append(words.usable(until, opened=holding.is_opened))
    return ShownLot(holding.pk, " · ".join(parts), state_pill(holding, words.today), choice.chosen)
