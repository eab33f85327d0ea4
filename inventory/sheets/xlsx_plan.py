"""What kind of workbook came, and where everything is in it."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.sheets.archive import BROKEN, Archive
from inventory.sheets.cell_values import EPOCH_1900, EPOCH_1904
from inventory.sheets.cells import GUIDE_TITLE, FileRefused
from inventory.sheets.xml_parts import (
    CONTENT_TYPES,
    MAIN,
    PACKAGE_RELATIONSHIPS,
    Attributes,
    at_most,
    read_tags,
    tags,
)

MOST_SHEETS = 100
MOST_DECLARED = 5_000
LONGEST_TITLE = 255

ROOT = ""
TYPES_PART = "[Content_Types].xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships id"
HIDDEN_STATES = ("hidden", "veryHidden")
TRUE = ("1", "true")


@dataclass(frozen=True)
class SheetPart:
    """A sheet of the workbook, and the part that holds its rows."""

    title: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Relationship:
    """A part that another one points at. `kind` is the last word of its type."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Plan:
    """Where everything is in a workbook."""

    sheets: tuple[SheetPart, ...]
    epoch: datetime
    strings: str
    styles: str

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(sheet.title for sheet in self.sheets if not sheet.hidden)

    @property
    def hidden_titles(self) -> tuple[str, ...]:
        return tuple(sheet.title for sheet in self.sheets if sheet.hidden)


def read_plan(data: bytes) -> Plan:
    """Return where everything is. Raises FileRefused for what is no workbook with sheets."""
    archive = Archive(data)
    check_contents(archive)
    workbook = _workbook_part(archive)
    relationships = _relationships(archive, workbook)
    by_kind = {r.kind: r.target for r in relationships.values() if not r.external}
    names, epoch = _sheet_tags(archive, workbook)
    sheets = tuple(_sheets(names, relationships))
    if not names:
        raise FileRefused("Expected a workbook with a sheet of rows, but this one has no sheet.")
    if not sheets:
        raise FileRefused("Expected a sheet with rows, but this workbook holds only charts.")
    if all(sheet.hidden for sheet in sheets):
        raise FileRefused(
            "Expected a sheet that can be seen, but all sheets of this workbook are hidden:"
            " unhide the one to read."
        )
    sheets = tuple(sheet for sheet in sheets if sheet.title != GUIDE_TITLE) or sheets
    return Plan(sheets, epoch, by_kind.get("sharedStrings", ""), by_kind.get("styles", ""))


# What kind of package it is


def check_contents(archive: Archive) -> None:
    """Raises FileRefused for a zip that is something else, or that runs macros or reads files."""
    names = {name.casefold() for name in archive.names}
    if TYPES_PART.casefold() not in names:
        raise FileRefused(f"Expected a workbook (.xlsx), but this is {_other_zip(names)}.")
    declared = {
        attributes.get("ContentType", "").casefold()
        for _, attributes in at_most(
            MOST_DECLARED,
            read_tags(archive, TYPES_PART, tags(CONTENT_TYPES, "Default", "Override")),
        )
    }
    if "xl/workbook.bin" in names or any("sheet.binary" in kind for kind in declared):
        raise FileRefused(
            "Expected a workbook saved as .xlsx, but this is a binary one (.xlsb). Save it as"
            " .xlsx and send that."
        )
    if _has_macros(names, declared):
        raise FileRefused(
            "Expected a workbook without macros, but this one carries some. Save it as .xlsx,"
            " which leaves them out, and send that."
        )
    if any(name.startswith(("word/", "ppt/", "visio/")) for name in names):
        raise FileRefused(f"Expected a workbook (.xlsx), but this is {_other_zip(names)}.")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise FileRefused(
            "Expected a workbook that stands alone, but this one takes values from other files."
            " In Excel, choose Data, Edit Links, Break Link; then save it and send that."
        )


def _has_macros(names: set[str], declared: set[str]) -> bool:
    return any("macro" in kind or "vbaproject" in kind for kind in declared) or any(
        name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names
    )


OTHER_ZIPS = {
    "word/": "a Word document",
    "ppt/": "a PowerPoint presentation",
    "visio/": "a Visio drawing",
    "index/": "a Numbers document. Export it to Excel and send that",
    "content.xml": "an OpenDocument file. Save it as .xlsx and send that",
    "meta-inf/": "a program or an electronic book",
}


def _other_zip(names: set[str]) -> str:
    for beginning, what in OTHER_ZIPS.items():
        if any(name.startswith(beginning) for name in names):
            return what
    return "a zip with other files in it. Unpack it and send the workbook itself"


# Where everything is


def _workbook_part(archive: Archive) -> str:
    for relationship in _relationships(archive, ROOT).values():
        if relationship.kind == "officeDocument" and not relationship.external:
            return relationship.target
    raise FileRefused(BROKEN)


def _relationships(archive: Archive, part: str) -> dict[str, Relationship]:
    folder, name = posixpath.split(part)
    found = read_tags(
        archive,
        posixpath.join(folder, "_rels", f"{name}.rels"),
        tags(PACKAGE_RELATIONSHIPS, "Relationship"),
    )
    return {
        attributes.get("Id", ""): Relationship(
            kind=attributes.get("Type", "").rpartition("/")[2],
            target=_resolved(folder, attributes.get("Target", "")),
            external=attributes.get("TargetMode") == "External",
        )
        for _, attributes in at_most(MOST_DECLARED, found)
    }


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def _sheet_tags(archive: Archive, part: str) -> tuple[list[Attributes], datetime]:
    epoch = EPOCH_1900
    sheets = []
    found = read_tags(archive, part, tags(MAIN, "workbookPr", "sheet"))
    for name, attributes in at_most(MOST_SHEETS, found):
        if name == "sheet":
            sheets.append(attributes)
        elif attributes.get("date1904") in TRUE:
            epoch = EPOCH_1904
    return sheets, epoch


def _sheets(
    names: Iterable[Attributes], relationships: Mapping[str, Relationship]
) -> Iterator[SheetPart]:
    taken = set()
    for attributes in names:
        title = attributes.get("name", "")
        if not title or len(title) > LONGEST_TITLE or title.casefold() in taken:
            raise FileRefused(
                "Expected a name of its own for each sheet, but this workbook has"
                f" {title[:80]!r} twice or none."
            )
        taken.add(title.casefold())
        key = attributes.get(RELATION) or attributes.get(STRICT_RELATION) or ""
        relationship = relationships.get(key)
        if relationship is None or relationship.external:
            raise FileRefused(f"Expected a whole workbook, but its sheet {title!r} is missing.")
        if relationship.kind == "worksheet":
            yield SheetPart(title, relationship.target, attributes.get("state") in HIDDEN_STATES)
