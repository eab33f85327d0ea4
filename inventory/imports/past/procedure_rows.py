"""The rows of a list of past procedures: what each was, and what it used.

Told what the clinic knows; no query.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from inventory.catalog.models import Item, Location
from inventory.imports.meaning.catalogue import Place
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.meaning.moments import Moment, at_time, moment_of, time_of
from inventory.imports.meaning.packages import package_quantity
from inventory.imports.meaning.places import Places
from inventory.imports.past.procedure_supplies import (
    Supplies,
    check_amount,
    kit_supplies,
    overridden,
    read_overrides,
    written,
)
from inventory.imports.planned import Answers, Choice, Field, PlannedRow, Question
from inventory.imports.row_draft import AskedOnce, RowDraft, ToldRow
from inventory.procedures.models import KitLine, ProcedureType
from inventory.procedures.record import COUNT_MAX, check_encounter_ref
from inventory.sheets.plain_cells import (
    CellNotUnderstood,
    key,
    says_nothing,
    shown,
    whole_number,
)
from inventory.stock.errors import InvalidLine
from inventory.web.forms import UNPRINTABLE
from inventory.web.words import day_words

ITEM = "item:"
"""What the name of a column begins with that says how much of one item was used."""
LONGEST_PROVIDER = 100
USUAL_COUNT = 1
SHOWN_ITEMS = 2

FIELDS = (
    Field(
        "performed_at",
        "Performed",
        (
            "performed_at", "performed", "date", "date time", "datetime", "procedure date",
            "date of service", "dos", "service date", "when", "start", "date performed",
        ),
        required=True,
        note="The day, or the day and the time, as in 2026-11-22 10:15.",
    ),
    Field(
        "time",
        "Time",
        ("time", "time of day", "start time", "procedure time"),
        note="The time of day, where it has a column of its own.",
    ),
    Field(
        "type",
        "Type",
        ("type", "procedure", "procedure type", "procedure name", "procedure code", "service"),
        note="The code or the name of the procedure type, or its CPT number.",
    ),
    Field(
        "cpt",
        "CPT",
        ("cpt", "cpt code", "cpt number"),
        note="The number alone; it is looked at where the type is left empty.",
    ),
    Field(
        "location",
        "Location",
        ("location", "room", "where", "place", "site of service", "exam room"),
        note="The code or the name of the place that the supplies came from.",
    ),
    Field(
        "provider",
        "Provider",
        ("provider", "physician", "doctor", "clinician", "performed by", "md"),
        note="Who performed it. Never a patient.",
    ),
    Field(
        "muscles",
        "Muscles",
        ("muscles", "muscle count", "number of muscles", "# muscles"),
        note="How many muscles were injected: 1 unless said, 0 where it is none.",
    ),
    Field(
        "sites",
        "Sites",
        ("sites", "injection sites", "number of sites", "# sites", "injections"),
        note="How many injection sites: 1 unless said.",
    ),
    Field(
        "encounter_ref",
        "Encounter",
        ("encounter_ref", "encounter", "encounter number", "encounter id", "visit", "visit id"),
        note="The chart's opaque encounter number, as in E-10492. Never a name or a birth date.",
    ),
    Field(
        "overrides",
        "Used instead",
        ("overrides", "instead", "used instead", "supplies used", "supplies", "actual", "used"),
        note="What was used in place of the kit's amounts, as in lido-1-20=3; 0 for not used.",
    ),
)  # fmt: skip

EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "performed_at": "2026-11-02 10:15",
        "type": "tpi-1-2",
        "location": "room-1",
        "provider": "Dr. Reyes",
        "muscles": "2",
        "sites": "4",
        "encounter_ref": "E-10492",
        "overrides": "lido-1-20=3",
    },
    {
        "performed_at": "2026-11-02 10:40",
        "type": "knee",
        "location": "room-1",
        "provider": "Dr. Reyes",
        "muscles": "0",
        "sites": "1",
        "encounter_ref": "E-10493",
    },
)

Same = tuple[str, datetime, str, str]
"""A type, a moment, a place and an encounter: what tells two procedures apart."""


@dataclass(frozen=True)
class KnownType:
    """A procedure type, and its kit with the items."""

    type: ProcedureType
    kit: Sequence[KitLine]


@dataclass(frozen=True)
class Known:
    """What the clinic knows.

    `past` and `logged` are the procedures that it has, from files and logged here; `counted_since`
    is when the first stock of an item was moved here, by SKU.
    """

    types: Sequence[KnownType]
    places: Sequence[Location]
    items: Sequence[Item]
    past: Iterable[Same] = ()
    logged: Iterable[Same] = ()
    counted_since: Mapping[str, datetime] = field(default_factory=dict)


def item_fields(items: Iterable[Item]) -> tuple[Field, ...]:
    """Return a field for each item: a column headed with its SKU or name says how much was used."""
    return tuple(
        Field(
            f"{ITEM}{item.sku}",
            f"Used: {item.name}",
            (item.sku, item.name.casefold()),
            note="How much of it was used, in its unit; empty for what the kit takes.",
        )
        for item in items
    )


class ProcedurePlanner:
    """Plans the rows of one file, in their order."""

    def __init__(
        self,
        known: Known,
        finder: ItemFinder,
        answers: Answers,
        *,
        today: date,
        place: str = "",
    ) -> None:
        self._known = known
        self._answers = answers
        self._today = today
        self._items = {item.sku: item for item in known.items}
        self._types = _Types(known.types)
        self._places = _Places(known.places, place)
        self._finder = finder
        self._kits: dict[tuple[str, int, int], Supplies] = {}
        self._past, self._logged = Counter(known.past), Counter(known.logged)
        self._rows: dict[Same, tuple[dict[str, Any], int]] = {}

    def plan(self, told: ToldRow) -> PlannedRow:
        """Say what becomes of a row."""
        draft = RowDraft(told, self._answers)
        if draft.is_left_out:
            return draft.planned({})
        moment = self._moment(draft)
        known_type = self._types.find(draft)
        place = self._places.find(draft)
        muscles, sites = _count(draft, "muscles"), _count(draft, "sites")
        instead = self._instead(draft)
        values: dict[str, Any] = {
            "type": known_type.type.code if known_type else None,
            "performed_at": moment.at if moment else None,
            "location": place.code if place else None,
            "provider": _provider(draft),
            "muscles": muscles,
            "sites": sites,
            "encounter_ref": _encounter(draft),
        }
        if known_type and not draft.has("muscles", "sites"):
            supplies = overridden(self._kit(known_type, muscles, sites), instead)
            values["supplies"] = written(supplies)
            if moment and draft.is_sound:
                self._warn_of_counted_stock(draft, moment.at, supplies)
        if moment and draft.is_sound:
            self._settle(draft, moment, values)
        return draft.planned(values)

    def _moment(self, draft: RowDraft) -> Moment | None:
        moment = draft.read("performed_at", moment_of)
        clock: time | None = None
        if not says_nothing(draft.says("time")):
            clock = draft.read("time", time_of)
        if not draft.says("performed_at"):
            draft.refuse("performed_at", "Expected the day of the procedure, but got nothing.")
        if moment is None:
            return None
        if timezone.localdate(moment.at) > self._today:
            draft.refuse("performed_at", "A procedure cannot be performed in the future.")
        return at_time(moment, clock) if clock is not None and not moment.has_time else moment

    def _kit(self, known: KnownType, muscles: int, sites: int) -> Supplies:
        scale = (known.type.code, muscles, sites)
        if scale not in self._kits:
            self._kits[scale] = kit_supplies(known.kit, muscles, sites)
        return self._kits[scale]

    def _instead(self, draft: RowDraft) -> Supplies:
        """What the row says was used in place of the kit's amounts, by SKU."""
        instead: Supplies = {}
        for words, amount in (draft.read("overrides", read_overrides) or {}).items():
            item = self._finder.find_words(draft, "overrides", words)
            if item:
                _lay(draft, "overrides", instead, item, amount)
        for column, used in self._item_columns(draft):
            said = draft.read(column, partial(package_quantity, item=used))
            if said is not None:
                _lay(draft, column, instead, used, said)
        return instead

    def _item_columns(self, draft: RowDraft) -> list[tuple[str, Item]]:
        """The columns of single items in which the row says something."""
        named = [column for column in draft.cells if column.startswith(ITEM)]
        return [
            (column, self._items[sku])
            for column in named
            if (sku := column.removeprefix(ITEM)) in self._items
        ]

    def _warn_of_counted_stock(self, draft: RowDraft, at: datetime, supplies: Supplies) -> None:
        """Say that what is logged here as well would count twice."""
        since = self._known.counted_since
        counted = [sku for sku in supplies if sku in since and since[sku] <= at]
        if not counted:
            return
        names = ", ".join(self._items[sku].name for sku in counted[:SHOWN_ITEMS])
        more = f" and {len(counted) - SHOWN_ITEMS} more" if len(counted) > SHOWN_ITEMS else ""
        first = day_words(timezone.localdate(min(since[sku] for sku in counted)))
        draft.note(
            "performed_at",
            f"The stock of {names}{more} is kept here since {first}: if this procedure was logged"
            " here too, its use counts twice.",
        )

    def _settle(self, draft: RowDraft, moment: Moment, values: dict[str, Any]) -> None:
        """Look whether the clinic has this procedure, or a row above has it."""
        same = (values["type"], moment.at, values["location"], values["encounter_ref"])
        if self._past[same]:
            # Two of one day without a time may be two procedures: each row stands for one.
            self._past[same] -= 1
            draft.ignore("", "Known already, from a file that was imported before.")
        elif self._logged[same]:
            self._logged[same] -= 1
            draft.ignore("", "This procedure was logged here.")
        elif same not in self._rows:
            self._rows[same] = values, draft.told.row
        elif values["encounter_ref"] or moment.has_time:
            self._ask_about_twins(draft, values, *self._rows[same])

    def _ask_about_twins(
        self, draft: RowDraft, values: dict[str, Any], above: dict[str, Any], row: int
    ) -> None:
        if values == above and values["encounter_ref"]:
            draft.ignore("", f"Row {row} says the same.")
            return
        choices = (
            Choice("leave_out", f"It is the procedure of row {row}: leave it out"),
            Choice("another", "It is another procedure"),
        )
        question = Question(
            "twin",
            f"Row {row} has a procedure of the same type, time, place and encounter.",
            choices=choices,
        )
        if draft.ask(question) == "leave_out":
            draft.ignore("", f"It is the procedure of row {row}.")


