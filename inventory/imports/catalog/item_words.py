"""What people write for the facts of an item, and what its name gives away. Pure."""

import re
from decimal import Decimal

from django.utils.text import slugify

from inventory.catalog.models import Item
from inventory.imports.meaning.packages import UNIT_OF_WORD
from inventory.sheets.plain_cells import CellNotUnderstood, key, number, one_of, shown

KINDS = {str(value): str(label) for value, label in Item.Kind.choices}
CONTAINERS = {str(value): str(label) for value, label in Item.Container.choices}
STORAGES = {str(value): str(label) for value, label in Item.Storage.choices}
UNITS = {str(value): str(label) for value, label in Item.Unit.choices}

# Spelled as `key` spells them.
KIND_WORDS = {
    "needles": "needle",
    "spinal needle": "needle",
    "syringes": "syringe",
    "local": "local_anesthetic",
    "local anesthetics": "local_anesthetic",
    "local anaesthetic": "local_anesthetic",
    "anesthetic": "local_anesthetic",
    "anaesthetic": "local_anesthetic",
    "anesthetics": "local_anesthetic",
    "steroid": "corticosteroid",
    "steroids": "corticosteroid",
    "corticosteroids": "corticosteroid",
    "toxins": "toxin",
    "botulinum toxin": "toxin",
    "neurotoxin": "toxin",
    "drug": "other_drug",
    "medication": "other_drug",
    "medicine": "other_drug",
    "skin prep": "prep",
    "antiseptic": "prep",
    "dressings": "dressing",
    "bandage": "dressing",
    "gloves": "glove",
    "supply": "other",
    "supplies": "other",
}
CONTAINER_WORDS = {
    "no": "none",
    "n a": "none",
    "na": "none",
    "": "none",
    "each": "none",
    "amp": "ampule",
    "amps": "ampule",
    "ampul": "ampule",
    "ampoule": "ampule",
    "ampules": "ampule",
    "sdv": "single_dose_vial",
    "single dose": "single_dose_vial",
    "single use vial": "single_dose_vial",
    "single use": "single_dose_vial",
    "mdv": "multi_dose_vial",
    "multi dose": "multi_dose_vial",
    "multidose": "multi_dose_vial",
    "multidose vial": "multi_dose_vial",
    "multiple dose vial": "multi_dose_vial",
}
STORAGE_WORDS = {
    "rt": "room",
    "room temp": "room",
    "ambient": "room",
    "shelf": "room",
    "20 25 c": "room",
    "dark": "room_dark",
    "protect from light": "room_dark",
    "protected from light": "room_dark",
    "light sensitive": "room_dark",
    "room temperature protect from light": "room_dark",
    "refrigerated": "fridge",
    "refrigerator": "fridge",
    "refrigerate": "fridge",
    "cold": "fridge",
    "2 8 c": "fridge",
    "2 8°c": "fridge",
    "frozen": "freezer",
}
PRESERVATIVE_FREE_WORDS = {"pf": "yes", "preservative free": "yes", "preserved": "no"}

KINDS_BY_NAME: tuple[tuple[str, str], ...] = (
    ("glove", r"gloves?"),
    ("dressing", r"gauze|bandages?|band-?aids?|dressings?|tape|sponges?|steri-?strips?"),
    ("prep", r"alcohol|chlorhexidine|chg|povidone|betadine|iodine prep|preps?|swabs?|wipes?"),
    ("syringe", r"syringes?"),
    ("needle", r"needles?|filaments?|cannulas?|tuohy|[0-9]{2} ?g"),
    ("toxin", r"\w*botulinum\w*|botox|xeomin|dysport|myobloc|jeuveau|daxxify"),
    ("local_anesthetic", r"(?:lido|bupi|ropi)\w*|naropin|\w+caine"),
    (
        "corticosteroid",
        r"kenalog\S*|triam\w*|\w+-?medrol|\w*predni\w*|dexa\w*|\w*cortisone|\w+methasone|celestone",
    ),
)
CONTAINERS_BY_NAME = (
    ("multi_dose_vial", r"mdvs?|multi[- ]?dose|multiple[- ]dose"),
    ("single_dose_vial", r"sdvs?|single[- ]?dose|single[- ]?use vial"),
    ("ampule", r"amps?|ampules?|ampoules?|ampuls?"),
)
CONTAINER_OF_UNKNOWN_DOSES = re.compile(r"\bvials?\b", re.IGNORECASE)
VOLUME = re.compile(
    r"(?<![0-9.,/])([0-9]+(?:\.[0-9]+)?)\s*(ml|cc|units?|iu)\b(?!\s*/)", re.IGNORECASE
)
STRENGTH = re.compile(r"(?P<number>[0-9.,]+)\s*(?P<unit>%|mg\s*/\s*(?:1\s*)?m?l|mg/cc|mg per ml|)")
AMOUNT = re.compile(r"(?P<number>[0-9.,]+)\s*(?P<unit>[a-z]*)")
MG_PER_ML_OF_A_PERCENT = 10
FRACTIONS = str.maketrans({"½": "5", "¼": "25", "¾": "75", "⅛": "125", "⅝": "625", "⅜": "375"})
LONGEST_SKU = 64


