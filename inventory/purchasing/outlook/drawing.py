"""The picture of an item's stock, in whole units of a drawing that a template draws. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from inventory.purchasing.outlook.projection import Event, Happening, Projection
from inventory.web.days import month_after
from inventory.web.words import quantity_words

TOP, LEFT, BESIDE, BELOW = 26, 56, 16, 38
MONTH_WIDTH = 44
MARK = 18
# What is written above stands in lanes; a letter is about so wide.
LANE, LETTER, MOST_LABELS = 17, 7, 7
TENTH = Decimal("0.1")
Point = tuple[date, Decimal]


@dataclass(frozen=True)
class Size:
    """How large to draw. Letters are of one size, so that a narrow screen has its own drawing."""

    width: int
    height: int

    @property
    def right(self) -> int:
        return self.width - BESIDE

    @property
    def floor(self) -> int:
        return self.height - BELOW


WIDE, NARROW = Size(760, 270), Size(330, 250)


@dataclass(frozen=True)
class Mark:
    """A place in the drawing and what is written there; `kind` names its look."""

    x: int
    y: int
    words: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Label:
    """What is written above the drawing, from `x` on, and where the line from it leads down to."""

    x: int
    y: int
    words: str
    to: Mark


@dataclass(frozen=True)
class Bar:
    """What was used in one week, from the floor of the drawing up."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Drawing:
    """Lines as "x,y x,y", marks, and the levels at which something is written."""

    past: str
    future: str
    today: int
    low: Mark | None
    levels: tuple[Mark, ...]
    months: tuple[Mark, ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    bars: tuple[Bar, ...]
    size: Size
    top: int
    left: int = LEFT

    @property
    def months_y(self) -> int:
        return self.size.height - 12


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    highest: Decimal
    size: Size
    top: int = TOP

    def x(self, day: date) -> int:
        span = max((self.last - self.first).days, 1)
        return LEFT + (self.size.right - LEFT) * (day - self.first).days // span

    def y(self, quantity: Decimal) -> int:
        return self.size.floor - int(quantity / self.highest * (self.size.floor - self.top))


def drawing(
    past: Sequence[Point],
    projection: Projection,
    reorder_point: Decimal | None,
    today: date,
    size: Size = WIDE,
    weeks: Sequence[Point] = (),
) -> Drawing:
    """Return the drawing of the stock at the end of past days and of those to come.

    `weeks` are the first days of past weeks, and what was used in them.
    """
    highest = max(
        [quantity for _, quantity in (*past, *projection.days, *weeks)]
        + [reorder_point or Decimal(0)]
    )
    first = min((day for day, _ in (*past, *weeks)), default=today)
    scale = _Scale(first, projection.days[-1][0], _round_number(highest), size)
    lanes = _lanes(scale, projection.events)
    deeper = LANE * max((lane + 1 for lane, _, _ in lanes), default=0)
    # The lanes come on top of the drawing, and take nothing from it.
    size = replace(size, height=size.height + deeper)
    scale = replace(scale, size=size, top=TOP + deeper)
    marks = _apart(_mark(scale, event, projection) for event in projection.events)
    return Drawing(
        past=_line(scale, past),
        future=_line(scale, projection.days),
        today=scale.x(today),
        low=Mark(LEFT, scale.y(reorder_point), f"reorder point {_amount(reorder_point)}")
        if reorder_point
        else None,
        levels=tuple(
            Mark(LEFT, scale.y(scale.highest * part / 4), f"{scale.highest * part / 4:,f}")
            for part in (2, 4)
        ),
        months=tuple(Mark(scale.x(day), size.floor, f"{day:%b}") for day in _months(scale)),
        marks=tuple(marks),
        labels=tuple(
            Label(x, scale.top - LANE * lane - 10, _words(projection.events[number]), marks[number])
            for lane, x, number in lanes
        ),
        bars=tuple(_bar(scale, monday, used) for monday, used in weeks if used > 0),
        size=size,
        top=scale.top,
    )


def _mark(scale: _Scale, event: Event, projection: Projection) -> Mark:
    stock = dict(projection.days)[event.day]
    letter = {
        Happening.ARRIVAL: "+",
        Happening.EXPIRY: "×",
        Happening.EMPTY: "0",
        Happening.LOW: "!",
    }
    kind = event.what.name.lower()
    return Mark(scale.x(event.day), scale.y(stock), letter[event.what], kind)


def _words(event: Event) -> str:
    """Return "-16.4 lot 59-135-MX", "+197 if ordered today" or "out Jan 2"."""
    if event.what is Happening.EMPTY:
        return f"out {event.day:%b} {event.day.day}"
    if event.what is Happening.EXPIRY:
        return f"−{_amount(event.quantity)} lot {event.name}"
    return f"+{_amount(event.quantity)} {event.name}"


def _width(event: Event) -> int:
    """Return how wide its words are, and the space after them."""
    return LETTER * (len(_words(event)) + 1)


def _amount(quantity: Decimal) -> str:
    return quantity_words(quantity.quantize(TENTH))


def _lanes(scale: _Scale, events: Sequence[Event]) -> list[tuple[int, int, int]]:
    """Return in which lane to write, the lowest 0, from where on, and of which event by its number.

    The line of the reorder point says itself what it is. Who comes earlier stands higher, so that
    nothing is written over something else; what is too much is in the list alone.
    """
    written = [number for number, each in enumerate(events) if each.what is not Happening.LOW]
    placed: list[tuple[int, int, int]] = []
    for number in reversed(written[:MOST_LABELS]):
        width = _width(events[number])
        x = max(LEFT, min(scale.x(events[number].day) + 3, scale.size.right - width))
        over = [
            lane
            for lane, other, its in placed
            if other < x + width and x < other + _width(events[its])
        ]
        placed.append((max(over, default=-1) + 1, x, number))
    return placed[::-1]


def _bar(scale: _Scale, monday: date, used: Decimal) -> Bar:
    left = max(scale.x(monday), LEFT)
    width = max(scale.x(monday + timedelta(days=6)) - left, 2)
    top = min(scale.y(used), scale.size.floor - 1)
    return Bar(left, top, width, scale.size.floor - top)


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """Put above each other what would be on top of each other."""
    placed: list[Mark] = []
    for mark in marks:
        near = [other for other in placed if abs(other.x - mark.x) < MARK]
        y = mark.y
        while any(abs(other.y - y) < MARK for other in near):
            y -= MARK
        placed.append(replace(mark, y=y))
    return placed


def _line(scale: _Scale, points: Sequence[Point]) -> str:
    return " ".join(f"{scale.x(day)},{scale.y(quantity)}" for day, quantity in points)


def _months(scale: _Scale) -> list[date]:
    """Return the first of each month, or of every few where there is no room for all."""
    found = []
    day = month_after(scale.first - timedelta(days=1))
    while day <= scale.last:
        found.append(day)
        day = month_after(day)
    room = (scale.size.right - LEFT) // MONTH_WIDTH
    return found[:: -(-len(found) // room) or 1]


def _round_number(highest: Decimal) -> Decimal:
    """Return the next of 4, 8, 20, 40, 80, 200 and so on: its half and whole read well."""
    number, factors = Decimal(4), (2, Decimal("2.5"), 2)
    step = 0
    while number < highest:
        number *= factors[step % 3]
        step += 1
    return number.quantize(Decimal(1))
