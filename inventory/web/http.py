"""The request that a signed-in person's view receives."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    # Known to the stubs only; the plugin resolves it to AUTH_USER_MODEL, so that
    # this package need not import the people it serves.
    from django.contrib.auth.models import _User
    from django_htmx.middleware import HtmxDetails


class AuthenticatedRequest(HttpRequest):
    """A request whose person is signed in: `@allow` guarantees it."""

    user: "_User"
    htmx: "HtmxDetails"
