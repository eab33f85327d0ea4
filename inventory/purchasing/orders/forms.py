"""The forms of an order: its draft, the reason to end it, the mail, and what a report picked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.db.models import Q
from django.http import QueryDict

from inventory.catalog.models import Item, Location, Supplier, SupplierOffer
from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.offers import usual_offers
from inventory.purchasing.orders.answer import Answer
from inventory.purchasing.orders.differences import Difference
from inventory.purchasing.orders.draft_record import MOST_PACKS, DraftChange, LineChange, Pick
from inventory.purchasing.orders.errors import OrderRefusal, past_day_sentence
from inventory.purchasing.orders.letter import Letter
from inventory.sheets.fields import SheetFileField
from inventory.web.forms import AddressField, CleanCharField, DayField, MoneyField, ReasonField
from inventory.web.submissions import SubmissionForm

MOST_PICKED = 500
WHOLE = re.compile(r"[0-9]{1,7}", re.ASCII)
AN_OFFER = re.compile(
    r"(?P<offer>[0-9]{1,18})(?::(?P<pack>[0-9]{1,12}(?:\.[0-9]{1,3})?))?", re.ASCII
)
NOTHING_TICKED = "Tick what to order first: nothing was drafted."
ONE_LINE = re.compile(r"\s+")


class SeenForm(forms.Form):
    """A form about an order as the person saw it."""

    version = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)

    @property
    def seen(self) -> int:
        """The version that the person saw."""
        return int(self.cleaned_data["version"])

    def look_again(self, refusal: OrderRefusal, order: PurchaseOrder) -> None:
        """Say why nothing was done; what was typed stays, and is about the order as it is now."""
        self.add_error(None, str(refusal))
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(order.version)
        self.data = data


class ReasonForm(SeenForm):
    """Why an order goes back to draft or ends."""

    reason = ReasonField(label="Why", max_length=200)


@dataclass(frozen=True)
class DraftRow:
    """A line of a draft with its fields; `now` is what it says by now, where that is another."""

    line: OrderLine
    packs: forms.BoundField
    price: forms.BoundField
    now: str


@dataclass(frozen=True)
class AnswerRow:
    """A difference as the page shows it, ticked to be taken in."""

    difference: Difference
    ticked: bool


class DraftForm(SeenForm):
    """A draft as it is changed in place: packs and price of each line, and its head."""

    deliver_to = forms.ModelChoiceField(
        label="Deliver to",
        queryset=Location.objects.filter(is_active=True),
        to_field_name="code",
        required=False,
        empty_label="Not said",
    )
    needed_by = DayField(label="Needed by", required=False)
    note = CleanCharField(label="Note to the supplier", max_length=500, required=False)

    def __init__(self, data: QueryDict | None, *, order: PurchaseOrder, today: date) -> None:
        self.today = today
        self.lines: Sequence[OrderLine] = list(
            order.lines.select_related("item", "offer").order_by("position")
        )
        initial: dict[str, Any] = {
            "version": order.version,
            "deliver_to": order.deliver_to.code if order.deliver_to else None,
            "needed_by": order.needed_by,
            "note": order.note,
        }
        for line in self.lines:
            initial[f"packs-{line.pk}"] = str(line.packs)
            price = "" if line.pack_price is None else f"{line.pack_price:.2f}"
            initial[f"price-{line.pk}"] = price
        super().__init__(_with_new_lines(data, initial), initial=initial)
        # Where it was to go, it goes, though the place is out of use by now.
        places = Location.objects.filter(Q(is_active=True) | Q(pk=order.deliver_to_id))
        self.fields["deliver_to"].queryset = places  # type: ignore[attr-defined]
        for line in self.lines:
            self.fields[f"packs-{line.pk}"] = _packs_field(line)
            self.fields[f"price-{line.pk}"] = _price_field(line)
        self.fields["needed_by"].widget.attrs["min"] = today.isoformat()

    def clean_needed_by(self) -> date | None:
        """Refuse a day that is past, unless it stood there before: a draft that lay for a while is
        still saved, so that nothing of what was typed is lost, and refused when it is approved."""
        day: date | None = self.cleaned_data["needed_by"]
        if day and day < self.today and day != self.initial["needed_by"]:
            raise forms.ValidationError(past_day_sentence(day, self.today), code="past")
        return day

    def rows(self) -> Iterator[DraftRow]:
        """Yield the lines with their fields."""
        for line in self.lines:
            packs, price = self[f"packs-{line.pk}"], self[f"price-{line.pk}"]
            typed = (str(packs.value() or ""), str(price.value() or ""))
            now = tuple(self.initial[field.name] for field in (packs, price))
            shows = self.is_bound and bool(self.non_field_errors()) and typed != now
            words = f"now {now[0]} at {f'${now[1]}' if now[1] else 'no price'}"
            yield DraftRow(line, packs, price, words if shows else "")

    def change(self) -> DraftChange:
        """Return what a valid form says."""
        said = self.cleaned_data
        return DraftChange(
            note=said["note"],
            deliver_to=said["deliver_to"],
            needed_by=said["needed_by"],
            lines={
                line.pk: LineChange(said[f"packs-{line.pk}"], said[f"price-{line.pk}"])
                for line in self.lines
            },
        )


class OrderAddForm(forms.Form):
    """Whom to order from."""

    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.filter(is_active=True),
        to_field_name="code",
        empty_label="Choose",
    )


class CopyForm(SubmissionForm):
    """A copy is made once, however often the button is pressed."""


class LetterForm(SeenForm):
    """The mail to the supplier; one who has no address may be given the one that is typed."""

    to = AddressField(
        label="To",
        error_messages={
            "required": "Expected the supplier's e-mail address, like orders@example.com. Without"
            " one, download the workbook and send it yourself."
        },
    )
    remember = forms.BooleanField(required=False, initial=True)
    subject = CleanCharField(max_length=200)
    body = CleanCharField(label="Text", max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, supplier: Supplier, **options: Any) -> None:
        super().__init__(*args, **options)
        if supplier.email:
            del self.fields["remember"]
        else:
            self.fields["remember"].label = f"Send the next orders of {supplier} there too"

    @property
    def remembers(self) -> bool:
        """Whether the address is to be the supplier's."""
        return bool(self.cleaned_data.get("remember"))

    def clean_subject(self) -> str:
        """A subject is one line, whatever was pasted."""
        return ONE_LINE.sub(" ", str(self.cleaned_data["subject"]))

    def letter(self) -> Letter:
        """Return the mail of a valid form."""
        said = self.cleaned_data
        return Letter(said["to"], said["subject"], said["body"])


