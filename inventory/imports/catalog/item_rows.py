"""The rows of a list of items: each becomes an item, changes one, or says why it cannot.

Told what the clinic knows; no query.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from inventory.catalog.checks import SLUG
from inventory.catalog.models import Item
from inventory.catalog.register import (
    ItemFacts,
    check_packages_still_fit,
    check_settled_by_lots,
    checked_item,
)
from inventory.imports.catalog.item_words import (
    CONTAINERS,
    KINDS,
    LONGEST_SKU,
    STORAGES,
    UNITS,
    amount_of,
    container_of,
    kind_of,
    likely_container,
    likely_kinds,
    names_a_vial,
    preservative_free_of,
    proposed_sku,
    sku_of,
    storage_of,
    strength_of,
    unit_of,
    volume_in,
)
from inventory.imports.meaning.packages import package_quantity
from inventory.imports.planned import Answers, Choice, Field, PlannedRow, Question
from inventory.imports.row_draft import ADD, CHANGE, OURS, THEIRS, AskedOnce, RowDraft, ToldRow
from inventory.sheets.plain_cells import (
    CellNotUnderstood,
    days,
    key,
    says_nothing,
    shown,
    yes_or_no,
)
from inventory.web.words import quantity_words

T = TypeVar("T")

USUAL_BEYOND_USE_DAYS = 28
YES_NO = ("yes", "no")

FIELDS = (
    Field(
        "sku",
        "SKU",
        ("sku", "item code", "item no", "item number", "item #", "code", "id", "internal code"),
        note="The clinic's own short code, as in lido-1-20. Left empty, one is made of the name.",
    ),
    Field(
        "name",
        "Name",
        ("name", "item", "item name", "description", "product", "product name", "item description"),
        required=True,
        note="With its size, as in Lidocaine 1% 20 mL multi-dose vial.",
    ),
    Field(
        "kind",
        "Kind",
        ("kind", "type", "category", "item type", "class", "group"),
        note="What sort of item it is; pick one from the list.",
        choices=tuple(KINDS.values()),
    ),
    Field(
        "unit",
        "Unit",
        ("unit", "uom", "unit of measure", "units", "counted in"),
        note="What it is counted and dosed in: each for pieces, mL for drugs, unit for toxins.",
        choices=tuple(UNITS),
    ),
    Field(
        "container",
        "Container",
        ("container", "container type", "vial type", "packaging", "presentation"),
        note="For drugs: what it comes in. None for needles, gloves and the like.",
        choices=tuple(CONTAINERS.values()),
    ),
    Field(
        "container_volume",
        "Container volume",
        ("container_volume", "volume", "container size", "vial size", "size", "fill volume"),
        note="How much of the unit one vial or ampule holds, as in 20.",
    ),
    Field(
        "strength",
        "Strength",
        ("strength", "concentration", "strength mg/ml", "mg/ml", "mg per ml"),
        note="In mg per mL, as in 40; or in percent, as in 1%.",
    ),
    Field(
        "beyond_use_days",
        "Beyond-use days",
        ("beyond_use_days", "bud", "bud days", "beyond use", "days after opening"),
        note="How long an opened multi-dose vial may be used: 28 unless its label says otherwise.",
    ),
    Field(
        "storage",
        "Storage",
        ("storage", "store", "storage conditions", "temperature", "keep"),
        note="Where it has to be kept.",
        choices=tuple(STORAGES.values()),
    ),
    Field(
        "preservative_free",
        "Preservative-free",
        ("preservative_free", "preservative free", "pf"),
        note="For drugs: yes or no. Empty where it does not apply.",
        choices=YES_NO,
    ),
    Field(
        "hcpcs",
        "HCPCS code",
        ("hcpcs", "hcpcs code", "j-code", "j code", "billing code"),
        note="As in J3301.",
    ),
    Field(
        "billing_unit",
        "Billing unit",
        ("billing_unit", "billing units", "hcpcs unit", "bill unit"),
        note="What one unit of the HCPCS code is, as in 10 mg.",
    ),
    Field(
        "lot_tracked",
        "Lot-tracked",
        ("lot_tracked", "lot tracked", "track lots", "lots", "lot controlled"),
        note="Whether lot and expiry date are kept: yes unless said.",
        choices=YES_NO,
    ),
    Field(
        "reorder_point",
        "Reorder point",
        ("reorder_point", "reorder level", "rop", "min", "minimum", "min level", "order at"),
        note="Order when there is no more than this, in the unit; or as in 5 vials.",
    ),
    Field(
        "par_level",
        "Par level",
        ("par_level", "par", "max", "maximum", "max level", "order up to"),
        note="Order up to this, in the unit; or as in 10 vials.",
    ),
)
TITLES = {each.name: each.title for each in FIELDS}

EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "sku": "lido-1-20",
        "name": "Lidocaine 1% 20 mL multi-dose vial",
        "kind": "Local anesthetic",
        "unit": "mL",
        "container": "Multi-dose vial",
        "container_volume": "20",
        "strength": "10",
        "beyond_use_days": "28",
        "storage": "Room temperature",
        "preservative_free": "no",
        "hcpcs": "J2003",
        "billing_unit": "1 mg",
        "lot_tracked": "yes",
        "reorder_point": "10 vials",
        "par_level": "25 vials",
    },
    {
        "sku": "needle-25g-15",
        "name": "Needle 25G 1½ in",
        "kind": "Needle",
        "unit": "each",
        "container": "None",
        "storage": "Room temperature",
        "lot_tracked": "yes",
        "reorder_point": "100",
        "par_level": "300",
    },
)


@dataclass(frozen=True)
class KnownItem:
    """An item of the clinic, and what keeps it from being changed."""

    item: Item
    has_lots: bool = False
    packages: tuple[Decimal | None, ...] = ()

    @property
    def facts(self) -> ItemFacts:
        return ItemFacts(**{name: getattr(self.item, name) for name in ItemFacts.__annotations__})


@dataclass
class _Seen:
    """What the rows above have said."""

    facts: dict[str, tuple[ItemFacts, int]] = field(default_factory=dict)
    names: dict[str, tuple[str, int]] = field(default_factory=dict)


class ItemPlanner:
    """Plans the rows of one file, in their order."""

    def __init__(self, known: Iterable[KnownItem], answers: Answers) -> None:
        self._known = {each.item.sku: each for each in known}
        self._by_name = {key(each.item.name): each for each in self._known.values()}
        self._answers = answers
        self._asked = AskedOnce()
        self._seen = _Seen()

    def plan(self, told: ToldRow) -> PlannedRow:
        """Say what becomes of a row."""
        draft = RowDraft(told, self._answers)
        if draft.is_left_out:
            return draft.planned({})
        _ask_about_a_band(draft)
        known = self._known_item(draft)
        sku = known.item.sku if known else self._new_sku(draft)
        if not draft.says("name") and not known:
            draft.refuse("name", "Expected the name of the item, but got nothing.")
        said = _Said(draft, self._asked, known.facts if known else None).everything()
        facts = _facts(draft, {**said, "sku": sku}, known) if draft.is_sound else None
        if facts is None:
            return draft.planned({"sku": sku, **said})
        self._settle(draft, facts, known)
        return draft.planned({**asdict(facts), "action": CHANGE if known else ADD})

    def _known_item(self, draft: RowDraft) -> KnownItem | None:
        """The item that the row is about, by its SKU, or by its name where it says no SKU."""
        said = draft.says("sku")
        if said:
            return self._known.get(said) or self._known.get(sku_of(said))
        return self._by_name.get(key(draft.says("name")))

    def _new_sku(self, draft: RowDraft) -> str:
        said, name = draft.says("sku"), draft.says("name")
        if SLUG.search(said) and len(said) <= LONGEST_SKU:
            return said
        if said:
            sku = sku_of(said)
            if not sku:
                draft.refuse("sku", f"Expected a code like lido-1-20, but got “{shown(said)}”.")
            else:
                draft.note("sku", f"Written as {sku}: an SKU has small letters and hyphens.")
            return sku
        if (above := self._seen.names.get(key(name))) is not None:
            return above[0]
        sku = self._free(proposed_sku(name))
        if name and not sku:
            draft.refuse("sku", "Give this item an SKU: none can be made of its name.")
        elif sku:
            draft.note("sku", f"Named {sku}: the file gives no SKU.")
        return sku

    def _free(self, wanted: str) -> str:
        """The SKU, with a number behind it if another item has it."""
        sku, times = wanted, 1
        while sku in self._known or sku in self._seen.facts:
            times += 1
            ending = f"-{times}"
            sku = f"{wanted[: LONGEST_SKU - len(ending)].strip('-_.')}{ending}"
        return sku

    def _settle(self, draft: RowDraft, facts: ItemFacts, known: KnownItem | None) -> None:
        """Compare with the rows above and with the clinic's own."""
        above = self._seen.facts.get(facts.sku)
        if above and above[0] == facts:
            draft.ignore("", f"Row {above[1]} says the same.")
        elif above:
            column = "sku" if draft.says("sku") else "name"
            draft.refuse(column, f"Row {above[1]} says something else of {facts.sku}.")
        elif known:
            _compare(draft, facts, known)
        if not above:
            self._seen.facts[facts.sku] = facts, draft.told.row
            self._seen.names.setdefault(key(facts.name), (facts.sku, draft.told.row))
            self._note_namesake(draft, facts)

    def _note_namesake(self, draft: RowDraft, facts: ItemFacts) -> None:
        other = self._by_name.get(key(facts.name))
        if other and other.item.sku != facts.sku:
            choices = (
                Choice("leave_out", f"Leave it out: it is {other.item.sku}"),
                Choice("new", f"Add {facts.sku} as another item"),
            )
            answer = draft.ask(
                Question(
                    "namesake", f"There is an item of this name, {other.item.sku}.", choices=choices
                )
            )
            if answer == "leave_out":
                draft.ignore("sku", f"It is {other.item.sku}, which stays as it is.")


