"""What a recall notice says, how it is answered, and what is noted about it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from inventory.catalog.models import Item
from inventory.recalls.codes import read_code
from inventory.recalls.record import Ending, Notice
from inventory.recalls.search import Query
from inventory.scanning.symbology import GROUP_SEPARATOR, LONGEST_SCAN
from inventory.stock.lot_patterns import EVERY_LOT, PatternNotUnderstood, read_patterns
from inventory.stock.models import Lot
from inventory.web.forms import CleanCharField, ReasonField, no_unprintable
from inventory.web.submissions import SubmissionForm

LONGEST_LOTS = 14_000
LONGEST_CODE = 64

HELD_AS = [
    (Lot.Status.RECALLED.value, "Recalled: the notice means these lots"),
    (Lot.Status.QUARANTINED.value, "Quarantined, while we check"),
]
KEEP, STOP, RELEASE = "keep", "stop", "release"
# By whether any lot is held, and whether deliveries are watched.
WHAT_STAYS = {
    (True, True): "They stay held, and lots that arrive later are held too",
    (True, False): "They stay held",
    (False, True): "None is held; lots that arrive later are",
    (False, False): "None is held, and deliveries are not watched",
}


class ScannedField(CleanCharField):
    """A code as it is typed or scanned; a scanner's own separators may be in it."""

    default_validators = [
        lambda value: no_unprintable(value.replace(GROUP_SEPARATOR, "")),
    ]


class RecallSearchForm(forms.Form):
    """Which items and lots a notice is about. Reading it changes nothing."""

    code = ScannedField(
        label="Product code",
        max_length=LONGEST_SCAN,
        required=False,
        help_text="An NDC, GTIN, UPC, REF or HIBC as the notice has it, or a scanned code.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": True}),
    )
    item = forms.ModelChoiceField(
        label="Or the item",
        queryset=Item.objects.all(),
        to_field_name="sku",
        required=False,
        empty_label="By its code",
    )
    # Of the items that the maker's code leads to besides, those that are meant too.
    also = forms.ModelMultipleChoiceField(
        queryset=Item.objects.all(),
        to_field_name="sku",
        required=False,
        widget=forms.MultipleHiddenInput,
    )
    lots = CleanCharField(
        label="Lots",
        max_length=LONGEST_LOTS,
        required=False,
        help_text="One a line, or with commas. A * at the end stands for whatever follows: AB44*.",
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    all_lots = forms.BooleanField(label="All lots", required=False)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        read = read_code(code)
        if len(read.text) > LONGEST_CODE:
            raise ValidationError(
                f"Expected a code of at most {LONGEST_CODE} characters, but got {len(read.text)}."
            )
        # A scanned carton says which lot it is.
        self.scanned_lot = read.lot
        self.question = read.question
        return read.text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["code"] and not cleaned["item"]:
            self.add_error("code", "Enter the product code of the notice, or choose an item.")
        if not self.errors:
            self._read_lots(cleaned)
        return cleaned

    def _read_lots(self, cleaned: dict[str, Any]) -> None:
        typed = cleaned["lots"]
        if cleaned["all_lots"]:
            if typed:
                self.add_error("lots", "Either name lots or tick “All lots”, not both.")
            cleaned["patterns"] = (EVERY_LOT,)
            return
        try:
            cleaned["patterns"] = read_patterns(typed or self.scanned_lot)
        except PatternNotUnderstood as refusal:
            self.add_error("lots", str(refusal))
            return
        if not cleaned["patterns"]:
            asked = self.question or "Enter the lots of the notice, or tick “All lots”."
            self.add_error("lots", asked)

    @property
    def was_scanned(self) -> bool:
        """True where the code of a valid form said its lot too, which is not in its field yet."""
        return bool(self.scanned_lot) and not (
            self.cleaned_data["lots"] or self.cleaned_data["all_lots"]
        )

    @property
    def query(self) -> Query:
        """What a valid form asks for."""
        said = self.cleaned_data
        chosen = [said["item"]] if said["item"] else []
        return Query(said["patterns"], said["code"], (*chosen, *said["also"]))

    def as_pairs(self) -> list[tuple[str, str]]:
        """Return what a valid form asks for as names and values, for an address or hidden fields:
        a scan as what it said."""
        said = self.cleaned_data
        pairs = [("code", said["code"])] if said["code"] else []
        pairs += [("item", said["item"].sku)] if said["item"] else []
        pairs += [("also", item.sku) for item in said["also"]]
        if said["all_lots"]:
            return [*pairs, ("all_lots", "on")]
        return [*pairs, ("lots", "\n".join(said["patterns"]))]


class RecallForm(SubmissionForm):
    """What the notice is, and how its lots are held."""

    title = CleanCharField(
        label="What is recalled", help_text="As in: Lidocaine 1%, particles found."
    )
    reference = CleanCharField(
        label="Notice number", max_length=100, required=False, help_text="As in: Z-1234-2026."
    )
    status = forms.ChoiceField(
        label="Hold them as", choices=HELD_AS, initial=Lot.Status.RECALLED, widget=forms.RadioSelect
    )
    reason = ReasonField(label="Why", max_length=160, example="particles found by the maker")

    def notice(self, query: Query, alike: frozenset[int]) -> Notice:
        """Return the notice as it was entered."""
        said = self.cleaned_data
        return Notice(
            query=query,
            title=said["title"],
            reference=said["reference"],
            reason=said["reason"],
            status=Lot.Status(said["status"]),
            alike=alike,
        )


class RecallNoteForm(SubmissionForm):
    """A line for the response log."""

    text = ReasonField(
        label="What was done or found",
        max_length=900,
        example="supplier informed; carts of all rooms looked through; clinicians told",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RecallCloseForm(SubmissionForm):
    """How a recall ends."""

    outcome = ReasonField(
        max_length=500,
        example="4 vials returned to the supplier, none was used",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    then = forms.ChoiceField(label="What of the lots?", widget=forms.RadioSelect, initial=KEEP)

    def __init__(
        self, *args: Any, closed: bool, held: bool, to_release: int, watches: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        count = f"{to_release} lot{'' if to_release == 1 else 's'}"
        words = {
            KEEP: WHAT_STAYS[held, watches],
            STOP: f"{'They stay held; deliveries' if held else 'Deliveries'} are no longer watched",
            RELEASE: f"Release {count} that were only quarantined; nothing was wrong",
        }
        offered = {KEEP: True, STOP: watches, RELEASE: bool(to_release)}
        then: Any = self.fields["then"]
        # Sent a second time it is understood still, though nothing is left to release by then.
        then.choices = [choice for choice in words.items() if closed or offered[choice[0]]]

    @property
    def ending(self) -> Ending:
        """How a valid form ends the recall."""
        then = self.cleaned_data["then"]
        return Ending(self.cleaned_data["outcome"], then == KEEP, then == RELEASE)
