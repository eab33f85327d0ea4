"""Who calls, and whether they may: decided before anything of the body is looked at."""

import hashlib
import time
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from inventory.accounts.models import User
from inventory.accounts.tokens import person_for
from inventory.api.problems import Problem
from inventory.web.roles import EVERYONE, in_words, roles_of_person

MINUTE = 60


class ApiRequest(HttpRequest):
    """A request whose token was accepted: `auth` is the person it acts for, in these `roles`."""

    auth: User
    roles: frozenset[str]


class Bearer(HttpBearer):
    """Lets people of these roles call, and superusers. `roles` is there for a test to see."""

    def __init__(self, *roles: str) -> None:
        unknown = set(roles) - set(EVERYONE)
        if unknown or not roles:
            raise ValueError(f"Expected some of the roles {EVERYONE}, got {roles}.")
        self.roles = frozenset(roles)
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the person whose token this is, None for nobody. Raises Problem: 403, 429."""
        token = token.strip()
        person = person_for(token) if token.isascii() and token.isprintable() else None
        if person is None or not person.is_active:
            return None
        _count(token)
        roles = roles_of_person(person)
        if roles.isdisjoint(self.roles):
            raise Problem(403, f"This is for {in_words(self.roles)}; {person} is none of them.")
        cast("ApiRequest", request).roles = roles
        return person


def may(*roles: str) -> Bearer:
    """Declare who may make a call."""
    return Bearer(*roles)


def _count(token: str) -> None:
    """Raise Problem when this token called too often in this minute."""
    if not settings.RATE_LIMITS:
        return
    now = int(time.time())
    key = f"api-calls:{hashlib.sha256(token.encode()).hexdigest()}:{now // MINUTE}"
    cache.add(key, 0, timeout=2 * MINUTE)
    if cache.incr(key) > settings.API_REQUESTS_PER_MINUTE:
        raise Problem(
            429,
            "Too many requests in this minute; wait a moment and try again.",
            headers={"Retry-After": str(MINUTE - now % MINUTE)},
        )