class _Said:
    """Reads what a row says of an item, and asks for what it leaves open."""

    def __init__(self, draft: RowDraft, asked: AskedOnce, known: ItemFacts | None) -> None:
        self.draft = draft
        self.asked = asked
        self.known = known
        self.name = draft.says("name")

    def everything(self) -> dict[str, Any]:
        """Return the facts by name; of an item that is known, only what the row speaks of."""
        draft = self.draft
        unit = draft.read("unit", unit_of)
        kind, container = self._kind(), self._container()
        volume = self._volume(container, unit)
        unit = unit or self._unit(kind, container)
        said = {
            "name": self.name,
            "kind": kind,
            "unit": unit,
            "container": container,
            "container_volume": volume,
            "beyond_use_days": self._beyond_use_days(container),
            "strength": self._read("strength", strength_of),
            "hcpcs": self._text("hcpcs"),
            "billing_unit": self._text("billing_unit"),
            "storage": self._read("storage", storage_of),
            "preservative_free": self._read("preservative_free", preservative_free_of),
            "lot_tracked": draft.read("lot_tracked", yes_or_no),
        }
        counted = _Counted(unit or "each", volume)
        for level in ("reorder_point", "par_level"):
            said[level] = self._read(level, lambda text: package_quantity(text, counted))
        return {name: value for name, value in said.items() if value not in (None, "")}

    def _read(self, column: str, reader: Callable[[str], T]) -> T | None:
        return None if says_nothing(self.draft.says(column)) else self.draft.read(column, reader)

    def _text(self, column: str) -> str:
        text = self.draft.says(column)
        return "" if says_nothing(text) else text

    def _kind(self) -> str | None:
        """The kind that the row says; else what the name sounds like, if a person agrees."""
        text = self.draft.says("kind")
        if text:
            try:
                return kind_of(text)
            except CellNotUnderstood:
                question = Question(
                    "kind", f"What kind of item is “{shown(text)}”?", choices=_kinds(self.name)
                )
                return self.draft.ask_once(question, key(text), self.asked)
        if self.known or not self.name:
            return self.known.kind if self.known else None
        likely = likely_kinds(self.name)
        if len(likely) == 1:
            self.draft.note("kind", f"{KINDS[likely[0]]}, by its name.")
            return likely[0]
        return self.draft.ask(
            Question("kind", "What kind of item is it?", choices=_kinds(self.name))
        )

    def _container(self) -> str | None:
        """What the row says that it comes in; else what its name says."""
        if self.draft.says("container"):
            return self.draft.read("container", self._said_container)
        if self.known:
            return self.known.container
        if likely := likely_container(self.name):
            self.draft.note("container", f"{CONTAINERS[likely]}, by its name.")
            return likely
        if names_a_vial(self.name):
            return self._which_vial()
        return str(Item.Container.NONE)

    def _said_container(self, text: str) -> str | None:
        if key(text) in ("vial", "vials"):
            return likely_container(self.name) or self._which_vial()
        return container_of(text)

    def _which_vial(self) -> str | None:
        vials = ("single_dose_vial", "multi_dose_vial")
        choices = tuple(Choice(vial, CONTAINERS[vial]) for vial in vials)
        return self.draft.ask(
            Question("container", "Is the vial for one dose or for several?", choices=choices)
        )

    def _volume(self, container: str | None, unit: str | None) -> Decimal | None:
        """How much one container holds: as the row says, or as its name does."""
        amount = self._read("container_volume", amount_of)
        if amount is None and not self.draft.has("container_volume"):
            if self.known and self.known.container == container:
                return self.known.container_volume
            amount = self._volume_by_name(container)
        if amount is None:
            return None
        volume, its_unit = amount
        if unit and its_unit and unit != its_unit:
            self.draft.refuse(
                "container_volume", f"Expected an amount in {unit}, but got one in {its_unit}."
            )
        return volume

    def _volume_by_name(self, container: str | None) -> tuple[Decimal, str] | None:
        if not container or container == Item.Container.NONE:
            return None
        amount = volume_in(self.name)
        if amount:
            self.draft.note(
                "container_volume", f"{quantity_words(amount[0])} {amount[1]}, by its name."
            )
        return amount

    def _unit(self, kind: str | None, container: str | None) -> str | None:
        """What it is counted in, where the row does not say."""
        if self.known:
            return self.known.unit
        if not container or container == Item.Container.NONE:
            return str(Item.Unit.EACH)
        return str(Item.Unit.UNIT if kind == Item.Kind.TOXIN else Item.Unit.ML)

    def _beyond_use_days(self, container: str | None) -> int | None:
        said: int | None = self._read("beyond_use_days", days)
        if said is not None or self.draft.has("beyond_use_days"):
            return said
        if self.known or container != Item.Container.MULTI_DOSE_VIAL:
            return None
        self.draft.note("beyond_use_days", "28 days once opened: look whether its label agrees.")
        return USUAL_BEYOND_USE_DAYS


