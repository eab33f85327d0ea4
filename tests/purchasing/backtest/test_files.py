"""What is refused of the two files, in a sentence that says where and why."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inventory.purchasing.backtest.files import DemandRefused, read_demand, read_offers

HEADING = "date,sku,quantity\n"
OFFERS = "sku,lead_time_days,pack_size,pack_price,shelf_life_days\n"


def written(folder: Path, text: str, name: str = "demand.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode("latin-1"))
    return file


def test_a_row_is_a_day_of_an_item(tmp_path: Path) -> None:
    demand = read_demand(
        written(tmp_path, HEADING + "2026-01-02,needle,3\n\n2026-01-03,lido,0.5\n")
    )

    assert demand == {
        "needle": {date(2026, 1, 2): 3},
        "lido": {date(2026, 1, 3): pytest.approx(0.5)},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: expected the heading date,sku,quantity, got “”"),
        ("day,item,amount\n", "got “day,item,amount”"),
        (HEADING, "expected at least one day with use, got none"),
        (HEADING + "2026-01-02,needle,0\n", "expected at least one day with use"),
        (HEADING + "2026-01-02,needle\n", r"line 2: expected 3 values .*, got 2"),
        (HEADING + "02/01/2026,needle,1\n", "line 2, date: expected a date such as"),
        (HEADING + "2026-02-30,needle,1\n", "got “2026-02-30”"),
        (HEADING + "2026-01-02,,1\n", "line 2, sku: expected the short name"),
        (HEADING + "2026-01-02,needle,-1\n", "line 2, quantity: expected a number from 0"),
        (HEADING + "2026-01-02,needle,NaN\n", "got “NaN”"),
        (HEADING + "2026-01-02,needle,1e99\n", "got “1e99”"),
        (HEADING + "2026-01-02,needle,0.0005\n", "at most 3 decimals"),
        (
            HEADING + "2026-01-02,a,1\n2026-01-02,a,2\n",
            "line 3, date: expected one row a day for a",
        ),
        (HEADING + "0001-01-01,a,1\n9999-12-31,a,2\n", "expected days within ten years"),
        (HEADING + '2026-01-02,"a,1\n', "expected comma-separated text"),
        (HEADING + "2026-01-02,\xe9,1\n", "expected a text file in UTF-8"),
    ],
)
def test_demand_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DemandRefused, match=said):
        read_demand(written(tmp_path, text))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("gauze,3,1,1,720", "line 2, sku: expected an item of the demand file, got “gauze”"),
        ("needle,3,1,1,720\nneedle,3,1,1,720", "line 3, sku: expected one row for each item"),
        ("needle,1.5,1,1,720", "lead_time_days: expected a whole number of days"),
        ("needle,366,1,1,720", "from 0 to 365"),
        ("needle,3,0,1,720", "pack_size: expected a pack that holds something"),
        ("needle,3,1,-1,720", "pack_price: expected a number from 0"),
        ("needle,3,1,1,0", "shelf_life_days: expected a whole number of days from 1"),
    ],
)
def test_offers_are_refused(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(DemandRefused, match=said):
        read_offers(written(tmp_path, OFFERS + row + "\n"), {"needle": ()})


# The command


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("backtest_reorder", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def month(tmp_path: Path) -> Path:
    days = "".join(f"2026-01-{day:02},needle,2\n" for day in range(1, 31))
    return written(tmp_path, HEADING + days)


def test_json_is_all_that_is_printed_and_the_same_again(month: Path) -> None:
    first = run("--demand", month, "--json")

    assert json.loads(first)["policies"]["ours"]["total"]["items"] == 1
    assert run("--demand", month, "--json", "--seed", "2") == first


def test_what_takes_longer_to_come_is_kept_more_of(month: Path) -> None:
    soon, late = (
        json.loads(run("--demand", month, "--json", "--lead-time-days", days))["policies"]["ours"]
        for days in (1, 5)
    )

    assert late["total"]["average_stock_value"] > soon["total"]["average_stock_value"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--history-days", "30"), "a day left to play, of 30 days in all, got 30"),
        (("--history-days", "0"), "at least one day"),
        (("--service-level", "95"), "a service level from 0.5 to 0.999, got 95"),
        (("--made-up", "1"), "either --demand or --made-up, got both"),
        (("--offers", "missing.csv"), "a file that can be read"),
        (("--lead-time-days", "400"), "a lead time from 0 to 365 days, got 400"),
        (("--picture", "/no/such/folder/x.svg"), "Cannot write"),
    ],
)
def test_what_cannot_be_played_is_a_sentence(
    month: Path, arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        run("--demand", month, *arguments)
