"""How exact decimals are written for people and machines."""

from decimal import Decimal
from functools import lru_cache


def plain(value: Decimal) -> str:
    """Write without an exponent and without trailing zeros: 4, 0.5, 1200."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@lru_cache(maxsize=50_000)
def of_steps(steps: int | Decimal, places: int) -> Decimal:
    """Return what so many of the smallest steps are: 12,500 thousandths are 12.500.

    A list of thousands of rows has few amounts, again and again.
    """
    return Decimal(steps).scaleb(-places)
