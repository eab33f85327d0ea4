"""Whatever bytes come, reading them gives rows or the named refusal, and nothing else."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.sheets.cells import EMPTY, FileRefused
from inventory.sheets.reading import open_file
from inventory.sheets.xlsx_rows import MOST_COLUMNS
from tests.deep import DEEP
from tests.sheets.bad_files import (
    MAIN,
    SHEET,
    STRINGS,
    STYLES,
    changed_workbook,
    plain_parts,
    sheet_of,
    with_parts,
    workbook_of,
    zipped,
)

EXAMPLES = settings(max_examples=1_500 if DEEP else 30)

WORKBOOK = workbook_of()
PARTS = plain_parts()
VALUES = (str, int, Decimal, bool, datetime, date, time, timedelta, type(None))


def read(data: bytes) -> None:
    """Read all rows, and hold them to what is promised of rows."""
    last = ("", 0)
    try:
        file = open_file(data, "stock.xlsx")
        for row in file.rows():
            assert row.sheet in file.titles
            assert row.sheet != last[0] or row.number > last[1]
            assert 0 < len(row.cells) <= MOST_COLUMNS
            assert row.cells[-1] != EMPTY
            assert all(isinstance(cell.value, VALUES) for cell in row.cells)
            assert not any(isinstance(c.value, str) and "\0" in c.value for c in row.cells)
            last = (row.sheet, row.number)
    except FileRefused:
        return


beginnings = st.sampled_from(
    [b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"<?xml"]
)


@EXAMPLES
@given(beginnings, st.binary(max_size=400))
def test_any_bytes(beginning: bytes, rest: bytes) -> None:
    read(beginning + rest)


places = st.integers(0, 1_000_000)
damages = st.lists(
    st.tuples(st.sampled_from(["flip", "cut", "insert", "repeat"]), places, st.binary(max_size=12)),
    min_size=1,
    max_size=6,
)


def damaged(data: bytes, done: list[tuple[str, int, bytes]]) -> bytes:
    for how, place, extra in done:
        at = place % (len(data) + 1)
        if how == "flip":
            data = data[:at] + bytes(byte ^ 0x55 for byte in data[at : at + 1]) + data[at + 1 :]
        elif how == "cut":
            data = data[:at] + data[at + len(extra) :]
        elif how == "insert":
            data = data[:at] + extra + data[at:]
        else:
            data = data[:at] + data[max(at - 40, 0) :]
    return data


@EXAMPLES
@given(damages)
def test_a_damaged_workbook(done: list[tuple[str, int, bytes]]) -> None:
    read(damaged(WORKBOOK, done))


@EXAMPLES
@given(st.sampled_from(sorted(PARTS)), damages)
def test_a_workbook_with_a_damaged_part(part: str, done: list[tuple[str, int, bytes]]) -> None:
    read(changed_workbook({part: damaged(PARTS[part], done)}))


@EXAMPLES
@given(st.permutations(sorted(PARTS)))
def test_a_workbook_whose_parts_changed_places(names: list[str]) -> None:
    kept = sorted(PARTS)[: len(names) // 2]
    moved = dict(zip(sorted(PARTS), (PARTS[name] for name in names), strict=True))
    read(zipped({**moved, **{name: PARTS[name] for name in kept}}))


numbers = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
    st.sampled_from(["", "1e999", "-1e-999", "1_000", "٣", "²", "0x1F", " 7 ", "9" * 500, "sNaN"]),
)
words = st.text(
    st.characters(
        min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="<&\ufffe\uffff"
    ),
    max_size=12,
)
values = st.one_of(numbers, words, st.sampled_from(["_x0000_", "_xD800_", "_x000A_", "2028-13-45"]))
indexes = st.sampled_from(["0", "1", "2", "-1", "3", "77", "9" * 30, "x", "", "²", "1.5"])
references = st.sampled_from(
    ["A1", "B1", "C7", "IV1", "IW1", "ZZZZ9", "1", "", "a1", "A-1", "$A$1"]
)
kinds = st.sampled_from(["n", "s", "b", "e", "d", "str", "inlineStr", "", "odd"])
insides = st.one_of(
    values.map(lambda value: f"<v>{value}</v>"),
    values.map(lambda value: f"<f>{value}</f><v>1</v>"),
    indexes.map(lambda index: f'<f t="shared" si="{index.replace("<", "")}"/>'),
    values.map(lambda value: f"<is><t>{value}</t><r><t>x</t></r><rPh><t>y</t></rPh></is>"),
    st.sampled_from(
        ["", "<v/>", "<t>1</t>", "<is/>", "<v><v>1</v></v>", "<row/>", "<c><v>1</v></c>"]
    ),
)


@st.composite
def cells(draw: st.DrawFn) -> str:
    attributes = [
        f'{name}="{draw(strategy)}"'
        for name, strategy in (("r", references), ("s", indexes), ("t", kinds))
        if draw(st.booleans())
    ]
    return f"<c {' '.join(attributes)}>{draw(insides)}</c>"


@st.composite
def rows(draw: st.DrawFn) -> str:
    number = draw(st.sampled_from(["", ' r="1"', ' r="3"', ' r="1048576"', ' r="0"', ' r="x"']))
    hidden = draw(st.sampled_from(["", ' hidden="1"', ' hidden="maybe"']))
    return f"<row{number}{hidden}>{''.join(draw(st.lists(cells(), max_size=4)))}</row>"


@EXAMPLES
@given(st.lists(rows(), max_size=3))
def test_odd_cells(found: list[str]) -> None:
    read(sheet_of("".join(found)))


codes = st.one_of(
    words.map(lambda w: w.replace('"', "")), st.sampled_from(["[h]:mm", "mmm-yy", "@"])
)


@EXAMPLES
@given(st.lists(st.tuples(indexes, codes), max_size=3), indexes, numbers)
def test_odd_styles(formats: list[tuple[str, str]], used: str, number: str) -> None:
    declared = "".join(f'<numFmt numFmtId="{n}" formatCode="{code}"/>' for n, code in formats)
    styles = "".join(f'<xf numFmtId="{n}"/>' for n, _ in formats)
    read(
        changed_workbook(
            {
                STYLES: f'<styleSheet xmlns="{MAIN}"><numFmts>{declared}</numFmts>'
                f"<cellXfs><xf/>{styles}</cellXfs></styleSheet>".encode(),
                SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row>'
                f'<c s="{used}"><v>{number}</v></c></row></sheetData></worksheet>'.encode(),
            }
        )
    )


@EXAMPLES
@given(st.lists(values, max_size=4))
def test_odd_texts(texts: list[str]) -> None:
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    read(with_parts(strings=f'<sst xmlns="{MAIN}">{items}</sst>'.encode()))
    assert STRINGS in PARTS


@EXAMPLES
@given(
    st.text(st.one_of(st.characters(), st.sampled_from(',;\t"\r\n')), max_size=200),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
)
def test_any_text(text: str, encoding: str) -> None:
    read(text.encode(encoding, "replace"))
