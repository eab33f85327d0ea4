"""Every way in which a count sheet refuses, by name. `str()` of each is what the nurse reads."""

from collections.abc import Collection

from inventory.catalog.models import Location
from inventory.counts.models import CountSheet
from inventory.stock.errors import StockRefusal, named
from inventory.stock.models import Lot


class SheetIsOpen(StockRefusal):
    """A place is counted on one sheet at a time."""

    def __init__(self, location: Location) -> None:
        super().__init__(
            f"{location} is being counted on a sheet that is still open."
            " Post it or cancel it first."
        )


class SheetIsClosed(StockRefusal):
    """A sheet that was posted or cancelled stays as it is."""

    def __init__(self, sheet: CountSheet) -> None:
        self.sheet = sheet
        if sheet.posted_at is not None:
            what = f"{sheet.posted_by} has posted this sheet already"
        else:
            what = f"{sheet.cancelled_by} has cancelled this sheet"
        super().__init__(f"{what}: nothing can be changed on it.")


class NothingToCount(StockRefusal):
    """A sheet would have no rows."""

    def __init__(self, location: Location) -> None:
        super().__init__(f"Nothing like that is in {location}: there is nothing to count.")


class TooManyRows(StockRefusal):
    """A sheet would be longer than anybody can count at a stretch."""

    def __init__(self, location: Location, rows: int, most: int) -> None:
        super().__init__(
            f"{rows} rows would be on this sheet of {location}, and it takes {most}."
            " Choose some kinds of items, then the others on another sheet."
        )


class OnTheSheetAlready(StockRefusal):
    """What was found is listed."""

    def __init__(self, lot: Lot) -> None:
        super().__init__(f"{named(lot)} is on this sheet already: enter it in its own row.")


class NothingCounted(StockRefusal):
    """A sheet without a single number is not posted."""

    def __init__(self) -> None:
        super().__init__("Nothing has been counted on this sheet yet.")


class ChangedSinceReview(StockRefusal):
    """What is to be posted is not what the person looked at. Nothing was posted."""

    def __init__(self, lines: Collection[int]) -> None:
        self.lines = frozenset(lines)
        super().__init__(
            "Nothing was posted: stock has moved, or a number was counted anew, since this page was"
            " shown. Look at the marked rows again, then post."
        )


class RowsIncomplete(StockRefusal):
    """Some rows still ask something; `rows` holds the question of each line. Nothing was posted."""

    def __init__(self, rows: dict[int, str]) -> None:
        self.rows = rows
        count = len(rows)
        super().__init__(
            f"Nothing was posted: {count} row{' still asks' if count == 1 else 's still ask'}"
            " something."
        )


class RowRefused(StockRefusal):
    """The ledger refuses one row; `line` is its id. Nothing was posted."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        self.sentence = sentence
        super().__init__("Nothing was posted: one row cannot be true as it stands.")
