"""A small month of Dr. Reyes and Dr. Okafor, worked out by hand.

On Nov 2 Kenalog comes at $14.00 a vial, lidocaine at $0.125 a mL, needles without a price.
On Nov 10 Dr. Reyes injects 0.5 mL of Kenalog and 4 mL of lidocaine with 2 needles in room 1.
On Nov 12 Dr. Okafor injects 1 mL of Kenalog in room 2, where a vial was moved, and 1 needle.
On Nov 16 Dr. Reyes's next is a slip: logged, voided and put back. On Nov 17 one is voided as used
up: 1 mL of Kenalog. On Nov 18 a vial of Kenalog breaks, and another is said to, which is reversed.
In October, before Vialkeeper, Dr. Reyes used 0.5 mL of Kenalog and threw the other half away.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from inventory.catalog.models import Item, Location
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.past_record import PastWanted, take_in
from inventory.procedures.record import ProcedureWanted, record, void
from inventory.reports.definition import Answer, Asked
from inventory.reports.every import BY_CODE
from inventory.reports.periods import default_period
from inventory.stock import ledger
from inventory.stock.models import Lot, Movement
from inventory.stock.requests import StockLine, WasteReason
from tests.clinic import (
    NOW,
    TODAY,
    dana,
    kenalog,
    lidocaine,
    mara,
    needle,
    place,
    procedure_type,
    received,
)


def november(day: int) -> datetime:
    """Return 10:15 in the clinic on that day."""
    return NOW - timedelta(days=TODAY.day - day)


def tell() -> None:
    """Let all of it happen."""
    received(kenalog(), 20, at=november(2), unit_cost=Decimal(14))
    received(lidocaine(), 40, at=november(2), unit_cost=Decimal("0.125"))
    received(needle(), 100, at=november(2))
    _move(kenalog(), 5, november(3))
    _move(needle(), 10, november(3))
    inject("Dr. Reyes", 10, {kenalog(): "0.5", lidocaine(): "4", needle(): "2"})
    inject("Dr. Okafor", 12, {kenalog(): "1", needle(): "1"}, room="room-2", kind="knee")
    slip = inject("Dr. Reyes", 16, {kenalog(): "0.5", needle(): "2"})
    _void(slip, Procedure.Supplies.RETURNED, 16)
    _void(inject("Dr. Reyes", 17, {kenalog(): "1"}), Procedure.Supplies.WASTED, 17)
    breaks(18)
    slip_of_the_pen = breaks(18)
    ledger.reverse(
        slip_of_the_pen, by=dana(), reason="Found", happened_at=november(18), now=november(18)
    )
    before = PastWanted(
        procedure_type(),
        place(),
        NOW - timedelta(days=35),
        provider="Dr. Reyes",
        supplies=[(kenalog(), Decimal("0.5"))],
    )
    take_in("october.csv", [before], by=dana(), now=NOW)


def ask(code: str, by: str = "", **changes: object) -> Answer:
    """Return what a report answers today of this month and the two before it."""
    report, usual = BY_CODE[code], default_period(TODAY)
    by = by or (report.by[0][0] if report.by else "")
    asked = {"since": usual.since, "until": usual.until, **changes}
    return report.answer(Asked(TODAY, by=by, **asked))  # type: ignore[arg-type]


def inject(
    provider: str, day: int, supplies: dict[Item, str], *, room: str = "room-1", kind: str = ""
) -> Procedure:
    """Log a procedure with these supplies."""
    wanted = ProcedureWanted(
        procedure_type("knee", "Knee injection") if kind else procedure_type(),
        place(room),
        november(day),
        provider=provider,
        lines=[LineWanted(item, Decimal(quantity)) for item, quantity in supplies.items()],
    )
    return record(wanted, by=mara(), now=november(day)).procedure


def breaks(day: int, item: Item | None = None) -> Movement:
    """Drop one vial of Kenalog in room 1."""
    item = item or kenalog()
    return ledger.waste(
        by=mara(),
        location=place(),
        lines=[StockLine(item, Decimal(1), lot=Lot.objects.get(item=item))],
        reason=WasteReason.BROKEN,
        happened_at=november(day),
        now=november(day),
    )


def _move(item: Item, quantity: int, at: datetime) -> None:
    destination: Location = place("room-2")
    ledger.transfer(
        by=mara(),
        source=place(),
        destination=destination,
        lines=[StockLine(item, Decimal(quantity))],
        happened_at=at,
        now=at,
    )


def _void(procedure: Procedure, supplies: Procedure.Supplies, day: int) -> None:
    void(procedure, by=dana(), reason="A slip", supplies=supplies, now=november(day))
