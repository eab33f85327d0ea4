"""Which billing code counts on a day. Pure: the day and the codes are arguments.

HCPCS codes change by the quarter. The code of the item itself counts unless a dated one says
otherwise for the day; a dated one without a code says that nothing is billed then.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol


class Code(Protocol):
    """A HCPCS code and what one of its units is: an item, or one of its dated codes."""

    @property
    def hcpcs(self) -> str: ...
    @property
    def billing_unit(self) -> str: ...


class Period(Protocol):
    """The days from one to another, both of them included; None: without that end."""

    @property
    def effective_from(self) -> date | None: ...
    @property
    def effective_to(self) -> date | None: ...


class DatedCode(Code, Period, Protocol):
    """A code that counts on the days of its period."""


def code_on(day: date, usual: Code, dated: Iterable[DatedCode]) -> Code:
    """Return the dated code that covers the day, else the usual one."""
    return next((code for code in dated if covers(code, day)), usual)


def covers(period: Period, day: date) -> bool:
    """Say whether the day is one of the period's."""
    begins, ends = period.effective_from, period.effective_to
    return (begins is None or begins <= day) and (ends is None or day <= ends)


def overlap(one: Period, other: Period) -> bool:
    """Say whether the two periods have a day in common."""
    return not (_is_before(one, other) or _is_before(other, one))


def _is_before(one: Period, other: Period) -> bool:
    ends, begins = one.effective_to, other.effective_from
    return ends is not None and begins is not None and ends < begins
