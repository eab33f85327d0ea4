"""Long lists, a page at a time: `?limit=` and `?cursor=` with the value of `next`."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from inventory.api.numbers import refuse, shown
from inventory.api.problems import Invalid
from inventory.api.values import LARGEST_ID, UNPRINTABLE, Line

LIMIT_MAX = 500
Row = TypeVar("Row", bound=Model)
Anything = TypeVar("Anything")
Out = TypeVar("Out")


def _read_limit(value: Any) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", str(value), re.ASCII) or not 1 <= int(value) <= LIMIT_MAX:
        raise refuse(f"Expected a whole number from 1 to {LIMIT_MAX}, but got {shown(value)}.")
    return int(value)


class PageQuery(BaseModel):
    """What every list takes."""

    limit: Annotated[int, BeforeValidator(_read_limit), Field(ge=1, le=LIMIT_MAX)] = 100
    cursor: Line = ""


class Listed(BaseModel, Generic[Out]):
    """A page of a list; `next` is the cursor of the page after it, null on the last one."""

    model_config = ConfigDict(populate_by_name=True)

    items: list[Out]
    next: str | None


@dataclass(frozen=True)
class Key:
    """The unique column that a list is in order of."""

    name: str = "pk"
    descending: bool = False

    @property
    def column(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    @property
    def beyond(self) -> str:
        return f"{self.name}__{'lt' if self.descending else 'gt'}"

    def of(self, row: Model) -> str:
        return str(getattr(row, self.name))

    def read(self, cursor: str) -> int | str:
        """Return the place after which the page begins. Raises Invalid."""
        name, _, value = _opened(cursor).partition(":")
        if name != self.name or not value:
            raise _no_cursor()
        if self.name != "pk":
            return value
        return _number(value)


NEWEST_FIRST = Key(descending=True)
OLDEST_FIRST = Key()


def page(
    rows: QuerySet[Row], query: PageQuery, key: Key, answer: Callable[[Row], Out]
) -> Listed[Out]:
    """Return the rows behind the cursor, answered one by one. One query, whatever was skipped."""
    found, following = page_of_rows(rows, query, key)
    return Listed(items=[answer(row) for row in found], next=following)


def page_of_rows(rows: QuerySet[Row], query: PageQuery, key: Key) -> tuple[list[Row], str | None]:
    """Return the rows behind the cursor and the cursor behind them. Raises Invalid."""
    if query.cursor:
        rows = rows.filter(**{key.beyond: key.read(query.cursor)})
    found = list(rows.order_by(key.column)[: query.limit + 1])
    kept = found[: query.limit]
    more = len(found) > query.limit
    return kept, _closed(f"{key.name}:{key.of(kept[-1])}") if more else None


def page_of_list(
    rows: Sequence[Anything], query: PageQuery, answer: Callable[[Anything], Out]
) -> Listed[Out]:
    """Return a part of what was worked out in full; its cursor counts rows. Raises Invalid."""
    start = 0
    if query.cursor:
        name, _, value = _opened(query.cursor).partition(":")
        if name != "row":
            raise _no_cursor()
        start = _number(value)
    end = start + query.limit
    following = _closed(f"row:{end}") if end < len(rows) else None
    return Listed(items=[answer(row) for row in rows[start:end]], next=following)


def _closed(place: str) -> str:
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _opened(cursor: str) -> str:
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _no_cursor() from None
    if UNPRINTABLE.search(place):
        raise _no_cursor()
    return place


def _number(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", value, re.ASCII) or int(value) > LARGEST_ID:
        raise _no_cursor()
    return int(value)


def _no_cursor() -> Invalid:
    return Invalid(("cursor", "Expected the value of next from an earlier page of this list."))
