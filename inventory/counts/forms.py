"""Forms of a count sheet: what to count, what was counted, what else was found, and why it differs.

Sealed stock that comes in containers is entered in containers, everything else in the item's unit.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from inventory.catalog.models import Item, Location
from inventory.counts.models import CountSheet, CountSheetLine
from inventory.counts.reasons import reasons_for
from inventory.counts.record import Answer, Number, Scope, answer_of
from inventory.counts.review import Review, ReviewRow
from inventory.counts.words import measure_words, outcome_words
from inventory.stock import requests
from inventory.stock.errors import InvalidLine
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import StockLine, normalize_lot_number
from inventory.stock.shelf_forms import is_id, read_shown, shown_text
from inventory.web.decimals import plain
from inventory.web.forms import CleanCharField, QuantityField
from inventory.web.submissions import SubmissionForm

COUNT = "count-"
REASON, WORDS, WHEN = "reason-", "words-", "when-"
OWN_WORDS = "own"
# As `seen_rows` writes it: the id of a line, its number, and the newest entry of its holding.
SEEN = re.compile(r"(\d{1,18}):((\d{1,9}(?:\.\d{1,3})?)/(\d{1,18}))", re.ASCII)


class CountSheetForm(SubmissionForm):
    """Which place is counted, what of it, and whether blind."""

    location = forms.ModelChoiceField(
        label="Where",
        queryset=Location.objects.filter(is_active=True),
        to_field_name="code",
        empty_label="Choose a place",
    )
    kinds = forms.MultipleChoiceField(
        label="Only these kinds",
        choices=Item.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opened_only = forms.BooleanField(label="Only opened vials", required=False)
    blind = forms.BooleanField(
        label="Blind: hide what is expected until the review",
        required=False,
        initial=True,
    )
    items = forms.ModelMultipleChoiceField(
        label="Only these items",
        queryset=Item.objects.all(),
        to_field_name="sku",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, items: Sequence[str] = (), **options: Any) -> None:
        super().__init__(data, **options)
        # The page lists only those that were asked for.
        chosen = self.fields["items"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)  # noqa: S101 - for the types
        chosen.queryset = Item.objects.filter(sku__in=items)
        self.initial["items"] = list(items)

    @property
    def scope(self) -> Scope:
        """What was asked for."""
        cleaned = self.cleaned_data
        return Scope(cleaned["kinds"], list(cleaned["items"]), cleaned["opened_only"])


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet with the field for its number."""

    line: CountSheetLine
    field: forms.BoundField
    measure: str


