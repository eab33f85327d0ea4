"""A clinic's machines: clients that speak JSON with a person's token, and bodies to send."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from inventory.accounts.models import User
from inventory.accounts.tokens import issue

ROOT = "/api/v1"
Json = Any


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its parsed body, its headers."""

    status: int
    body: Json
    headers: dict[str, str]

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.body["errors"]]


class Machine:
    """Calls the API as one person."""

    def __init__(self, token: str | None) -> None:
        self.token = token
        self.client = Client(raise_request_exception=True)

    def get(self, path: str, **query: Json) -> Reply:
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Json, *, key: str | None = None) -> Reply:
        return self.call("POST", path, content=json.dumps(body), key=key)

    def done(self, path: str, body: Json, *, key: str | None = None) -> Json:
        """Post what has to succeed, and return the answer's body."""
        reply = self.post(path, body, key=key)
        assert reply.status in (200, 201), reply.body
        return reply.body

    def call(
        self,
        method: str,
        path: str,
        *,
        content: str | bytes = b"",
        key: str | None = None,
        query: dict[str, Json] | None = None,
        content_type: str = "application/json",
    ) -> Reply:
        headers = {}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = self.client.generic(
            method,
            ROOT + path,
            content,
            content_type=content_type,
            headers=headers,
            query_params=query or None,
        )
        body = _body(answer.headers.get("Content-Type", ""), answer.content)
        return Reply(answer.status_code, body, dict(answer.items()))


def _body(kind: str, content: bytes) -> Json:
    return json.loads(content) if "json" in kind and content else content


def person(username: str, *roles: str, superuser: bool = False) -> User:
    """Return the person, added to the clinic if new, with exactly these roles."""
    user, _ = User.objects.get_or_create(username=username, is_superuser=superuser)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def machine(username: str, *roles: str, superuser: bool = False) -> Machine:
    return Machine(issue(person(username, *roles, superuser=superuser)))


def day(days: int) -> str:
    """So many days from today, as the API writes a day."""
    today: date = timezone.localdate()
    return (today + timedelta(days=days)).isoformat()


LIDOCAINE: Json = {
    "sku": "lido-1-20",
    "name": "Lidocaine 1% 20 mL",
    "kind": "local_anesthetic",
    "unit": "mL",
    "container": "multi_dose_vial",
    "container_volume": "20",
}
KENALOG: Json = {
    "sku": "kenalog-40-1",
    "name": "Kenalog-40 1 mL",
    "kind": "corticosteroid",
    "unit": "mL",
    "container": "single_dose_vial",
    "container_volume": "1",
    "strength": "40",
    "hcpcs": "J3301",
    "billing_unit": "10 mg",
}
NEEDLE: Json = {"sku": "needle-25", "name": "Needle 25G", "kind": "needle", "unit": "each"}
GLOVE: Json = {
    "sku": "glove-m",
    "name": "Glove, medium",
    "kind": "glove",
    "unit": "each",
    "lot_tracked": False,
}
TRIGGER_POINTS: Json = {
    "code": "tpi-1-2",
    "name": "Trigger points",
    "cpt": "20552",
    "kit": [
        {"item": "lido-1-20", "quantity": "1", "per": "site"},
        {"item": "needle-25", "quantity": 1, "per": "muscle"},
        {"item": "kenalog-40-1", "quantity": "0.5", "per": "procedure", "optional": True},
    ],
}


def set_up(manager: Machine) -> None:
    """Four items, a room and a storeroom, one procedure type."""
    for item in (LIDOCAINE, KENALOG, NEEDLE, GLOVE):
        manager.done("/items", item)
    manager.done("/locations", {"code": "room-1", "name": "Room 1"})
    manager.done("/locations", {"code": "store", "name": "Storeroom"})
    manager.done("/procedure-types", TRIGGER_POINTS)


def delivery(*lines: Json, location: str = "room-1") -> Json:
    return {"location": location, "lines": list(lines)}


def lot(item: str, number: str, quantity: str, expires: str | None = None) -> Json:
    """A line of a delivery; it lasts a year unless said."""
    return {
        "item": item,
        "lot": number,
        "expires_on": expires or day(365),
        "quantity": quantity,
    }


def procedure(*lines: Json, **more: Json) -> Json:
    return {"type": "tpi-1-2", "location": "room-1", "lines": list(lines), **more}
