"""`manage.py backtest_reorder`: what our suggestions would have done, against rules of thumb."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inventory.purchasing.backtest.contest import TICKS, Story, contest, stories
from inventory.purchasing.backtest.demand_maker import made_up_demand
from inventory.purchasing.backtest.files import (
    LONGEST_LEAD_TIME,
    DemandBySku,
    DemandRefused,
    read_demand,
    read_offers,
)
from inventory.purchasing.backtest.history import clinic_demand, clinic_terms
from inventory.purchasing.backtest.picture import picture
from inventory.purchasing.backtest.report import as_json, as_text
from inventory.purchasing.backtest.simulate import Terms

MADE_UP_DAYS = 1095
MOST_MADE_UP = 500
USUAL_LEAD_TIME_DAYS = Terms().lead_time_days


class Command(BaseCommand):
    help = (
        "Play demand day by day under the suggestions of this program, under a fixed par level and"
        " under min/max, each of which sees only what came before; print what came of it. Without"
        " --demand and --made-up: the demand in the clinic's own ledger. Nothing in the play is"
        " random; the seed is that of made-up demand. Ends with 1 when there is nothing to play."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demand",
            metavar="FILE.csv",
            type=Path,
            help="date,sku,quantity: a row a day with use",
        )
        parser.add_argument(
            "--offers",
            metavar="FILE.csv",
            type=Path,
            help="sku,lead_time_days,pack_size,pack_price,shelf_life_days; else 3, 1, 1 and 720",
        )
        parser.add_argument(
            "--lead-time-days",
            metavar="N",
            type=int,
            default=USUAL_LEAD_TIME_DAYS,
            help=f"of items that no offer is given for ({USUAL_LEAD_TIME_DAYS})",
        )
        parser.add_argument(
            "--made-up", metavar="N", type=int, help="three years of N made-up items of each class"
        )
        parser.add_argument(
            "--history-days",
            metavar="N",
            type=int,
            help="known beforehand (two thirds of the days)",
        )
        parser.add_argument(
            "--seed", metavar="N", type=int, default=1, help="of made-up demand (1)"
        )
        parser.add_argument(
            "--service-level", metavar="P", default="0.95", help="of order cycles, as in 0.95"
        )
        parser.add_argument("--picture", metavar="FILE.svg", type=Path, help="draw it, too")
        parser.add_argument("--json", action="store_true", help="print the numbers as JSON, alone")

    def handle(self, *args: Any, **options: Any) -> None:
        service_level = _service_level(options["service_level"])
        try:
            played = _stories(options)
        except DemandRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        with tqdm(total=TICKS, unit=" plays", leave=False, disable=None) as bar:
            result = contest(played, service_level, bar.update)
        if options["picture"]:
            _write(options["picture"], picture(result))
        self.stdout.write(
            json.dumps(as_json(result), indent=2) if options["json"] else as_text(result)
        )


def _service_level(text: str) -> Decimal:
    try:
        level = Decimal(text)
    except InvalidOperation:
        level = Decimal(0)
    if not (level.is_finite() and Decimal("0.5") <= level <= Decimal("0.999")):
        raise CommandError(f"Expected a service level from 0.5 to 0.999, got {text}.")
    return level


def _stories(options: dict[str, Any]) -> list[Story]:
    demand, terms = _demand(options)
    days = [day for used in demand.values() for day in used]
    span = (max(days) - min(days)).days + 1
    known = span * 2 // 3 if options["history_days"] is None else options["history_days"]
    if not 0 < known < span:
        raise DemandRefused(
            f"Expected history of at least one day and a day left to play, of {span:,} days in"
            f" all, got {known:,} days of history."
        )
    return stories(demand, terms, known)


def _demand(options: dict[str, Any]) -> tuple[DemandBySku, dict[str, Terms]]:
    if options["made_up"] is not None and options["demand"]:
        raise DemandRefused("Expected either --demand or --made-up, got both.")
    if options["demand"]:
        demand = read_demand(options["demand"])
        return demand, _terms(options, demand)
    if options["made_up"] is not None:
        demand = _made_up(options["made_up"], options["seed"])
        return demand, _terms(options, demand)
    if options["offers"] or options["lead_time_days"] != USUAL_LEAD_TIME_DAYS:
        raise DemandRefused(
            "Expected --offers and --lead-time-days together with --demand or --made-up: the clinic"
            " has its own."
        )
    demand = clinic_demand()
    if not demand:
        raise DemandRefused("Expected some use in the ledger, got none yet.")
    return demand, clinic_terms(demand)


def _terms(options: dict[str, Any], demand: DemandBySku) -> dict[str, Terms]:
    days = options["lead_time_days"]
    if not 0 <= days <= LONGEST_LEAD_TIME:
        raise DemandRefused(
            f"Expected a lead time from 0 to {LONGEST_LEAD_TIME} days, got {days:,}."
        )
    usual = dict.fromkeys(demand, Terms(lead_time_days=days))
    return usual | (read_offers(options["offers"], demand) if options["offers"] else {})


def _made_up(items: int, seed: int) -> DemandBySku:
    if not 0 < items <= MOST_MADE_UP:
        raise DemandRefused(
            f"Expected from 1 to {MOST_MADE_UP} made-up items of each class, got {items:,}."
        )
    return made_up_demand(seed, items, MADE_UP_DAYS)


def _write(path: Path, drawing: str) -> None:
    try:
        path.write_text(drawing, encoding="utf-8")
    except OSError as problem:
        raise CommandError(f"Cannot write {path}: {problem.strerror}.") from problem
