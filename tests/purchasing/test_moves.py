"""What to carry to a room that uses it, worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.purchasing.planning.expiry import unused_by_lot
from inventory.purchasing.planning.moves import Move, Shelf, Stored, moves
from tests.purchasing.shop import TODAY

VIAL = Decimal(20)
STORE, ROOM, OTHER = 1, 2, 3


def day(count: int) -> date:
    return TODAY + timedelta(days=count)


def stored(key: int, days: int | None, quantity: int, *, is_opened: bool = False) -> Stored:
    last_day = None if days is None else day(days)
    return Stored(key, last_day, Decimal(quantity), is_opened)


def shelf(place: int, *stock: Stored, daily: int = 0, treatment_area: bool = False) -> Shelf:
    return Shelf(place, stock, Decimal(daily), treatment_area)


def test_what_nobody_uses_goes_to_the_room_that_does_in_time_to_be_used_up() -> None:
    found = moves([shelf(STORE, stored(7, 30, 60)), shelf(ROOM, daily=2)], VIAL, TODAY)

    # 60 mL at 2 a day take the thirty days whole.
    assert found == [Move(7, STORE, ROOM, Decimal(60), Decimal(60), day(0))]


def test_only_what_the_room_does_not_have_itself_is_moved() -> None:
    room = shelf(ROOM, stored(8, 20, 40), daily=2)

    found = moves([shelf(STORE, stored(7, 40, 60)), room], VIAL, TODAY)

    # 80 mL in forty days, and 40 of its own: two vials, by the twentieth day.
    assert found == [Move(7, STORE, ROOM, Decimal(40), Decimal(40), day(20))]


def test_a_vial_moves_only_when_half_of_it_would_be_used() -> None:
    def carried(daily: int) -> list[Decimal]:
        store = shelf(STORE, stored(7, 1, 40))
        return [each.quantity for each in moves([store, shelf(ROOM, daily=daily)], VIAL, TODAY)]

    assert carried(9) == []
    assert carried(10) == [20]
    assert carried(29) == [20]
    assert carried(30) == [40]


def test_a_lot_is_shared_out_among_the_rooms() -> None:
    rooms = [shelf(ROOM, daily=1), shelf(OTHER, daily=2)]

    found = moves([shelf(STORE, stored(7, 20, 100)), *rooms], VIAL, TODAY)

    assert {(each.destination, each.quantity) for each in found} == {(OTHER, 40), (ROOM, 20)}


def test_lots_that_come_to_one_room_leave_each_other_time() -> None:
    store = shelf(STORE, stored(7, 20, 20), stored(8, 24, 20))

    found = moves([store, shelf(ROOM, daily=2)], VIAL, TODAY)

    # The second takes the days 14 to 24, and the first the ten before these.
    assert [(each.key, each.by) for each in found] == [(7, day(4)), (8, day(14))]


def test_an_opened_vial_moves_whole_and_not_across_a_treatment_area() -> None:
    store = shelf(STORE, stored(7, 20, 12, is_opened=True))

    assert [each.quantity for each in moves([store, shelf(ROOM, daily=1)], VIAL, TODAY)] == [12]
    assert moves([store, shelf(ROOM, daily=1, treatment_area=True)], VIAL, TODAY) == []


def test_what_lasts_where_it_is_stays() -> None:
    room = shelf(ROOM, stored(7, 30, 60), stored(8, None, 500), daily=2)

    assert moves([room, shelf(OTHER, daily=5)], VIAL, TODAY) == []


shelves = st.lists(
    st.builds(
        lambda place, stock, daily, area: (place, stock, daily, area),
        st.integers(),
        st.lists(
            st.tuples(st.none() | st.integers(-2, 120), st.integers(1, 8), st.booleans()),
            max_size=4,
        ),
        st.decimals(0, 6, places=3),
        st.booleans(),
    ),
    max_size=4,
)


@given(shelves, st.sampled_from([Decimal(1), VIAL, Decimal("2.5")]))
def test_moves_take_what_is_there_and_never_lose_more(drawn: list, step: Decimal) -> None:  # type: ignore[type-arg]
    number = iter(range(100))
    before = [
        Shelf(
            place,
            [
                Stored(next(number), None if days is None else day(days), step * count, opened)
                for days, count, opened in stock
            ],
            daily,
            area,
        )
        for place, (_, stock, daily, area) in enumerate(drawn)
    ]

    found = moves(before, step, TODAY)

    held = {each.key: each for shelf in before for each in shelf.stock}
    for key, each in held.items():
        gone = sum((move.quantity for move in found if move.key == key), Decimal(0))
        assert gone <= each.quantity
        assert gone % (each.quantity if each.is_opened else step) == 0
    assert all(move.by >= TODAY and move.saved > 0 for move in found)
    after = [
        [
            *((each.last_day, each.quantity - _gone(found, each.key)) for each in shelf.stock),
            *(
                (held[move.key].last_day, move.quantity)
                for move in found
                if move.destination == shelf.place
            ),
        ]
        for shelf in before
    ]
    lost_before = sum(
        sum(unused_by_lot([(e.last_day, e.quantity) for e in s.stock], s.daily, TODAY))
        for s in before
    )
    lost_after = sum(
        sum(unused_by_lot(lots, s.daily, TODAY)) for s, lots in zip(before, after, strict=True)
    )
    assert lost_after <= lost_before


def _gone(found: list[Move], key: int) -> Decimal:
    return sum((move.quantity for move in found if move.key == key), Decimal(0))
