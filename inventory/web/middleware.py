"""Sign people out who have left the tablet lying; never answer with an empty page."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from inventory.web.errors import not_allowed, too_large

LAST_SEEN = "last_seen"
WRITE_EVERY_SECONDS = 60
# More than any file that is taken, a photograph of 15 MB, and the form around it.
LARGEST_BODY = 32 * 1024 * 1024


class IdleSignOutMiddleware:
    """End a session after `SESSION_IDLE_MINUTES` without a request (30 unless set).

    Stands after the authentication and message middlewares. The session is written at
    most once a minute, so that reading pages costs no write each.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.idle_minutes: int = getattr(settings, "SESSION_IDLE_MINUTES", 30)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request, now=int(time.time()))
        return self.get_response(request)

    def _check(self, request: HttpRequest, now: int) -> None:
        last_seen = request.session.get(LAST_SEEN)
        if last_seen is not None and now - last_seen >= self.idle_minutes * 60:
            logout(request)
            messages.info(
                request, f"You were signed out after {self.idle_minutes} minutes without use."
            )
        elif last_seen is None or now - last_seen >= WRITE_EVERY_SECONDS:
            request.session[LAST_SEEN] = now


class MethodRefusedMiddleware:
    """Answer an address that takes no such method with a page; Django's own answer is empty.

    It is met by whoever opens the address that a button sends to, as from the browser's history.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return not_allowed(request, response["Allow"])
        return response


class LargeBodyRefusedMiddleware:
    """Refuse a body that no form of ours sends before any of it is read and kept on the disk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > LARGEST_BODY:
            return too_large(request)
        return self.get_response(request)
