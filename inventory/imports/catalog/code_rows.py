"""The rows of a list of product codes: which item each belongs to, and how much it holds.

Told what the clinic knows; no query.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from inventory.catalog.codes import (
    GTIN_LENGTHS,
    CodeNotUnderstood,
    kinds_to_compare,
    normalize,
)
from inventory.catalog.models import Item, ItemCode
from inventory.catalog.register import CodeFacts, checked_code
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.meaning.packages import CONTAINERS, PACKS, UNIT_OF_WORD, package_quantity
from inventory.imports.planned import Answers, Choice, Field, PlannedRow, Question
from inventory.imports.row_draft import RowDraft, ToldRow
from inventory.sheets.plain_cells import SHORTENED_BY_A_PROGRAM, one_of, says_nothing, shown
from inventory.web.words import amount_words

KINDS = {str(value): str(label) for value, label in ItemCode.Kind.choices}
LEVELS = {str(value): str(label) for value, label in ItemCode.Level.choices}
KIND_WORDS = {
    "ean": "gtin",
    "ean 13": "gtin",
    "ean13": "gtin",
    "gs1": "gtin",
    "barcode": "gtin",
    "udi": "gtin",
    "udi di": "gtin",
    "upc a": "upc",
    "ndc 11": "ndc",
    "ndc11": "ndc",
    "reference": "ref",
    "ref no": "ref",
    "catalog number": "ref",
    "catalogue number": "ref",
    "manufacturer ref": "ref",
    "mfr": "ref",
    "hibcc": "hibc",
}
LEVEL_WORDS = {
    **dict.fromkeys((*CONTAINERS, *UNIT_OF_WORD, "single", "unit of use"), "each"),
    **dict.fromkeys((*PACKS, "inner", "inner pack"), "inner"),
    **dict.fromkeys(("case", "cs", "cases", "shipper", "outer", "outer case", "pallet"), "case"),
}
NDC = re.compile(r"[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}")
LONG_GTINS = (13, 14)
NDC_DIGITS = (10, 11)
HIGHER_LEVELS = "123456789"
"""What a GTIN of 14 digits begins with when it is that of a box or a case."""

FIELDS = (
    Field(
        "item",
        "Item",
        ("sku", "item code", "item no", "item number", "item", "internal code"),
        note="Which item the code belongs to: its SKU, or its name.",
    ),
    Field(
        "name",
        "Item name",
        ("name", "item name", "description", "product", "product name"),
        note="Its name, where that is beside the SKU.",
    ),
    Field(
        "kind",
        "Kind of code",
        ("kind", "code kind", "code type", "type", "symbology"),
        note="GTIN, NDC, REF, HIBC or UPC; told from the code itself where it is left empty.",
        choices=tuple(KINDS.values()),
    ),
    Field(
        "value",
        "Code",
        ("value", "code", "barcode", "gtin", "ndc", "upc", "number", "ref", "product code"),
        required=True,
        note="As printed, in a cell formatted as text, or leading zeros are lost.",
    ),
    Field(
        "level",
        "Level",
        ("level", "packaging level", "package level", "package", "pack level"),
        note="What carries the code: each (one piece, vial or ampule), inner package or case.",
        choices=tuple(LEVELS.values()),
    ),
    Field(
        "quantity",
        "Holds",
        ("quantity", "qty", "holds", "contains", "pack quantity", "units per package", "pack size"),
        note="How much of the item's unit that package holds, as in 500; or as in 25 vials.",
    ),
)

EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "item": "lido-1-20",
        "kind": "NDC",
        "value": "0409-4276-01",
        "level": "Inner package",
        "quantity": "25 vials",
    },
    {
        "item": "needle-25g-15",
        "kind": "REF",
        "value": "305127",
        "level": "Inner package",
        "quantity": "100",
    },
)


@dataclass(frozen=True)
class KnownCode:
    """A code that the clinic has: whose it is."""

    kind: str
    normalized: str
    item: Item


class CodePlanner:
    """Plans the rows of one file, in their order."""

    def __init__(self, finder: ItemFinder, known: Iterable[KnownCode], answers: Answers) -> None:
        self._finder = finder
        self._answers = answers
        self._owners: dict[tuple[frozenset[str], str], tuple[Item, int]] = {
            (kinds_to_compare(code.kind), code.normalized): (code.item, 0) for code in known
        }

    def plan(self, told: ToldRow) -> PlannedRow:
        """Say what becomes of a row."""
        draft = RowDraft(told, self._answers)
        if draft.is_left_out:
            return draft.planned({})
        item = self._finder.find(draft)
        value = _value(draft)
        kind = _kind(draft, value) if value else None
        if item is None or kind is None or draft.has("kind", "value"):
            return draft.planned(_values(item, kind=kind, value=value))
        facts = self._facts(draft, item, kind, value)
        if facts is None:
            return draft.planned(_values(item, kind=kind, value=value))
        self._settle(draft, item, facts)
        return draft.planned(_values(item, **asdict(facts)))

    def _facts(self, draft: RowDraft, item: Item, kind: str, value: str) -> CodeFacts | None:
        quantity = None
        if not says_nothing(draft.says("quantity")):
            quantity = draft.read("quantity", lambda text: package_quantity(text, item))
        level = _level(draft, item, value, quantity)
        if draft.has("level", "quantity"):
            return None
        facts = CodeFacts(kind=kind, value=value, level=level, quantity=quantity)
        return draft.check(lambda: checked_code(facts, item))

    def _settle(self, draft: RowDraft, item: Item, facts: CodeFacts) -> None:
        """Look whose code it is: the clinic's, or that of a row above."""
        code = (kinds_to_compare(facts.kind), normalize(facts.kind, facts.value))
        if code not in self._owners:
            if draft.is_sound:
                self._owners[code] = item, draft.told.row
            return
        owner, row = self._owners[code]
        if owner == item:
            draft.ignore("value", f"Row {row} has this code too." if row else "Known already.")
        else:
            whose = f", by row {row}" if row else ""
            draft.refuse("value", f"This code already belongs to {owner.name}{whose}.")


