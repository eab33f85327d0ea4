"""Dana brings her stock sheet in on the pages."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.catalog.models import Item, Location
from inventory.imports.models import KEPT_DAYS, Import, ImportLayout, ImportRow, KnownName
from inventory.stock import ledger
from inventory.stock.audit import check_ledger
from inventory.stock.errors import InvalidLine
from inventory.stock.models import Holding, Lot, Movement
from tests.clinic import (
    NOW,
    dana,
    gauze,
    kenalog,
    lidocaine,
    mara,
    needle,
    on_hand,
    opened_vial,
    place,
    priya,
    received,
    signed_in,
)
from tests.imports.uploads import (
    A_FEW,
    ABOUT_TEN,
    GAUZE,
    LIDOCAINE,
    NEEDLES,
    TONER,
    Desk,
    clinic,
    csv_of,
    outcomes,
    row_of,
    rows_in,
    told,
    workbook_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning", "stocked")]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def stocked() -> None:
    clinic()


@pytest.fixture
def desk() -> Desk:
    return Desk()


# Uploading


def test_an_upload_writes_no_stock(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, NEEDLES)

    assert outcomes(upload) == ["accept", "accept"]
    assert not Movement.objects.exists()
    assert not Lot.objects.exists()


def test_the_page_shows_what_was_typed_and_what_is_understood(desk: Desk) -> None:
    page = desk.page(desk.uploaded(LIDOCAINE), outcome="accept")

    assert "2 vials" in page
    assert "40 mL" in page
    assert "Dec 31, 2027" in page
    assert "1 row: 1 lot into 1 place" in page


def test_a_refused_row_says_why_at_its_cell(desk: Desk) -> None:
    upload = desk.uploaded(TONER, LIDOCAINE)

    page = desk.page(upload, outcome="reject")

    assert "Toner cartridge HP 58A" in page
    assert told(row_of(upload, 2)) in page.replace("&quot;", '"')
    assert "Lidocaine" not in page.partition('class="import-rows"')[2].partition("</ul>")[0]


def test_no_file_is_refused_in_a_sentence(desk: Desk) -> None:
    answer = desk.browser.post("/imports/add/", {"kind": "stock"})

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_what_cannot_be_read_is_refused_in_a_sentence(desk: Desk) -> None:
    answer = desk.upload(b"%PDF-1.7 and so on", "stock.pdf")

    assert answer.status_code == 422
    assert "Expected a workbook (.xlsx) or text (.csv)" in answer.text
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused_in_a_sentence(desk: Desk) -> None:
    answer = desk.upload(b"x" * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 422
    assert "Expected a file of at most 10 MB" in answer.text


def test_a_body_that_is_far_too_large_is_not_even_read(desk: Desk) -> None:
    answer = desk.browser.generic(
        "POST", "/imports/add/", b"", headers={"Content-Length": str(10**9)}
    )

    assert answer.status_code == 413
    assert "at most 10 MB" in answer.text


def test_a_place_is_asked_for_where_a_row_names_none(desk: Desk) -> None:
    nowhere = (*LIDOCAINE[:4], "", "")

    asked = desk.uploaded(nowhere)
    told_where = desk.uploaded(nowhere, name="again.csv", place="storeroom")

    assert outcomes(asked) == ["decide"]
    assert outcomes(told_where) == ["accept"]
    assert row_of(told_where, 2).understood["location"] == "storeroom"


def test_the_sheet_says_where_its_rows_go(desk: Desk) -> None:
    nowhere = (*LIDOCAINE[:4], "", "")
    upload = desk.matched(desk.upload(workbook_of(Rm_1=[nowhere]), "stock.xlsx"))

    assert row_of(upload, 2, "Rm 1").understood["location"] == "room-1"


def test_an_upload_that_is_open_is_found_again_as_it_was_left(desk: Desk) -> None:
    upload = desk.uploaded(A_FEW)
    desk.answer(row_of(upload, 2), row="leave_out")

    again = desk.uploaded(A_FEW)

    assert again == upload
    assert outcomes(again) == ["ignore"]


def test_an_upload_can_be_thrown_away(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE)

    desk.browser.post(f"/imports/{upload.pk}/remove/")

    assert not Import.objects.exists()
    assert not ImportRow.objects.exists()


def test_what_was_brought_in_is_not_thrown_away(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE)
    desk.commit(upload)

    answer = desk.browser.post(f"/imports/{upload.pk}/remove/", follow=True)

    assert "was brought in already" in answer.text
    assert Import.objects.filter(pk=upload.pk).exists()


def test_an_upload_that_nobody_finished_goes_when_its_time_is_over(desk: Desk) -> None:
    old, young = desk.uploaded(LIDOCAINE), desk.uploaded(NEEDLES)
    Import.objects.filter(pk=old.pk).update(uploaded_at=NOW - timedelta(days=KEPT_DAYS, seconds=1))
    Import.objects.filter(pk=young.pk).update(uploaded_at=NOW - timedelta(days=KEPT_DAYS))

    desk.uploaded(GAUZE)

    assert not Import.objects.filter(pk=old.pk).exists()
    assert Import.objects.filter(pk=young.pk).exists()


def test_rows_that_were_brought_in_outlast_those_that_were_not(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, TONER)
    desk.commit(upload)
    Import.objects.update(committed_at=NOW - timedelta(days=KEPT_DAYS, seconds=1))

    desk.uploaded(GAUZE)

    assert outcomes(upload) == ["accept"]


# Columns


def test_new_headings_are_looked_at_before_the_rows(desk: Desk) -> None:
    answer = desk.upload(csv_of(LIDOCAINE))
    upload = Import.objects.get()

    page = desk.browser.get(answer.headers["Location"])

    assert page.headers["Location"] == f"/imports/{upload.pk}/columns/"
    assert "2 vials" in desk.browser.get(page.headers["Location"]).text


def test_headings_that_are_known_are_not_asked_about_again(desk: Desk) -> None:
    desk.uploaded(LIDOCAINE)

    answer = desk.upload(csv_of(NEEDLES), "tomorrow.csv")

    assert desk.browser.get(answer.headers["Location"]).status_code == 200
    assert ImportLayout.objects.count() == 1


def test_a_column_is_what_dana_says_it_is(desk: Desk) -> None:
    line = (*LIDOCAINE[:2], "X9", *LIDOCAINE[3:5], "A1")
    desk.upload(csv_of(line, headings=("Item", "Quantity", "Lot", "Expires", "Where", "Batch")))
    upload = Import.objects.get()

    desk.match(upload, **{"sheet-0-2": "", "sheet-0-5": "lot"})

    assert row_of(upload, 2).understood["lot"] == "A1"


def test_two_columns_cannot_be_the_same(desk: Desk) -> None:
    desk.upload(csv_of(LIDOCAINE))

    answer = desk.match(Import.objects.get(), **{"sheet-0-5": "lot"})

    assert answer.status_code == 422
    assert "Two columns are said to be “Lot”" in answer.text


def test_a_sheet_needs_a_column_of_items(desk: Desk) -> None:
    desk.upload(csv_of(LIDOCAINE))

    answer = desk.match(Import.objects.get(), **{"sheet-0-0": ""})

    assert answer.status_code == 422
    assert "Say which column is “Item”" in answer.text


def test_a_sheet_with_no_columns_is_left_out(desk: Desk) -> None:
    desk.upload(workbook_of(Rm_1=[LIDOCAINE], Old=[NEEDLES]), "stock.xlsx")
    upload = Import.objects.get()

    desk.match(upload, **{f"sheet-1-{column}": "" for column in range(6)})

    assert outcomes(upload.rows.filter(sheet="Rm 1")[0].upload)[0] == "accept"
    assert set(upload.rows.filter(sheet="Old").values_list("outcome", flat=True)) == {"ignore"}


def test_answers_outlast_a_change_of_the_columns(desk: Desk) -> None:
    upload = desk.uploaded(A_FEW, LIDOCAINE)
    desk.answer(row_of(upload, 2), **{"typed-quantity": "3 vials"})

    desk.match(upload, **{"sheet-0-5": ""})

    assert row_of(upload, 2).understood["quantity"] == "3"


# Deciding


def test_a_count_is_decided_in_place(desk: Desk) -> None:
    upload = desk.uploaded(ABOUT_TEN)
    assert outcomes(upload) == ["decide"]

    desk.answer(row_of(upload, 2), **{"typed-quantity": "11 vials"})

    row = row_of(upload, 2)
    assert (row.outcome, row.understood["quantity"]) == ("accept", "11")


def test_a_choice_is_pressed(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, LIDOCAINE)
    assert outcomes(upload) == ["accept", "decide"]

    desk.answer(row_of(upload, 3), row="take_in")

    assert outcomes(upload) == ["accept", "accept"]


def test_an_item_is_picked_by_its_name_and_remembered(desk: Desk) -> None:
    upload = desk.uploaded(("5cc thingy", *NEEDLES[1:]))

    desk.answer(row_of(upload, 2), **{"typed-item": needle().name})

    assert row_of(upload, 2).understood["item"] == "needle-25g-15"
    assert KnownName.objects.get().item == needle()
    assert outcomes(desk.uploaded(("5CC  Thingy", *NEEDLES[1:]), name="next.csv")) == ["accept"]


def test_an_item_that_is_not_there_is_refused_at_its_row(desk: Desk) -> None:
    upload = desk.uploaded(TONER)

    answer = desk.answer(row_of(upload, 2), **{"typed-item": "toner"})

    assert answer.status_code == 422
    assert "There is no item “toner”" in answer.text


def test_an_answer_that_says_nothing_is_refused_at_its_row(desk: Desk) -> None:
    upload = desk.uploaded(ABOUT_TEN)

    answer = desk.answer(row_of(upload, 2))

    assert answer.status_code == 422
    assert "Expected an answer" in answer.text


def test_an_answer_is_one_of_those_offered(desk: Desk) -> None:
    upload = desk.uploaded((*LIDOCAINE[:5], "set aside, do not use"))

    answer = desk.answer(row_of(upload, 2), hold="sell it")

    assert answer.status_code == 422
    assert "Expected one of the answers offered" in answer.text


@pytest.mark.parametrize("given", ["\0", "x" * 201], ids=["unprintable", "long"])
def test_an_answer_is_plain_text(desk: Desk, given: str) -> None:
    upload = desk.uploaded(ABOUT_TEN)

    answer = desk.answer(row_of(upload, 2), **{"typed-quantity": given})

    assert answer.status_code == 422
    assert row_of(upload, 2).answers == {}


def test_an_answer_can_be_taken_back(desk: Desk) -> None:
    upload = desk.uploaded(ABOUT_TEN)
    desk.answer(row_of(upload, 2), row="leave_out")

    desk.answer(row_of(upload, 2), again="1")

    assert outcomes(upload) == ["decide"]


def test_every_row_of_one_name_is_answered_at_once(desk: Desk) -> None:
    line = ("5cc thingy", "3", "L1", "2029-09-30", "Room 1", "")
    upload = desk.uploaded(line, (*line[:2], "L2", *line[3:]))
    rows = list(upload.rows.all())
    assert outcomes(upload) in (["decide"] * 2, ["reject"] * 2)

    ImportRow.objects.update(outcome="decide")
    desk.answer(rows[0], alike="1", **{"typed-item": "needle-25g-15"})

    assert outcomes(upload) == ["accept", "accept"]


@pytest.mark.parametrize("outcome", ["decide", "reject"])
def test_all_rows_of_a_kind_are_left_out_at_once(desk: Desk, outcome: str) -> None:
    upload = desk.uploaded(ABOUT_TEN, TONER, LIDOCAINE)

    desk.browser.post(f"/imports/{upload.pk}/leave-out/", {"outcome": outcome})

    assert outcome not in outcomes(upload)
    assert outcomes(upload).count("ignore") == 1


def test_accepted_rows_are_never_left_out_in_one_press(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE)

    desk.browser.post(f"/imports/{upload.pk}/leave-out/", {"outcome": "accept"})

    assert outcomes(upload) == ["accept"]


def test_an_answer_replaces_the_part_of_the_page_that_it_changes(desk: Desk) -> None:
    upload = desk.uploaded(ABOUT_TEN, LIDOCAINE)

    answer = desk.browser.post(
        f"/imports/{upload.pk}/rows/{row_of(upload, 2).pk}/?outcome=decide",
        {"typed-quantity": "11 vials"},
        headers=HTMX,
    )

    assert answer.text.strip().startswith('<div id="import">')
    assert "Nothing needs a decision." in answer.text
    assert "2 rows: 2 lots into 1 place" in answer.text


def test_a_row_of_another_upload_is_not_there(desk: Desk) -> None:
    one, other = desk.uploaded(ABOUT_TEN), desk.uploaded(A_FEW)

    answer = desk.browser.post(
        f"/imports/{one.pk}/rows/{row_of(other, 2).pk}/", {"row": "leave_out"}
    )

    assert answer.status_code == 404


def test_fifty_rows_stand_on_a_page(desk: Desk) -> None:
    lines = [(needle().name, "5", f"L{n}", "2029-09-30", "Room 1", "") for n in range(60)]
    upload = desk.uploaded(*lines)

    assert desk.page(upload, outcome="accept").count('<li id="row-') == 50
    assert desk.page(upload, outcome="accept", page="2").count('<li id="row-') == 10
    assert desk.page(upload, outcome="nonsense", page="x").count('<li id="row-') == 50


# Names that read alike


def test_a_name_that_only_reads_alike_is_looked_at_first(desk: Desk) -> None:
    upload = desk.uploaded(("lido 1% 20ml MDV", *LIDOCAINE[1:]))
    assert outcomes(upload) == ["accept"]

    answer = desk.commit(upload)

    assert answer.status_code == 422
    assert "1 name was matched by likeness. Look at them first." in answer.text
    assert not Movement.objects.exists()


def test_names_are_confirmed_once_for_all_rows_and_files(desk: Desk) -> None:
    line = ("lido 1% 20ml MDV", *LIDOCAINE[1:])
    upload = desk.uploaded(line, (*line[:2], "B2", *line[3:]))
    assert "2 rows" in desk.browser.get(f"/imports/{upload.pk}/names/").text

    answer = desk.confirm_names(upload)

    assert answer.url == f"/imports/{upload.pk}/"
    assert "Look at" not in desk.page(upload)
    assert "Look at" not in desk.page(desk.uploaded(line, name="next.csv"))


def test_a_name_may_mean_another_item(desk: Desk) -> None:
    upload = desk.uploaded(("lido 1% 20ml MDV", "40", *NEEDLES[2:]))

    desk.confirm_names(upload, **{f"item-{row_of(upload, 2).pk}": needle().name})

    assert row_of(upload, 2).understood["item"] == "needle-25g-15"


def test_a_name_cannot_mean_an_item_that_is_not_there(desk: Desk) -> None:
    upload = desk.uploaded(("lido 1% 20ml MDV", *LIDOCAINE[1:]))

    answer = desk.confirm_names(upload, **{f"item-{row_of(upload, 2).pk}": "toner"})

    assert answer.status_code == 422
    assert not KnownName.objects.exists()


def test_only_names_that_were_shown_are_confirmed(desk: Desk) -> None:
    upload = desk.uploaded(("lido 1% 20ml MDV", *LIDOCAINE[1:]))

    desk.browser.post(f"/imports/{upload.pk}/names/", {"shown": f"{row_of(upload, 2).pk}:other"})

    assert not KnownName.objects.exists()


# Bringing in


def test_accepted_rows_are_written_through_the_ledger(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, NEEDLES, GAUZE)

    answer = desk.commit(upload)

    assert answer.url == f"/imports/{upload.pk}/"
    assert [on_hand(item) for item in (lidocaine(), needle(), gauze())] == [40, 64, 1200]
    movement = Movement.objects.get()
    assert (movement.kind, movement.by) == ("receipt", dana())
    assert movement.reference == "Import of stock.csv"
    assert check_ledger().holds


def test_the_result_says_what_was_written_and_where_to_look(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, NEEDLES, TONER)
    desk.commit(upload)

    page = desk.page(upload)

    assert "2 rows: 2 lots into 1 place." in page
    assert "by Dana Lindqvist" in page
    assert reverse("movement_detail", args=[Movement.objects.get().pk]) in page
    assert "/stock/?location=room-1" in page
    assert "Download 1 row to mend" in page


def test_the_file_itself_is_gone_once_it_is_brought_in(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE)
    desk.commit(upload)

    upload.refresh_from_db()
    assert upload.content is None


def test_pressed_twice_it_is_written_once(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE)

    first, second = desk.commit(upload), desk.commit(upload)

    assert first.url == second.url
    assert on_hand(lidocaine()) == 40


def test_the_same_file_again_changes_nothing_and_says_when_and_by_whom(desk: Desk) -> None:
    desk.commit(desk.uploaded(LIDOCAINE))

    answer = desk.upload(csv_of(LIDOCAINE), "another name.csv")

    assert answer.status_code == 422
    assert "This very file was brought in on Nov 23, 2026 by Dana Lindqvist" in answer.text
    assert on_hand(lidocaine()) == 40


def test_the_same_file_in_two_uploads_is_brought_in_once(desk: Desk) -> None:
    one = desk.uploaded(LIDOCAINE)
    other = desk.uploaded(LIDOCAINE, place="storeroom")
    assert one != other
    desk.commit(one)

    answer = desk.commit(other)

    assert answer.status_code == 422
    assert "This very file was brought in on" in answer.text
    assert on_hand(lidocaine()) == 40


def test_a_row_that_went_in_from_another_file_is_asked_about(desk: Desk) -> None:
    desk.commit(desk.uploaded(LIDOCAINE))

    upload = desk.uploaded(LIDOCAINE, NEEDLES, name="all of it again.csv")

    assert outcomes(upload) == ["decide", "accept"]
    assert "went in before, from another file" in told(row_of(upload, 2))


def test_with_no_accepted_row_there_is_nothing_to_bring_in(desk: Desk) -> None:
    upload = desk.uploaded(TONER)

    answer = desk.commit(upload)

    assert answer.status_code == 422
    assert "no row that could be brought in" in answer.text
    upload.refresh_from_db()
    assert upload.is_open


def test_an_opened_vial_goes_in_as_one_opened_vial(desk: Desk) -> None:
    upload = desk.uploaded((LIDOCAINE[0], "14 mL", *LIDOCAINE[2:5], "opened 11/12"))
    desk.answer(row_of(upload, 2), opened="take_in")

    desk.commit(upload)

    vial = opened_vial(lidocaine())
    assert (vial.quantity, vial.beyond_use_on) == (14, date(2026, 12, 10))
    assert timezone.localdate(vial.opened_at) == date(2026, 11, 12)
    assert on_hand(lidocaine()) == 14
    assert Movement.objects.get(kind="count").reason == "Opened before it was brought in"
    assert check_ledger().holds


def test_sealed_vials_and_an_opened_one_go_in_from_one_row(desk: Desk) -> None:
    upload = desk.uploaded((LIDOCAINE[0], "2.5 vials", *LIDOCAINE[2:5], "opened 11/12"))
    desk.answer(row_of(upload, 2), opened="take_in", **{"typed-opened_left": "9 mL"})

    desk.commit(upload)

    assert opened_vial(lidocaine()).quantity == 9
    assert Holding.objects.sealed().on_hand().get().quantity == 40


def test_what_is_set_aside_goes_in_as_quarantined(desk: Desk) -> None:
    upload = desk.uploaded((*LIDOCAINE[:5], "set aside, do not use"))
    desk.answer(row_of(upload, 2), hold="quarantine")

    desk.commit(upload)

    lot = Lot.objects.get()
    assert lot.status == "quarantined"
    assert lot.status_changes.get().reason == "set aside, do not use"


def test_an_expired_lot_goes_in_as_expired(desk: Desk) -> None:
    upload = desk.uploaded((*LIDOCAINE[:3], "08/2026", *LIDOCAINE[4:]))

    desk.commit(upload)

    assert Lot.objects.get().expires_on == date(2026, 8, 31)
    assert not Holding.objects.usable_on(timezone.localdate()).exists()


def test_a_known_lot_with_another_expiry_is_asked_about(desk: Desk) -> None:
    received(lidocaine(), 20, "A1", date(2027, 6, 30))

    upload = desk.uploaded(LIDOCAINE)

    assert outcomes(upload) == ["decide"]
    assert "the clinic’s record" in told(row_of(upload, 2))


def test_when_something_has_changed_since_nothing_is_written_and_the_row_says_so(
    desk: Desk,
) -> None:
    upload = desk.uploaded(LIDOCAINE, NEEDLES)
    received(lidocaine(), 20, "A1", date(2027, 6, 30))
    movements = Movement.objects.count()

    answer = desk.commit(upload)

    assert answer.status_code == 422
    assert "something has changed since you looked. One row is understood otherwise" in answer.text
    assert Movement.objects.count() == movements
    assert outcomes(upload) == ["decide", "accept"]


def test_what_the_ledger_refuses_undoes_all_of_it_and_is_said_at_the_row(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = desk.uploaded(NEEDLES, LIDOCAINE)

    def refuse(**asked: Any) -> Any:
        raise InvalidLine("lines.1.quantity", "There is no room on the shelf.")

    monkeypatch.setattr(ledger, "receive", refuse)
    answer = desk.commit(upload)

    assert answer.status_code == 422
    assert "Nothing was written. Row 3: There is no room on the shelf." in answer.text
    assert outcomes(upload) == ["accept", "reject"]
    assert not Movement.objects.exists()
    upload.refresh_from_db()
    assert upload.is_open
    assert upload.content


def test_a_place_that_is_not_in_use_any_more_stops_it(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE)
    Location.objects.filter(code="room-1").update(is_active=False)

    answer = desk.commit(upload)

    assert answer.status_code == 422
    assert not Movement.objects.exists()


def test_an_item_that_is_not_in_use_any_more_stops_it(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE)
    Item.objects.update(is_active=False)

    answer = desk.commit(upload)

    assert answer.status_code == 422
    assert not Movement.objects.exists()


def test_each_place_has_a_receipt_of_its_own(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, (*NEEDLES[:4], "Storeroom", ""))

    desk.commit(upload)

    assert [movement.entries.get().location for movement in Movement.objects.order_by("pk")] == [
        place(),
        place("storeroom"),
    ]


def test_while_it_is_written_its_page_says_how_far_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = desk.uploaded(LIDOCAINE, NEEDLES)
    told: list[str] = []
    receive = ledger.receive

    def receive_slowly(**asked: Any) -> Any:
        told.append(desk.browser.get(f"/imports/{upload.pk}/progress/").text)
        return receive(**asked)

    monkeypatch.setattr(ledger, "receive", receive_slowly)
    desk.commit(upload)

    assert "0 of 2 rows written" in told[0]
    assert "rows written" not in desk.browser.get(f"/imports/{upload.pk}/progress/").text


# What stays out


def test_rows_that_stay_out_are_mended_and_uploaded_again(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, TONER, A_FEW)
    desk.commit(upload)

    content = desk.browser.get(f"/imports/{upload.pk}/mend/").content

    headings, *rows = rows_in(content)
    assert [row[headings.index("Item")] for row in rows] == [TONER[0], A_FEW[0]]
    assert "a few" in rows[1][0]
    again = desk.matched(desk.upload(content, "mended.xlsx"))
    assert outcomes(again) == ["reject", "reject"]


def test_a_mended_row_goes_in(desk: Desk) -> None:
    upload = desk.uploaded(LIDOCAINE, A_FEW)
    desk.commit(upload)

    headings, row = rows_in(desk.browser.get(f"/imports/{upload.pk}/mend/").content)
    mended = ["6 vials" if text == "a few" else text or "" for text in row]
    again = desk.matched(desk.upload(csv_of(mended, headings=headings), "mended.csv"))
    desk.commit(again)

    assert on_hand(kenalog()) == 6


def test_what_looks_like_a_formula_comes_back_as_text(desk: Desk) -> None:
    upload = desk.uploaded(('=HYPERLINK("http://192.0.2.7/x","Gauze")', *GAUZE[1:]))

    content = desk.browser.get(f"/imports/{upload.pk}/mend/").content

    _, row = rows_in(content)
    assert '=HYPERLINK("http://192.0.2.7/x","Gauze")' in row
    assert b"<f>" not in content


def test_a_template_offers_the_items_and_places_of_the_clinic(desk: Desk) -> None:
    content = desk.browser.get("/imports/templates/stock/").content

    assert rows_in(content)[0][:2] == ["Item *", "Quantity *"]
    assert desk.browser.get("/imports/templates/nonsense/").status_code == 404


def test_an_empty_template_brings_nothing_in(desk: Desk) -> None:
    content = desk.browser.get("/imports/templates/stock/").content

    upload = desk.matched(desk.upload(content, "template.xlsx"))

    assert set(outcomes(upload)) <= {"ignore"}


# Who, and first steps


@pytest.mark.parametrize("who", [mara, priya])
def test_only_managers_bring_files_in(who: Any) -> None:
    upload = Desk().uploaded(LIDOCAINE)
    browser = signed_in(who())

    assert browser.get("/imports/").status_code == 403
    assert browser.get(f"/imports/{upload.pk}/").status_code == 403
    assert browser.post(f"/imports/{upload.pk}/commit/").status_code == 403
    assert "Bring in" not in browser.get("/").text


def test_a_new_clinic_is_shown_its_first_steps(desk: Desk) -> None:
    assert "There is no stock yet." in desk.browser.get("/").text

    page = desk.browser.get("/imports/").text

    assert "From an empty clinic to the first procedure" in page
    assert "Upload your stock sheet" in page


def test_a_clinic_with_stock_is_not_shown_the_way_on_its_home_page(desk: Desk) -> None:
    received(lidocaine(), 20)

    assert "There is no stock yet." not in desk.browser.get("/").text


def test_the_starter_catalog_is_loaded_with_a_button(desk: Desk) -> None:
    answer = desk.browser.post("/imports/starter/", follow=True)

    assert "Added" in answer.text
    assert Item.objects.filter(sku="botox-100").exists()


def test_an_unmatched_upload_has_no_rows_to_look_at_yet(desk: Desk) -> None:
    desk.upload(csv_of(LIDOCAINE))
    upload = Import.objects.get()

    page = desk.browser.get(f"/imports/{upload.pk}/")
    assert page.headers["Location"] == f"/imports/{upload.pk}/columns/"
    assert desk.commit(upload).status_code == 422
    assert on_hand(lidocaine()) == Decimal(0)
