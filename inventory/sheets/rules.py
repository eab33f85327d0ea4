"""What may be typed into a cell: rules that the spreadsheet program itself holds people to."""

from dataclasses import dataclass
from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation

from inventory.sheets.cells import ILLEGAL

# Excel's own bounds for the message beside a cell, and for a list inside a rule.
LONGEST_PROMPT_TITLE = 32
LONGEST_PROMPT = 255
LONGEST_LIST = 255

RuleKind = Literal["whole", "decimal", "date", "list", "textLength"]


@dataclass(frozen=True)
class Rule:
    """What may be typed below a heading; `least` and `most` are written as a formula has them.

    `expected` is what whoever typed something else reads. A list allows its `choices` alone.
    """

    kind: RuleKind
    expected: str
    least: str = ""
    most: str = ""
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(_listed(self.choices)) > LONGEST_LIST or any("," in word for word in self.choices):
            raise ValueError(f"Expected a short list of words without commas, got {self.choices}.")


def validation(rule: Rule, title: str, note: str, cells: str) -> DataValidation:
    """Return the rule for cells such as "K11:K24"; an empty cell always passes."""
    found = DataValidation(
        type=rule.kind,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=prompt(title, LONGEST_PROMPT_TITLE),
        error=prompt(rule.expected, LONGEST_PROMPT),
    )
    if rule.kind == "list":
        found.formula1 = _listed(rule.choices)
    elif rule.least and rule.most:
        found.operator, found.formula1, found.formula2 = "between", rule.least, rule.most
    else:
        found.operator = "greaterThanOrEqual" if rule.least else "lessThanOrEqual"
        found.formula1 = rule.least or rule.most
    return explained(found, title, note, cells)


def explained(found: DataValidation, title: str, note: str, cells: str) -> DataValidation:
    """Return the validation for these cells, with a note beside whichever of them is chosen."""
    found.showInputMessage = bool(note)
    found.promptTitle = prompt(title, LONGEST_PROMPT_TITLE)
    found.prompt = prompt(note, LONGEST_PROMPT)
    found.add(cells)
    return found


def prompt(text: str, longest: int) -> str | None:
    """Return a text as such a message holds it, None for none."""
    return ILLEGAL.sub("", text)[:longest] or None


def _listed(choices: tuple[str, ...]) -> str:
    return f'"{",".join(choices)}"'
