"""What the rows of all sheets say of one lot together: its expiry, and where it was said. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from inventory.imports.cells.dates import Expiry

Key = tuple[str, str]
RECORDED = ("", 0)
"""Stands for the row of what the clinic has on record."""


@dataclass(slots=True)
class Said:
    """One expiry of a lot; `rows` are the first that say so, by sheet and number."""

    month_only: bool
    answered: bool
    rows: list[tuple[str, int]] = field(default_factory=list)


class LotsSeen:
    """Every lot that rows name, with the expiries they give it. Filled once, then asked."""

    def __init__(self, known_lots: Mapping[Key, date | None]) -> None:
        self._known = known_lots
        self._said: dict[Key, dict[date, Said]] = {}
        self._items: dict[str, set[str]] = {}
        for sku, lot in known_lots:
            self._items.setdefault(lot, set()).add(sku)

    def add(
        self, key: Key, expiry: Expiry | None, row: tuple[str, int], *, answered: bool = False
    ) -> None:
        """Note what one row says."""
        self._items.setdefault(key[1], set()).add(key[0])
        if expiry is None:
            return
        days = self._said.setdefault(key, {})
        said = days.get(expiry.day)
        if said is None:
            said = days[expiry.day] = Said(expiry.month_only, answered)
        said.month_only &= expiry.month_only
        said.answered |= answered
        if len(said.rows) < 3:
            said.rows.append(row)

    def items_of(self, lot: str) -> frozenset[str]:
        """The items that some row, or the clinic's record, has this lot number of."""
        return frozenset(self._items.get(lot, ()))

    def is_known(self, key: Key) -> bool:
        return key in self._known

    def recorded(self, key: Key) -> date | None:
        """The expiry that the clinic has on record."""
        return self._known.get(key)

    def days(self, key: Key) -> dict[date, tuple[str, int]]:
        """Every expiry that is given to a lot, with the first row that gives it.

        A month without a day says the same as a day of that month.
        """
        said = self._said.get(key, {})
        days = {day: each.rows[0] for day, each in said.items()}
        if recorded := self._known.get(key):
            days = {recorded: RECORDED} | days
        exact = {
            (day.year, day.month) for day in days if day not in said or not said[day].month_only
        }
        return {
            day: row
            for day, row in days.items()
            if row == RECORDED or not said[day].month_only or (day.year, day.month) not in exact
            or _is_exact(day, said)
        }  # fmt: skip

    def settled(self, key: Key) -> date | None:
        """The expiry that people's answers agree on, where they gave any."""
        answered = {day for day, said in self._said.get(key, {}).items() if said.answered}
        return answered.pop() if len(answered) == 1 else None

    def exact_day(self, key: Key, expiry: Expiry) -> date:
        """The day that other rows give to the month that this one names."""
        if not expiry.month_only:
            return expiry.day
        same_month = [
            day
            for day in self.days(key)
            if (day.year, day.month) == (expiry.day.year, expiry.day.month)
        ]
        return same_month[0] if len(same_month) == 1 else expiry.day


def _is_exact(day: date, said: Mapping[date, Said]) -> bool:
    return not said[day].month_only


def others(days: Iterable[date], day: date) -> list[date]:
    """The days that are not this one, in order."""
    return sorted(each for each in days if each != day)
