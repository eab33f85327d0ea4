"""The picture of what expires when: bars whose places are worked out here, drawn by a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.attention.value import Month, Worth

WIDTH = 372
TOP = 24
FLOOR = 150
HEIGHT = 176
GAP = 12
ZERO = Decimal(0)


@dataclass(frozen=True)
class Bar:
    """One month. Lengths are whole units of the drawing."""

    first_day: date
    last_day: date
    worth: Worth
    x: int
    y: int
    width: int
    height: int
    lost_y: int
    lost_height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def label_y(self) -> int:
        return self.y - 7


@dataclass(frozen=True)
class Chart:
    """The whole drawing."""

    bars: Sequence[Bar]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR
    months_y: int = HEIGHT - 6

    @property
    def is_empty(self) -> bool:
        return not any(bar.worth.lots for bar in self.bars)


def chart(months: Sequence[Month]) -> Chart:
    """Return the drawing of these months, the highest bar as high as there is room."""
    highest = max((month.worth.value for month in months), default=ZERO)
    width = (WIDTH - GAP * (len(months) - 1)) // max(len(months), 1)
    return Chart([_bar(month, place, width, highest) for place, month in enumerate(months)])


def _bar(month: Month, place: int, width: int, highest: Decimal) -> Bar:
    height = _length(month.worth.value, highest)
    lost = _length(month.worth.lost, highest)
    return Bar(
        first_day=month.first_day,
        last_day=month.last_day,
        worth=month.worth,
        x=place * (width + GAP),
        y=FLOOR - height,
        width=width,
        height=height,
        lost_y=FLOOR - lost,
        lost_height=lost,
    )


def _length(value: Decimal, highest: Decimal) -> int:
    """What is worth something is seen, however little it is."""
    if value <= 0:
        return 0
    return max(2, int(value / highest * (FLOOR - TOP)))
