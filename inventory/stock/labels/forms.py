"""On what labels are printed, how often each, and as which code."""

from typing import Any

from django import forms

from inventory.stock.labels.drawing import DATA_MATRIX, QR
from inventory.stock.labels.papers import MOST_ON_A_SHEET, PAPERS, ROLL, SHEET, Paper

MOST_COPIES = 20


class LabelForm(forms.Form):
    """What was asked for counts; instead of what makes no sense comes the usual."""

    paper = forms.ChoiceField(
        label="Print on",
        choices=[(paper.code, paper.name) for paper in PAPERS.values()],
        required=False,
    )
    start = forms.IntegerField(
        label="First free label",
        min_value=1,
        max_value=MOST_ON_A_SHEET,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    copies = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in (1, 2, 3, 6, 12, MOST_COPIES)],
        coerce=int,
        required=False,
    )
    symbol = forms.ChoiceField(
        label="Code",
        choices=[(DATA_MATRIX, "Data Matrix"), (QR, "QR")],
        required=False,
    )

    usual_paper = ROLL

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked, or the usual where nothing sound was asked."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "paper": found.get("paper") or self.usual_paper.code,
            "start": found.get("start") or 1,
            "copies": found.get("copies") or 1,
            "symbol": found.get("symbol") or DATA_MATRIX,
        }

    @property
    def chosen_paper(self) -> Paper:
        """What the labels are printed on."""
        return PAPERS[self.asked["paper"]]


class ShelfLabelForm(LabelForm):
    """Shelves get their labels all at once: from a sheet."""

    usual_paper = SHEET
