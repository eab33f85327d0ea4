"""How exact decimals are written for people and machines."""

from decimal import Decimal


def plain(value: Decimal) -> str:
    """Write without an exponent and without trailing zeros: 4, 0.5, 1200."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