class NumbersForm(forms.Form):
    """What was counted, row by row; a row left empty is not counted yet.

    It carries no submission key: sent twice it says the same. It may be half right: what is right
    is kept, and the rest is asked again.
    """

    shown = CleanCharField(max_length=20_000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, lines: Sequence[CountSheetLine], **options: Any) -> None:
        super().__init__(data, **options)
        self.lines = {line.pk: line for line in lines}
        self.told: frozenset[int] = frozenset()
        self.initial["shown"] = shown_numbers(lines)
        for line in lines:
            self.fields[f"{COUNT}{line.pk}"] = self._field(line)
            if line.counted is not None:
                self.initial[f"{COUNT}{line.pk}"] = plain(line.counted / line.step)

    def stand_at(self, line: int | None) -> None:
        """Let the person go on at the row of this line, which was scanned."""
        field = self.fields.get(f"{COUNT}{line}")
        if field:
            field.widget.attrs["autofocus"] = True

    def rows(self) -> list[SheetRow]:
        """Return the rows in their order, for the page."""
        return [
            SheetRow(line, self[f"{COUNT}{pk}"], measure_words(line))
            for pk, line in self.lines.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for line in self.lines.values():
            name = f"{COUNT}{line.pk}"
            entered = cleaned.get(name)
            if entered is None:
                continue
            asked = StockLine(
                line.lot.item, entered * line.step, lot=line.lot, holding=line.holding
            )
            try:
                requests.check_counted(asked, 0)
            except InvalidLine as refusal:
                self.add_error(name, refusal.message)
        return cleaned

    def numbers(self) -> list[Number]:
        """Return what was entered where it can be taken, in the item's unit."""
        shown = self._shown_before()
        return [
            Number(
                line=pk,
                counted=None if (entered := self.cleaned_data[name]) is None
                else entered * line.step,
                shown=shown.get(pk),
            )
            for pk, line in self.lines.items()
            if (name := f"{COUNT}{pk}") in self.cleaned_data
        ]  # fmt: skip

    def tell(self, others: Mapping[int, Decimal | None]) -> None:
        """Say at its row what somebody else has entered there meanwhile."""
        self.told = frozenset(others)
        for pk, number in others.items():
            line = self.lines[pk]
            what = "nothing" if number is None else f"{plain(number / line.step)}"
            self.add_error(
                f"{COUNT}{pk}",
                f"Somebody else has entered {what} here meanwhile. Save yours again to replace it.",
            )

    def shown_now(self, lines: Sequence[CountSheetLine]) -> str:
        """Return the numbers that the page shows once these are kept: one that came to another row
        meanwhile is not on it."""
        if not self.is_bound:
            return shown_numbers(lines)
        before = self._shown_before()
        entered = {each.line for each in self.numbers() if each.counted != each.shown} | self.told
        now = {
            line.pk: line.counted if line.pk in entered else before.get(line.pk) for line in lines
        }
        return shown_text({pk: number for pk, number in now.items() if number is not None})

    def _shown_before(self) -> dict[int, Decimal]:
        return read_shown(str(self.cleaned_data.get("shown", "")))

    def _field(self, line: CountSheetLine) -> QuantityField:
        field = QuantityField(required=False)
        field.widget.attrs["aria-label"] = f"{line.lot.item}, {measure_words(line)}"
        return field


def shown_numbers(lines: Sequence[CountSheetLine]) -> str:
    """Return the numbers that a page shows, for it to send back."""
    return shown_text({line.pk: line.counted for line in lines if line.counted is not None})


class FoundForm(SubmissionForm):
    """Something that is there but not listed: by its lot, or a vial that came since."""

    item = forms.ModelChoiceField(
        label="What",
        queryset=Item.objects.filter(is_active=True),
        to_field_name="sku",
        required=False,
        empty_label="Choose an item",
    )
    lot = CleanCharField(label="Its lot", max_length=64, required=False)
    holding = forms.ModelChoiceField(
        queryset=Holding.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, sheet: CountSheet, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["item"].required = not self.data.get("holding")
        holding = self.fields["holding"]
        assert isinstance(holding, forms.ModelChoiceField)  # noqa: S101 - for the types
        holding.queryset = Holding.objects.with_lot().filter(location=sheet.location_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        item, holding = cleaned.get("item"), cleaned.get("holding")
        if holding is not None:
            cleaned["found"] = holding.lot
        elif item is not None:
            cleaned["found"] = self._known_lot(item, cleaned.get("lot", ""))
        return cleaned

    @property
    def vial(self) -> Holding | None:
        """The open vial that came since, if it is one."""
        holding: Holding | None = self.cleaned_data.get("holding")
        return holding if holding is not None and holding.is_opened else None

    def _known_lot(self, item: Item, number: str) -> Lot | None:
        lot = item.lots.filter(number=normalize_lot_number(number)).first()
        if lot is None:
            self.add_error(
                "lot", f"No such lot of {item} is known. Receive it instead of counting it."
            )
        else:
            lot.item = item
        return lot


@dataclass(frozen=True)
class AskedRow:
    """One row of a review with the fields that it asks for."""

    row: ReviewRow
    when: forms.BoundField | None
    reason: forms.BoundField | None
    words: forms.BoundField | None
    question: str
    is_new: bool


class ReviewForm(SubmissionForm):
    """Why rows differ, and where stock moved since the sheet was made, when they were counted."""

    seen = CleanCharField(max_length=40_000, required=False, widget=forms.HiddenInput)
    shown = CleanCharField(max_length=150_000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, review: Review, **options: Any) -> None:
        super().__init__(data, **options)
        self.review = review
        self.shown_now = shown_answers({row.line.pk: answer_of(row.line) for row in review.rows})
        self.questions: Mapping[int, str] = {}
        self.changed: frozenset[int] = frozenset()
        self.initial["seen"] = seen_rows(review)
        for row in review.differing:
            self._ask(row)

    def rows(self) -> list[AskedRow]:
        """Return the rows that ask something or differ, for the page."""
        return [
            AskedRow(
                row,
                when=self._bound(f"{WHEN}{row.line.pk}"),
                reason=self._bound(f"{REASON}{row.line.pk}"),
                words=self._bound(f"{WORDS}{row.line.pk}"),
                question=self.questions.get(row.line.pk, ""),
                is_new=row.line.pk in self.changed,
            )
            for row in self.review.differing
        ]

    def answers(self) -> dict[int, Answer]:
        """Return what was said of each row that the page asked about, where that is another answer
        than it showed and can be taken."""
        known_up_to = {int(line): int(newest) for line, _, _, newest in self._seen()}
        shown = self.shown_before()
        return {
            pk: answer
            for row in self.review.differing
            if (pk := row.line.pk) in known_up_to
            and not any(f"{prefix}{pk}" in self.errors for prefix in (WHEN, REASON, WORDS))
            and (answer := self._answer(pk, known_up_to[pk]))
            != _as_asked(shown.get(pk, Answer()), known_up_to[pk])
        }

    def shown_before(self) -> dict[int, Answer]:
        """Return the answers that the page showed, as far as it says so."""
        return read_answers(str(self.cleaned_data.get("shown", "")))

    def tell(self, others: Mapping[int, Answer], now: Review) -> None:
        """Say at its row what somebody else has answered there meanwhile, and go on showing what
        this page shows: an answer that came to another row is not on it."""
        mine = self.answers()
        self.questions = {pk: _told(mine[pk], other) for pk, other in others.items()}
        kept = {row.line.pk: answer_of(row.line) for row in now.rows}
        saved = {pk: kept[pk] for pk in mine if pk in kept and pk not in others}
        self.shown_now = shown_answers(self.shown_before() | saved)

    def anew(self, now: Review) -> "ReviewForm":
        """Return the form as things are now, with what was answered where somebody else was faster,
        so that it may be sent again."""
        form = ReviewForm(None, review=now)
        form.questions = self.questions
        names = [f"{prefix}{pk}" for pk in self.questions for prefix in (WHEN, REASON, WORDS)]
        form.initial.update({name: self[name].value() for name in names if name in self.fields})
        return form

    def told(self) -> list[tuple[CountSheetLine, str]]:
        """Return the rows of which there is something to say, with that."""
        lines = {row.line.pk: row.line for row in self.review.rows}
        return [(lines[pk], sentence) for pk, sentence in self.questions.items()]

    def seen_before(self) -> dict[int, str]:
        """Return what the person looked at, as `Review.seen` says it."""
        return {int(line): seen for line, seen, _, _ in self._seen()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in self.review.differing:
            name = f"{WORDS}{row.line.pk}"
            own = cleaned.get(f"{REASON}{row.line.pk}") == OWN_WORDS
            if own and name in cleaned and not cleaned[name]:
                self.add_error(name, ValidationError("Say it in your own words.", code="required"))
        return cleaned

    def _ask(self, row: ReviewRow) -> None:
        pk, name = row.line.pk, f"{row.line.lot.item}, {row.line.lot}"
        if row.moved:
            self.fields[f"{WHEN}{pk}"] = forms.ChoiceField(
                choices=_moments(row),
                required=False,
                widget=forms.RadioSelect,
                label=f"When was {name} counted?",
            )
            if row.chosen is not None:
                self.initial[f"{WHEN}{pk}"] = str(row.chosen.up_to)
        if not row.may_differ:
            return
        usual = _usual_reasons(row)
        own = bool(row.line.reason) and row.line.reason not in usual
        self.fields[f"{REASON}{pk}"] = forms.ChoiceField(
            choices=[("", "Choose"), *((each, each) for each in usual), (OWN_WORDS, "Other")],
            required=False,
            label="Why",
        )
        self.fields[f"{WORDS}{pk}"] = CleanCharField(label="In your own words", required=False)
        self.fields[f"{REASON}{pk}"].widget.attrs["aria-label"] = f"Why {name} differs"
        words = self.fields[f"{WORDS}{pk}"].widget.attrs
        words["aria-label"] = f"Why {name} differs, in your own words"
        words["placeholder"] = "In your own words"
        self.initial[f"{REASON}{pk}"] = OWN_WORDS if own else row.line.reason
        self.initial[f"{WORDS}{pk}"] = row.line.reason if own else ""

    def _answer(self, pk: int, known_up_to: int) -> Answer:
        cleaned = self.cleaned_data
        reason = cleaned.get(f"{REASON}{pk}", "")
        words = cleaned.get(f"{WORDS}{pk}", "")
        # Who types an explanation and forgets to choose "Other" has explained it all the same.
        reason = words if words and reason in {"", OWN_WORDS} else reason
        when = cleaned.get(f"{WHEN}{pk}")
        return Answer(
            reason="" if reason == OWN_WORDS else reason,
            counted_up_to=int(when) if when else None,
            answered_up_to=known_up_to if when else None,
        )

    def _bound(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    def _seen(self) -> list[tuple[str, str, str, str]]:
        return SEEN.findall(str(self.cleaned_data.get("seen", "")))


def seen_rows(review: Review) -> str:
    """Return what a review shows, for its page to send back."""
    return ",".join(f"{line}:{seen}" for line, seen in review.seen.items())


def shown_answers(answers: Mapping[int, Answer]) -> str:
    """Return the answers that a review shows, for its page to send back."""
    given = {
        pk: [answer.reason, answer.counted_up_to, answer.answered_up_to]
        for pk, answer in answers.items()
        if answer != Answer()
    }
    return json.dumps(given, ensure_ascii=False)


def read_answers(text: str) -> dict[int, Answer]:
    """Return the answers that a page showed; what is not understood is passed over."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    answers = {}
    for pk, answer in said.items() if isinstance(said, dict) else ():
        match answer:
            case [str(reason), int() | None as counted, int() | None as answered] if is_id(pk):
                answers[int(pk)] = Answer(reason, counted, answered)
    return answers


def _as_asked(shown: Answer, known_up_to: int) -> Answer:
    """Return an answer as the page shows it: what moved since it was given is asked about anew."""
    if shown.answered_up_to == known_up_to:
        return shown
    return Answer(shown.reason)


def _told(mine: Answer, other: Answer) -> str:
    if other.reason and other.reason != mine.reason:
        what = f"answered “{other.reason}”"
    elif other.counted_up_to is not None:
        what = "said that it was counted at another moment"
    else:
        what = "taken the answer back, or counted this anew,"
    return f"Somebody else has {what} meanwhile, and that is kept."


def _moments(row: ReviewRow) -> list[tuple[str, str]]:
    """Return when a row may have been counted, each with what would be true then."""
    last = row.outcomes[-1].up_to
    choices = []
    for number, outcome in enumerate(row.outcomes):
        if not number:
            when = "Before that" if len(row.moved) == 1 else "Before all of that"
        elif outcome.up_to == last == row.newest:
            when = "After that" if len(row.moved) == 1 else "After all of that"
        else:
            when = f"After the first {number}" if number > 1 else "After the first"
        choices.append((str(outcome.up_to), f"{when}. {outcome_words(row.line, outcome)}"))
    return choices


def _usual_reasons(row: ReviewRow) -> list[str]:
    variances = [outcome.variance for outcome in row.outcomes if outcome.variance]
    opened = row.line.is_opened
    found = [reason for each in variances for reason in reasons_for(each, opened=opened)]
    return list(dict.fromkeys(found))
