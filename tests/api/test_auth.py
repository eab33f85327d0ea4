"""Who may call what."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from ninja.operation import Operation
from pytest_django import Settings

from inventory.accounts.models import ApiToken, User
from inventory.api.auth import Bearer
from inventory.api.routes import api
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER
from tests.api.clinic import Machine, machine

WRITERS = {
    "/items": {MANAGER},
    "/suppliers": {MANAGER},
    "/offers": {MANAGER},
    "/imports/stock": {MANAGER},
    "/locations": {MANAGER},
    "/procedure-types": {MANAGER},
    "/receipts": {NURSE, MANAGER, PURCHASER},
    "/transfers": {NURSE, MANAGER},
    "/waste": {NURSE, MANAGER},
    "/counts": {NURSE, MANAGER},
    "/lots/1/status": {MANAGER},
    "/procedures": {NURSE, MANAGER},
    "/procedures/1/amend": {NURSE, MANAGER},
    "/procedures/1/void": {NURSE, MANAGER},
    # What is sent is only read.
    "/scan": set(EVERYONE),
    "/scan/image": set(EVERYONE),
}


def operations() -> Iterator[tuple[str, Operation]]:
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield re.sub(r"{int:\w+}", "1", path), operation


def test_every_call_says_who_may_make_it() -> None:
    declared = {
        (method, path): operation.auth_callbacks
        for path, operation in operations()
        for method in operation.methods
    }

    assert len(declared) > 20
    assert all(
        len(callbacks) == 1 and isinstance(callbacks[0], Bearer) and callbacks[0].roles
        for callbacks in declared.values()
    )


def test_what_writes_is_for_those_whose_work_it_is() -> None:
    roles = {
        path: set(operation.auth_callbacks[0].roles)  # type: ignore[attr-defined]
        for path, operation in operations()
        if "POST" in operation.methods
    }

    assert roles == WRITERS


@pytest.mark.django_db
@pytest.mark.parametrize("role", EVERYONE)
def test_the_roles_decide_before_the_body_is_looked_at(role: str) -> None:
    caller = machine("terry", role)

    answered = {path: caller.call("POST", path, content="{").status for path in WRITERS}

    assert {path for path, status in answered.items() if status != 403} == {
        path for path, roles in WRITERS.items() if role in roles
    }


@pytest.mark.django_db
@pytest.mark.parametrize("role", EVERYONE)
@pytest.mark.parametrize(
    "path", ["/items", "/stock", "/lots", "/movements", "/procedures", "/flags", "/reorder"]
)
def test_everybody_may_read(role: str, path: str) -> None:
    assert machine("terry", role).get(path).status == 200


@pytest.mark.django_db
def test_a_person_without_a_role_may_not_even_read() -> None:
    refusal = machine("olga").get("/items")

    assert refusal.status == 403
    assert "olga" in refusal.body["detail"]


@pytest.mark.django_db
def test_an_administrator_may_do_everything() -> None:
    root = machine("root", superuser=True)

    assert root.post("/locations", {"code": "room-1", "name": "Room 1"}).status == 201


@pytest.mark.django_db
@pytest.mark.parametrize("token", [None, "", "wrong", "é", "vk_" + "a" * 5000])
def test_without_a_token_that_is_known_nobody_comes_in(token: str | None) -> None:
    refusal = Machine(token).get("/items")

    assert refusal.status == 401
    assert refusal.headers["WWW-Authenticate"] == "Bearer"
    assert refusal.headers["Content-Type"] == "application/problem+json"


def test_another_way_to_sign_in_is_none(nora: Machine) -> None:
    answer = nora.client.get("/api/v1/items", headers={"Authorization": f"Basic {nora.token}"})

    assert answer.status_code == 401


def test_somebody_who_left_does_not_come_in(nora: Machine) -> None:
    User.objects.filter(username="nora").update(is_active=False)

    assert nora.get("/items").status == 401


def test_a_revoked_token_is_none(nora: Machine) -> None:
    ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")

    assert nora.get("/items").status == 401


@time_machine.travel("2026-11-22T10:15:20-06:00", tick=False)
def test_a_token_that_calls_too_often_has_to_wait(
    nora: Machine, vera: Machine, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    settings.API_REQUESTS_PER_MINUTE = 2

    statuses = [nora.get("/items").status for _ in range(2)]
    refusal = nora.get("/items")

    assert statuses == [200, 200]
    assert (refusal.status, refusal.headers["Retry-After"]) == (429, "40")
    assert vera.get("/items").status == 200