def kind_of(text: str) -> str:
    return one_of(text, KIND_WORDS, KINDS)


def container_of(text: str) -> str:
    return one_of(text, CONTAINER_WORDS, CONTAINERS)


def storage_of(text: str) -> str:
    return one_of(text, STORAGE_WORDS, STORAGES)


def unit_of(text: str) -> str:
    return one_of(text, UNIT_OF_WORD, UNITS)


def strength_of(text: str) -> Decimal:
    """Read 40, 40 mg/mL or 1%, in mg per mL."""
    match = STRENGTH.fullmatch(" ".join(text.casefold().split()))
    if not match:
        raise CellNotUnderstood(
            f"Expected a strength in mg per mL like 40, or in %, but got “{shown(text)}”."
        )
    strength = number(match["number"], "a strength in mg per mL like 40")
    return strength * MG_PER_ML_OF_A_PERCENT if match["unit"] == "%" else strength


def amount_of(text: str) -> tuple[Decimal, str]:
    """Read 20 or 20 mL: the amount, and its unit where it says one."""
    match = AMOUNT.fullmatch(" ".join(text.casefold().split()))
    unit = UNIT_OF_WORD.get(match["unit"], "") if match else ""
    if not match or (match["unit"] and not unit):
        raise CellNotUnderstood(f"Expected an amount like 20 or 20 mL, but got “{shown(text)}”.")
    return number(match["number"], "an amount like 20 or 20 mL"), unit


def preservative_free_of(text: str) -> bool | None:
    """Read yes, no or PF; None where it says that there is nothing to say."""
    word = PRESERVATIVE_FREE_WORDS.get(key(text), text)
    if key(word) in ("n a", "na", "unknown", "?"):
        return None
    return one_of(word, YES_OR_NO_WORDS, {"yes": "yes", "no": "no"}) == "yes"


YES_OR_NO_WORDS = {"y": "yes", "true": "yes", "x": "yes", "1": "yes", "n": "no", "false": "no",
                   "0": "no", "": "no"}  # fmt: skip


def likely_kinds(name: str) -> list[str]:
    """Return the kinds of item that a name sounds like: none, one or several."""
    return [kind for kind, words in KINDS_BY_NAME if _has(name, words)]


def likely_container(name: str) -> str:
    """Guess from a name what it comes in; empty where it names no container, or just a vial."""
    return next((found for found, words in CONTAINERS_BY_NAME if _has(name, words)), "")


def names_a_vial(name: str) -> bool:
    """Say whether a name speaks of a vial without saying for how many doses."""
    return bool(CONTAINER_OF_UNKNOWN_DOSES.search(name))


def volume_in(name: str) -> tuple[Decimal, str] | None:
    """Return the one volume that a name has, with its unit; None for none or several."""
    found = {
        (number(amount), UNIT_OF_WORD[unit.casefold()]) for amount, unit in VOLUME.findall(name)
    }
    return found.pop() if len(found) == 1 else None


def proposed_sku(name: str) -> str:
    """Make an SKU of a name; empty where it has neither letter nor digit."""
    return sku_of(name.translate(FRACTIONS))


def sku_of(text: str) -> str:
    """Write a text as the clinic's SKUs are written: lower case, single hyphens."""
    return slugify(text.replace("_", "-").replace("/", "-"))[:LONGEST_SKU].strip("-_")


def _has(name: str, words: str) -> bool:
    return bool(re.search(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])", name, re.IGNORECASE))
