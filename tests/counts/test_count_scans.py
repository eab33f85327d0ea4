"""Counting with a scanner: a code leads to its row, or adds it; nothing typed is lost."""

from typing import Any
from uuid import uuid4

import pytest

from inventory.counts.models import CountSheet
from inventory.stock.models import Movement
from inventory.stock.requests import Want
from inventory.stock.vial_codes import vial_code
from tests.clinic import (
    kenalog,
    lidocaine,
    mara,
    needle,
    opened_vial,
    received,
    signed_in,
    used,
)
from tests.counts.counting import line_of, sheet_of
from tests.scanning.goods import NEEDLE, UNKNOWN, VIAL, carries, label, run_together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture(autouse=True)
def codes() -> None:
    carries(lidocaine(), "gtin", VIAL)
    carries(needle(), "gtin", NEEDLE)


class TestOnASheet:
    def scan(self, sheet: CountSheet, text: str, **typed: str) -> Any:
        """Scan while some numbers are typed, and follow to the page."""
        form = {"do": "stay", "scan": text, "shown": "", **typed}
        return signed_in(mara()).post(f"/stock/counts/{sheet.pk}/count/", form, follow=True)

    def stands_at(self, page: Any) -> int:
        return int(page.redirect_chain[-1][0].partition("?at=")[2])

    def test_a_lot_leads_to_its_row(self) -> None:
        received(lidocaine(), 20, "A1")
        second = received(lidocaine(), 20, "B2")
        sheet = sheet_of()

        page = self.scan(sheet, label(VIAL, "B2"))

        line = line_of(sheet, second)
        assert self.stands_at(page) == line.pk
        [at] = [row for row in page.context["form"].rows() if row.line == line]
        assert at.field.field.widget.attrs["autofocus"]

    def test_what_was_typed_is_kept_by_it(self) -> None:
        first = received(lidocaine(), 20, "A1")
        received(needle(), 64, "N1")
        sheet = sheet_of()

        self.scan(sheet, NEEDLE, **{f"count-{line_of(sheet, first).pk}": "1"})

        assert line_of(sheet, first).counted == 20

    def test_the_label_of_a_vial_leads_to_its_row(self) -> None:
        received(lidocaine(), 40, "A1")
        used(Want(lidocaine(), 1))
        vial = opened_vial(lidocaine())
        sheet = sheet_of()

        page = self.scan(sheet, vial_code(vial.pk))

        assert self.stands_at(page) == line_of(sheet, vial).pk

    def test_a_lot_that_is_not_on_the_sheet_is_added(self) -> None:
        received(needle(), 64, "N1")
        received(lidocaine(), 20, "C3", where="storeroom")
        sheet = sheet_of()

        page = self.scan(sheet, label(VIAL, "C3"))

        added = sheet.lines.get(found=True)
        assert (added.lot.number, self.stands_at(page)) == ("C3", added.pk)

    def test_a_vial_that_came_since_is_added(self) -> None:
        received(lidocaine(), 40, "A1")
        sheet = sheet_of()
        used(Want(lidocaine(), 1))

        page = self.scan(sheet, vial_code(opened_vial(lidocaine()).pk))

        assert self.stands_at(page) == line_of(sheet, opened_vial(lidocaine())).pk

    def test_a_lot_that_was_never_received_is_not_counted(self) -> None:
        received(lidocaine(), 20, "A1")

        page = self.scan(sheet_of(), label(VIAL, "ZZ9"))

        assert "Receive it instead of counting it." in page.text

    def test_a_vial_of_another_room_is_not_counted_here(self) -> None:
        received(needle(), 64, "N1")
        received(lidocaine(), 40, "A1", where="room-2")
        used(Want(lidocaine(), 1), where="room-2")

        page = self.scan(sheet_of(), vial_code(opened_vial(lidocaine()).pk))

        assert "By the ledger this vial of Lidocaine" in page.text

    def test_of_several_rows_the_person_chooses(self) -> None:
        received(lidocaine(), 20, "A1")
        received(lidocaine(), 20, "B2")

        page = self.scan(sheet_of(), VIAL)

        assert "The code does not say which lot it is" in page.text

    def test_a_lot_in_doubt_is_asked_for(self) -> None:
        received(lidocaine(), 20, "61021543")
        received(lidocaine(), 20, "B2")

        page = self.scan(sheet_of(), run_together(VIAL))

        assert "nobody can tell where the lot ends" in page.text

    def test_an_item_that_is_not_here_has_no_row(self) -> None:
        received(needle(), 64, "N1")

        assert "is not on this sheet" in self.scan(sheet_of(), VIAL).text

    def test_a_code_that_nobody_knows_is_learned_and_then_found(self) -> None:
        held = received(kenalog(), 3, "9F7K2")
        sheet = sheet_of()
        asked = self.scan(sheet, label(UNKNOWN, "9F7K2")).context

        page = signed_in(mara()).post(
            "/scan/learn/",
            {
                "scan": asked["scan"],
                "next": asked["next"],
                "item": "kenalog-40-1",
                "level": "each",
            },
            follow=True,
        )

        assert self.stands_at(page) == line_of(sheet, held).pk

    @pytest.mark.parametrize("text", ["nonsense", "\x00", "]d2", "x" * 500])
    def test_what_is_no_code_is_refused(self, text: str) -> None:
        received(needle(), 64, "N1")

        assert "Expected" in self.scan(sheet_of(), text).text


