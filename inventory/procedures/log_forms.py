"""What the logging page sends, read into a draft. Bad input becomes a sentence at its place."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from inventory.catalog.models import Item, Location
from inventory.procedures import record
from inventory.procedures.draft import (
    COUNT_MAX,
    QUANTITY_MAX,
    Draft,
    DraftLine,
    kit_changed,
    rescaled,
    with_type,
)
from inventory.procedures.kits import kit_to_choose_from
from inventory.procedures.models import ProcedureType
from inventory.procedures.presses import LOG, number, press
from inventory.procedures.scanned import ScanSaid, scanned
from inventory.procedures.usual import out_of_use
from inventory.stock.backdating import check_performed_at
from inventory.stock.errors import InvalidLine
from inventory.stock.requests import check_quantity
from inventory.web.decimals import plain
from inventory.web.forms import UNPRINTABLE, CleanCharField, QuantityField

LINE_ITEM = re.compile(r"line-(k\d{1,18}|a\d{1,4})-item")
SUBMISSION_KEY = re.compile(r"[0-9a-f]{32}")
SCAN = "scan:"
LINES_MAX = 60
TYPED_MAX = 40

quantity_field = QuantityField(
    max_value=QUANTITY_MAX, error_messages={"required": "Expected an amount like 2 or 0.5."}
)
reason_field = CleanCharField(max_length=200, required=False)


class HeadForm(forms.Form):
    """Who, when, for how many; `now` and the clinic's limits judge the time.

    `instead_of` is when the procedure was performed that this one amends.
    """

    muscles = forms.IntegerField(required=False)
    sites = forms.IntegerField(required=False)
    provider = CleanCharField(max_length=100, required=False)
    other_provider = CleanCharField(max_length=100, required=False, label="Somebody else")
    encounter_ref = CleanCharField(max_length=32, required=False, label="Encounter")
    amend_reason = CleanCharField(max_length=200, required=False, label="Why it is amended")
    performed_at = forms.DateTimeField(
        required=False,
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": "Expected a day and a time, or nothing for now."},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        now: datetime,
        instead_of: datetime | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.now = now
        self.instead_of = instead_of
        for name in ("muscles", "sites"):
            field: Any = self.fields[name]
            field.error_messages["invalid"] = f"Expected 0 to {COUNT_MAX} {name}."

    def clean_muscles(self) -> int | None:
        return self._count("muscles")

    def clean_sites(self) -> int | None:
        return self._count("sites")

    def clean_encounter_ref(self) -> str:
        return self._checked("encounter_ref", record.check_encounter_ref)

    def clean_performed_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["performed_at"]
        if moment is None:
            return None
        # Far outside what a calendar of the clinic holds, arithmetic with time zones overflows.
        if not 2000 <= moment.year <= 2100:
            raise ValidationError("Expected a day between 2000 and 2100.")
        try:
            check_performed_at(moment, self.now, instead_of=self.instead_of)
        except InvalidLine as refusal:
            raise ValidationError(refusal.message) from refusal
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["provider"] = cleaned.get("other_provider") or cleaned.get("provider") or ""
        return cleaned

    def _count(self, name: str) -> int | None:
        count: int | None = self.cleaned_data[name]
        if count is not None and not 0 <= count <= COUNT_MAX:
            raise ValidationError(f"Expected 0 to {COUNT_MAX} {name}; {count} came.")
        return count

    def _checked(self, name: str, check: Any) -> str:
        text: str = self.cleaned_data[name]
        try:
            check(text)
        except InvalidLine as refusal:
            raise ValidationError(refusal.message) from refusal
        return text


@dataclass(frozen=True)
class Sent:
    """What came: the draft after the buttons that were pressed, and the rest of the form.

    `problems` belong to no field. `scans` is what was scanned, `said` what there is to say about
    it. `unseen` says that the person has not seen these lines yet: the kit was scaled anew for what
    they typed; `kit_changed`, that the kit asks for other lines than it did when they saw them.
    """

    draft: Draft
    form: HeadForm
    key: str
    body_hash: str
    pressed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    scans: tuple[str, ...] = ()
    said: tuple[ScanSaid, ...] = ()
    unseen: bool = False
    kit_changed: bool = False

    @property
    def wants_log(self) -> bool:
        return LOG in self.pressed

    @property
    def performed_at(self) -> datetime | None:
        """When it was performed; None is now."""
        if not self.form.is_bound:
            return self.form.instead_of
        moment: datetime | None = self.form.cleaned_data.get("performed_at")
        # The field knows no seconds: what was not touched is the very moment that it was.
        before = self.form.instead_of
        if moment and before and moment == before.replace(second=0, microsecond=0):
            return before
        return moment

    @property
    def provider(self) -> str:
        """Who performs it: as sent, or on a page that nobody sent yet, as last time."""
        known = self.form.cleaned_data if self.form.is_bound else self.form.initial
        return str(known.get("provider", ""))

    @property
    def sound(self) -> bool:
        """Whether everything that came can be understood."""
        lines = self.draft.lines
        return self.form.is_valid() and not self.problems and not any(x.problem for x in lines)


def new_key() -> str:
    return uuid4().hex


def read_sent(
    post: QueryDict,
    *,
    types: Mapping[str, ProcedureType],
    location: Location,
    now: datetime,
    instead_of: datetime | None = None,
) -> Sent:
    """Read what the page sent. Asks for the kit, its substitutes, and the items: three queries.

    A type that is none of `types` is asked for too: the page keeps its lines if it is out of use.
    """
    form = HeadForm(post, now=now, instead_of=instead_of)
    form.is_valid()
    pressed = tuple(post.getlist("do"))
    sent_for, wanted = post.get("type", ""), _wanted_type(post, pressed)
    kind = types.get(wanted) or out_of_use(wanted)
    kit = tuple(kit_to_choose_from(kind)) if kind else ()
    muscles, sites = _counts(post, form)
    empty = Draft(kind, location, kit, muscles=muscles, sites=sites)
    problems: list[str] = []
    changed = False
    if kind is None:
        draft = empty
    elif wanted != sent_for:
        draft = with_type(empty, kind, kit)
    else:
        draft, items, problems = _with_sent_lines(empty, post, pressed)
        shown = _shown_for(post) or (muscles, sites)
        changed = kit_changed(draft, muscles=shown[0], sites=shown[1])
        for do in pressed:
            draft = press(draft, do, items)
        draft = rescaled(draft)
    scans = _scans(post, pressed)
    performed_on = timezone.localdate(form.cleaned_data.get("performed_at") or now)
    draft, said = scanned(draft, scans, performed_on)
    return Sent(
        draft=draft,
        form=form,
        key=_key(post),
        body_hash=_hash(post),
        pressed=pressed,
        problems=tuple(problems),
        scans=scans,
        said=tuple(said),
        unseen=f"{muscles},{sites}" != post.get("shown_for", f"{muscles},{sites}"),
        kit_changed=changed,
    )


def _wanted_type(post: QueryDict, pressed: tuple[str, ...]) -> str:
    chosen = [do.removeprefix("type:") for do in pressed if do.startswith("type:")]
    return str(chosen[-1] if chosen else post.get("type", ""))


def _scans(post: QueryDict, pressed: tuple[str, ...]) -> tuple[str, ...]:
    """What was scanned: in the presses that a script has gathered, else in the box itself."""
    texts = [do.removeprefix(SCAN) for do in pressed if do.startswith(SCAN)]
    return tuple(text for text in [*texts, post.get("scan", "")] if text.strip())


def _counts(post: QueryDict, form: HeadForm) -> tuple[int, int]:
    """Muscles and sites; where they cannot be read, those that the page showed before."""
    before = _shown_for(post) or (1, 1)
    counts = []
    for name, shown in zip(("muscles", "sites"), before, strict=True):
        typed = form.cleaned_data.get(name)
        counts.append(shown if typed is None else typed)
    return counts[0], counts[1]


def _shown_for(post: QueryDict) -> tuple[int, int] | None:
    """The muscles and sites that the page showed its lines for; None where it does not say."""
    shown = [number(part) for part in post.get("shown_for", "").split(",")]
    if len(shown) != 2:
        return None
    muscles, sites = (1 if each is None or each > COUNT_MAX else each for each in shown)
    return muscles, sites


def _with_sent_lines(
    empty: Draft, post: QueryDict, pressed: tuple[str, ...]
) -> tuple[Draft, dict[int, Item], list[str]]:
    """The lines as they were sent, the items that they or a button name, and what is wrong."""
    keys = [match[1] for name in post if (match := LINE_ITEM.fullmatch(name))]
    named = {key: number(post.get(f"line-{key}-item", "")) for key in keys[:LINES_MAX]}
    added = [number(do.removeprefix("add:")) for do in pressed if do.startswith("add:")]
    ids = {pk for pk in (*named.values(), *added) if pk is not None}
    items = Item.objects.in_bulk(ids)
    lines = [
        _read_line(post, key, items[pk])
        for key, pk in named.items()
        if pk is not None and pk in items
    ]
    problems: list[str] = []
    if len(lines) != len(keys):
        problems.append("Some supplies of the page were not understood. Look at the list again.")
    draft = replace(
        empty,
        lines=tuple(lines),
        left_out=frozenset(filter(None, map(number, post.get("left_out", "").split(",")))),
        prep_open=post.get("prep_open") == "1",
    )
    return draft, items, problems


def _read_line(post: QueryDict, key: str, item: Item) -> DraftLine:
    def sent(name: str) -> str:
        return str(post.get(f"line-{key}-{name}", "")).strip()

    line = DraftLine(key, item, None, holding_id=number(sent("holding")) or None)
    try:
        quantity = _read_quantity(sent("quantity"), item)
        by_hand = sent("hand") == "1" or plain(quantity) != sent("was")
        line = replace(line, quantity=quantity, by_hand=by_hand)
        return replace(line, unusable_reason=str(reason_field.clean(sent("reason"))))
    except ValidationError as error:
        typed = UNPRINTABLE.sub("", sent("quantity"))[:TYPED_MAX]
        return replace(line, typed=typed, problem=" ".join(error.messages))
    except InvalidLine as error:
        typed = UNPRINTABLE.sub("", sent("quantity"))[:TYPED_MAX]
        return replace(line, typed=typed, problem=error.message)


def _read_quantity(text: str, item: Item) -> Decimal:
    quantity = quantity_field.clean(text)
    return check_quantity(item, quantity, 0, sealed=False)


def _key(post: QueryDict) -> str:
    sent = str(post.get("key", ""))
    return sent if SUBMISSION_KEY.fullmatch(sent) else new_key()


def _hash(post: QueryDict) -> str:
    """The same for the same content, whatever the token of the form."""
    content = sorted(
        (name, values) for name, values in post.lists() if name != "csrfmiddlewaretoken"
    )
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
