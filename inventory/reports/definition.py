"""What a report is: a question, what may be asked of it, and one function that answers.

The page and the workbook are both made of the one `Answer`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from inventory.catalog.models import Location
from inventory.web.tables import Kind
from inventory.web.words import cents_words, day_words, period_words

Filter = Literal["period", "day", "location", "provider"]
ColumnKind = Kind | Literal["month", "percent", "long"]

Shown = Literal["greatest", "last", "first"]

ZERO = Decimal(0)
# More months than this and a report by month would be no report.
LONGEST_PERIOD = timedelta(days=10 * 366)


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a report. The days are the clinic's own, both included.

    A report about one day is about `until`.
    """

    today: date
    since: date
    until: date
    by: str = ""
    location: Location | None = None
    provider: str = ""

    @property
    def period_words(self) -> str:
        return period_words(self.since, self.until)

    @property
    def day_words(self) -> str:
        return "today" if self.until == self.today else f"on {day_words(self.until)}"


@dataclass(frozen=True)
class Heading:
    """One column: where its value is in a row (`name`, or else `accessor`), and what it is.

    A `total` is summed below, a quantity stands with the row's `unit`, and a text with the row's
    `url` leads there. A quantity that is not `with_unit` has it in a column of its own.
    """

    name: str
    title: str
    kind: ColumnKind = "text"
    total: bool = False
    accessor: str = ""
    with_unit: bool = True


@dataclass(frozen=True)
class Picture:
    """The columns that are drawn: `part` is the darker piece of `whole`, and has a name.

    The greatest rows come first; where rows are months, the last or the first of them in order.
    Both are money unless other `words` are said.
    """

    title: str
    whole: str
    part: str = ""
    part_words: str = ""
    shown: Shown = "greatest"
    words: Callable[[Decimal], str] = cents_words


@dataclass(frozen=True)
class Answer:
    """Rows below their headings, what a reader has to know, and what there is to draw.

    Money is exact, and rounded where it is shown. `nothing` is said when there are no rows.
    """

    headings: Sequence[Heading]
    rows: Sequence[Any]
    nothing: str
    notes: Sequence[str] = ()
    picture: Picture | None = None


@dataclass(frozen=True)
class Report:
    """One report; `by` are the choices of what a row is, the first unless somebody chooses."""

    code: str
    title: str
    question: str
    answer: Callable[[Asked], Answer]
    filters: tuple[Filter, ...] = ()
    by: tuple[tuple[str, str], ...] = ()
