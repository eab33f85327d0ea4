"""Programs of their own that work on the tests' database, with the settings of a clinic."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """The address of the database that the tests use at this moment, for DATABASE_URL."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(name).resolve()}"
    return urlsplit(os.environ["TEST_POSTGRES_URL"])._replace(path=f"/{name}").geturl()


def environment(url: str) -> dict[str, str]:
    """A clinic's environment, without TLS and without limits on how often somebody calls."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "inventory.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-tests-" * 5,
        "DEBUG": "0",
        "SECURE_SSL_REDIRECT": "0",
        "RATE_LIMITS": "off",
    }