def _values(item: Item | None, **said: str | Decimal | None) -> dict[str, str | Decimal | None]:
    return {"item": item.sku if item else None, **said}


def _value(draft: RowDraft) -> str:
    text = draft.says("value")
    if not text:
        draft.refuse("value", "Expected a code, but got nothing.")
    elif SHORTENED_BY_A_PROGRAM.fullmatch(text):
        draft.refuse(
            "value",
            f"Expected all digits of the code, but got “{text}”: a spreadsheet took it for a number"
            " and shortened it. Format the column as text and type the code again.",
        )
    return text


def _kind(draft: RowDraft, value: str) -> str | None:
    """The kind that the row says; else what the code looks like."""
    if not says_nothing(draft.says("kind")):
        return draft.read("kind", lambda text: one_of(text, KIND_WORDS, KINDS))
    likely = _likely_kind(value)
    if likely:
        return likely
    first = "ndc" if value.isdigit() and len(value) in NDC_DIGITS else "ref"
    in_order = sorted(KINDS.items(), key=lambda each: each[0] != first)
    return draft.ask(
        Question(
            "kind",
            f"What kind of code is “{shown(value)}”?",
            choices=tuple(Choice(kind, label) for kind, label in in_order),
        )
    )


def _likely_kind(value: str) -> str:
    """The kind that nobody could doubt; empty where a person has to say."""
    if value.startswith("+"):
        return "hibc"
    if NDC.fullmatch(value):
        return "ndc"
    if value.isascii() and value.isdigit() and len(value) in GTIN_LENGTHS:
        # So long a number is meant for a GTIN, be its check digit wrong.
        return "gtin" if len(value) in LONG_GTINS or _is_gtin(value) else ""
    return ""


def _is_gtin(value: str) -> bool:
    try:
        normalize("gtin", value)
    except CodeNotUnderstood:
        return False
    return True


def _level(draft: RowDraft, item: Item, value: str, quantity: Decimal | None) -> str:
    """The level that the row says; else what the quantity or the code itself tells."""
    if not says_nothing(draft.says("level")):
        said = draft.read("level", lambda text: one_of(text, LEVEL_WORDS, LEVELS))
        return said or ItemCode.Level.EACH
    one = item.container_volume or Decimal(1)
    if quantity is not None:
        return ItemCode.Level.EACH if quantity == one else ItemCode.Level.INNER
    if len(value) == max(GTIN_LENGTHS) and value[0] in HIGHER_LEVELS:
        return ItemCode.Level.INNER
    draft.note(
        "level",
        f"Taken for the code of a single one ({amount_words(one, item.unit)}): the file does not"
        " say how much it holds.",
    )
    return ItemCode.Level.EACH
