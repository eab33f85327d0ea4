"""The form of an upload, and what is answered about its columns and rows."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.core.exceptions import ValidationError

from inventory.catalog.models import Item, Location
from inventory.imports.kinds import Kind
from inventory.imports.meaning.likeness import LikelyName
from inventory.imports.models import ImportRow
from inventory.imports.preview import asked
from inventory.imports.sheets import MatchedSheet
from inventory.imports.upload_record import Upload
from inventory.sheets.fields import SheetFileField, file_name
from inventory.web.forms import no_unprintable

LONGEST_ANSWER = 200
NOTHING = "–"


class UploadForm(forms.Form):
    """Which kind of import, the file, and where its rows go that name no place."""

    kind = forms.ChoiceField(label="What is in it", widget=forms.RadioSelect)
    file = SheetFileField(label="File")
    place = forms.ModelChoiceField(
        label="Where rows go that name no place",
        queryset=Location.objects.filter(is_active=True),
        to_field_name="code",
        required=False,
        empty_label="Nowhere: ask me",
    )

    def __init__(self, *args: object, kinds: Iterable[Kind], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        choices = [(kind.code, kind.title) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def sent(self) -> Upload:
        """Return the file of a valid form."""
        file = self.cleaned_data["file"]
        return Upload(file_name(file), file.read(), self.cleaned_data["place"])


class ColumnsForm(forms.Form):
    """What each column of one sheet means."""

    def __init__(
        self,
        sheet: MatchedSheet,
        kind: Kind,
        width: int,
        data: Mapping[str, str] | None,
        prefix: str,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.sheet = sheet
        self.kind = kind
        choices = [("", "nothing"), *((field.name, field.title) for field in kind.fields)]
        for column in range(width):
            self.fields[str(column)] = forms.ChoiceField(
                label=self.heading(column),
                choices=choices,
                required=False,
                initial=sheet.columns.get(column, ""),
            )

    def heading(self, column: int) -> str:
        """Return what stands above a column, or which one it is."""
        headings = self.sheet.layout.headings
        said = headings[column] if column < len(headings) else ""
        return said or f"Column {column + 1}"

    def clean(self) -> dict[str, str]:
        """Refuse two columns for one field, and a sheet without what each row needs."""
        chosen = [name for name in self.cleaned_data.values() if name]
        titles = {field.name: field.title for field in self.kind.fields}
        for name in dict.fromkeys(chosen):
            if chosen.count(name) > 1:
                raise ValidationError(f"Two columns are said to be “{titles[name]}”. Choose one.")
        missing = [
            field.title for field in self.kind.fields if field.required and field.name not in chosen
        ]
        if chosen and missing:
            raise ValidationError(
                f"Say which column is “{missing[0]}”, or set all columns to “nothing” to leave the"
                " sheet out."
            )
        return self.cleaned_data

    def matched(self) -> MatchedSheet:
        """Return the sheet with what a valid form says of its columns.

        What was guessed of columns too far to the right to be shown stays.
        """
        said = {int(index): name for index, name in self.cleaned_data.items() if name}
        others = {
            index: name
            for index, name in self.sheet.columns.items()
            if str(index) not in self.fields and name not in said.values() and said
        }
        return MatchedSheet(self.sheet.layout, {**said, **others})


class AnswerRefused(Exception):
    """What was answered cannot be taken; `str()` says what was expected."""


def answers_in(data: Mapping[str, str], row: ImportRow) -> dict[str, str]:
    """Return what was answered of a row's questions. Raises AnswerRefused."""
    if data.get("row") == "leave_out":
        return {"row": "leave_out"}
    answers: dict[str, str] = {}
    for question in asked(row):
        given = (data.get(f"typed-{question.name}") or data.get(question.name) or "").strip()
        if not given:
            continue
        if given not in dict(question.choices):
            if not question.is_typed:
                raise AnswerRefused(f"Expected one of the answers offered, but got “{given[:60]}”.")
            given = _sku(given) if question.kind == "item" else _plain(given)
        answers[question.name] = given
    if not answers:
        raise AnswerRefused("Expected an answer, but nothing was chosen or typed.")
    return answers


def _plain(text: str) -> str:
    try:
        no_unprintable(text)
    except ValidationError as refusal:
        raise AnswerRefused(" ".join(refusal.messages)) from refusal
    if len(text) > LONGEST_ANSWER:
        raise AnswerRefused(f"Expected at most {LONGEST_ANSWER} characters, but got {len(text)}.")
    return text


def _sku(text: str) -> str:
    """The item that was picked or typed, by SKU or by its whole name. Raises AnswerRefused."""
    item = item_named(_plain(text))
    if item is None:
        raise AnswerRefused(f"There is no item “{text[:60]}”. Pick one from the list.")
    return item.sku


def item_named(text: str) -> Item | None:
    """Return the item in use of this SKU or name."""
    items = Item.objects.filter(is_active=True)
    return items.filter(sku=text).first() or items.filter(name__iexact=text).first()


def item_choices() -> Sequence[Item]:
    """Return the items that an answer may name."""
    return list(Item.objects.filter(is_active=True).only("sku", "name"))


def confirmed_names(
    data: Mapping[str, str], shown: frozenset[str], names: Iterable[LikelyName]
) -> tuple[list[tuple[LikelyName, Item]], dict[int, str]]:
    """Return what each name that was shown means, and, by row, why an item cannot be taken.

    Nothing typed beside a name: it means the item that was shown.
    """
    meant: list[tuple[LikelyName, Item]] = []
    refusals: dict[int, str] = {}
    for each in names:
        if each.key not in shown:
            continue
        typed = data.get(f"item-{each.row}", "").strip()
        item = item_named(typed) if typed else each.item
        if item is None:
            refusals[each.row] = f"There is no item “{typed[:60]}”. Pick one from the list."
        else:
            meant.append((each, item))
    return meant, refusals
