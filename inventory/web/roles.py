"""Who may use a view. Every view carries `@allow(...)` or `@public`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser, AbstractUser, AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from inventory.web.http import AuthenticatedRequest

NURSE = "nurse"
MANAGER = "manager"
PURCHASER = "purchaser"
VIEWER = "viewer"
EVERYONE = (NURSE, MANAGER, PURCHASER, VIEWER)
ANYONE = "anyone"
"""What `allowed_roles` of a public view holds: no sign-in asked."""

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
GuardedView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def allow(
    *roles: str,
) -> Callable[[Callable[Concatenate[AuthenticatedRequest, P], HttpResponseBase]], GuardedView[P]]:
    """Let people of these roles use the view; superusers may always.

    Put it outermost. Raises ValueError at import for a role that does not exist.
    """
    unknown = set(roles) - set(EVERYONE)
    if unknown or not roles:
        raise ValueError(f"Expected some of the roles {EVERYONE}, got {roles}.")

    def decorate(
        view: Callable[Concatenate[AuthenticatedRequest, P], HttpResponseBase],
    ) -> GuardedView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not has_role(request, *roles):
                return _refused(request, roles)
            response = view(cast("AuthenticatedRequest", request), *args, **kwargs)
            # Back after signing out must not show the page again, and Back while
            # signed in must not show yesterday's stock.
            add_never_cache_headers(response)
            return response

        cast("Any", guarded).allowed_roles = frozenset(roles)
        return guarded

    return decorate


def public(view: View) -> View:
    """Declare that the view needs no sign-in."""
    cast("Any", view).allowed_roles = frozenset({ANYONE})
    return view


def roles_of_person(person: AbstractBaseUser | AnonymousUser) -> frozenset[str]:
    """Return the person's roles, all of them for a superuser. Costs one query."""
    if not isinstance(person, AbstractUser) or not person.is_active:
        return frozenset()
    if person.is_superuser:
        return frozenset(EVERYONE)
    names = person.groups.filter(name__in=EVERYONE).values_list("name", flat=True)
    return frozenset(names)


def roles_of(request: HttpRequest) -> frozenset[str]:
    """Return the roles of the request's person; the query is made once per request."""
    known: tuple[Any, frozenset[str]] | None = getattr(request, "_roles_of", None)
    # Signing in changes the person in the middle of a request.
    if known is None or known[0] != request.user.pk:
        known = (request.user.pk, roles_of_person(request.user))
        request._roles_of = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known[1]


def has_role(request: HttpRequest, *roles: str) -> bool:
    """Say whether the request's person has one of the roles."""
    return not roles_of(request).isdisjoint(roles)


def in_words(roles: "tuple[str, ...] | frozenset[str]") -> str:
    """Return "nurses, managers and viewers", in the order of EVERYONE."""
    words = [f"{role}s" for role in EVERYONE if role in roles]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    htmx = getattr(request, "htmx", None)
    url = resolve_url("sign_in")
    back_to = _page_to_return_to(request, htmx)
    if back_to:
        url = f"{url}?{urlencode({'next': back_to})}"
    return HttpResponseClientRedirect(url) if htmx else HttpResponseRedirect(url)


def _page_to_return_to(request: HttpRequest, htmx: Any) -> str | None:
    # A fragment's own address is no page, and a POST cannot be repeated as a GET.
    if htmx:
        page: str | None = htmx.current_url_abs_path
        return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else None
    return request.get_full_path() if request.method in ("GET", "HEAD") else None


def _refused(request: HttpRequest, roles: tuple[str, ...]) -> HttpResponse:
    template = "_refused.html" if getattr(request, "htmx", None) else "403.html"
    return render(request, template, {"allowed": in_words(roles)}, status=403)
