"""Bars in two tones whose places are worked out here in whole units, and drawn by a template.

`columns` stand beside each other in one drawing; `rows` lie below each other, each in a drawing
of its own that is stretched to the room there is, with its words beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 372
TOP = 24
FLOOR = 150
HEIGHT = 176
GAP = 12
ROW_LENGTH = 1000
SHORTEST = 2
ZERO = Decimal(0)


@dataclass(frozen=True)
class Bar:
    """What one bar shows: `part` of `whole` is darker, `said` is all of it in words."""

    name: str
    whole: Decimal
    part: Decimal
    label: str
    said: str
    url: str = ""


@dataclass(frozen=True)
class Column:
    """A bar that stands on the floor of the drawing."""

    bar: Bar
    x: int
    width: int
    height: int
    part_height: int

    @property
    def y(self) -> int:
        return FLOOR - self.height

    @property
    def part_y(self) -> int:
        return FLOOR - self.part_height

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def label_y(self) -> int:
        return self.y - 7


@dataclass(frozen=True)
class Columns:
    """The whole drawing of columns."""

    columns: Sequence[Column]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR
    names_y: int = HEIGHT - 6

    @property
    def is_empty(self) -> bool:
        return not any(column.bar.label for column in self.columns)


@dataclass(frozen=True)
class Row:
    """A bar that lies beside its name, out of a length of `ROW_LENGTH`."""

    bar: Bar
    length: int
    part_length: int


def columns(bars: Sequence[Bar]) -> Columns:
    """Return the drawing of these bars, the highest as high as there is room."""
    highest = _greatest(bars)
    width = (WIDTH - GAP * (len(bars) - 1)) // max(len(bars), 1)
    room = FLOOR - TOP
    return Columns(
        [
            Column(
                bar,
                x=place * (width + GAP),
                width=width,
                height=length(bar.whole, highest, room),
                part_height=length(bar.part, highest, room),
            )
            for place, bar in enumerate(bars)
        ]
    )


def rows(bars: Sequence[Bar]) -> list[Row]:
    """Return these bars below each other, the longest as long as there is room."""
    longest = _greatest(bars)
    return [
        Row(bar, length(bar.whole, longest, ROW_LENGTH), length(bar.part, longest, ROW_LENGTH))
        for bar in bars
    ]


def length(value: Decimal, greatest: Decimal, room: int) -> int:
    """Return how long a value is drawn. What is worth something is seen, however little it is."""
    if value <= 0:
        return 0
    return max(SHORTEST, int(value / max(greatest, value) * room))


def _greatest(bars: Sequence[Bar]) -> Decimal:
    return max((bar.whole for bar in bars), default=ZERO)
