"""The XML inside a workbook, read as it streams by: no tree, no entities, all within bounds."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar
from xml.parsers import expat

from inventory.sheets.archive import BROKEN, Archive, refused_as
from inventory.sheets.cells import FileRefused

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
PACKAGE_RELATIONSHIPS = ("http://schemas.openxmlformats.org/package/2006/relationships",)
CONTENT_TYPES = ("http://schemas.openxmlformats.org/package/2006/content-types",)

# What one cell holds in Excel.
LONGEST_TEXT = 32_767
DEEPEST = 64
LONGEST_TAG_BYTES = 1024 * 1024

Attributes = Mapping[str, str]
Declared = TypeVar("Declared")


def tags(namespaces: Iterable[str], *names: str) -> Mapping[str, str]:
    """Return the short names of elements by the full ones that the parser reports."""
    return {f"{namespace} {name}": name for namespace in namespaces for name in names}


class PartReader:
    """Reads one part of a workbook. A subclass says what becomes of the elements in `known`."""

    known: Mapping[str, str] = {}

    def __init__(self, archive: Archive, part: str) -> None:
        self._archive = archive
        self._part = part
        self._depth = 0
        self._text: list[str] | None = None
        self._text_length = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._element_started
        parser.EndElementHandler = self._element_ended
        parser.CharacterDataHandler = self._text_came
        self._parser = parser

    def started(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def ended(self, name: str) -> None:
        """An element ends."""

    def pieces(self) -> Iterator[None]:
        """Read on, piece by piece, so that what was found so far can be taken away.

        Raises FileRefused for XML that is broken, or made to do harm.
        """
        fed = 0
        with refused_as(BROKEN):
            for chunk in self._archive.chunks(self._part):
                self._parser.Parse(chunk)
                fed += len(chunk)
                # A tag that never ends would be kept, and looked through again with each piece.
                if fed - self._parser.CurrentByteIndex > LONGEST_TAG_BYTES:
                    raise FileRefused(BROKEN)
                yield
            self._parser.Parse(b"", True)
            yield

    def collect_text(self) -> None:
        """Keep the text from here on, until it is taken."""
        self._text = []

    def taken_text(self) -> str:
        """Return the text that was collected, and collect no more."""
        text = "".join(self._text or ())
        self._text = None
        return text

    def begin_value(self) -> None:
        """What is collected from here on belongs to one value, and has its bounds."""
        self._text_length = 0

    def _element_started(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FileRefused(BROKEN)
        known = self.known.get(name)
        self._archive.count_element(known)
        if known:
            self.started(known, attributes)

    def _element_ended(self, name: str) -> None:
        self._depth -= 1
        if known := self.known.get(name):
            self.ended(known)

    def _text_came(self, data: str) -> None:
        if self._text is None:
            return
        self._text_length += len(data)
        if self._text_length > LONGEST_TEXT:
            raise FileRefused(
                f"Expected cells of at most {LONGEST_TEXT:,} characters, but the workbook has a"
                " longer one."
            )
        self._text.append(data)


class _Tags(PartReader):
    def __init__(self, archive: Archive, part: str, known: Mapping[str, str]) -> None:
        super().__init__(archive, part)
        self.known = known
        self.found: list[tuple[str, Attributes]] = []

    def started(self, name: str, attributes: Attributes) -> None:
        self.found.append((name, attributes))


def read_tags(
    archive: Archive, part: str, known: Mapping[str, str]
) -> Iterator[tuple[str, Attributes]]:
    """Yield the name and the attributes of the elements in `known`, in the order of the part."""
    reader = _Tags(archive, part, known)
    for _ in reader.pieces():
        yield from reader.found
        reader.found.clear()


def at_most(count: int, found: Iterable[Declared]) -> Iterator[Declared]:
    """Yield what was found. Raises FileRefused when it is more than so many."""
    found = iter(found)
    yield from islice(found, count)
    if next(found, None) is not None:
        raise FileRefused(
            "Expected a workbook of usual size, but one of its lists has more than"
            f" {count:,} entries."
        )


def _refuse_doctype(*_: object) -> None:
    raise FileRefused(
        "Expected a workbook as Excel writes it, but this one declares entities of its own (a"
        " DOCTYPE), which could pull in other files."
    )
