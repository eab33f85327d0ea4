"""The picture of an item's stock, in whole units of a drawing that a template draws. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from inventory.purchasing.outlook.projection import Event, Happening, Projection
from inventory.web.days import month_after

TOP, LEFT, BESIDE, BELOW = 26, 56, 16, 38
MONTH_WIDTH = 44
MARK = 18
# About as wide and as high as what is written at a mark.
LABEL, LABEL_HEIGHT, LETTERS_A_LABEL = 150, 16, 24
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
    label: str = ""


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
    bars: tuple[Bar, ...]
    size: Size
    left: int = LEFT
    top: int = TOP

    @property
    def months_y(self) -> int:
        return self.size.height - 12


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    highest: Decimal
    size: Size

    def x(self, day: date) -> int:
        span = max((self.last - self.first).days, 1)
        return LEFT + (self.size.right - LEFT) * (day - self.first).days // span

    def y(self, quantity: Decimal) -> int:
        return self.size.floor - int(quantity / self.highest * (self.size.floor - TOP))


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
    first = past[0][0] if past else today
    scale = _Scale(first, projection.days[-1][0], _round_number(highest), size)
    return Drawing(
        past=_line(scale, past),
        future=_line(scale, projection.days),
        today=scale.x(today),
        low=Mark(size.right, scale.y(reorder_point), "reorder point") if reorder_point else None,
        levels=tuple(
            Mark(LEFT, scale.y(scale.highest * part / 4), f"{scale.highest * part / 4:,f}")
            for part in (2, 4)
        ),
        months=tuple(Mark(scale.x(day), size.floor, f"{day:%b}") for day in _months(scale)),
        marks=tuple(
            _labelled(_apart(_mark(scale, event, projection) for event in projection.events), size)
        ),
        bars=tuple(_bar(scale, monday, used) for monday, used in weeks if used > 0),
        size=size,
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
    return Mark(scale.x(event.day), scale.y(stock), letter[event.what], kind, _label(event))


def _label(event: Event) -> str:
    if event.what is Happening.EMPTY:
        return f"out {event.day:%b} {event.day.day}"
    if event.what is Happening.LOW:
        return ""
    amount = f"{event.quantity.normalize():,f}"
    return f"{amount} {event.name}"[:LETTERS_A_LABEL]


def _labelled(marks: Iterable[Mark], size: Size) -> list[Mark]:
    """Leave what is written at a mark where there is room for it: all of it is in the list, too.

    A narrow drawing has room for the signs alone.
    """
    written: list[Mark] = []
    found = []
    for mark in marks:
        room = size is WIDE and mark.x + LABEL < size.right
        clear = all(
            abs(other.x - mark.x) > LABEL or abs(other.y - mark.y) > LABEL_HEIGHT
            for other in written
        )
        kept = mark if mark.label and room and clear else replace(mark, label="")
        written += [kept] if kept.label else []
        found.append(kept)
    return found


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
