"""Files that no importer should read, each made here: what is wrong with them, and what is said.

`BAD_FILES` makes a file when it is asked for. All are small on the disk; some unpack to a lot.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
BOOK = "xl/workbook.xml"
TYPES = "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MEGABYTE = 1024 * 1024
INLINE_TEXT = re.compile(rb't="inlineStr"><is>(.*?)</is>', re.DOTALL)


def workbook_of(*rows: list[Any]) -> bytes:
    """Return a plain workbook, with one sheet named "Stock"."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "Stock"
    for row in rows or (["Item", "Quantity", "Lot"], ["Needle 25G", 300, "AB12"]):
        sheet.append(row)
    return as_excel_saves(saved(workbook))


def saved(workbook: Workbook) -> bytes:
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def as_excel_saves(data: bytes) -> bytes:
    """Return the workbook with its texts in a part of their own, where Excel keeps them."""
    parts = parts_of(data)
    texts: dict[bytes, int] = {}
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = INLINE_TEXT.sub(
            lambda cell: b't="s"><v>%d</v>' % texts.setdefault(cell[1], len(texts)), parts[name]
        )
    body = b"".join(b"<si>" + text + b"</si>" for text in texts)
    parts[STRINGS] = f'<sst xmlns="{MAIN}">'.encode() + body + b"</sst>"
    parts[RELATIONS] = parts[RELATIONS].replace(
        b"</Relationships>",
        b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="sharedStrings.xml" Id="strings"/></Relationships>',
    )
    parts[TYPES] = parts[TYPES].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
        b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    return zipped(parts)


