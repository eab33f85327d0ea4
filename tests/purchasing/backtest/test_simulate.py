"""Days played by hand: one stock-out, one expiry, one order still on its way."""

from decimal import Decimal

from inventory.purchasing.backtest.simulate import Played, Shelf, Terms, play


class Scripted:
    """Orders on the days that it was told to, whatever happens."""

    def __init__(self, opening: int, orders: dict[int, int]) -> None:
        self._opening = Decimal(opening)
        self._orders = orders

    def opening(self) -> Decimal:
        return self._opening

    def packs(self, today: int, wanted: Decimal, shelf: Shelf) -> int:
        return self._orders.get(today, 0)


def played(demand: list[int], opening: int, orders: dict[int, int], terms: Terms) -> Played:
    return play([Decimal(wanted) for wanted in demand], Scripted(opening, orders), terms)


def test_a_day_without_enough_spoils_the_cycle_and_loses_what_was_missing() -> None:
    # 5 on the shelf; 3 are used and an order placed; the next day wants 4 of the 2 that are left.
    result = played([3, 4, 1], 5, {0: 10}, Terms(lead_time_days=1))

    assert (result.cycles, result.cycles_held, result.missing, result.stockout_days) == (1, 0, 2, 1)


def test_an_order_arrives_before_the_demand_of_the_day_after_its_lead_time() -> None:
    result = played([2, 0, 6], 2, {0: 6}, Terms(lead_time_days=1))

    assert (result.cycles, result.cycles_held, result.missing) == (1, 1, 0)


def test_a_day_without_enough_before_the_order_was_placed_is_in_no_cycle() -> None:
    result = played([3, 0, 1], 1, {0: 5}, Terms(lead_time_days=1))

    assert (result.cycles, result.cycles_held, result.stockout_days) == (1, 1, 1)


def test_a_cycle_in_progress_at_the_end_does_not_count() -> None:
    result = played([1, 1, 1], 10, {1: 5}, Terms(lead_time_days=2))

    assert (result.orders, result.cycles) == (1, 0)


def test_what_is_left_after_its_last_day_is_thrown_away() -> None:
    # Fresh the evening before the first day: two days later is the last that it may be used on.
    result = played([1, 1, 0], 5, {}, Terms(shelf_life_days=2))

    assert (result.expired, result.missing, result.stock_days) == (3, 0, 4)


def test_the_soonest_to_expire_is_used_first() -> None:
    terms = Terms(lead_time_days=0, pack_size=Decimal(2), shelf_life_days=3)
    # The opening lot goes on day 2, the second one on day 4: only the last 2 are too many.
    result = played([0, 2, 0, 0, 0], 2, {1: 1}, terms)

    assert (result.missing, result.expired) == (0, 2)


def test_orders_are_whole_packs() -> None:
    result = played([0, 0, 0], 0, {0: 2}, Terms(lead_time_days=0, pack_size=Decimal(10)))

    assert result.stock_days == 60
