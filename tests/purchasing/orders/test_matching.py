"""Which order lines a delivery fills."""

from decimal import Decimal

from inventory.purchasing.orders.matching import Came, Filled, Matched, Ordered, match

NEEDLE, GAUZE = 1, 2
HUNDRED, THOUSAND = Decimal(100), Decimal(1000)


def ordered(line: int, open_: int, pack: Decimal = HUNDRED, item: int = NEEDLE) -> Ordered:
    return Ordered(line, item, pack, Decimal(open_))


def came(
    quantity: int, package: Decimal = HUNDRED, price: str | None = None, item: int = NEEDLE
) -> Came:
    return Came(item, Decimal(quantity), package, (price and Decimal(price)) or None)


def filled(matched: Matched) -> dict[int, Decimal]:
    return {each.line: each.quantity for each in matched.filled}


def test_the_oldest_line_is_filled_first() -> None:
    assert filled(match([ordered(7, 100), ordered(8, 300)], [came(250)])) == {7: 100, 8: 150}


def test_a_line_of_the_same_pack_comes_before_an_older_one() -> None:
    lines = [ordered(7, 1000, THOUSAND), ordered(8, 300)]

    assert filled(match(lines, [came(200)])) == {8: 200}


def test_two_lots_of_one_item_fill_one_line() -> None:
    assert filled(match([ordered(7, 300)], [came(100), came(200)])) == {7: 300}


def test_what_is_more_than_open_goes_to_the_last_line_and_is_said() -> None:
    matched = match([ordered(7, 100), ordered(8, 100)], [came(250)])

    assert (filled(matched), matched.over) == ({7: 100, 8: 150}, {NEEDLE: 50})


def test_what_comes_after_all_has_come_is_more() -> None:
    matched = match([ordered(7, 0)], [came(20)])

    assert (filled(matched), matched.over) == ({7: 20}, {NEEDLE: 20})


def test_what_nobody_ordered_fills_no_line() -> None:
    matched = match([ordered(7, 100)], [came(5, item=GAUZE)])

    assert (filled(matched), matched.unordered) == ({}, {GAUZE: 5})


def test_a_cost_that_two_lines_share_is_shared_to_the_cent() -> None:
    first, second = match([ordered(7, 100), ordered(8, 200)], [came(300, price="0.0333")]).filled

    assert (first, second) == (
        Filled(7, Decimal(100), Decimal("3.33"), Decimal("0.0333")),
        Filled(8, Decimal(200), Decimal("6.66"), Decimal("0.0333")),
    )


def test_a_line_of_which_one_lot_has_no_price_has_no_cost() -> None:
    (only,) = match([ordered(7, 300)], [came(100, price="0.11"), came(200)]).filled

    assert (only.cost, only.unit_price) == (None, Decimal("0.11"))


def test_however_many_lines_share_a_cost_none_is_negative_and_all_of_it_is_shared() -> None:
    lines = [Ordered(number, 1, Decimal(1), Decimal(1)) for number in (1, 2, 3, 4)]

    filled = match(lines, [Came(1, Decimal(4), Decimal(1), Decimal("0.005"))]).filled

    assert [each.cost for each in filled] == [Decimal("0.01"), 0, Decimal("0.01"), 0]


def test_without_a_price_that_was_entered_each_line_costs_what_it_asks() -> None:
    box = Ordered(1, 1, Decimal(100), Decimal(100), Decimal("0.11"))
    case = Ordered(2, 1, Decimal(1000), Decimal(1000), Decimal("0.09"))

    filled = match([box, case], [Came(1, Decimal(1100), Decimal(100))]).filled

    assert [(each.cost, each.unit_price) for each in filled] == [(11, None), (90, None)]
