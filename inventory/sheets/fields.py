"""The field of a form that takes a workbook or text file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from inventory.sheets.reading import MOST_BYTES
from inventory.web.forms import UNPRINTABLE

MEGABYTE = 1024 * 1024


class SheetFileField(forms.FileField):
    """A file of rows; what is too large is refused before anything of it is read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            allow_empty_file=True,
            error_messages={"required": "Choose a file."},
            help_text=f"A workbook (.xlsx) or text (.csv), at most {MOST_BYTES // MEGABYTE} MB.",
            widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        file: UploadedFile = super().clean(data, initial)
        if file.size and file.size > MOST_BYTES:
            raise ValidationError(
                f"Expected a file of at most {MOST_BYTES // MEGABYTE} MB, but this one has"
                f" {file.size / MEGABYTE:.1f} MB. Send it in parts."
            )
        return file


def file_name(file: UploadedFile) -> str:
    """Return what the file is called where it came from, as a sentence may quote it."""
    return UNPRINTABLE.sub("", file.name or "") or "file"
