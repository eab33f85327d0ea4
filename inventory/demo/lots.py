"""Lot numbers and expiry dates as makers print them, the same ones in every run."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random

from inventory.catalog.models import Item

DEVICES = frozenset({Item.Kind.NEEDLE, Item.Kind.SYRINGE, Item.Kind.GLOVE, Item.Kind.OTHER})
SHELF_LIFE_DAYS = {
    Item.Kind.TOXIN: (540, 730),
    Item.Kind.PREP: (600, 960),
    Item.Kind.DRESSING: (900, 1400),
}
OF_DRUGS = (380, 740)
OF_DEVICES = (1100, 1800)
SHORT_DATED = (150, 260)
ONE_IN = 9
LETTERS = "ABCDEFGHKLMNPRSTVWXY"


class LotMaker:
    """Makes up lots; the same calls in the same order give the same lots."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 -- made-up data, the same every time
        self._given: set[tuple[str, str]] = set()

    def number(self, item: Item, made_on: date) -> str:
        """Return a number that no other lot of the item has, in its maker's manner."""
        while True:
            number = self._number(item, made_on)
            if (item.sku, number) not in self._given:
                self._given.add((item.sku, number))
                return number

    def expires_on(self, item: Item, received_on: date) -> date:
        """Return the last day of the month up to which a new delivery keeps."""
        least, most = SHELF_LIFE_DAYS.get(
            Item.Kind(item.kind), OF_DEVICES if item.kind in DEVICES else OF_DRUGS
        )
        if item.kind not in DEVICES and self._random.randrange(ONE_IN) == 0:
            least, most = SHORT_DATED
        return end_of_month(received_on + timedelta(days=self._random.randint(least, most)))

    def older(self, expires_on: date) -> date:
        """Return an earlier expiry, for a lot that has lain there for a while already."""
        return end_of_month(expires_on - timedelta(days=self._random.randint(60, 150)))

    def _number(self, item: Item, made_on: date) -> str:
        digits = self._random.randint(100, 999)
        letters = "".join(self._random.choices(LETTERS, k=2))
        if item.kind == Item.Kind.TOXIN:
            return f"C{digits}{made_on.month}C{self._random.randint(1, 4)}"
        if item.kind == Item.Kind.CORTICOSTEROID:
            return f"{letters}{digits}{self._random.choice(LETTERS)}"
        if item.kind in DEVICES:
            # The year's last digit, the day of the year, and the line of the day.
            return f"{made_on:%y}"[1] + f"{made_on:%j}{digits}"
        return f"{self._random.randint(10, 69)}-{digits}-{letters}"


def end_of_month(day: date) -> date:
    """Return the last day of the month: what a month alone on a label means."""
    return day.replace(day=monthrange(day.year, day.month)[1])
