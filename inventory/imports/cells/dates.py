"""Days as people type them in an expiry column: 12/27, Dec-27, EXP 4/30/2028, 46843. Pure.

A month without a day means its last day (USP on expiration dates). In an expiry column 12/27 is
December 2027, and 05/06/2028 is read in the American order, month first.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from inventory.imports.cells.results import BLANK, Blank, Doubtful, Refused, unusable
from inventory.sheets.cell_text import date_parts, plain, shortened, shown
from inventory.sheets.cells import SheetCell

EXPECTED = "Expected an expiry date such as 4/30/2028 or 12/27, but got"
# Stock that expired longer ago, or keeps longer, is nearly always a slip.
YEARS_BACK = 10
YEARS_AHEAD = 15

# Excel counts days from here; the numbers of 2000-01-01 and 2099-12-31.
EXCEL_BEGINS = date(1899, 12, 30)
EXCEL_NUMBERS = range(36526, 73051)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH_NAMES = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
BETWEEN = r"[-/., ']*"

NOTHING = frozenset({"", "-", "--", "---", "n/a", "na", "n.a.", "none", "?", "??", "???", "tbd",
                     "unknown", "no exp", "no expiry", "no date", "x", "."})  # fmt: skip
PREFIX = re.compile(
    r"(?:expir(?:es|ed|y|ation)?|exp|use by|best by|best before|good thru|good through|bbe|ed|e)"
    r"(?![a-z])"
    r"\.?(?:\s*dates?\b)?(?:\s*on\b)?\s*[:.=-]?\s*"
)
CLOCK = re.compile(r"[ t]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?z?\Z")
WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|urday)?[., ]+"
)
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")


@dataclass(frozen=True, slots=True)
class Expiry:
    """A day; `month_only` where no day was written and it is the month's last. `note` says what
    was read where that is not plain to see."""

    day: date
    month_only: bool = False
    note: str = ""


ReadDay = Expiry | Blank | Doubtful | Refused


def day_text(day: date) -> str:
    """Write "31 March 2028"."""
    return f"{day.day} {MONTH_NAMES[day.month]} {day.year:04}"


def month_text(day: date) -> str:
    """Write "March 2028"."""
    return f"{MONTH_NAMES[day.month]} {day.year:04}"


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def read_expiry(cell: SheetCell, today: date) -> ReadDay:
    """Read a cell of an expiry column."""
    if refused := unusable(cell, "an expiry date such as 4/30/2028 or 12/27"):
        return refused
    value = cell.value
    if isinstance(value, str):
        return read_expiry_text(value, today)
    if value is None:
        return BLANK
    if isinstance(value, date):
        return _date_cell(value.date() if isinstance(value, datetime) else value, cell, today)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _number(Decimal(value), today)
    return Refused(f"{EXPECTED} {shortened(shown(cell))}.")


def _date_cell(day: date, cell: SheetCell, today: date) -> ReadDay:
    parts = date_parts(cell.number_format)
    if "y" not in parts:
        return _day_made_by_excel(day, shown(cell), today)
    if "m" not in parts:
        return Doubtful(
            f"The cell shows only the year {day.year}. What is the whole date?", (day.isoformat(),)
        )
    if "d" not in parts:
        last = last_of_month(day.year, day.month)
        note = "" if last == day else f"The cell shows {month_text(day)}: its last day."
        return _plausible(Expiry(last, month_only=True, note=note), shown(cell), today)
    return _plausible(Expiry(day), shown(cell), today)


def _day_made_by_excel(day: date, written: str, today: date) -> Doubtful:
    """Somebody typed 12/27, and Excel made a day of this year of it."""
    month = _month(2000 + day.day, day.month)
    guesses = [each.day.isoformat() for each in (month,) if isinstance(each, Expiry)]
    return Doubtful(
        f"The cell holds {day_text(day)} but shows {written}: somebody may have typed"
        f" {day.month}/{day.day:02}, meaning {MONTH_NAMES[day.month]} {2000 + day.day}, and Excel"
        " made a day of it. What does the label say?",
        (*guesses, day.isoformat()),
    )


def _number(value: Decimal, today: date) -> ReadDay:
    if not value.is_finite():
        return Refused(f"{EXPECTED} {value}.")
    whole = int(value)
    if whole in EXCEL_NUMBERS:
        day = EXCEL_BEGINS + timedelta(days=whole)
        return _plausible(
            Expiry(day, note=f"{whole} is Excel’s number for {day_text(day)}."), str(whole), today
        )
    if whole != value:
        return _read_as_doubtful(f"{value.normalize():f}", today)
    return read_expiry_text(str(whole), today)


def _read_as_doubtful(written: str, today: date) -> ReadDay:
    read = read_expiry_text(written, today)
    if isinstance(read, Expiry):
        return Doubtful(
            f"The cell holds the number {written}; was {month_text(read.day)} meant?",
            (read.day.isoformat(),),
        )
    return Refused(f"{EXPECTED} {written}.")


@lru_cache(maxsize=20_000)
def read_expiry_text(written: str, today: date) -> ReadDay:
    """Read a text of an expiry column."""
    text = plain(written)
    if text in NOTHING:
        return BLANK
    text = PREFIX.sub("", text, count=1) if PREFIX.match(text) else text
    text = CLOCK.sub("", WEEKDAY.sub("", ORDINAL.sub("", text))).strip(" .,:;")
    if text in NOTHING:
        return BLANK
    unsure = text.replace("?", "").strip(" ()~")
    if unsure != text:
        return _unsure(written, _read(unsure, written, today))
    return _read(text, written, today)


def _unsure(written: str, read: ReadDay) -> ReadDay:
    guesses = read.guesses if isinstance(read, Doubtful) else ()
    if isinstance(read, Expiry):
        guesses = (read.day.isoformat(),)
    return Doubtful(f"{shortened(written)} is not sure. What does the label say?", guesses)


def _read(text: str, written: str, today: date) -> ReadDay:
    for pattern, reader in READERS:
        if match := pattern.fullmatch(text):
            return _plausible(reader(match, today), written, today)
    found = list(dict.fromkeys(_days_inside(text, today)))
    if len(found) == 1:
        return Doubtful(
            f"{shortened(written)} says more than a date. What does the label say?",
            (found[0].isoformat(),),
        )
    if found:
        return Doubtful(
            f"{shortened(written)} holds more than one date. Leave one, and give the rest a row of"
            " its own.",
            tuple(day.isoformat() for day in found),
        )
    return Refused(f"{EXPECTED} {shortened(written)}.")


def _days_inside(text: str, today: date) -> Iterator[date]:
    """The dates that stand in a longer text."""
    for word in re.findall(r"\d{1,4}[-/.]\d{1,4}(?:[-/.]\d{1,4})?|[a-z]+[-/. ']*\d{2,4}", text):
        for pattern, reader in READERS:
            if match := pattern.fullmatch(word):
                read = reader(match, today)
                if isinstance(read, Expiry):
                    yield read.day
                break


def _plausible(read: ReadDay, written: str, today: date) -> ReadDay:
    if not isinstance(read, Expiry):
        return read
    if today.year - YEARS_BACK <= read.day.year <= today.year + YEARS_AHEAD:
        return read
    return Doubtful(
        f"{shortened(written)} would be {day_text(read.day)}, which is far from today. What does"
        " the label say?",
        (read.day.isoformat(),),
    )


def _day(year: int, month: int, day: int, note: str = "") -> ReadDay:
    if day == 0 and 1 <= month <= 12:
        return _month(year, month)
    try:
        return Expiry(date(year, month, day), note=note)
    except ValueError:
        return _no_such_day(year, month, day)


def _no_such_day(year: int, month: int, day: int) -> Refused:
    if not 1 <= month <= 12:
        return Refused(f"{EXPECTED} month {month}: there are twelve.")
    if not 1 <= year <= 9999:
        return Refused(f"{EXPECTED} the year {year}.")
    return Refused(
        f"Expected a day that the calendar has, but {year} has no {day} {MONTH_NAMES[month]}."
    )


def _month(year: int, month: int) -> ReadDay:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return _no_such_day(year, month, 1)
    return Expiry(last_of_month(year, month), month_only=True)


def _year(text: str) -> int:
    return 2000 + int(text) if len(text) == 2 else int(text)


def _year_month_day(match: re.Match[str], today: date) -> ReadDay:
    return _day(int(match["y"]), int(match["m"]), int(match["d"]))


def _three_numbers(match: re.Match[str], today: date) -> ReadDay:
    first, second, year = int(match["a"]), int(match["b"]), _year(match["y"])
    if first > 12 and second > 12:
        return Refused(f"{EXPECTED} {shortened(match[0])}: neither number is a month.")
    if first > 12:
        return _day_first(match, first, second, year, today)
    american = _day(year, first, second)
    if second > 12 or first == second or not isinstance(american, Expiry):
        return american
    if match["s"] == ".":
        return _either_order(match[0], first, second, year)
    return Expiry(
        american.day,
        note=f"{shortened(match[0])} was read month first: {day_text(american.day)}.",
    )


def _day_first(match: re.Match[str], first: int, second: int, year: int, today: date) -> ReadDay:
    read = _day(year, second, first)
    if len(match["y"]) == 4 or not isinstance(read, Expiry):
        return read
    # 27/12/31 may begin with its year.
    backwards = _plausible(_day(2000 + first, second, int(match["y"])), match[0], today)
    if isinstance(backwards, Expiry) and backwards.day != read.day:
        likely = _plausible(read, match[0], today)
        days = sorted({read.day, backwards.day}, key=lambda day: likely != read or day != read.day)
        return Doubtful(
            f"{shortened(match[0])} may be {' or '.join(map(day_text, days))}. What does the label"
            " say?",
            tuple(day.isoformat() for day in days),
        )
    return read


def _either_order(written: str, first: int, second: int, year: int) -> ReadDay:
    days = (date(year, second, first), date(year, first, second))
    return Doubtful(
        f"{shortened(written)} may be {day_text(days[0])} or {day_text(days[1])}. What does the"
        " label say?",
        tuple(day.isoformat() for day in days),
    )


def _year_month(match: re.Match[str], today: date) -> ReadDay:
    return _month(int(match["y"]), int(match["m"]))


def _month_year(match: re.Match[str], today: date) -> ReadDay:
    return _month(_year(match["y"]), int(match["m"]))


def _month_and_two_digits(match: re.Match[str], today: date) -> ReadDay:
    first, second = int(match["a"]), int(match["b"])
    if first > 12 and 1 <= second <= 12:
        guess = _month(2000 + first, second)
        return Doubtful(
            f"{shortened(match[0])} may be {MONTH_NAMES[second]} {2000 + first}, or a day without"
            " a year. What does the label say?",
            (guess.day.isoformat(),) if isinstance(guess, Expiry) else (),
        )
    return _month(2000 + second, first)


def _named_month(match: re.Match[str], today: date) -> ReadDay:
    return _month(_year(match["y"]), MONTHS[match["name"]])


def _named_day(match: re.Match[str], today: date) -> ReadDay:
    return _day(_year(match["y"]), MONTHS[match["name"]], int(match["d"]))


def _day_without_year(match: re.Match[str], today: date) -> ReadDay:
    month, number = MONTHS[match["name"]], int(match["d"])
    guess = _month(2000 + number, month)
    return Doubtful(
        f"{shortened(match[0])} may be {MONTH_NAMES[month]} {2000 + number}, or a day without a"
        " year. What does the label say?",
        (guess.day.isoformat(),) if isinstance(guess, Expiry) else (),
    )


def _incomplete(match: re.Match[str], today: date) -> ReadDay:
    return Doubtful(f"{shortened(match[0])} is only a part of a date. What does the label say?")


def _eight_digits(match: re.Match[str], today: date) -> ReadDay:
    text = match[0]
    read = _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if isinstance(read, Expiry) and 1990 <= read.day.year <= 2100:
        return read
    other = _day(int(text[4:]), int(text[:2]), int(text[2:4]))
    if isinstance(other, Expiry) and 1990 <= other.day.year <= 2100:
        return Expiry(other.day, note=f"{text} was read as {day_text(other.day)}.")
    return read if text.startswith("20") else other


def _six_digits(match: re.Match[str], today: date) -> ReadDay:
    text = match[0]
    readings = (
        _month(int(text[:4]), int(text[4:])),
        _month(int(text[2:]), int(text[:2])),
        _day(2000 + int(text[:2]), int(text[2:4]), int(text[4:])),
        _day(2000 + int(text[4:]), int(text[:2]), int(text[2:4])),
    )
    good = [
        each
        for each in readings
        if isinstance(_plausible(each, text, today), Expiry) and isinstance(each, Expiry)
    ]
    if len({each.day for each in good}) == 1:
        return Expiry(
            good[0].day, good[0].month_only, note=f"{text} was read as {day_text(good[0].day)}."
        )
    if good and good[0] is readings[0]:
        # 202812 is a year and a month to everybody who writes six digits that begin with 20.
        return Expiry(good[0].day, True, note=f"{text} was read as {month_text(good[0].day)}.")
    return Doubtful(
        f"Expected an expiry date, but {text} may be read in several ways. What does the label"
        " say?",
        tuple(dict.fromkeys(each.day.isoformat() for each in good)),
    )


def _five_digits(match: re.Match[str], today: date) -> ReadDay:
    if int(match[0]) in EXCEL_NUMBERS:
        return _number(Decimal(match[0]), today)
    return Refused(f"{EXPECTED} {match[0]}.")


def _four_digits(match: re.Match[str], today: date) -> ReadDay:
    text = match[0]
    month = _month(2000 + int(text[2:]), int(text[:2]))
    if isinstance(month, Expiry) and isinstance(_plausible(month, text, today), Expiry):
        return Doubtful(
            f"{text} may be {month_text(month.day)}. What does the label say?",
            (month.day.isoformat(),),
        )
    return _incomplete(match, today)


Reader = Callable[[re.Match[str], date], ReadDay]


def _patterns(*pairs: tuple[str, Reader]) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    return tuple((re.compile(pattern, re.ASCII), reader) for pattern, reader in pairs)


READERS = _patterns(
    (r"(?P<y>\d{4})\s*[-/. ]\s*(?P<m>\d{1,2})\s*[-/. ]\s*(?P<d>\d{1,2})", _year_month_day),
    (
        r"(?P<a>\d{1,2})\s*(?P<s>[-/. ])\s*(?P<b>\d{1,2})\s*[-/. ]\s*(?P<y>\d{4}|\d{2})",
        _three_numbers,
    ),
    (r"(?P<y>\d{4})\s*[-/. ]\s*(?P<m>\d{1,2})", _year_month),
    (r"(?P<m>\d{1,2})\s*[-/. ]\s*(?P<y>\d{4})", _month_year),
    (r"(?P<a>\d{1,2})\s*[-/.]\s*'?(?P<b>\d{2})", _month_and_two_digits),
    (rf"{MONTH}{BETWEEN}(?P<y>\d{{4}}|\d{{2}})", _named_month),
    (rf"(?P<y>\d{{4}}){BETWEEN}{MONTH}", _named_month),
    (rf"(?P<d>\d{{1,2}}){BETWEEN}{MONTH}{BETWEEN}(?P<y>\d{{4}}|\d{{2}})", _named_day),
    (rf"{MONTH}{BETWEEN}(?P<d>\d{{1,2}})[-/., ]+(?P<y>\d{{4}}|'?\d{{2}})", _named_day),
    (rf"(?P<y>\d{{4}}){BETWEEN}{MONTH}{BETWEEN}(?P<d>\d{{1,2}})", _named_day),
    (rf"(?P<d>\d{{1,2}}){BETWEEN}{MONTH}", _day_without_year),
    (rf"{MONTH}|(?:19|20)\d\d|q[1-4]{BETWEEN}\d{{2,4}}|\d{{1,2}}[-/]\d?", _incomplete),
    (r"\d{8}", _eight_digits),
    (r"\d{6}", _six_digits),
    (r"\d{5}", _five_digits),
    (r"\d{4}", _four_digits),
)


@lru_cache(maxsize=5_000)
def last_such_day(written: str, today: date) -> date | None:
    """Read when something was done, as in "11/12": the last such day up to today.

    A day that is not past is one of the year before, where no year is written.
    """
    text = plain(written).strip(" .,;:")
    if short := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})", text, re.ASCII):
        return _latest(int(short[1]), int(short[2]), today)
    for pattern in (rf"{MONTH}{BETWEEN}(?P<d>\d{{1,2}})", rf"(?P<d>\d{{1,2}}){BETWEEN}{MONTH}"):
        if named := re.fullmatch(pattern, text, re.ASCII):
            return _latest(MONTHS[named["name"]], int(named["d"]), today)
    for full, reader in READERS[:2] + READERS[7:10]:
        if match := full.fullmatch(text):
            read = reader(match, today)
            if isinstance(read, Expiry) and not read.month_only and read.day <= today:
                return read.day
    return None


def _latest(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year - 1):
        read = _day(year, month, day) if day else None
        if isinstance(read, Expiry) and read.day <= today:
            return read.day
    return None