class AnswerFileForm(forms.Form):
    """The workbook that the supplier sent back."""

    file = SheetFileField(label="The supplier's workbook")


class AnswerForm(SeenForm):
    """Which lines of an answer are taken in, as it was shown."""

    line = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "Tick at least one line to take in, or leave the order as it is.",
            "invalid_choice": "Expected a line that the answer changes, but got “%(value)s”.",
        },
    )

    def __init__(self, data: QueryDict | None = None, *, answer: Answer, **options: Any) -> None:
        super().__init__(data, **options)
        self.answer = answer
        numbers = [each.line.number for each in answer.differences]
        self.fields["line"].choices = [(number, number) for number in numbers]  # type: ignore[attr-defined]

    @classmethod
    def shown(cls, answer: Answer) -> Self:
        """Return the form as it is first shown: every line is ticked."""
        numbers = [each.line.number for each in answer.differences]
        return cls(answer=answer, initial={"version": answer.order.version, "line": numbers})

    @property
    def lines(self) -> list[int]:
        """The numbers of the lines that were ticked."""
        return list(dict.fromkeys(self.cleaned_data["line"]))

    def rows(self) -> Iterator[AnswerRow]:
        """Yield the differences, and whether each is ticked."""
        ticked = {str(number) for number in self["line"].value() or ()}
        for each in self.answer.differences:
            yield AnswerRow(each, str(each.line.number) in ticked)


