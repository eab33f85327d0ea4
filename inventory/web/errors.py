"""The pages for a request that cannot be answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what came could not be understood."""
    return _bare(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person may not do this."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing is kept under this address."""
    template = "404.html" if _is_signed_in(request) else "404_bare.html"
    return render(request, template, status=404)


def not_allowed(request: HttpRequest, methods: str) -> HttpResponse:
    """405: the address takes only these methods, as in "POST"."""
    response = _bare(request, "405.html", status=405)
    response["Allow"] = methods
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than any form of ours takes."""
    return _bare(request, "413.html", status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our own mistake. The page asks neither database nor session."""
    return defaults.server_error(request)


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    # A request this broken may have no session, no person and no readable body.
    return render(None, template, status=status)


def _is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated
