"""Exact numbers in requests and answers: decimal strings, or JSON numbers that are exact."""

import json
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from inventory.web.decimals import plain

BOUND = Decimal(10) ** 9
DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?\Z")


def refuse(sentence: str) -> PydanticCustomError:
    """Return the error that answers one field with this sentence."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


def shown(value: object) -> str:
    """Return what came, short enough to be shown in a sentence."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = str(value) if isinstance(value, str | Decimal) else json.dumps(value)
    text = text if len(text) <= 40 else f"{text[:40]}…"
    return "".join(character if character.isprintable() else "�" for character in text)


class Exactly:
    """Reads a number at a fixed scale; more decimals than that are refused, zeros are not."""

    def __init__(self, places: int, *, lowest: Decimal) -> None:
        self.places = places
        self.lowest = lowest

    def __call__(self, value: Any) -> Decimal:
        number = self._number(value)
        if number.adjusted() > 9 or abs(number) >= BOUND:
            raise refuse(f"Expected a number below {BOUND:,}, but got {shown(value)}.")
        exact = number.quantize(Decimal(1).scaleb(-self.places))
        if exact != number:
            raise refuse(f"Expected at most {self.places} decimals, but got {shown(value)}.")
        if exact < self.lowest:
            bound = "0 or more" if self.lowest == 0 else "more than 0"
            raise refuse(f"Expected {bound}, but got {shown(value)}.")
        return Decimal(plain(exact))

    def _number(self, value: Any) -> Decimal:
        if isinstance(value, int) and not isinstance(value, bool):
            # An int can hold more digits than Python is willing to print.
            return Decimal(value) if abs(value) < BOUND else BOUND
        if isinstance(value, Decimal) and value.is_finite():
            return value
        if isinstance(value, str) and DECIMAL.match(value):
            return Decimal(value)
        raise refuse(f"Expected a number such as 2 or “0.5”, but got {shown(value)}.")


def _whole(value: Any) -> Any:
    if isinstance(value, Decimal) and value.adjusted() < 10 and value == value.to_integral_value():
        return int(value)
    return value


ANY_DECIMAL = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["12.5"]}
)
THOUSANDTH = Decimal("0.001")

Quantity = Annotated[Decimal, BeforeValidator(Exactly(3, lowest=THOUSANDTH)), ANY_DECIMAL]
"""An amount in the item's unit, more than zero."""
QuantityOrNone = Annotated[Decimal, BeforeValidator(Exactly(3, lowest=Decimal(0))), ANY_DECIMAL]
"""An amount in the item's unit; zero is one too."""
Price = Annotated[Decimal, BeforeValidator(Exactly(2, lowest=Decimal(0))), ANY_DECIMAL]
UnitCost = Annotated[Decimal, BeforeValidator(Exactly(4, lowest=Decimal(0))), ANY_DECIMAL]
Whole = Annotated[int, BeforeValidator(_whole)]
"""A count. Models that hold it are strict, so that neither "3" nor true is one."""

Amount = Annotated[
    Decimal,
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["12.5"]}),
]
"""A quantity or money in an answer: a plain decimal string."""