class _Types:
    """Finds procedure types by code, by name, or by a CPT number that only one has."""

    def __init__(self, known: Iterable[KnownType]) -> None:
        self._known = {each.type.code: each for each in known}
        self._by_words: dict[str, list[KnownType]] = {}
        for each in self._known.values():
            for words in {key(each.type.code), key(each.type.name), key(each.type.cpt)} - {""}:
                self._by_words.setdefault(words, []).append(each)
        self._asked = AskedOnce()

    def find(self, draft: RowDraft) -> KnownType | None:
        text = draft.says("type") or draft.says("cpt")
        column = "type" if draft.says("type") else "cpt"
        if not text:
            draft.refuse("type", "Expected the type of the procedure, but got nothing.")
            return None
        if text in self._known:
            return self._known[text]
        found = self._by_words.get(key(text), [])
        if len(found) == 1:
            return found[0]
        return self._ask(draft, column, text, found or list(self._known.values()))

    def _ask(
        self, draft: RowDraft, column: str, text: str, among: Sequence[KnownType]
    ) -> KnownType | None:
        if not among:
            draft.refuse(column, "Expected a procedure type, but the clinic has none yet.")
            return None
        choices = tuple(Choice(each.type.code, each.type.name) for each in among)
        question = Question("type", f"Which procedure type is “{shown(text)}”?", choices=choices)
        answer = draft.ask_once(question, key(text), self._asked)
        return self._known[answer] if answer else None


