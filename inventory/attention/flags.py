"""Open flags, read from the database for the rules to judge: a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from inventory.attention.rules import (
    SUPPLY_KINDS,
    ZERO,
    Finding,
    Kind,
    Level,
    Severity,
    Stock,
    Supply,
    UnusableUse,
    Windows,
    find,
)
from inventory.attention.sentences import Flag, Names
from inventory.catalog.models import Clinic, Item, Location, LocationLevel
from inventory.procedures.models import Procedure, ProcedureLine
from inventory.purchasing.lead_times import lead_time_days
from inventory.purchasing.offers import FEW_ITEMS, usual_lead_times
from inventory.purchasing.orders.delivered import lead_times_by_item
from inventory.purchasing.usage import UsedItem
from inventory.purchasing.usage_book import daily_usage_by_item
from inventory.recalls.response import recalls_of_lots
from inventory.stock.models import Holding, Lot

OF_A_KIND = 3
RAISED_BY_USE = SUPPLY_KINDS | {Kind.UNUSABLE_USED}


def open_flags(today: date, location: Location | None = None) -> list[Flag]:
    """Return what needs a person today, most urgent first, then what is due first.

    With a location: what is the matter there, and with items that were ever held there.
    """
    flags = _flags(today)
    return flags if location is None else flags_at(location, flags)


def flags_at(location: Location, flags: Iterable[Flag]) -> list[Flag]:
    """Return those of the open flags that are the matter there, in their order."""
    held = set(Holding.objects.filter(location=location).values_list("lot__item", flat=True))
    return [flag for flag in flags if _concerns(flag, location, held)]


def flags_for_items(today: date, item_ids: Collection[int], location: Location) -> list[Flag]:
    """Return what using these items at this location leaves to be done, most urgent first."""
    return [
        flag
        for flag in _flags(today, item_ids)
        if flag.kind in RAISED_BY_USE and flag.location in (None, location)
    ]


def flags_of_item(today: date, item: Item) -> list[Flag]:
    """Return the open flags of one item, most urgent first."""
    return _flags(today, [item.pk])


def collapsed(flags: Sequence[Flag], place: Location | None = None) -> list[Flag]:
    """Keep one of an item's flags about too little of it, and all other flags.

    `flags` come most urgent first, and that one is kept; for somebody who works in `place`, the one
    that she can put right herself from another place.
    """
    told: dict[int, Flag] = {}
    for flag in flags:
        if flag.kind in SUPPLY_KINDS and (
            flag.item.pk not in told or (place is not None and flag.location == place)
        ):
            told[flag.item.pk] = flag
    return [flag for flag in flags if flag.kind not in SUPPLY_KINDS or told[flag.item.pk] is flag]


def pressing(flags: Iterable[Flag]) -> list[Flag]:
    """Return the flags that cannot wait: all but those that are only good to know."""
    return [flag for flag in flags if flag.severity != Severity.NOTICE]


def pressing_count(today: date) -> int:
    """Return how many there are of `pressing(collapsed(open_flags(today)))`, without their words:
    every page shows it."""
    findings = _findings(today)
    lacking = {finding.item_id for finding in findings if finding.kind in SUPPLY_KINDS}
    others = (finding for finding in findings if finding.kind not in SUPPLY_KINDS)
    return len(lacking) + sum(finding.severity != Severity.NOTICE for finding in others)


def varied(flags: Iterable[Flag]) -> list[Flag]:
    """Return the first few of each kind, in order: ten expired lots must not hide a recall."""
    told: Counter[Kind] = Counter()
    kept = []
    for flag in flags:
        told[flag.kind] += 1
        if told[flag.kind] <= OF_A_KIND:
            kept.append(flag)
    return kept


def _concerns(flag: Flag, location: Location, held: Collection[int]) -> bool:
    return flag.location == location or (flag.location is None and flag.item.pk in held)


def _flags(today: date, item_ids: Collection[int] | None = None) -> list[Flag]:
    findings = _findings(today, item_ids)
    names = _names(findings)
    flags = [Flag(finding, names, today) for finding in findings]
    return sorted(flags, key=lambda flag: flag.urgency)


def _findings(today: date, item_ids: Collection[int] | None = None) -> list[Finding]:
    clinic = Clinic.objects.get(pk=1)
    return find(
        _stocks(item_ids),
        _supplies(item_ids, today),
        _unusable_uses(item_ids),
        Windows(notice_days=clinic.expiring_days, soon_days=clinic.expiring_now_days),
        today,
    )


def _stocks(item_ids: Collection[int] | None) -> list[Stock]:
    holdings = Holding.objects.on_hand()
    if item_ids is not None:
        holdings = holdings.filter(lot__item__in=item_ids)
    rows = holdings.order_by("pk").values_list(
        "pk",
        "lot",
        "lot__item",
        "location",
        "quantity",
        "lot__status",
        "lot__expires_on",
        # Whether, not when: a moment in time takes long to be read.
        ExpressionWrapper(Q(opened_at__isnull=False), BooleanField()),
        "beyond_use_on",
    )
    return [Stock(*fields) for fields in rows]


def _supplies(item_ids: Collection[int] | None, today: date) -> list[Supply]:
    items = Item.objects.filter(is_active=True).order_by()
    if item_ids is not None:
        items = items.filter(pk__in=item_ids)
    stocked = Exists(Lot.objects.filter(item=OuterRef("pk")))
    rows = list(items.values_list("pk", "container", "reorder_point", stocked))
    lead_times = _lead_times(item_ids)
    # What is used on a usual day says something only of what comes after so many days.
    used = [UsedItem(pk, container in Item.SINGLE_DOSE) for pk, container, *_ in rows]
    usage = daily_usage_by_item([item for item in used if item.pk in lead_times], today)
    levels = _levels(item_ids)
    return [
        Supply(
            pk,
            reorder_point=reorder_point,
            stocked_before=is_stocked,
            daily_usage=usage.get(pk, ZERO),
            lead_time_days=lead_times.get(pk),
            levels=tuple(levels.get(pk, ())),
        )
        for pk, _, reorder_point, is_stocked in rows
    ]


def _lead_times(item_ids: Collection[int] | None) -> dict[int, int]:
    """Return how long a delivery of each item takes: as orders that came have taught, else as its
    usual offer says."""
    usual = usual_lead_times(item_ids)
    observed = lead_times_by_item({supplier for supplier, _ in usual.values()})
    return {
        item: lead_time_days(observed, supplier, item, offered=days)
        for item, (supplier, days) in usual.items()
    }


def _levels(item_ids: Collection[int] | None) -> dict[int, list[Level]]:
    rows = LocationLevel.objects.filter(location__is_active=True)
    if item_ids is not None:
        rows = rows.filter(item__in=item_ids)
    levels: dict[int, list[Level]] = defaultdict(list)
    for item, place, point in rows.values_list("item", "location", "reorder_point"):
        levels[item].append(Level(place, point))
    return levels


def _unusable_uses(item_ids: Collection[int] | None) -> list[UnusableUse]:
    lines = ProcedureLine.objects.exclude(unusable_reason="").filter(
        reviewed_at__isnull=True, procedure__status=Procedure.Status.LOGGED
    )
    if item_ids is not None:
        lines = lines.filter(item__in=item_ids)
    rows = lines.order_by("pk").values_list(
        "procedure",
        "item",
        "unusable_lot",
        "procedure__location",
        "quantity",
        "procedure__performed_at",
    )
    return [
        UnusableUse(procedure, item, lot, place, quantity, timezone.localdate(performed_at))
        for procedure, item, lot, place, quantity, performed_at in rows
    ]


def _names(findings: Collection[Finding]) -> Names:
    item_ids = {finding.item_id for finding in findings}
    items = Item.objects.order_by()
    if len(item_ids) <= FEW_ITEMS:
        items = items.filter(pk__in=item_ids)
    lot_ids = {finding.lot_id for finding in findings if finding.lot_id is not None}
    recalled = {
        finding.lot_id
        for finding in findings
        if finding.kind is Kind.RECALLED and finding.lot_id is not None
    }
    return Names(
        items={item.pk: item for item in items},
        lots=Lot.objects.in_bulk(lot_ids),
        locations=Location.objects.in_bulk(),
        recalls=recalls_of_lots(recalled) if recalled else {},
    )
