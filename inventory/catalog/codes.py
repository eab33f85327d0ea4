"""Product codes as values that can be compared: check digits verified, hyphens and zeros settled.

Pure: no query, no clock. The rules are those of GS1 (GTIN, UPC), FDA (NDC) and HIBCC (HIBC).
"""

import re
from collections.abc import Callable

LONGEST_CODE = 64
GTIN_LENGTHS = (8, 12, 13, 14)
NDC_LAYOUTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2), (6, 4, 2))
NDC_LENGTHS = (10, 11, 12)
HIBC_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
SAME_NUMBERS = frozenset({"gtin", "upc"})
"""Kinds that share one numbering: a UPC is the GTIN with leading zeros left out."""


class CodeNotUnderstood(ValueError):
    """The text is no code of the kind that was said; `str()` says what was expected."""


def normalize(kind: str, value: str) -> str:
    """Return the code as it is compared.

    `kind` is one of gtin, upc, ndc, ref, hibc. A GTIN and a UPC come back as 14 digits, an NDC
    as its digits, the others in upper case. Raises CodeNotUnderstood.
    """
    text = value.strip().upper()
    if not text:
        raise CodeNotUnderstood(f"Expected {_an(kind)}, but got nothing.")
    if len(text) > LONGEST_CODE:
        raise CodeNotUnderstood(
            f"Expected {_an(kind)} of at most {LONGEST_CODE} characters, but got {len(text)}."
        )
    if not text.isprintable():
        raise CodeNotUnderstood(
            f"Expected {_an(kind)} in plain characters, but it holds one that cannot be shown."
        )
    return _NORMALIZERS[kind](text)


def kinds_to_compare(kind: str) -> frozenset[str]:
    """Return the kinds in which an equal normalized code means the same product."""
    return SAME_NUMBERS if kind in SAME_NUMBERS else frozenset({kind})


def squeezed(text: str) -> str:
    """Return a REF without what nobody agrees on, its spaces and hyphens."""
    return re.sub(r"[\s-]+", "", text).upper()


def gs1_check_digit(digits: str) -> str:
    """Return the mod-10 check digit that belongs behind these digits."""
    odd, even = digits[-1::-2], digits[-2::-2]
    return str(-(3 * sum(map(int, odd)) + sum(map(int, even))) % 10)


def hibc_check_character(text: str) -> str:
    """Return the mod-43 check character that belongs behind this text, its + included."""
    return HIBC_ALPHABET[sum(map(HIBC_ALPHABET.index, text)) % len(HIBC_ALPHABET)]


def _gtin(text: str, name: str = "a GTIN") -> str:
    if not _is_digits(text) or len(text) not in GTIN_LENGTHS:
        raise CodeNotUnderstood(f"Expected {name} of 8, 12, 13 or 14 digits, but got “{text}”.")
    expected = gs1_check_digit(text[:-1])
    if text[-1] != expected:
        raise CodeNotUnderstood(
            f"Expected {name} that ends with its check digit {expected}, but got “{text}”."
        )
    return text.zfill(14)


def _upc(text: str) -> str:
    return _gtin(text, "a UPC")


def _ndc(text: str) -> str:
    parts = text.split("-")
    layout = tuple(map(len, parts))
    understood = layout in NDC_LAYOUTS or (len(parts) == 1 and len(text) in NDC_LENGTHS)
    if not understood or not all(map(_is_digits, parts)):
        raise CodeNotUnderstood(
            "Expected an NDC like 0409-4276-01 (4-4-2, 5-3-2, 5-4-1, 5-4-2 or 6-4-2 digits) or its"
            f" 10 to 12 digits alone, but got “{text}”."
        )
    return "".join(parts)


def _ref(text: str) -> str:
    return re.sub(r" +", " ", text)


def _hibc(text: str) -> str:
    if not text.startswith("+"):
        return text
    strange = sorted(set(text) - set(HIBC_ALPHABET))
    if strange or len(text) < 3:
        raise CodeNotUnderstood(
            f"Expected a HIBC of letters, digits and - . $ / + % behind its +, but got “{text}”."
        )
    # The check character may be a space, which does not survive trimming.
    if hibc_check_character(text) == " ":
        return text
    expected = hibc_check_character(text[:-1])
    if text[-1] != expected:
        raise CodeNotUnderstood(
            f"Expected a HIBC that ends with its check character {expected}, but got “{text}”."
        )
    return text


_NORMALIZERS: dict[str, Callable[[str], str]] = {
    "gtin": _gtin,
    "upc": _upc,
    "ndc": _ndc,
    "ref": _ref,
    "hibc": _hibc,
}


def _an(kind: str) -> str:
    return f"an {kind.upper()}" if kind == "ndc" else f"a {kind.upper()}"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