class _Places:
    """Finds locations by code or name."""

    def __init__(self, places: Iterable[Location], usual: str) -> None:
        self._places = {place.code: place for place in places}
        self._by_name = {key(place.name): place for place in self._places.values()}
        self._alike = Places(Place(place.code, place.name) for place in self._places.values())
        self._usual = self._places.get(usual)
        self._asked = AskedOnce()

    def find(self, draft: RowDraft) -> Location | None:
        text = draft.says("location")
        if not text:
            if not self._usual:
                draft.refuse("location", "Expected the code or name of a place, but got nothing.")
            return self._usual
        found = self._places.get(text) or self._by_name.get(key(text))
        if found:
            return found
        alike = [self._places[code] for code in self._alike.find(text)]
        return alike[0] if len(alike) == 1 else self._ask(draft, text, alike)

    def _ask(self, draft: RowDraft, text: str, alike: Sequence[Location]) -> Location | None:
        if not self._places:
            draft.refuse("location", "Expected a location, but the clinic has none yet.")
            return None
        among = alike or self._places.values()
        choices = tuple(Choice(place.code, place.name) for place in among)
        question = Question("location", f"Which location is “{shown(text)}”?", choices=choices)
        answer = draft.ask_once(question, key(text), self._asked)
        return self._places[answer] if answer else None


def _lay(draft: RowDraft, column: str, instead: Supplies, item: Item, amount: Decimal) -> None:
    try:
        check_amount(amount, item)
    except CellNotUnderstood as refusal:
        draft.refuse(column, str(refusal))
    if item.sku in instead:
        draft.refuse(column, f"{item.name} is named twice in this row.")
    instead[item.sku] = amount


def _count(draft: RowDraft, column: str) -> int:
    if says_nothing(draft.says(column)):
        return USUAL_COUNT
    count = draft.read(column, lambda text: whole_number(text, f"a number of {column} like 2"))
    if count is not None and not 0 <= count <= COUNT_MAX:
        draft.refuse(column, f"Expected 0 to {COUNT_MAX} {column}, but got {count}.")
    return USUAL_COUNT if count is None else count


def _provider(draft: RowDraft) -> str:
    provider = draft.says("provider")
    if len(provider) > LONGEST_PROVIDER:
        draft.refuse(
            "provider",
            f"Expected at most {LONGEST_PROVIDER} characters, but got {len(provider)}.",
        )
    elif UNPRINTABLE.search(provider):
        draft.refuse(
            "provider", "Expected plain text, but it holds a character that cannot be shown."
        )
    return provider


def _encounter(draft: RowDraft) -> str:
    text = draft.says("encounter_ref")
    if says_nothing(text):
        return ""
    try:
        check_encounter_ref(text)
    except InvalidLine as refusal:
        # What came may be somebody's name: it goes no further.
        draft.hide("encounter_ref")
        draft.refuse("encounter_ref", refusal.message)
        return ""
    return text