class PicksForm(forms.Form):
    """Rows that were ticked in a report: `pick` names an item each, `packs-SKU` how many packs.

    `offer-SKU` names the offer that the report showed, and what its pack held then, as in "12:25";
    without it the item's usual one is taken. `deliver_to` is the code of the place that the report
    was about, if it was about one. `left_out` says of which items nothing is drafted, and why.
    """

    # Without a key each press adds up: the report sends one.
    submission_key = CleanCharField(max_length=64, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        skus = [sku for sku in data.getlist("pick")[:MOST_PICKED] if "\0" not in sku]
        items = list(Item.objects.filter(sku__in=skus).order_by("pk"))
        self.picks: dict[Supplier, list[Pick]] = {}
        self.left_out = [_not_in_use(item) for item in items if not item.is_active]
        code = data.get("deliver_to", "").replace("\0", "")
        self.deliver_to = Location.objects.filter(code=code, is_active=True).first()
        shown = {item.pk: data.get(f"offer-{item.sku}", "") for item in items if item.is_active}
        offers = _offers(shown)
        for item in items:
            if item.is_active:
                packs, offer = data.get(f"packs-{item.sku}", "").strip(), offers.get(item.pk)
                self._pick(item, offer, packs, shown[item.pk])
        if not self.picks and not self.errors:
            self.add_error(None, " ".join(self.left_out) or NOTHING_TICKED)

    def _pick(self, item: Item, offer: SupplierOffer | None, packs: str, shown: str) -> None:
        if not WHOLE.fullmatch(packs) or not 1 <= int(packs) <= MOST_PACKS:
            self.add_error(None, _no_packs(item, packs))
        elif offer:
            self.picks.setdefault(offer.supplier, []).append(Pick(item, offer, int(packs)))
        else:
            self.left_out.append(_offered_otherwise(item) if shown else _unsold(item))


def _with_new_lines(data: QueryDict | None, initial: Mapping[str, Any]) -> QueryDict | None:
    """Let what was sent say of lines that the page did not show yet what they say themselves."""
    if data is None:
        return None
    whole = data.copy()
    for name, value in initial.items():
        if name.startswith(("packs-", "price-")) and name not in whole:
            whole[name] = value
    return whole


def _packs_field(line: OrderLine) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "aria-label": f"Packs: {line.item}"}
    return forms.IntegerField(
        label="Packs",
        min_value=1,
        max_value=MOST_PACKS,
        error_messages={"invalid": "Expected whole packs, like 3."},
        widget=forms.TextInput(attrs=attrs),
    )


def _price_field(line: OrderLine) -> MoneyField:
    attrs = {"autocomplete": "off", "aria-label": f"Price of a pack: {line.item}"}
    return MoneyField(label="Pack price", required=False, widget=forms.TextInput(attrs=attrs))


def _offers(shown: Mapping[int, str]) -> dict[int, SupplierOffer]:
    """Return the offer of each item, by its id: the one that was shown, while it is in use and its
    pack holds as much; the usual one where none was shown."""
    usual = {pk: offer.pk for pk, offer in usual_offers(shown).items()}
    named = {pk: match for pk, text in shown.items() if (match := AN_OFFER.fullmatch(text))}
    wanted = {
        pk: int(named[pk]["offer"]) if pk in named else usual[pk]
        for pk, text in shown.items()
        if pk in named or (not text and pk in usual)
    }
    in_use = SupplierOffer.objects.filter(is_active=True, supplier__is_active=True)
    found = in_use.select_related("supplier").in_bulk(set(wanted.values()))
    chosen = {pk: found[offer] for pk, offer in wanted.items() if offer in found}
    return {
        pk: offer
        for pk, offer in chosen.items()
        if offer.item_id == pk and (pk not in named or _holds(offer, named[pk]["pack"]))
    }


def _holds(offer: SupplierOffer, pack: str | None) -> bool:
    return pack is None or offer.pack_quantity == Decimal(pack)


def _no_packs(item: Item, packs: str) -> str:
    return (
        f"Expected from 1 to {MOST_PACKS:,} whole packs of {item}, but got “{packs[:40]}”."
        " Nothing was drafted."
    )


def _unsold(item: Item) -> str:
    return f"{item} was left out: nobody sells it yet. Add an offer in the catalog first."


def _not_in_use(item: Item) -> str:
    return f"{item} was left out: it is not in use any more."


def _offered_otherwise(item: Item) -> str:
    return (
        f"{item} was left out: it is not offered any more as it was shown. Look at the report"
        " again."
    )
