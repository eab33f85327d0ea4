"""Why an item should be ordered and what the order brings, in a sentence with its numbers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.purchasing.planning.ordering import TENTH, Need, runs_out_on, wanted_packs
from inventory.web.words import amount_words


@dataclass(frozen=True)
class Suggestion:
    """So many packs of so much; `pack_name` is "pack", or what is counted without an offer. It
    `is_cut` where a budget does not allow what should be ordered."""

    packs: int
    pack_size: Decimal
    minimum_packs: int = 1
    pack_name: str = "pack"
    is_cut: bool = False

    @property
    def quantity(self) -> Decimal:
        return self.packs * self.pack_size


def reason(need: Need, suggestion: Suggestion, unit: str, today: date, place: str = "") -> str:
    """Return, for instance, "12 mL usable is below the reorder point of 20 mL; 2 packs of 500 mL
    bring it to 1,012 mL, par level 900 mL". `place` names the one place that is looked at."""
    where = f" in {place}" if place else ""
    return f"{_trouble(need, unit, today, where)}; {_remedy(need, suggestion, unit)}"


def rate_words(daily_usage: Decimal, unit: str) -> str:
    """Return "3.1 a day", "0.4 mL a day" or "less than 0.1 mL a day"."""
    tenths = daily_usage.quantize(TENTH)
    rate = amount_words(tenths or TENTH, unit)
    return f"{rate} a day" if tenths else f"less than {rate} a day"


def packs_words(packs: int, pack_size: Decimal, unit: str, name: str = "pack") -> str:
    """Return "2 packs of 500 mL", "1 pack of 25", "40 pieces" or "3 vials of 20 mL"."""
    noun = name if packs == 1 else f"{name}s"
    return (
        f"{packs:,} {noun}"
        if name == "piece"
        else (f"{packs:,} {noun} of {amount_words(pack_size, unit)}")
    )


def _trouble(need: Need, unit: str, today: date, where: str) -> str:
    rate = rate_words(need.daily_usage, unit)
    delivery = f"delivery takes {days_words(need.lead_time_days or 0)}"
    if need.usable <= 0 and need.on_order <= 0:
        used = f", {rate} is used" if need.daily_usage > 0 else ""
        takes = f", {delivery}" if used and need.lead_time_days is not None else ""
        return f"Nothing usable is left{where}{used}{takes}"
    empty_on = runs_out_on(need.usable, need.daily_usage, today)
    if need.runs_out_before_delivery and empty_on:
        usable = f"{amount_words(need.usable, unit)} usable{where}"
        coming = amount_words(need.on_order, unit)
        unless = f", unless the {coming} on order come first" if need.on_order else ""
        return (
            f"{usable}, {rate}, {delivery}: out by {_weekday(empty_on)} before an order could come"
            f"{unless}"
        )
    return _low(need, unit, where)


def _low(need: Need, unit: str, where: str) -> str:
    coming = f" and {amount_words(need.on_order, unit)} on order" if need.on_order else ""
    stock = f"{amount_words(need.usable, unit)} usable{where}{coming}"
    if need.no_cover:
        stock += f", of which {amount_words(need.no_cover, unit)} will expire unused"
    if need.reorder_point is None:
        return stock
    comma = "," if need.no_cover else ""
    if need.cover > need.reorder_point:
        return f"{stock}{comma} {'last' if coming else 'lasts'} for less than a delivery takes"
    relation = "at" if need.cover == need.reorder_point else "below"
    level = amount_words(need.reorder_point, unit)
    daily = need.learned_from
    learned = "" if daily is None else f", learned from {rate_words(daily, unit)}"
    verb = "are" if coming else "is"
    return f"{stock}{comma} {verb} {relation} the reorder point of {level}{learned}"


def _remedy(need: Need, suggestion: Suggestion, unit: str) -> str:
    packs = packs_words(suggestion.packs, suggestion.pack_size, unit, suggestion.pack_name)
    verb = "brings" if suggestion.packs == 1 else "bring"
    reached = need.cover + suggestion.quantity
    minimum = ""
    if 1 < suggestion.packs == suggestion.minimum_packs:
        minimum = ", the supplier's minimum,"
    return (
        f"{packs}{minimum} {verb} it {_goal(need, reached, unit)}{_limit(need, suggestion, unit)}"
    )


def _limit(need: Need, suggestion: Suggestion, unit: str) -> str:
    """Say what a budget has to do with it, or shelf life: held to it, or beyond it for want of
    smaller packs."""
    if suggestion.is_cut:
        return ", as much as the budget allows"
    if need.most is None:
        return ""
    beyond = suggestion.quantity - need.most
    if beyond > 0:
        return f"; {amount_words(beyond.quantize(TENTH), unit)} of it may expire unused"
    if suggestion.packs < wanted_packs(need, suggestion.pack_size, suggestion.minimum_packs):
        return ", no more than can be used before it expires"
    return ""


def _goal(need: Need, reached: Decimal, unit: str) -> str:
    amount = amount_words(reached, unit)
    if need.par_level is not None:
        par = amount_words(need.par_level, unit)
        return (
            f"to the par level of {par}"
            if reached == need.par_level
            else (f"to {amount}, par level {par}")
        )
    if need.reorder_point is not None:
        above = reached > need.reorder_point
        level = amount_words(need.reorder_point, unit)
        return (
            f"above the reorder point, to {amount}"
            if above
            else f"to {amount}, reorder point {level}"
        )
    return f"to {amount}; it has no reorder point yet"


def _weekday(day: date) -> str:
    return f"{day:%A}, {day:%b} {day.day},"


def days_words(days: int) -> str:
    """Return "1 day" or "2 days"."""
    return "1 day" if days == 1 else f"{days} days"
