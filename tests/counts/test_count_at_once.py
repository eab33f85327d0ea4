"""Several people on count sheets at the same moment, in real threads on a real database."""

from decimal import Decimal

import pytest

from inventory.counts import record
from inventory.counts.record import Number, Scope
from inventory.counts.review import review
from inventory.stock import ledger
from inventory.stock.audit import check_ledger
from inventory.stock.models import Movement
from inventory.stock.requests import Want
from tests.clinic import NOW, dana, kenalog, mara, needle, place, received
from tests.counts.counting import count, explain, left, line_of, sheet_of
from tests.stock.test_concurrency import all_at_once, kinds_of

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8


def test_of_eight_who_make_a_sheet_of_one_place_one_does() -> None:
    received(needle(), 64)
    room, nurse = place(), mara()

    def make(_: int) -> object:
        return record.make(location=room, scope=Scope(), blind=True, by=nurse, now=NOW)

    assert kinds_of(all_at_once(make, CLIENTS)) == {"CountSheet": 1, "SheetIsOpen": CLIENTS - 1}


def test_of_eight_who_post_one_sheet_one_does() -> None:
    holding = received(needle(), 64)
    sheet = count(sheet_of(), {holding: 60})
    explain(sheet, holding, "Miscounted before")
    seen, nurse = review(sheet).seen, mara()
    posted = all_at_once(lambda _: record.post(sheet, seen=seen, by=nurse, now=NOW), CLIENTS)
    assert kinds_of(posted) == {"CountSheet": 1, "SheetIsClosed": CLIENTS - 1}
    assert (left(holding), Movement.objects.filter(kind="count").count()) == (60, 1)


def test_of_eight_numbers_for_one_row_one_is_kept_and_the_others_are_told() -> None:
    holding = received(needle(), 64)
    sheet, nurse = sheet_of(), mara()
    pk = line_of(sheet, holding).pk

    def enter(client: int) -> dict[int, Decimal | None]:
        number = Number(pk, Decimal(client), None)
        return record.save_numbers(sheet, [number], by=nurse, now=NOW)

    told = all_at_once(enter, CLIENTS)
    kept = line_of(sheet, holding).counted
    assert kept is not None
    assert [each for each in told if each] == [{pk: kept}] * (CLIENTS - 1)
    assert told[int(kept)] == {}


def test_a_post_among_those_who_draw_overwrites_nothing_that_was_used() -> None:
    needles, vials = received(needle(), 64), received(kenalog(), 20)
    sheet = count(sheet_of(), {needles: 64, vials: 20})
    seen, nurse, manager, room = review(sheet).seen, mara(), dana(), place()
    wants = [Want(kenalog(), Decimal(1)), Want(needle(), Decimal(1))]

    def act(client: int) -> object:
        if client == 0:
            return record.post(sheet, seen=seen, by=manager, now=NOW)
        return ledger.use(by=nurse, location=room, wants=wants, happened_at=NOW, now=NOW)

    done = kinds_of(all_at_once(act, CLIENTS))
    assert done["Use"] == CLIENTS - 1
    assert {"CountSheet", "ChangedSinceReview"} & set(done)
    assert (left(needles), left(vials)) == (64 - 7, 20 - 7)
    assert check_ledger().holds
