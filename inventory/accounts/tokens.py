"""API tokens: made once, kept as a hash, looked up on every call."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from inventory.accounts.models import ApiToken, User

PREFIX = "vk_"
BYTES_OF_CHANCE = 32
LONGEST_LABEL = 100
TOUCH_EVERY = timedelta(minutes=1)


def issue(person: User, label: str = "") -> str:
    """Make a token for the person and return it; it can never be shown again."""
    raw = PREFIX + secrets.token_urlsafe(BYTES_OF_CHANCE)
    ApiToken.objects.create(person=person, label=label, token_hash=_hash(raw))
    return raw


def person_for(raw: str) -> User | None:
    """Return whom the token stands for; None for an unknown or revoked one, or someone who left."""
    token = (
        ApiToken.objects.select_related("person")
        .filter(token_hash=_hash(raw), revoked_at=None, person__is_active=True)
        .first()
    )
    if token is None:
        return None
    _touch(token)
    return token.person


def revoke(token: ApiToken) -> None:
    """End the token now. Ending it twice changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def _hash(raw: str) -> str:
    # A header may hold any bytes. 256 random bits need no slow hash.
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


def _touch(token: ApiToken) -> None:
    now = timezone.now()
    # A busy machine calls many times a second; a write for each would queue behind real work.
    if token.last_used_at is None or now - token.last_used_at >= TOUCH_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
