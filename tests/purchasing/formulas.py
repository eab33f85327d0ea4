"""What a workbook's formulas come to: worked out here, and by LibreOffice where there is one."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from inventory.sheets.workbook import workbook_bytes

OFFICE = ("soffice", "libreoffice")
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
    formula = cell.value.removeprefix("=")
    function, _, rest = formula.partition("(")
    if rest:
        return FUNCTIONS[function](list(_cells(workbook, title, rest)))
    product = 1
    for factor in formula.split("*"):
        product *= sum(_cells(workbook, title, factor))
    return product


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


FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {"SUM": sum, "COUNTA": len}
