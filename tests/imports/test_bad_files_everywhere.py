"""Files that no importer should read, sent through the page and the API: nothing is kept."""

import pytest

from inventory.imports.models import Import
from tests.api.clinic import machine
from tests.api.files import send_file
from tests.deep import DEEP
from tests.imports.uploads import Desk
from tests.sheets.bad_files import BAD_FILES
from tests.sheets.test_reading import SLOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncounted_flags")]

# All are read by themselves every day. Here one stands for each way to be refused: before it is
# read, as another kind of file, as a broken archive, for its size, in the middle of its rows, in
# its text.
ONE_OF_EACH = (
    *("nothing", "pdf", "old_excel", "encrypted", "cut_off", "with_garbled_packing"),
    *("bomb_of_zeros", "billion_laughs", "missing_sheet", "broken_xml", "wrong_string_number"),
    *("backward_cells", "too_many_rows", "nul_bytes", "open_quotation", "too_large"),
)


def test_a_bad_file_is_refused_in_a_sentence_by_page_and_api() -> None:
    desk, mary = Desk(), machine("mary", "manager")
    for name in [name for name in BAD_FILES if name not in SLOW] if DEEP else ONE_OF_EACH:
        content = BAD_FILES[name]

        page = desk.upload(content, "stock.xlsx")
        reply = send_file(mary, "/imports/stock", content, "stock.xlsx", commit="true")

        assert (page.status_code, reply.status) == (422, 413 if name == "too_large" else 422), name
        assert "Expected " in page.text, name
        assert "Expected " in reply.body["detail"], name
    assert not Import.objects.exists()
