"""Replaying the year: what the clinic did, day by day, through the functions that the pages call.

Each week is one transaction, so that the disk is not waited for after every procedure. Until the
last one the clinic's name says that it is being loaded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from random import Random

from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from inventory.accounts.models import User
from inventory.catalog.models import Clinic
from inventory.demo.buying import Buyer, take_in
from inventory.demo.cast import Cast, leaves_shelf
from inventory.demo.demand import Demand, Taken
from inventory.demo.incidents import Incidents
from inventory.demo.levels import set_levels
from inventory.demo.lots import LotMaker
from inventory.demo.opening import lay_out
from inventory.demo.ordering import Desk
from inventory.demo.people import add_everybody
from inventory.demo.restocking import Nurses
from inventory.demo.upkeep import Upkeep
from inventory.demo.year import (
    SHORTAGE,
    Planned,
    clinic_days,
    expected_after,
    monday,
    planned_year,
    shift_to,
)
from inventory.procedures import record
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.starter import load_starter
from inventory.stock.audit import Proof, check_ledger
from inventory.stock.errors import NotEnoughStock

NAME = "Lakeside Injection Clinic (demo)"
LETTERHEAD = {
    "address": "1200 Lakeside Drive, Suite 4\nSpringfield, IL 62701",
    "phone": "(217) 555-0142",
    "purchasing_email": "purchasing@lakeside.example.com",
}
LOADING = "Demo clinic, not loaded to the end"
SEED = "vialkeeper"
WHOLE_YEAR = 53

MINUTE = timedelta(minutes=1)
OPENED = time(15, 0)
OPENS = time(7, 10)
CHORE = 10 * MINUTE
ALL_CHORES = 5 * CHORE
MONDAY, TUESDAY, THURSDAY = 0, 1, 3
# Nobody has looked through the shelves and the opened vials for a while.
EXPIRED_UNSEEN = timedelta(days=20)
VIALS_UNSEEN = {
    "room-1": timedelta(weeks=2),
    "room-2": timedelta(weeks=5),
    "room-3": timedelta(weeks=2),
}
COUNT_EVERY = timedelta(weeks=13)
LAST_COUNT = timedelta(days=10)

VOIDED_TYPE = "tpi-1-2"
# Which procedures of that type, from the newest back, were logged twice, or begun and given up.
LOGGED_TWICE = frozenset({4, 210, 480, 800})
GIVEN_UP = frozenset({31, 390})


class LedgerDiffers(Exception):
    """What was loaded does not add up; the text names the differences."""


def load(now: datetime, *, weeks: int = WHOLE_YEAR, quiet: bool = False) -> Proof:
    """Fill an empty clinic with the year before `now`, or its last weeks, and prove the ledger.

    Raises UsernameTaken, and LedgerDiffers.
    """
    with transaction.atomic():
        Clinic.objects.filter(pk=1).update(name=LOADING)
        load_starter(lambda _: None)
        replay = _Replay(Cast(add_everybody()), now, weeks)
        replay.open()
    with tqdm(total=len(replay.script), unit=" procedures", disable=quiet or None) as progress:
        for _, week in groupby(replay.script, lambda scene: monday(scene.day)):
            with transaction.atomic():
                for day, scenes in groupby(week, lambda scene: scene.day):
                    progress.update(replay.live_through(day, list(scenes)))
    with transaction.atomic():
        replay.buyer.prepare(now)
    proof = check_ledger()
    if not proof.holds:
        raise LedgerDiffers(" ".join(proof.differences))
    Clinic.objects.filter(pk=1).update(name=NAME, **LETTERHEAD)
    return proof


@dataclass(frozen=True)
class _Scene:
    """A procedure, what it used by SKU, and what went wrong about it."""

    planned: Planned
    used: dict[str, Decimal]
    number: int
    logged_twice: bool = False
    given_up: bool = False

    @property
    def day(self) -> date:
        return self.planned.day


class _Replay:
    """The clinic while it lives through the year."""

    def __init__(self, cast: Cast, now: datetime, weeks: int) -> None:
        self.cast = cast
        self.now = now
        self.today = timezone.localdate(now)
        year = _script(cast, planned_year(now))
        since = monday(self.today) - timedelta(weeks=weeks - 1)
        self.script = [scene for scene in year if scene.day >= since]
        self.days = clinic_days(scene.planned for scene in self.script)
        self.restocked_until = _stretches(self.days, (MONDAY, THURSDAY))
        self.order_days = _stretches(self.days, (TUESDAY,))
        self.weeks = _stretches(self.days, (MONDAY,))
        self.count_days = _count_days(self.days, self.today)
        ahead = _script(cast, expected_after(now))
        demand = Demand(_taken(cast, [*year, *ahead]))
        levels = set_levels(cast, demand, year[0].day, year[-1].day)
        shift = shift_to(self.today)
        self.lots = LotMaker(SEED)
        shortage = (SHORTAGE[0] + shift, SHORTAGE[1] + shift)
        self.buyer = Buyer(cast, demand, levels, self.days, shortage, Desk(cast, self.today))
        self.nurses = Nurses(cast, demand, levels, self.lots)
        self.upkeep = Upkeep(cast, Random(SEED))  # noqa: S311 -- made-up data, no secret
        self.incidents = Incidents(cast, self.lots, self.today)

    def open(self) -> None:
        """Fill the shelves, some days before the first procedure."""
        at = timezone.make_aware(datetime.combine(self.days[0] - timedelta(days=3), OPENED))
        lay_out(self.cast, self.lots, self.today, at)
        self.buyer.order(self.days[0], arrives_today=True)
        arrived = self.buyer.delivered_by(self.days[0])
        take_in(self.cast, self.lots, arrived, at + CHORE, "First deliveries")

    def live_through(self, day: date, scenes: Sequence[_Scene]) -> int:
        """Do a day's chores and its procedures; returns how many these were."""
        self._do_chores(day, self._first_chore(scenes[0]))
        # This week's order is still to be sent.
        if day in self.order_days and day < monday(self.today):
            self.buyer.order(day)
        for scene in scenes:
            self._log(scene)
        return len(scenes)

    def _first_chore(self, first: _Scene) -> datetime:
        opens = timezone.make_aware(datetime.combine(first.day, OPENS))
        return min(opens, first.planned.performed_at - ALL_CHORES)

    def _do_chores(self, day: date, at: datetime) -> None:
        if arrived := self.buyer.delivered_by(day):
            take_in(self.cast, self.lots, arrived, at)
        self._look_through(day, at + CHORE)
        if day in self.restocked_until:
            self.nurses.restock(day, self.restocked_until[day], at + 2 * CHORE)
        self.nurses.fetch_cold(day, at + 2 * CHORE)
        self.incidents.happen(day, at + 3 * CHORE)
        self.upkeep.break_something(at + 4 * CHORE)

    def _look_through(self, day: date, at: datetime) -> None:
        if day in self.weeks:
            this_week = monday(self.today)
            seen = [room for room, unseen in VIALS_UNSEEN.items() if day <= this_week - unseen]
            self.upkeep.discard_beyond_use(seen, day, at)
        if day.month != _previous(self.days, day).month and day <= self.today - EXPIRED_UNSEEN:
            self.upkeep.discard_expired(day, at)
        if day in self.count_days:
            self.upkeep.count_storeroom(at)

    def _log(self, scene: _Scene) -> None:
        """Log a procedure, and log what went wrong about it until it was put right."""
        logged_at = scene.planned.performed_at + timedelta(minutes=2 + scene.number % 6)
        self._record(scene, logged_at)
        if scene.logged_twice:
            again = self._record(scene, logged_at + MINUTE)
            self._void(again, "Logged twice", Procedure.Supplies.RETURNED, scene, logged_at)
        if scene.given_up:
            begun = self._record(scene, logged_at + MINUTE)
            reason = "Given up after the supplies were opened"
            self._void(begun, reason, Procedure.Supplies.WASTED, scene, logged_at)

    def _record(self, scene: _Scene, at: datetime) -> Procedure:
        planned = scene.planned
        lines = [LineWanted(self.cast.items[sku], quantity) for sku, quantity in scene.used.items()]
        wanted = record.ProcedureWanted(
            type=self.cast.types[planned.type],
            location=self.cast.places[planned.location],
            performed_at=planned.performed_at,
            muscles=planned.muscles,
            sites=planned.sites,
            provider=planned.provider,
            encounter_ref=planned.encounter_ref,
            lines=self.incidents.wanted_all_the_same(lines, planned.location),
        )
        by, now = self._nurse(scene), min(at, self.now)
        try:
            return record.record(wanted, by=by, now=now).procedure
        except NotEnoughStock as refusal:
            self.nurses.fetch_missing(refusal, wanted.location, by, planned.performed_at)
        return record.record(wanted, by=by, now=now).procedure

    def _void(
        self,
        procedure: Procedure,
        reason: str,
        supplies: Procedure.Supplies,
        scene: _Scene,
        logged_at: datetime,
    ) -> None:
        voided_at = min(logged_at + 4 * MINUTE, self.now)
        record.void(
            procedure, by=self._nurse(scene), reason=reason, supplies=supplies, now=voided_at
        )

    def _nurse(self, scene: _Scene) -> User:
        return self.cast.nurse_of(scene.planned.location, scene.day.toordinal())