class TestAtOnce:
    def scan(self, text: str, **typed: str) -> Any:
        form = {"submission_key": str(uuid4()), "scan": text, **typed}
        return signed_in(mara()).post("/stock/count/?location=room-1", form)

    def focused(self, page: Any) -> list[str]:
        fields = page.context["form"].fields
        return [name for name, field in fields.items() if "autofocus" in field.widget.attrs]

    def test_a_scan_leads_to_its_row_and_counts_nothing(self) -> None:
        first, second = received(lidocaine(), 20, "A1"), received(lidocaine(), 20, "B2")

        page = self.scan(label(VIAL, "B2"), **{f"holding-{first.pk}": "1"})

        assert self.focused(page) == [f"holding-{second.pk}"]
        assert page.context["form"][f"holding-{first.pk}"].value() == "1"
        assert not Movement.objects.filter(kind=Movement.Kind.COUNT).exists()

    def test_the_label_of_a_vial_leads_to_its_row(self) -> None:
        received(lidocaine(), 40, "A1")
        used(Want(lidocaine(), 1))
        vial = opened_vial(lidocaine())

        assert self.focused(self.scan(vial_code(vial.pk))) == [f"holding-{vial.pk}"]

    def test_a_lot_that_is_not_listed_is_filled_in_as_found(self) -> None:
        received(needle(), 64, "N1")
        received(lidocaine(), 20, "C3", where="storeroom")

        page = self.scan(label(VIAL, "C3"))

        form = page.context["form"]
        assert (form["found_item"].value(), form["found_lot"].value()) == ("lido-1-20", "C3")
        assert self.focused(page) == ["found_counted"]

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (label(VIAL, "ZZ9"), "Receive it instead of counting it."),
            (VIAL, "is not listed here"),
            (label(UNKNOWN, "A1"), "Say which item it is"),
            ("nonsense", "Expected a GS1 code"),
        ],
    )
    def test_what_has_no_row_is_refused_in_words(self, text: str, why: str) -> None:
        received(needle(), 64, "N1")

        assert why in self.scan(text).text

    def test_a_lot_in_doubt_is_asked_for(self) -> None:
        received(lidocaine(), 20, "61021543")

        assert "nobody can tell where the lot ends" in self.scan(run_together(VIAL)).text

    def test_an_empty_box_counts_what_was_entered(self) -> None:
        held = received(needle(), 64, "N1")

        self.scan("", **{f"holding-{held.pk}": "60", "reason": "Count"})

        held.refresh_from_db()
        assert held.quantity == 60
