"""The picture of an item's stock, in whole units of a drawing that a template draws. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from inventory.purchasing.outlook.projection import Event, Happening, Projection
from inventory.web.days import month_after

WIDTH, HEIGHT = 760, 270
LEFT, RIGHT, TOP, FLOOR = 56, 744, 26, 232
Point = tuple[date, Decimal]


@dataclass(frozen=True)
class Mark:
    """A place in the drawing and what is written there; `kind` names its look."""

    x: int
    y: int
    words: str = ""
    kind: str = ""


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
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    floor: int = FLOOR
    months_y: int = HEIGHT - 12


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    highest: Decimal

    def x(self, day: date) -> int:
        span = max((self.last - self.first).days, 1)
        return LEFT + (RIGHT - LEFT) * (day - self.first).days // span

    def y(self, quantity: Decimal) -> int:
        return FLOOR - int(quantity / self.highest * (FLOOR - TOP))


def drawing(
    past: Sequence[Point], projection: Projection, reorder_point: Decimal | None, today: date
) -> Drawing:
    """Return the drawing of the stock at the end of past days and of those to come."""
    highest = max(
        [quantity for _, quantity in (*past, *projection.days)] + [reorder_point or Decimal(0)]
    )
    first = past[0][0] if past else today
    scale = _Scale(first, projection.days[-1][0], _round_number(highest))
    return Drawing(
        past=_line(scale, past),
        future=_line(scale, projection.days),
        today=scale.x(today),
        low=Mark(RIGHT, scale.y(reorder_point), "reorder point") if reorder_point else None,
        levels=tuple(
            Mark(LEFT, scale.y(scale.highest * part / 4), f"{scale.highest * part / 4:,f}")
            for part in (2, 4)
        ),
        months=tuple(Mark(scale.x(day), FLOOR, f"{day:%b}") for day in _months(scale)),
        marks=tuple(_mark(scale, event, projection) for event in projection.events),
    )


def _mark(scale: _Scale, event: Event, projection: Projection) -> Mark:
    stock = dict(projection.days)[event.day]
    letter = {
        Happening.ARRIVAL: "+",
        Happening.EXPIRY: "×",
        Happening.EMPTY: "0",
        Happening.LOW: "!",
    }
    return Mark(scale.x(event.day), scale.y(stock), letter[event.what], event.what.name.lower())


def _line(scale: _Scale, points: Sequence[Point]) -> str:
    return " ".join(f"{scale.x(day)},{scale.y(quantity)}" for day, quantity in points)


def _months(scale: _Scale) -> list[date]:
    found = []
    day = month_after(scale.first - timedelta(days=1))
    while day <= scale.last:
        found.append(day)
        day = month_after(day)
    return found


def _round_number(highest: Decimal) -> Decimal:
    """Return the next of 4, 8, 20, 40, 80, 200 and so on: its half and whole read well."""
    number, factors = Decimal(4), (2, Decimal("2.5"), 2)
    step = 0
    while number < highest:
        number *= factors[step % 3]
        step += 1
    return number.quantize(Decimal(1))
