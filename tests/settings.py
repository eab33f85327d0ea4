"""The product's own settings, with what a test machine needs instead of a clinic's.

The environment still wins, so that one variable tries out another value.
"""

import os
from pathlib import Path

from tests.memory import place_for_a_run

os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 5)
os.environ.setdefault("SECURE_SSL_REDIRECT", "0")
os.environ.setdefault("RATE_LIMITS", "off")
# Inherited by the workers of pytest-xdist, so that a run has one directory for all it writes.
os.environ.setdefault("TEST_DIRECTORY", str(place_for_a_run()))
# A database in a file, as in a clinic: one in memory is shared between threads by rules of its own.
os.environ["DATABASE_URL"] = f"sqlite:///{os.environ['TEST_DIRECTORY']}/unused.sqlite3"

from inventory.settings import *  # noqa: F403
from inventory.settings import DATABASES

TEST_DIRECTORY = Path(os.environ["TEST_DIRECTORY"])

DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIRECTORY / "test.sqlite3")}

# Argon2 is slow by design; what it costs is not what these tests are about.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Otherwise every test client would list all static files before its first request.
WHITENOISE_AUTOREFRESH = True
