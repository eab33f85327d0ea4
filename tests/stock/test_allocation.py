"""How allocation chooses: first expiry, first out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.allocation import Stock, Wish, allocate, allocate_sealed

TODAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
LIDOCAINE, KENALOG, NEEDLE = 1, 2, 3


def vials(
    holding: int, count: int = 2, expires_on: date | None = date(2027, 6, 30), **more: Any
) -> Stock:
    """Sealed 20 mL multi-dose vials of lidocaine."""
    facts: dict[str, Any] = {"lot_id": holding, "status": "available"} | more
    return Stock(
        holding,
        item_id=LIDOCAINE,
        quantity=Decimal(20 * count),
        expires_on=expires_on,
        container_volume=Decimal(20),
        **facts,
    )


def opened(holding: int, left: str, beyond_use_on: date, **more: Any) -> Stock:
    facts: dict[str, Any] = {"expires_on": date(2027, 6, 30), "opened_at": MORNING} | more
    return Stock(
        holding,
        lot_id=holding,
        item_id=LIDOCAINE,
        quantity=Decimal(left),
        status="available",
        beyond_use_on=beyond_use_on,
        container_volume=Decimal(20),
        **facts,
    )


def kenalog(holding: int, count: int, **more: Any) -> Stock:
    facts: dict[str, Any] = {"status": "available", "expires_on": date(2027, 12, 31)} | more
    return Stock(
        holding,
        lot_id=holding,
        item_id=KENALOG,
        quantity=Decimal(count),
        container_volume=Decimal(1),
        single_dose=True,
        **facts,
    )


def wish(quantity: str, item: int = LIDOCAINE, **more: Any) -> Wish:
    return Wish(item, Decimal(quantity), **more)


def holdings_of(shelf: list[Stock], *wishes: Wish) -> list[list[int]]:
    lines = allocate(shelf, wishes, TODAY).lines
    return [[pick.stock.holding_id for pick in line.picks] for line in lines]


def test_the_sooner_expiry_goes_first() -> None:
    shelf = [vials(1, expires_on=date(2027, 6, 30)), vials(2, expires_on=date(2026, 12, 31))]
    assert holdings_of(shelf, wish("4")) == [[2]]


def test_no_expiry_goes_last() -> None:
    shelf = [vials(1, expires_on=None), vials(2, expires_on=date(2099, 12, 31))]
    assert holdings_of(shelf, wish("4")) == [[2]]


def test_of_equal_expiry_the_lot_received_first_goes_first() -> None:
    earlier, later = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)
    shelf = [vials(1, received_at=later), vials(2, received_at=earlier)]
    assert holdings_of(shelf, wish("4")) == [[2]]


def test_an_opened_vial_goes_before_any_sealed_one() -> None:
    shelf = [vials(1, expires_on=date(2026, 11, 30)), opened(2, "16", date(2026, 12, 20))]
    assert holdings_of(shelf, wish("4")) == [[2]]


def test_of_opened_vials_the_soonest_beyond_use_date_goes_first() -> None:
    shelf = [opened(1, "16", date(2026, 12, 20)), opened(2, "16", date(2026, 12, 10))]
    assert holdings_of(shelf, wish("4")) == [[2]]


def test_of_equal_beyond_use_dates_the_vial_opened_first_goes_first() -> None:
    noon = MORNING.replace(hour=12)
    shelf = [opened(1, "9", date(2026, 12, 1), opened_at=noon), opened(2, "9", date(2026, 12, 1))]
    assert holdings_of(shelf, wish("4")) == [[2]]


@pytest.mark.parametrize(
    ("stock", "usable"),
    [
        (vials(1, expires_on=TODAY), True),
        (vials(1, expires_on=date(2026, 11, 22)), False),
        (opened(1, "20", TODAY), True),
        (opened(1, "20", date(2026, 11, 22)), False),
        (vials(1, status="quarantined"), False),
        (vials(1, status="recalled"), False),
    ],
)
def test_what_cannot_be_used_is_never_chosen(stock: Stock, usable: bool) -> None:
    assert bool(allocate([stock], [wish("4")], TODAY).shortages) is not usable


def test_an_opened_vial_is_emptied_before_the_next_one_is_opened() -> None:
    allocation = allocate([vials(1), opened(2, "3", date(2026, 12, 1))], [wish("5")], TODAY)
    assert [pick.administered for pick in allocation.lines[0].picks] == [3, 2]
    assert [vial.left for vial in allocation.opened] == [18]


def test_a_large_dose_opens_as_many_vials_as_it_takes() -> None:
    allocation = allocate([vials(1, 3)], [wish("45")], TODAY)
    assert [vial.left for vial in allocation.opened] == [0, 0, 15]


def test_the_second_line_draws_from_the_vial_that_the_first_one_opened() -> None:
    allocation = allocate([vials(1, 1)], [wish("12"), wish("8")], TODAY)
    assert not allocation.shortages
    assert len(allocation.opened) == 1


def test_a_single_dose_container_leaves_whole() -> None:
    (line,) = allocate([kenalog(1, 5)], [wish("1.5", KENALOG)], TODAY).lines
    assert (line.picks[0].containers, line.discarded) == (2, Decimal("0.5"))


def test_two_lines_of_one_procedure_share_a_single_dose_container() -> None:
    lines = allocate([kenalog(1, 1)], [wish("0.5", KENALOG), wish("0.3", KENALOG)], TODAY).lines
    assert [line.discarded for line in lines] == [Decimal("0.2"), 0]


def test_single_doses_come_from_a_second_lot_when_the_first_is_used_up() -> None:
    shelf = [kenalog(1, 1, expires_on=date(2026, 12, 1)), kenalog(2, 5)]
    (line,) = allocate(shelf, [wish("1.5", KENALOG)], TODAY).lines
    assert [(pick.administered, pick.discarded) for pick in line.picks] == [
        (1, 0),
        (Decimal("0.5"), Decimal("0.5")),
    ]


def test_a_short_line_says_what_there_is_and_takes_nothing() -> None:
    (line,) = allocate([vials(1, 1), opened(2, "3", TODAY)], [wish("30")], TODAY).lines
    assert (line.short, line.available, line.picks) == (True, 23, [])


def test_a_line_is_short_of_what_an_earlier_line_took() -> None:
    shelf = [Stock(1, 1, NEEDLE, Decimal(10), "available")]
    first, second = allocate(shelf, [wish("6", NEEDLE), wish("6", NEEDLE)], TODAY).lines
    assert (first.short, second.short, second.available) == (False, True, 4)


def test_a_chosen_lot_is_the_only_one_that_serves() -> None:
    shelf = [vials(1, 1, date(2026, 12, 1)), vials(2, 1)]
    assert holdings_of(shelf, wish("4", lot_id=2)) == [[2]]


def test_a_chosen_holding_is_the_only_one_that_serves() -> None:
    shelf = [opened(1, "9", TODAY), vials(2)]
    assert holdings_of(shelf, wish("4", holding_id=2)) == [[2]]


def test_a_person_may_choose_what_must_not_be_used() -> None:
    shelf = [vials(1, expires_on=date(2026, 1, 1))]
    assert holdings_of(shelf, wish("4", lot_id=1, unusable=True)) == [[1]]


def test_sealed_stock_is_moved_first_expiry_first() -> None:
    shelf = [vials(1, 2), vials(2, 1, date(2026, 12, 1)), opened(3, "9", TODAY)]
    parts, missing = allocate_sealed(shelf, Decimal(40), TODAY)
    assert [(stock.holding_id, quantity) for stock, quantity in parts] == [(2, 20), (1, 20)]
    assert missing == 0


amounts = st.decimals("0.001", "60", places=3)
shelves = st.lists(
    st.one_of(
        st.builds(
            vials, st.just(0), st.integers(1, 3), st.dates(date(2026, 11, 1), date(2027, 2, 1))
        ),
        st.builds(
            opened, st.just(0), amounts.map(str), st.dates(date(2026, 11, 1), date(2027, 2, 1))
        ),
        st.builds(lambda count: kenalog(0, count), st.integers(1, 5)),
    ),
    max_size=6,
).map(lambda stocks: [_numbered(stock, number) for number, stock in enumerate(stocks, 1)])
wishes = st.lists(st.builds(Wish, st.sampled_from([LIDOCAINE, KENALOG]), amounts), max_size=4)


def _numbered(stock: Stock, number: int) -> Stock:
    values = {name: getattr(stock, name) for name in Stock.__slots__}
    return Stock(**values | {"holding_id": number, "lot_id": number})


@given(shelves, wishes)
def test_a_line_gets_exactly_what_it_wants_or_nothing(
    shelf: list[Stock], asked: list[Wish]
) -> None:
    for line in allocate(shelf, asked, TODAY).lines:
        administered = sum(pick.administered for pick in line.picks)
        assert administered == (0 if line.short else line.wish.quantity)


@given(shelves, wishes)
def test_no_more_is_taken_than_there_is_and_single_doses_leave_whole(
    shelf: list[Stock], asked: list[Wish]
) -> None:
    allocation = allocate(shelf, asked, TODAY)
    for stock in shelf:
        picks = [p for line in allocation.lines for p in line.picks if p.stock == stock]
        direct = sum(p.administered + p.discarded for p in picks if p.vial is None)
        opened_here = sum(vial.volume for vial in allocation.opened if vial.source == stock)
        assert direct + opened_here <= stock.quantity
        if stock.single_dose:
            assert direct % 1 == 0
            assert direct == sum(p.containers for p in picks)


@given(shelves, wishes)
def test_nothing_unusable_is_ever_picked(shelf: list[Stock], asked: list[Wish]) -> None:
    for line in allocate(shelf, asked, TODAY).lines:
        assert all(pick.stock.usable(TODAY) for pick in line.picks)


@given(shelves, wishes)
def test_no_more_vials_are_opened_than_the_doses_need(
    shelf: list[Stock], asked: list[Wish]
) -> None:
    partly_full = [vial for vial in allocate(shelf, asked, TODAY).opened if vial.left]
    assert len(partly_full) <= 1
