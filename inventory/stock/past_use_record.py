"""Keeping what was used before the stock was counted here. It moves no stock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location
from inventory.stock.errors import InvalidLine, StockRefusal
from inventory.stock.models import PastFile, PastUse

LONGEST_NAME = 200


class TakenBackAlready(StockRefusal):
    """A file is taken back once."""

    def __init__(self, file: PastFile) -> None:
        super().__init__(f"The file {file.name} was taken back already.")


@dataclass(frozen=True)
class Used:
    """How much of an item was used at one time, in its unit."""

    item: Item
    location: Location
    used_at: datetime
    quantity: Decimal


def open_file(name: str, *, by: User, now: datetime) -> PastFile:
    """Begin a file of past use, in the transaction of the caller."""
    return PastFile.objects.create(name=name[:LONGEST_NAME], taken_in_at=now, taken_in_by=by)


def keep_uses(file: PastFile, uses: Iterable[Used]) -> list[PastUse]:
    """Keep what was used, in the order given; a container for one dose left whole."""
    return PastUse.objects.bulk_create(
        PastUse(
            file_id=file.pk,
            item_id=use.item.pk,
            location_id=use.location.pk,
            used_at=use.used_at,
            quantity=use.quantity,
            discarded=left_over(use.item, use.quantity),
        )
        for use in uses
    )


def left_over(item: Item, quantity: Decimal) -> Decimal:
    """Return what is discarded of the containers that a single dose is drawn from."""
    if not item.is_single_dose or not item.container_volume:
        return Decimal(0)
    drawn = quantity % item.container_volume
    return item.container_volume - drawn if drawn else Decimal(0)


def take_back_file(file: PastFile, *, by: User, reason: str, now: datetime) -> None:
    """Say that a file does not count any more; its rows may go then, and have to.

    Whoever is second waits here. Raises InvalidLine without a reason, TakenBackAlready.
    """
    if not reason.strip():
        raise InvalidLine("reason", "Say why the file is taken back.")
    still_counts = PastFile.objects.filter(pk=file.pk, taken_back_at__isnull=True)
    if not still_counts.update(taken_back_at=now, taken_back_by=by, taken_back_reason=reason):
        raise TakenBackAlready(file)


def forget_uses(file: PastFile) -> None:
    """Let the uses of a file go that was taken back."""
    PastUse.objects.filter(file=file).delete()