def _script(cast: Cast, planned: Sequence[Planned]) -> list[_Scene]:
    """Say what each procedure uses, and which ones go wrong, counted from the newest."""
    numbers = [at for at, each in enumerate(planned) if each.type == VOIDED_TYPE]
    place_from_newest = {at: place for place, at in enumerate(reversed(numbers))}
    return [
        _Scene(
            each,
            cast.used_by(each),
            number,
            logged_twice=place_from_newest.get(number) in LOGGED_TWICE,
            given_up=place_from_newest.get(number) in GIVEN_UP,
        )
        for number, each in enumerate(planned)
    ]


def _taken(cast: Cast, script: Iterable[_Scene]) -> Iterator[Taken]:
    for scene in script:
        place = cast.places[scene.planned.location]
        for sku, quantity in scene.used.items():
            taken = leaves_shelf(cast.items[sku], quantity, place)
            yield scene.day, place.code, sku, taken


def _stretches(days: Sequence[date], weekdays: Sequence[int]) -> dict[date, date]:
    """Return the first and the last open day of each stretch that begins on these weekdays."""

    def begins(day: date) -> date:
        back = min((day.weekday() - weekday) % 7 for weekday in weekdays)
        return day - timedelta(days=back)

    stretches = (list(stretch) for _, stretch in groupby(days, begins))
    return {stretch[0]: stretch[-1] for stretch in stretches}


def _count_days(days: Sequence[date], today: date) -> set[date]:
    """Return the open days on or after which a quarterly count was due."""
    due = monday(today) - LAST_COUNT
    found = set()
    while due > days[0]:
        found |= {next(day for day in days if day >= due)}
        due -= COUNT_EVERY
    return found


def _previous(days: Sequence[date], day: date) -> date:
    return days[max(0, days.index(day) - 1)]
