"""The Django app, and system checks for settings that are dangerous in production.

`manage.py check` runs the ones that hold everywhere, `manage.py check --deploy` all of them.
"""

import gc
from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
SHORTEST_SECRET_KEY = 50
MANY_ROWS = 150_000
FOR_TRYING_OUT = "insecure"
"""What a secret key begins with that everybody can read in the source."""


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = "Vialkeeper"

    def ready(self) -> None:
        """Let every form say what to do where Django says what it wants; and let rows live.

        A report is a hundred thousand objects, all in use until it is answered and gone then: to
        look through them for garbage at every 700, as Python does, took a sixth of its time.
        """
        gc.set_threshold(MANY_ROWS, 20, 100)
        forms.Field.default_error_messages["required"] = "Fill this in."
        for choice in (forms.ChoiceField, forms.ModelChoiceField):
            choice.default_error_messages["required"] = "Choose one."


def everywhere(**_: Any) -> list[CheckMessage]:
    """Return what is wrong wherever Vialkeeper runs."""
    return [*_debugging_in_public(), *_weak_secret_key(), *_hosts(), *_sqlite_without_care()]


def in_production(**_: Any) -> list[CheckMessage]:
    """Return what is wrong where a clinic relies on it."""
    return [*_plain_http(), *_no_rate_limits(), *_mail_to_nowhere()]


register(everywhere, Tags.security)
register(in_production, Tags.security, deploy=True)


def _debugging_in_public() -> Iterator[CheckMessage]:
    strangers = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.DEBUG and strangers:
        yield Caution(
            f"DEBUG is on while ALLOWED_HOSTS has {', '.join(strangers)}: error pages show"
            " settings and stock to whoever causes one.",
            hint="Unset DEBUG, or let ALLOWED_HOSTS name this machine alone.",
            id="inventory.W001",
        )


def _weak_secret_key() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if not settings.DEBUG and (len(key) < SHORTEST_SECRET_KEY or key.startswith(FOR_TRYING_OUT)):
        yield Caution(
            "SECRET_KEY can be guessed, and who knows it can sign in as anybody.",
            hint=f"Set SECRET_KEY to {SHORTEST_SECRET_KEY} or more random characters, as in:"
            ' python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="inventory.W002",
        )


def _hosts() -> Iterator[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS:
        yield Caution(
            "ALLOWED_HOSTS has '*': a link in a mail can be made to lead to any site.",
            hint="Set ALLOWED_HOSTS to the names people type, as in: stock.clinic.example",
            id="inventory.W003",
        )
    if not settings.ALLOWED_HOSTS and not settings.DEBUG:
        yield Caution(
            "ALLOWED_HOSTS is empty: every request will be refused.",
            hint="Set ALLOWED_HOSTS to the names people type, as in: stock.clinic.example",
            id="inventory.W004",
        )


def _sqlite_without_care() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    if "sqlite" not in database["ENGINE"]:
        return
    options = database.get("OPTIONS", {})
    pragmas = str(options.get("init_command", "")).replace(" ", "").lower()
    if str(options.get("transaction_mode")).upper() != "IMMEDIATE":
        yield Error(
            "SQLite's transactions begin without the write lock: two nurses who log at the same"
            " time meet 'database is locked'.",
            hint='Set "transaction_mode": "IMMEDIATE" in the OPTIONS of the database.',
            id="inventory.E001",
        )
    if "journal_mode=wal" not in pragmas:
        yield Error(
            "SQLite does not use its write-ahead log: everybody waits while one person reads.",
            hint='Have "PRAGMA journal_mode=WAL;" in the init_command of the database.',
            id="inventory.E002",
        )
    if "synchronous=full" not in pragmas and "synchronous=extra" not in pragmas:
        yield Error(
            "SQLite does not wait for the disk: a power cut can take logged procedures with it.",
            hint='Have "PRAGMA synchronous=FULL;" in the init_command of the database.',
            id="inventory.E003",
        )


def _plain_http() -> Iterator[CheckMessage]:
    if not settings.DEBUG and not settings.SECURE_SSL_REDIRECT:
        yield Caution(
            "SECURE_SSL_REDIRECT is off: passwords and tokens may travel in the clear.",
            hint="Unset SECURE_SSL_REDIRECT. Behind a proxy that ends TLS, set TRUST_PROXY=1 too.",
            id="inventory.W005",
        )


def _no_rate_limits() -> Iterator[CheckMessage]:
    if not settings.RATE_LIMITS:
        yield Caution(
            "RATE_LIMITS is off: passwords can be tried without end.",
            hint="Unset RATE_LIMITS; it is for load tests only.",
            id="inventory.W006",
        )


def _mail_to_nowhere() -> Iterator[CheckMessage]:
    if not settings.DEBUG and settings.EMAIL_BACKEND.endswith(
        (".console.EmailBackend", ".dummy.EmailBackend")
    ):
        yield Caution(
            "Mails are written to the console: nobody gets them.",
            hint="Set EMAIL_HOST to the clinic's mail server (EMAIL_PORT, EMAIL_HOST_USER,"
            " EMAIL_HOST_PASSWORD and EMAIL_USE_TLS go with it).",
            id="inventory.W007",
        )
