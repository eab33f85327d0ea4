"""The people of the test clinic, and what they work with.

Mara Ortiz is a nurse, Dana Lindqvist manages, Priya Shah purchases, Vic Tan only looks. Otto Stray
may sign in, but has no role here.
"""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Sum
from django.test import Client

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location, Site
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import ProcedureType
from inventory.procedures.record import Logged, ProcedureWanted, record
from inventory.stock import ledger
from inventory.stock.drawing import Use
from inventory.stock.models import Holding
from inventory.stock.requests import ReceiptLine, Want
from inventory.web.middleware import LAST_SEEN

PASSWORD = "a-quiet-tuesday-9"

# People


def person(username: str, first_name: str, last_name: str, *roles: str) -> User:
    """Return the person, added to the clinic with these roles if new."""
    found = User.objects.filter(username=username).first()
    if found:
        return found
    added = User.objects.create_user(
        username, password=PASSWORD, first_name=first_name, last_name=last_name
    )
    added.groups.set(Group.objects.filter(name__in=roles))
    return added


def mara() -> User:
    return person("mara", "Mara", "Ortiz", "nurse")


def dana() -> User:
    return person("dana", "Dana", "Lindqvist", "manager")


def priya() -> User:
    return person("priya", "Priya", "Shah", "purchaser")


def vic() -> User:
    return person("vic", "Vic", "Tan", "viewer")


def otto() -> User:
    return person("otto", "Otto", "Stray")


def signed_in(who: User) -> Client:
    """Return a browser in which this person is signed in, with the session that this makes.

    Signing in itself costs four times as many queries, and has its own tests.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    session[LAST_SEEN] = int(time.time())
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


# Places and things

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 16, 15, tzinfo=UTC)


def place(code: str = "room-1") -> Location:
    """Return the location of this code, made if new: "room-1" is Room 1."""
    site, _ = Site.objects.get_or_create(code="main", defaults={"name": "Main"})
    name = code.replace("-", " ").capitalize()
    return Location.objects.get_or_create(code=code, defaults={"name": name, "site": site})[0]


def lidocaine(**changes: Any) -> Item:
    """A 20 mL multi-dose vial."""
    facts: dict[str, Any] = {
        "name": "Lidocaine 1% 20 mL multi-dose vial",
        "kind": "local_anesthetic",
        "unit": "mL",
        "container": "multi_dose_vial",
        "container_volume": 20,
        "strength": 10,
    }
    return Item.objects.get_or_create(sku="lido-1-20", defaults=facts | changes)[0]


def kenalog(**changes: Any) -> Item:
    """A 1 mL single-dose vial of 40 mg/mL, billed in units of 10 mg."""
    facts: dict[str, Any] = {
        "name": "Kenalog-40 1 mL single-dose vial",
        "kind": "corticosteroid",
        "unit": "mL",
        "container": "single_dose_vial",
        "container_volume": 1,
        "strength": 40,
        "hcpcs": "J3301",
        "billing_unit": "10 mg",
    }
    return Item.objects.get_or_create(sku="kenalog-40-1", defaults=facts | changes)[0]


def needle(**changes: Any) -> Item:
    """Counted in pieces."""
    facts: dict[str, Any] = {"name": "Needle 25G 1½ in", "kind": "needle"}
    return Item.objects.get_or_create(sku="needle-25g-15", defaults=facts | changes)[0]


def gauze(**changes: Any) -> Item:
    """Counted in pieces, without lots."""
    facts: dict[str, Any] = {"name": "Gauze 2 × 2 in", "kind": "dressing", "lot_tracked": False}
    return Item.objects.get_or_create(sku="gauze-2x2", defaults=facts | changes)[0]


def procedure_type(code: str = "tpi-1-2", name: str = "Trigger point, 1 or 2") -> ProcedureType:
    return ProcedureType.objects.get_or_create(code=code, defaults={"name": name})[0]


# What happened before a story begins


def received(
    item: Item,
    quantity: str | int,
    lot: str = "A1",
    expires_on: date | None = date(2027, 12, 31),
    where: str = "room-1",
    at: datetime = NOW,
    unit_cost: Decimal | None = None,
) -> Holding:
    """Take a lot in, and return its sealed holding."""
    tracked = item.lot_tracked
    line = ReceiptLine(
        item, Decimal(quantity), lot if tracked else "", expires_on if tracked else None, unit_cost
    )
    receipt = ledger.receive(by=dana(), location=place(where), lines=[line], happened_at=at, now=at)
    return receipt.lines[0].holding


def used(*wants: Want, where: str = "room-1", at: datetime = NOW) -> Use:
    """Take supplies as a procedure does."""
    return ledger.use(by=mara(), location=place(where), wants=wants, happened_at=at, now=at)


def logged(*lines: LineWanted, where: str = "room-1", at: datetime = NOW) -> Logged:
    """Log a procedure with exactly these lines."""
    wanted = ProcedureWanted(procedure_type(), place(where), at, lines=lines)
    return record(wanted, by=mara(), now=at)


def on_hand(item: Item) -> Decimal:
    """How much of an item the whole clinic holds, usable or not."""
    total = Holding.objects.filter(lot__item=item).aggregate(total=Sum("quantity"))["total"]
    return Decimal(total or 0)


def opened_vial(item: Item) -> Holding:
    """The one opened vial of an item that still holds something."""
    return Holding.objects.opened().on_hand().with_lot().get(lot__item=item)
