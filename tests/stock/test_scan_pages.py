"""The scan box: finding what a code is, photographs, and a code that nobody knows yet."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inventory.accounts.models import User
from inventory.catalog.models import ItemCode
from inventory.scanning.images import LARGEST_FILE
from inventory.stock.label_codes import item_code, lot_code
from inventory.stock.requests import Want
from inventory.stock.vial_codes import vial_code
from tests.clinic import (
    kenalog,
    lidocaine,
    mara,
    needle,
    opened_vial,
    otto,
    priya,
    received,
    signed_in,
    used,
    vic,
)
from tests.scanning.goods import BOX, NEEDLE, UNKNOWN, VIAL, carries, label, run_together
from tests.scanning.photographs import as_file, photograph

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def find(text: str, who: User | None = None) -> Any:
    return signed_in(who or vic()).get("/scan/find/", {"q": text}, follow=True)


class TestFinding:
    def test_a_scanned_package_leads_to_its_lot(self) -> None:
        carries(lidocaine(), "gtin", VIAL)
        lot = received(lidocaine(), 20, "A1").lot

        assert find(label(VIAL, "a1")).request["PATH_INFO"] == f"/stock/lots/{lot.pk}/"

    def test_a_lot_that_is_not_known_leads_to_the_item_and_says_so(self) -> None:
        carries(lidocaine(), "gtin", VIAL)

        page = find(label(VIAL, "B7"))

        assert page.request["PATH_INFO"] == "/catalog/items/lido-1-20/"
        assert "Lot B7 of it is not known here." in page.text

    def test_a_lot_in_doubt_leads_to_the_item_and_asks(self) -> None:
        carries(lidocaine(), "gtin", VIAL)
        received(lidocaine(), 20, "61021543")

        page = find(run_together(VIAL))

        assert page.request["PATH_INFO"] == "/catalog/items/lido-1-20/"
        assert "Enter the lot as the label has it." in page.text

    def test_the_labels_of_the_clinic_lead_to_what_they_name(self) -> None:
        lot = received(lidocaine(), 20, "A1").lot
        used(Want(lidocaine(), 1))
        vial = opened_vial(lidocaine())

        found = {text: find(text).request["PATH_INFO"] for text in
                 (vial_code(vial.pk), lot_code(lot.pk), item_code("lido-1-20"))}  # fmt: skip

        assert list(found.values()) == [
            f"/stock/holdings/{vial.pk}/",
            f"/stock/lots/{lot.pk}/",
            "/catalog/items/lido-1-20/",
        ]

    def test_words_look_for_items_as_before(self) -> None:
        lidocaine()

        page = find("lidocaine 1%")

        assert page.request["PATH_INFO"] == "/catalog/items/"
        assert lidocaine().name in page.text

    def test_a_ref_leads_to_its_item(self) -> None:
        carries(needle(), "ref", "305127")

        assert find("305-127").request["PATH_INFO"] == "/catalog/items/needle-25g-15/"

    def test_who_may_name_it_is_asked_about_a_code_that_nobody_knows(self) -> None:
        page = find(label(UNKNOWN, "A1"), mara())

        assert page.request["PATH_INFO"] == "/scan/learn/"
        assert "Nobody has said yet what" in page.text

    def test_who_only_looks_is_told_who_may(self) -> None:
        assert "A nurse, manager or purchaser can say it." in find(label(UNKNOWN, "A1")).text

    @pytest.mark.parametrize(
        "text", ["", "\x00", "\x1d", "x" * 999, "]d2", "VIAL-1-11", "LOT-9-80"]
    )
    def test_whatever_is_typed_leads_somewhere(self, text: str) -> None:
        assert find(text).status_code == 200


def photographed(photo: bytes | None, who: User | None = None) -> Any:
    files = {} if photo is None else {"photo": SimpleUploadedFile("p.jpg", photo)}
    return signed_in(who or vic()).post("/scan/photo/", files)


class TestPhotographs:
    def test_one_code_comes_back_as_it_would_be_typed(self) -> None:
        item = carries(lidocaine(), "gtin", "00363323464172", "inner", 500)

        answer = photographed(photograph("DataMatrix", changes=(), seed=1))

        assert answer.json() == {
            "codes": [
                {
                    "text": "]d20100363323464172172802291061021543␝2110000012345",
                    "words": f"{item}, lot 61021543",
                }
            ],
            "refusal": "",
        }

    def test_two_products_in_view_are_told_apart_in_words(self) -> None:
        carries(lidocaine(), "gtin", "00363323464172", "inner", 500)

        answer = photographed(photograph("DataMatrix", "EAN-13", changes=(), seed=1)).json()

        assert [code["words"] for code in answer["codes"]] == [
            f"{lidocaine()}, lot 61021543",
            "00316714140018, which nobody knows yet",
        ]

    def test_two_codes_that_say_the_same_are_one(self) -> None:
        carries(lidocaine(), "gtin", "00363323464172", "inner", 500)

        answer = photographed(photograph("DataMatrix", "QR", changes=(), seed=1)).json()

        assert len(answer["codes"]) == 1

    def test_a_photograph_without_a_code_says_what_to_do(self) -> None:
        answer = photographed(as_file(Image.new("L", (90, 90), 255)))

        assert answer.status_code == 422
        assert answer.json()["refusal"].startswith("No code can be read in this photograph.")

    @pytest.mark.parametrize("photo", [None, b"", b"%PDF", bytes(LARGEST_FILE + 1)])
    def test_what_is_none_is_refused_in_a_sentence(self, photo: bytes | None) -> None:
        answer = photographed(photo)

        assert answer.status_code == 422
        assert answer.json()["refusal"].startswith("Expected a ")

    def test_a_stranger_sends_nothing(self) -> None:
        assert photographed(b"", otto()).status_code == 403


ASKED = {"scan": label(UNKNOWN, "A1"), "next": "/stock/counts/7/?scan=x"}


class TestLearning:
    def test_an_item_is_chosen_by_its_name(self) -> None:
        page = signed_in(mara()).get("/scan/learn/", {**ASKED, "find": lidocaine().name[:9]})

        assert [item.sku for item in page.context["found"]] == ["lido-1-20"]

    def test_another_package_of_a_known_code_is_offered(self) -> None:
        carries(needle(), "gtin", NEEDLE)

        page = signed_in(mara()).get("/scan/learn/", {"scan": BOX})

        assert page.context["likely"] == [needle()]

    def test_the_code_is_remembered_at_its_level_and_she_is_back(self) -> None:
        kenalog()

        answer = signed_in(priya()).post(
            "/scan/learn/", {**ASKED, "item": "kenalog-40-1", "level": "inner", "holds": "25"}
        )

        assert (answer.status_code, answer["Location"]) == (302, "/stock/counts/7/?scan=x")
        code = ItemCode.objects.get()
        assert (str(code), code.item, code.level, code.quantity) == (
            f"GTIN {UNKNOWN}", kenalog(), "inner", 25,
        )  # fmt: skip

    def test_a_box_of_vials_is_counted_in_vials(self) -> None:
        lidocaine()

        signed_in(mara()).post(
            "/scan/learn/", {**ASKED, "item": "lido-1-20", "level": "case", "holds": "25"}
        )

        assert ItemCode.objects.get().quantity == 500

    def test_of_one_nothing_more_is_asked(self) -> None:
        lidocaine()

        signed_in(mara()).post("/scan/learn/", {**ASKED, "item": "lido-1-20", "level": "each"})

        assert (ItemCode.objects.get().level, ItemCode.objects.get().quantity) == ("each", 20)

    @pytest.mark.parametrize(
        ("level", "holds", "why"),
        [
            ("inner", "", "Say how many it holds, all in all."),
            ("inner", "0", "greater than or equal to"),
            ("inner", "x", "Expected an amount"),
            ("each of many", "1", "Select a valid choice"),
            ("inner", "1.0001", "decimal places"),
        ],
    )
    def test_a_wrong_size_is_asked_again(self, level: str, holds: str, why: str) -> None:
        lidocaine()

        answer = signed_in(mara()).post(
            "/scan/learn/", {**ASKED, "item": "lido-1-20", "level": level, "holds": holds}
        )

        assert answer.status_code == 422
        assert why in answer.text
        assert not ItemCode.objects.exists()

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("63323-464-17", "NDC 63323-464-17"),
            ("+A123BJC5D6E71G", "HIBC +A123BJC5D6E71G"),
            ("316714140018", f"GTIN {UNKNOWN}"),
        ],
    )
    def test_a_code_of_any_kind_is_remembered_as_what_it_is(self, text: str, code: str) -> None:
        needle()

        signed_in(mara()).post(
            "/scan/learn/", {"scan": text, "item": "needle-25g-15", "level": "each"}
        )

        assert str(ItemCode.objects.get()) == code

    def test_it_is_asked_once(self) -> None:
        carries(needle(), "gtin", UNKNOWN)

        answer = signed_in(mara()).get("/scan/learn/", ASKED)

        assert answer["Location"] == "/stock/counts/7/?scan=x"

    @pytest.mark.parametrize("text", ["", "nonsense", "]C1172802291061021543", "\x00"])
    def test_what_names_no_product_is_refused(self, text: str) -> None:
        page = signed_in(mara()).get("/scan/learn/", {"scan": text})

        assert page.context["refusal"].startswith("Expected a ")
        assert page.context["code"] is None

    @pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "x", ""])
    def test_it_never_leads_off_the_clinic(self, elsewhere: str) -> None:
        needle()

        answer = signed_in(mara()).post(
            "/scan/learn/",
            {"scan": UNKNOWN, "next": elsewhere, "item": "needle-25g-15", "level": "each"},
        )

        assert answer["Location"] == "/"

    def test_from_a_page_it_comes_back_with_the_scan_made_anew(self) -> None:
        needle()
        page = find(label(UNKNOWN, "A1", serial="7"), mara())
        asked = {name: values[0] for name, values in
                 parse_qs(urlsplit(page.redirect_chain[-1][0]).query).items()}  # fmt: skip

        answer = signed_in(mara()).post(
            "/scan/learn/", {**asked, "item": "needle-25g-15", "level": "each"}, follow=True
        )

        assert answer.request["PATH_INFO"] == "/catalog/items/needle-25g-15/"
        assert "is known from now on" in answer.text