@dataclass(frozen=True)
class _Counted:
    """What levels are counted in."""

    unit: str
    container_volume: Decimal | None


def _facts(draft: RowDraft, said: Mapping[str, Any], known: KnownItem | None) -> ItemFacts | None:
    """What the row says of the item, laid over what is known of it; None if it breaks a rule."""
    if known:
        ours = known.facts
        theirs = replace(ours, **{**said, "sku": ours.sku})
        if theirs.levels != ours.levels:
            # Why ours are what they are says nothing of other ones.
            theirs = replace(theirs, levels_reason="")
        return draft.check(lambda: checked_item(theirs))
    return draft.check(lambda: checked_item(ItemFacts(**said)))


def _kinds(name: str) -> tuple[Choice, ...]:
    """The kinds to choose from, what the name sounds like first."""
    is_drug = likely_container(name) or names_a_vial(name)
    likely = likely_kinds(name) or ["other_drug" if is_drug else "other"]
    in_order = sorted(KINDS.items(), key=lambda each: each[0] not in likely)
    return tuple(Choice(value, label) for value, label in in_order)


def _ask_about_a_band(draft: RowDraft) -> None:
    """One text alone may be a heading across the row as well as the name of an item."""
    if not draft.told.is_alone:
        return
    choices = (
        Choice("leave_out", "It is a heading: leave it out"),
        Choice("item", "It is an item"),
    )
    question = Question(
        "line", "Nothing but this stands in the row. Is it an item?", "choice", choices
    )
    if draft.ask(question) == "leave_out":
        draft.ignore("", "A heading across the row.")


def _compare(draft: RowDraft, facts: ItemFacts, known: KnownItem) -> None:
    """Say that the item is known, or ask whose facts shall count."""
    differences = [
        f"{TITLES[name]}: {_words(getattr(known.item, name))} here, {_words(value)} in the file."
        for name, value in asdict(facts).items()
        if name in TITLES and value != getattr(known.item, name)
    ]
    if not differences:
        draft.ignore("", f"{known.item.name} is known already.")
        return
    question = Question(
        "facts",
        f"{known.item.name} is known. {' '.join(differences)}",
        choices=(Choice(THEIRS, "Take what the file says"), Choice(OURS, "Keep ours")),
    )
    answer = draft.ask(question)
    if answer == OURS:
        draft.ignore("", f"{known.item.name} stays as it is.")
    elif answer == THEIRS:
        draft.check(lambda: _check_change(known, facts))
        for sentence in differences:
            draft.note("", sentence)


def _check_change(known: KnownItem, facts: ItemFacts) -> None:
    if known.has_lots:
        check_settled_by_lots(known.item, facts)
    check_packages_still_fit(known.packages, facts)


def _words(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return quantity_words(value) if isinstance(value, Decimal | int) else f"“{value}”"
