"""The code on the label of an opened vial: what it says, and how it is read. Pure.

It says "VIAL-1042-49": the number that the vial keeps for as long as it is there, and two check
digits, so that one slip of a finger or of a scanner is never another vial. No other code on a
package looks like it.
"""

import re

CODE = re.compile(r"VIAL-([1-9][0-9]{0,18})-([0-9]{2})", re.ASCII)
MODULUS = 97


def vial_code(number: int) -> str:
    """Return the code of the vial with this number, as it is drawn and as it is read out."""
    return f"VIAL-{number}-{check_digits(number)}"


def vial_number(text: str) -> int | None:
    """Return the number of the vial that a scanned or typed text names; None for any other text."""
    found = CODE.fullmatch(text.strip().upper())
    if found is None or found[2] != check_digits(int(found[1])):
        return None
    return int(found[1])


def check_digits(number: int) -> str:
    """Return the two digits that belong behind a number.

    As in an IBAN (ISO 7064): every changed digit and every two swapped neighbours are found.
    """
    return f"{MODULUS + 1 - number * 100 % MODULUS:02}"
