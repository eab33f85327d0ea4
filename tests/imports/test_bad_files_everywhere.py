"""Files that no importer should read, sent through the page and the API: nothing is kept."""

import pytest

from inventory.imports.models import Import
from tests.api.clinic import machine
from tests.api.files import send_file
from tests.imports.uploads import Desk
from tests.sheets.bad_files import BAD_FILES
from tests.sheets.test_reading import SLOW

pytestmark = pytest.mark.django_db


def test_a_bad_file_is_refused_in_a_sentence_by_page_and_api() -> None:
    desk, mary = Desk(), machine("mary", "manager")
    for name in [name for name in BAD_FILES if name not in SLOW]:
        content = BAD_FILES[name]

        page = desk.upload(content, "stock.xlsx")
        reply = send_file(mary, "/imports/stock", content, "stock.xlsx", commit="true")

        assert (page.status_code, reply.status) == (422, 413 if name == "too_large" else 422), name
        assert "Expected " in page.text, name
        assert "Expected " in reply.body["detail"], name
    assert not Import.objects.exists()
