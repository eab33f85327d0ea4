"""A clinic's shelf in plain Python: what the ledger must agree with, told in its own way.

It knows lots, sealed stock by room, and opened vials, and chooses first expiry first by simply
sorting. It knows no database, no movement and no allocation module.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)
FAR = date.max


@dataclass
class Kind:
    """An item: `volume` of one container, None for loose pieces; `multi` for multi-dose vials."""

    volume: Decimal | None = None
    multi: bool = False


@dataclass
class Batch:
    """A lot. `number` orders lots that were received at the same moment."""

    sku: str
    expires_on: date | None
    received: Any
    number: int
    status: str = "available"

    def usable(self, today: date) -> bool:
        return self.status == "available" and (self.expires_on or FAR) >= today

    @property
    def turn(self) -> tuple[Any, ...]:
        return (self.expires_on or FAR, self.received, self.number)


@dataclass
class Vial:
    batch: Batch
    room: str
    left: Decimal
    until: date
    opened: Any
    number: int = 0
    # Whoever threw away the last of it, if that is how it came to be empty.
    thrown_away_by: int | None = None

    def usable(self, today: date) -> bool:
        return self.batch.usable(today) and self.until >= today

    def may_be_used_again(self, today: date) -> bool:
        """What is in quarantine may be let go; what is past or recalled is for nobody."""
        in_time = min(self.until, self.batch.expires_on or FAR) >= today
        return in_time and self.batch.status != "recalled"


@dataclass
class Draw:
    """What one line takes from one place: a room's sealed stock of a batch, or a vial."""

    source: tuple[int, str] | Vial
    given: Decimal
    thrown: Decimal = ZERO


@dataclass
class Shelf:
    kinds: dict[str, Kind]
    treatment_rooms: frozenset[str] = frozenset()
    batches: dict[int, Batch] = field(default_factory=dict)
    sealed: dict[tuple[int, str], Decimal] = field(default_factory=dict)
    vials: dict[int, Vial] = field(default_factory=dict)

    def add(self, batch: int, room: str, quantity: Decimal) -> None:
        key = batch, room
        self.sealed[key] = self.sealed.get(key, ZERO) + quantity
        assert self.sealed[key] >= 0

    def total(self, sku: str) -> Decimal:
        sealed = [q for (b, _), q in self.sealed.items() if self.batches[b].sku == sku]
        opened = [vial.left for vial in self.vials.values() if vial.batch.sku == sku]
        return sum(sealed + opened, ZERO)

    def standing(self) -> dict[Any, Decimal]:
        """Everything that is there, by (batch, room) and by vial number."""
        there: dict[Any, Decimal] = dict(self.sealed)
        there |= {number: vial.left for number, vial in self.vials.items()}
        return {key: left for key, left in there.items() if left}

    def use(
        self, room: str, wants: list[tuple[str, Decimal]], today: date, now: Any
    ) -> list[list[Draw]] | None:
        """Take all of it and say from where, or None, nothing taken, when there is too little.

        New vials are in `vials` under negative numbers, in the order in which they were opened.
        """
        before = dict(self.sealed), {n: vial.left for n, vial in self.vials.items()}
        lines: list[list[Draw]] = []
        begun: list[Draw] = []
        opened: list[Vial] = []
        for sku, wanted in wants:
            draws = list(self._draw(sku, room, wanted, today, now, begun, opened))
            if sum((draw.given for draw in draws), ZERO) < wanted:
                self.sealed, left = before
                for number, quantity in left.items():
                    self.vials[number].left = quantity
                return None
            lines.append(draws)
        for number, vial in enumerate(opened, start=1):
            self.vials[-number] = vial
        if room in self.treatment_rooms:
            self._close(lines)
        return lines

    def _draw(
        self,
        sku: str,
        room: str,
        wanted: Decimal,
        today: date,
        now: Any,
        begun: list[Draw],
        opened: list[Vial],
    ) -> Iterator[Draw]:
        kind = self.kinds[sku]
        for rest in begun:
            assert isinstance(rest.source, tuple)
            if self.batches[rest.source[0]].sku == sku and wanted and rest.thrown:
                part = min(wanted, rest.thrown)
                rest.thrown -= part
                wanted -= part
                yield Draw(rest.source, part)
        vials = [v for v in self.vials.values() if v.batch.sku == sku and v.room == room]
        vials = sorted(
            (v for v in vials if v.usable(today)), key=lambda v: (v.until, v.opened, v.number)
        )
        for vial in [*vials, *(v for v in opened if v.batch.sku == sku)]:
            part = min(wanted, vial.left)
            if part:
                vial.left -= part
                wanted -= part
                yield Draw(vial, part)
        for key in self._sealed_in_turn(sku, room, today):
            while wanted and self.sealed[key]:
                if kind.volume is None:
                    part = min(wanted, self.sealed[key])
                    self.sealed[key] -= part
                    draw = Draw(key, part)
                elif kind.multi:
                    part = min(wanted, kind.volume)
                    self.sealed[key] -= kind.volume
                    draw = Draw(self._open(key, kind.volume - part, today, now), part)
                    assert isinstance(draw.source, Vial)
                    opened.append(draw.source)
                else:
                    part = min(wanted, kind.volume)
                    self.sealed[key] -= kind.volume
                    draw = Draw(key, part, kind.volume - part)
                    begun.append(draw)
                wanted -= part
                yield draw

    def _sealed_in_turn(self, sku: str, room: str, today: date) -> list[tuple[int, str]]:
        here = [
            key
            for key, left in self.sealed.items()
            if key[1] == room and left and self.batches[key[0]].sku == sku
        ]
        usable = [key for key in here if self.batches[key[0]].usable(today)]
        return sorted(usable, key=lambda key: self.batches[key[0]].turn)

    def _open(self, key: tuple[int, str], left: Decimal, today: date, now: Any) -> Vial:
        batch = self.batches[key[0]]
        until = min(today + timedelta(days=28), batch.expires_on or FAR)
        return Vial(batch, key[1], left, until, now)

    def _close(self, lines: list[list[Draw]]) -> None:
        closed: list[Vial] = []
        for draw in reversed([draw for line in lines for draw in line]):
            if isinstance(draw.source, Vial) and draw.source not in closed:
                closed.append(draw.source)
                draw.thrown, draw.source.left = draw.source.left, ZERO

    def takes_back(self, number: int, taken: list[Decimal], of: int, today: date) -> Decimal:
        """How much of what movement `of` took goes back into a vial that has been touched since."""
        vial, back = self.vials[number], ZERO
        thrown_away = not vial.left and vial.thrown_away_by not in (None, of)
        for quantity in () if thrown_away or not vial.may_be_used_again(today) else taken:
            if vial.left + back + quantity <= (self.kinds[vial.batch.sku].volume or ZERO):
                back += quantity
        return back

    def move(self, sku: str, source: str, to: str, wanted: Decimal, today: date) -> bool:
        """Move usable sealed stock, first expiry first; False, nothing moved, for too little."""
        turn = self._sealed_in_turn(sku, source, today)
        if sum((self.sealed[key] for key in turn), ZERO) < wanted:
            return False
        for key in turn:
            part = min(wanted, self.sealed[key])
            self.add(key[0], source, -part)
            self.add(key[0], to, part)
            wanted -= part
        return True

    def learn_numbers(self, numbers: list[int]) -> None:
        """Give the vials that a use has just opened the numbers that the ledger gave them."""
        for place, number in enumerate(numbers, start=1):
            self.vials[number] = self.vials.pop(-place)
            self.vials[number].number = number