def parts_of(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def plain_parts() -> Mapping[str, bytes]:
    """Return the parts of the plain workbook."""
    return parts_of(workbook_of())


def zipped(parts: Mapping[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_parts(**changed: bytes | None) -> bytes:
    """Return the plain workbook with `sheet=`, `strings=` and others changed; None: left out."""
    return changed_workbook({PARTS[name]: content for name, content in changed.items()})


PARTS = {
    "sheet": SHEET,
    "strings": STRINGS,
    "styles": STYLES,
    "book": BOOK,
    "types": TYPES,
    "relations": RELATIONS,
}


def changed_workbook(changed: Mapping[str, bytes | None]) -> bytes:
    parts = {**plain_parts(), **changed}
    return zipped({name: content for name, content in parts.items() if content is not None})


def sheet_of(rows: str) -> bytes:
    """Return the plain workbook with these rows of XML."""
    return with_parts(sheet=sheet_xml(rows))


def sheet_xml(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def replaced(part: str, old: str, new: str) -> bytes:
    """Return the plain workbook with a word of one of its parts replaced."""
    before = plain_parts()[part]
    assert old.encode() in before, f"{part} has no {old!r}"
    return changed_workbook({part: before.replace(old.encode(), new.encode())})


# Not a workbook


def pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"


def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(64))


def web_page() -> bytes:
    return b"\n<!DOCTYPE html><html><table><tr><td>Item</td></tr></table></html>"


def xml_spreadsheet() -> bytes:
    return b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'


def random_bytes() -> bytes:
    return bytes((n * n * 31 + n * 7) % 251 for n in range(2000))


def word_document() -> bytes:
    return zipped({TYPES: plain_parts()[TYPES], "word/document.xml": b"<w/>"})


def open_document() -> bytes:
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": b"<office/>",
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def zip_of_something_else() -> bytes:
    return zipped({"photos/shelf.jpg": b"\xff\xd8\xff", "notes.txt": b"two boxes"})


def empty_zip() -> bytes:
    return zipped({})


# Of another kind of workbook


def _ole(*streams: str) -> bytes:
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return header + names + bytes(1024)


def encrypted() -> bytes:
    return _ole("Root Entry", "EncryptionInfo", "EncryptedPackage")


def old_excel() -> bytes:
    return _ole("Root Entry", "Workbook", "\x05SummaryInformation")


def older_excel() -> bytes:
    return struct.pack("<HHHH", 0x0809, 8, 0x0500, 5) + bytes(64)


def old_word() -> bytes:
    return _ole("Root Entry", "WordDocument")


def with_macros() -> bytes:
    return changed_workbook({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def with_macros_by_its_type() -> bytes:
    return replaced(
        TYPES,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )


def binary_workbook() -> bytes:
    return zipped(
        {
            TYPES: b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            b'<Default Extension="bin" ContentType="application/'
            b'vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
            "xl/workbook.bin": b"\x83\x01\x00",
        }
    )


def with_external_link() -> bytes:
    return changed_workbook({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


# Broken or dangerous zips


def cut_off() -> bytes:
    return workbook_of()[:-200]


def cut_to_its_beginning() -> bytes:
    return workbook_of()[:40]


def with_a_wrong_checksum() -> bytes:
    stored = zipped(plain_parts(), ZIP_STORED)
    assert stored.count(b"Needle 25G") == 1
    return stored.replace(b"Needle 25G", b"Needle 26G")


def with_garbled_packing() -> bytes:
    data = bytearray(workbook_of())
    with ZipFile(BytesIO(bytes(data))) as archive:
        info = archive.getinfo(SHEET)
    start = info.header_offset + 30 + len(info.filename)
    data[start : start + 40] = b"\xff" * 40
    return bytes(data)


def locked_zip() -> bytes:
    data = bytearray(workbook_of())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def with_a_path_out() -> bytes:
    return changed_workbook({"../../etc/passwd": b"root"})


def of_many_parts() -> bytes:
    return changed_workbook({f"xl/media/{n}.bin": b"" for n in range(1_500)})


def with_a_part_twice() -> bytes:
    stream = BytesIO(workbook_of())
    before = plain_parts()[SHEET]
    with ZipFile(stream, "a") as archive:
        info = archive.getinfo(SHEET)
        archive.filelist.append(info)
        archive.writestr("xl/other.xml", before)
    return stream.getvalue()


def unknown_packing() -> bytes:
    return zipped(plain_parts(), 14)


# Bombs


def bomb_of_zeros() -> bytes:
    return sheet_of("<row/>" + " " * (140 * MEGABYTE))


def bomb_that_lies() -> bytes:
    """Says that its sheet unpacks to ten bytes."""
    data = bytearray(sheet_of("<row/>" + " " * (20 * MEGABYTE)))
    with ZipFile(BytesIO(bytes(data))) as archive:
        info = archive.getinfo(SHEET)
    size = struct.pack("<I", info.file_size)
    assert data.count(size) == 2
    return bytes(data).replace(size, struct.pack("<I", 10))


def bomb_of_strings() -> bytes:
    body = "<si><t>abc</t></si>" * 400_000
    return with_parts(strings=f'<sst xmlns="{MAIN}">{body}</sst>'.encode())


def bomb_of_one_string() -> bytes:
    return with_parts(strings=f'<sst xmlns="{MAIN}"><si><t>{"a" * 50_000_000}</t></si>'.encode())


def bomb_of_long_strings() -> bytes:
    body = f"<si><t>{'a' * 30_000}</t></si>" * 1_000
    return with_parts(strings=f'<sst xmlns="{MAIN}">{body}</sst>'.encode())


def bomb_of_elements() -> bytes:
    return sheet_of("<row><c/></row>" + "<a/>" * 600_000)


def bomb_of_styles() -> bytes:
    body = "<xf/>" * 100_000
    return with_parts(
        styles=f'<styleSheet xmlns="{MAIN}"><cellXfs>{body}</cellXfs></styleSheet>'.encode()
    )


def bomb_of_an_attribute() -> bytes:
    return sheet_of(f'<row spans="{"1" * 50_000_000}"/>')


def zip_in_a_zip() -> bytes:
    return zipped({"inner.zip": zipped({"innermost.zip": zipped({"zeros": bytes(MEGABYTE)})})})


def billion_laughs() -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return with_parts(
        sheet=f'<!DOCTYPE w [<!ENTITY l0 "lol">{laughs}]>'.encode()
        + sheet_xml('<row><c t="str"><v>&l9;</v></c></row>')
    )


def external_entity() -> bytes:
    return with_parts(
        strings=b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + f'<sst xmlns="{MAIN}"><si><t>&x;</t></si></sst>'.encode()
    )


def deep_nesting() -> bytes:
    return sheet_of("<a>" * 100_000)


# Sheets that are none


def no_sheet() -> bytes:
    return with_parts(book=f'<workbook xmlns="{MAIN}"><sheets/></workbook>'.encode())


def only_charts() -> bytes:
    workbook = Workbook()
    workbook.create_chartsheet("Chart")
    workbook.remove(workbook.worksheets[0])
    return saved(workbook)


def only_hidden_sheets() -> bytes:
    return replaced(BOOK, 'state="visible"', 'state="hidden"')


def missing_sheet() -> bytes:
    return with_parts(sheet=None)


def missing_relations() -> bytes:
    return with_parts(relations=None)


def missing_strings() -> bytes:
    return with_parts(strings=None)


def relation_to_nowhere() -> bytes:
    return replaced(RELATIONS, "rId1", "rId77")


def sheet_outside() -> bytes:
    return replaced(RELATIONS, "/xl/worksheets/sheet1.xml", "../../../secret.xml")


def sheet_on_the_web() -> bytes:
    return replaced(
        RELATIONS,
        'Target="/xl/worksheets/sheet1.xml"',
        'Target="http://192.0.2.7/sheet1.xml" TargetMode="External"',
    )


def two_sheets_of_one_name() -> bytes:
    return replaced(
        BOOK,
        "</sheets>",
        f'<sheet xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships" name="STOCK" sheetId="2" r:id="rId1"/></sheets>',
    )


def workbook_that_is_its_own_sheet() -> bytes:
    return replaced(RELATIONS, "/xl/worksheets/sheet1.xml", "/xl/_rels/workbook.xml.rels")


# Broken rows


def broken_xml() -> bytes:
    return sheet_of("<row><c></row>")


def wrong_string_number() -> bytes:
    return sheet_of('<row r="1"><c r="A1" t="s"><v>7000</v></c></row>')


def string_number_below_zero() -> bytes:
    return sheet_of('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>')


def wrong_style_number() -> bytes:
    return sheet_of('<row r="1"><c r="A1" s="77"><v>1</v></c></row>')


def broken_styles() -> bytes:
    return with_parts(styles=b"<styleSheet")


def million_columns() -> bytes:
    return sheet_of("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>")


def far_column() -> bytes:
    return sheet_of('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>')


def backward_cells() -> bytes:
    return sheet_of('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>')


def rows_out_of_order() -> bytes:
    return sheet_of('<row r="9"><c><v>1</v></c></row><row r="5"><c><v>1</v></c></row>')


def row_beyond_excel() -> bytes:
    return sheet_of('<row r="99999999"><c><v>1</v></c></row>')


def too_many_rows() -> bytes:
    return sheet_of("<row><c><v>1</v></c></row>" * 100_001)


def long_text() -> bytes:
    return sheet_of(f'<row><c t="str"><v>{"a" * 40_000}</v></c></row>')


# Text


def nothing() -> bytes:
    return b""


def blank_text() -> bytes:
    return b"\xef\xbb\xbf \r\n\r\n"


def latin_text() -> bytes:
    return "Item;Menge\nKanüle;3\n".encode("latin-1")


def utf_16_without_a_mark() -> bytes:
    return "Item,Quantity\nNeedle,3\n".encode("utf-16-le")


def nul_bytes() -> bytes:
    return b"Item,Quantity\nNeedle\x00,3\n"


def long_line() -> bytes:
    return b"Item,Quantity\n" + b"a," * 1_000_000


def long_field() -> bytes:
    return b"Item,Quantity\n" + b"a" * 50_000 + b",3\n"


def longer_field() -> bytes:
    return b"Item,Quantity\n" + b"a" * 200_000 + b",3\n"


def open_quotation() -> bytes:
    return b'Item,Quantity\n"Needle,3\n' + b"Syringe,4\n" * 20_000


def wide_text() -> bytes:
    return b"Item,Quantity\n" + b"a," * 500 + b"a\n"


def long_text_file() -> bytes:
    return b"a,1\n" * 100_001


def too_large() -> bytes:
    return b"Item,Quantity\n" + b"Needle,3\n" * 1_200_000


# Each with words that its own sentence has, and no other has by chance.
MADE: tuple[tuple[Callable[[], bytes], str], ...] = (
    (pdf, "a PDF document"),
    (picture, "a picture"),
    (web_page, "a web page"),
    (xml_spreadsheet, "an XML file"),
    (random_bytes, "control character|another encoding|NUL bytes"),
    (word_document, "a Word document"),
    (open_document, "an OpenDocument file"),
    (zip_of_something_else, "a zip with other files"),
    (empty_zip, "a zip with other files"),
    (zip_in_a_zip, "a zip with other files"),
    (encrypted, "encrypted with a password"),
    (old_excel, r"older kind \(\.xls\)"),
    (older_excel, r"older kind \(\.xls\)"),
    (old_word, "an older Office document"),
    (with_macros, "without macros"),
    (with_macros_by_its_type, "without macros"),
    (binary_workbook, r"binary one \(\.xlsb\)"),
    (with_external_link, "values from other files"),
    (cut_off, "this file is broken"),
    (cut_to_its_beginning, "this file is broken"),
    (with_a_wrong_checksum, "this file is broken"),
    (with_garbled_packing, "this file is broken"),
    (locked_zip, "locked with a password"),
    (with_a_path_out, "leads out of it"),
    (of_many_parts, "at most 1,000 parts"),
    (with_a_part_twice, "two parts of the same name"),
    (unknown_packing, "packed otherwise"),
    (bomb_of_zeros, "unpacks to at most 128 MB"),
    (bomb_that_lies, "this file is broken"),
    (bomb_of_strings, "more text than such a list"),
    (bomb_of_one_string, "at most 32,767 characters"),
    (bomb_of_long_strings, "more text than such a list"),
    (bomb_of_elements, "far more than one"),
    (bomb_of_styles, "more than 65,536 entries"),
    (bomb_of_an_attribute, "this file is broken"),
    (billion_laughs, "declares entities of its own"),
    (external_entity, "declares entities of its own"),
    (deep_nesting, "this file is broken"),
    (no_sheet, "has no sheet"),
    (only_charts, "holds only charts"),
    (only_hidden_sheets, "are hidden"),
    (missing_sheet, "sheet1.xml' is missing"),
    (missing_relations, "workbook.xml.rels' is missing"),
    (missing_strings, "sharedStrings.xml' is missing"),
    (relation_to_nowhere, "its sheet 'Stock' is missing"),
    (sheet_outside, "secret.xml' is missing"),
    (sheet_on_the_web, "its sheet 'Stock' is missing"),
    (two_sheets_of_one_name, "a name of its own"),
    (broken_xml, "this file is broken"),
    (wrong_string_number, "text number 7000"),
    (string_number_below_zero, "this file is broken"),
    (wrong_style_number, "in style 77"),
    (broken_styles, "this file is broken"),
    (million_columns, "at most 256 columns"),
    (far_column, "at most 256 columns"),
    (backward_cells, "from left to right"),
    (rows_out_of_order, "row 5 comes after row 9"),
    (row_beyond_excel, "up to 1,048,576"),
    (too_many_rows, "at most 100,000 rows"),
    (long_text, "at most 32,767 characters"),
    (nothing, "is empty"),
    (blank_text, "is empty"),
    (latin_text, "CSV UTF-8"),
    (utf_16_without_a_mark, "NUL bytes"),
    (nul_bytes, "NUL bytes"),
    (long_line, "line 2 is longer"),
    (long_field, "at most 32,767 characters"),
    (longer_field, "at most 32,767 characters"),
    (open_quotation, "closing quotation mark"),
    (wide_text, "at most 256 columns"),
    (long_text_file, "at most 100,000 rows"),
    (too_large, "at most 10 MB"),
)

SENTENCES: Mapping[str, str] = {make.__name__: words for make, words in MADE}
"""What the refusal says of each file of BAD_FILES, as a regular expression."""


class _BadFiles(Mapping[str, bytes]):
    """Makes each file once, when it is first asked for."""

    def __init__(self) -> None:
        self._makers = {make.__name__: cache(make) for make, _ in MADE}

    def __getitem__(self, name: str) -> bytes:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


BAD_FILES: Mapping[str, bytes] = _BadFiles()
