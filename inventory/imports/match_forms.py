"""The forms of all sheets of an upload: which column is what."""

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.imports.forms import ColumnsForm
from inventory.imports.kinds import Kind
from inventory.imports.models import Import
from inventory.imports.plan_record import columns_of
from inventory.imports.sheets import MatchedSheet, matched_sheets, read_file, sample_of
from inventory.imports.upload_record import known_layouts

# A form takes a thousand fields, and nobody looks through more.
MOST_SHEETS = 20
MOST_COLUMNS = 40


@dataclass(frozen=True)
class SheetForm:
    """The form of one sheet, with the rows to tell by."""

    form: ColumnsForm
    sample: list[list[str]]
    hidden: bool

    @property
    def title(self) -> str:
        return self.form.sheet.sheet

    @property
    def columns(self) -> list[tuple[object, list[str]]]:
        """Each field with what stands in its column."""
        return [
            (field, [cells[index] for cells in self.sample])
            for index, field in enumerate(self.form)
        ]


class ColumnForms:
    """A form for each sheet of an open upload, as it was said last."""

    def __init__(self, upload: Import, kind: Kind, data: Mapping[str, str] | None) -> None:
        read = read_file(bytes(upload.content or b""), upload.file_name)
        said = columns_of(upload)
        self.sheets: list[SheetForm] = []
        all_sheets = matched_sheets(read, kind, known_layouts(kind))
        self.as_guessed = all_sheets[MOST_SHEETS:]
        for place, found in enumerate(all_sheets[:MOST_SHEETS]):
            sheet = MatchedSheet(found.layout, said.get(found.sheet, found.columns), found.known)
            sample = sample_of(read, sheet)
            width = min(len(sample[0]) if sample else 0, MOST_COLUMNS)
            form = ColumnsForm(sheet, kind, width, data, f"sheet-{place}")
            self.sheets.append(SheetForm(form, sample, found.sheet in read.hidden_sheets))

    def are_valid(self) -> bool:
        """Whether every sheet is said well."""
        # Every one of them is asked, so that all say at once what is wrong.
        said = [each.form.is_valid() for each in self.sheets]
        return all(said)

    def matched(self) -> list[MatchedSheet]:
        """Return what valid forms say."""
        return [each.form.matched() for each in self.sheets] + self.as_guessed
