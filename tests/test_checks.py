"""Each dangerous setting is named by a system check that says what to do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import registry
from pytest_django import Settings

from inventory import apps
from inventory import settings as product

CAREFUL = product.DATABASES["default"]["OPTIONS"]
GOOD_KEY = "kT3-vQ8_zR1mW6yB0nX4cJ7hL2pD9sF5gA" * 2


@pytest.fixture(autouse=True)
def a_clinic_in_good_order(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = False
    settings.SECRET_KEY = GOOD_KEY
    settings.ALLOWED_HOSTS = ["stock.clinic.example"]
    settings.SECURE_SSL_REDIRECT = True
    settings.RATE_LIMITS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    sqlite = {"ENGINE": "inventory.web.sqlite", "OPTIONS": CAREFUL}
    monkeypatch.setitem(settings.DATABASES, "default", sqlite)


def found(check: Callable[..., list[Any]]) -> list[str]:
    return [problem.id for problem in check()]


def test_a_clinic_in_good_order_hears_nothing() -> None:
    assert found(apps.everywhere) + found(apps.in_production) == []


def test_it_warns_of_debugging_where_others_can_reach_it(settings: Settings) -> None:
    settings.DEBUG = True

    assert found(apps.everywhere) == ["inventory.W001"]


def test_debugging_on_the_own_machine_is_fine(settings: Settings) -> None:
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

    assert found(apps.everywhere) == []


@pytest.mark.parametrize("key", ["short", GOOD_KEY[:49], "insecure-" + GOOD_KEY])
def test_it_warns_of_a_secret_key_that_can_be_guessed(settings: Settings, key: str) -> None:
    settings.SECRET_KEY = key

    assert found(apps.everywhere) == ["inventory.W002"]


def test_it_warns_of_answering_to_any_name(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert found(apps.everywhere) == ["inventory.W003"]


def test_it_warns_of_answering_to_no_name(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = []

    assert found(apps.everywhere) == ["inventory.W004"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"transaction_mode": "DEFERRED"}, "inventory.E001"),
        ({"init_command": "PRAGMA synchronous=FULL;"}, "inventory.E002"),
        ({"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"}, "inventory.E003"),
    ],
)
def test_it_refuses_a_careless_sqlite(
    settings: Settings, change: dict[str, str], problem: str
) -> None:
    settings.DATABASES["default"]["OPTIONS"] = CAREFUL | change

    assert found(apps.everywhere) == [problem]


def test_postgresql_needs_none_of_the_options_of_sqlite(settings: Settings) -> None:
    settings.DATABASES["default"] = {"ENGINE": "django.db.backends.postgresql"}

    assert found(apps.everywhere) == []


def test_it_warns_of_plain_http(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = False

    assert found(apps.in_production) == ["inventory.W005"]


def test_it_warns_of_passwords_that_can_be_tried_without_end(settings: Settings) -> None:
    settings.RATE_LIMITS = False

    assert found(apps.in_production) == ["inventory.W006"]


def test_it_warns_of_mail_that_nobody_gets(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    assert found(apps.in_production) == ["inventory.W007"]


def test_every_problem_comes_with_a_hint(settings: Settings) -> None:
    settings.SECRET_KEY = "short"
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = settings.RATE_LIMITS = False
    settings.DATABASES["default"]["OPTIONS"] = {}

    problems = apps.everywhere() + apps.in_production()

    assert len(problems) == 7
    assert all(problem.hint for problem in problems)


def test_manage_py_check_runs_them() -> None:
    assert apps.everywhere in registry.registry.get_checks()
    assert apps.in_production not in registry.registry.get_checks()
    assert apps.in_production in registry.registry.get_checks(include_deployment_checks=True)
