"""What a workbook's formulas come to: worked out here, and by LibreOffice where there is one."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from inventory.sheets.workbook import workbook_bytes

OFFICE = ("soffice", "libreoffice")
TOKEN = re.compile(r"(?:'(?:[^']|'')+'!)?[A-Z]+\d+(?::[A-Z]+\d+)?|[A-Z]+|\d+|\"[^\"]*\"|[-=*(),]")
REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'!)?([A-Z]+\d+)(?::([A-Z]+\d+))?")
Values = dict[str, list[list[Any]]]


def reopened(workbook: Workbook) -> Workbook:
    """Return the workbook as somebody else would open it."""
    return load_workbook(BytesIO(workbook_bytes(workbook)))


def computed(workbook: Workbook) -> Values:
    """Return the rows of each sheet, with the value of each formula the report writes."""
    return {
        sheet.title: [[_value(workbook, sheet.title, cell) for cell in row] for row in sheet]
        for sheet in workbook.worksheets
    }


def computed_by_libreoffice(path: Path) -> Values:
    """Return the rows of each sheet as LibreOffice computes them; skips where there is none."""
    office = next(filter(None, map(shutil.which, OFFICE)), None)
    if office is None:
        pytest.skip("No LibreOffice on this machine. On Debian or Ubuntu: libreoffice-calc-nogui.")
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    to = path.parent / "computed"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(to),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    result = load_workbook(to / path.name, data_only=True)
    return {sheet.title: [list(row) for row in sheet.values] for sheet in result.worksheets}


def _value(workbook: Workbook, title: str, cell: Any) -> Any:
    if cell.data_type != "f":
        return cell.value
    return _Formula(workbook, title, cell.value.removeprefix("=")).value()


class _Formula:
    """Reads what our workbooks write: SUM, COUNTA, IF, N, products, differences, equality."""

    def __init__(self, workbook: Workbook, title: str, text: str) -> None:
        self.workbook = workbook
        self.title = title
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == text, f"Expected a formula, got {text}."

    def value(self) -> Any:
        value = self._equality()
        assert not self.tokens, f"Expected the end of the formula, got {self.tokens}."
        return value

    def _equality(self) -> Any:
        value = self._difference()
        return _equal(value, self._difference()) if self._took("=") else value

    def _difference(self) -> Any:
        value = self._product()
        while self._took("-"):
            value = _exact(value) - _exact(self._product())
        return value

    def _product(self) -> Any:
        value = self._operand()
        while self._took("*"):
            value = _exact(value) * _exact(self._operand())
        return value

    def _operand(self) -> Any:
        token = self.tokens.pop(0)
        if self._took("("):
            return FUNCTIONS[token](*self._arguments())
        if token.startswith('"'):
            return token.strip('"')
        if token.isdecimal():
            return int(token)
        cells = list(_cells(self.workbook, self.title, token))
        return cells if ":" in token else (cells or [None])[0]

    def _arguments(self) -> Iterator[Any]:
        yield self._equality()
        while self._took(","):
            yield self._equality()
        assert self._took(")")

    def _took(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            del self.tokens[0]
            return True
        return False


def _cells(workbook: Workbook, title: str, text: str) -> Iterator[Any]:
    match = REFERENCE.match(text)
    assert match, f"Expected cells, got {text}."
    name, first, last = match.groups()
    sheet = name.replace("''", "'") if name else title
    for row in workbook[sheet][f"{first}:{last or first}"]:
        for cell in row:
            value = _value(workbook, sheet, cell)
            if value is not None:
                yield value


def _equal(one: Any, other: Any) -> bool:
    # An empty cell is an empty text; nought is none.
    return bool(("" if one is None else one) == ("" if other is None else other))


def _exact(value: Any) -> Decimal:
    # A float stands for the exact decimal that was written; a text is refused, as Excel does.
    return Decimal(0) if value is None else Decimal(str(value))


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float | Decimal) else 0


def _sum(cells: list[Any]) -> Decimal:
    return sum((_exact(_number(value)) for value in cells), Decimal(0))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": _sum,
    "COUNTA": len,
    "N": _number,
    "IF": lambda test, yes, no: yes if test else no,
}
