"""How each refusal of the product is answered: every exception that a call may raise."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from inventory.api.bodies import UnreadableBody
from inventory.api.problems import Invalid, Problem, code_of, problem
from inventory.catalog.errors import CatalogRefusal, NotAccepted, Taken
from inventory.imports.kinds import RowsRefused
from inventory.procedures.record import MayNotVoid
from inventory.stock.errors import InvalidLine, NotEnoughStock, Shortage, StockRefusal
from inventory.web.decimals import plain

MOST_ERRORS = 50
SENTENCES = {
    "missing": "This has to be said.",
    "extra_forbidden": "There is no field of this name.",
    "string_type": "Expected text.",
    "string_unicode": "Expected text in valid Unicode.",
    "string_too_short": "Expected a text, but got nothing.",
    "bool_type": "Expected true or false.",
    "bool_parsing": "Expected true or false.",
    "int_type": "Expected a whole number.",
    "list_type": "Expected a list.",
    "model_type": "Expected an object with named fields.",
    "model_attributes_type": "Expected an object with named fields.",
}


def install(api: NinjaAPI) -> None:
    """Answer each refusal of the product as the problem that it is."""
    for kind, answer in ANSWERS.items():
        api.add_exception_handler(kind, answer)


def _problem(request: HttpRequest, refusal: Problem) -> HttpResponse:
    return problem(
        refusal.status,
        refusal.detail,
        code=refusal.code,
        headers=refusal.headers,
        **refusal.members,
    )


def _not_understood(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    errors = [(_field(error["loc"]), _sentence(error)) for error in refusal.errors[:MOST_ERRORS]]
    return _problem(request, Invalid(*errors))


def _field(location: Sequence[str | int]) -> str:
    """`("body", "body", "lines", 0, "item")` is lines.0.item; the whole body is body."""
    source, *rest = (str(part) for part in location)
    if source == "body":
        rest = rest[1:]
    return ".".join(rest) or source


def _sentence(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    limits = error.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return f"Expected {limits['expected']}."
    if kind == "string_too_long":
        return f"Expected at most {limits['max_length']} characters."
    if kind == "too_long":
        return (
            f"Expected at most {limits['max_length']} of them, but got {limits['actual_length']}."
        )
    return SENTENCES.get(kind, str(error["msg"]))


def _http_error(request: HttpRequest, refusal: HttpError) -> HttpResponse:
    if isinstance(refusal.__cause__, UnreadableBody):
        return _problem(request, Invalid(("body", str(refusal.__cause__))))
    return problem(refusal.status_code)


def _no_token(request: HttpRequest, refusal: AuthenticationError) -> HttpResponse:
    return problem(401, headers={"WWW-Authenticate": "Bearer"})


def _nothing_there(request: HttpRequest, refusal: Http404) -> HttpResponse:
    return problem(404)


def _too_large(request: HttpRequest, refusal: RequestDataTooBig) -> HttpResponse:
    return problem(413)


def _unreadable(request: HttpRequest, refusal: Exception) -> HttpResponse:
    return problem(400)


def _invalid_line(request: HttpRequest, refusal: InvalidLine) -> HttpResponse:
    return _problem(request, Invalid((refusal.field, refusal.message)))


def _not_accepted(request: HttpRequest, refusal: NotAccepted) -> HttpResponse:
    return _problem(request, Invalid(*((error.field, error.message) for error in refusal.errors)))


def _refused(request: HttpRequest, refusal: Exception) -> HttpResponse:
    return problem(409, str(refusal), code=code_of(refusal))


def _may_not(request: HttpRequest, refusal: MayNotVoid) -> HttpResponse:
    return problem(403, str(refusal), code=code_of(refusal))


def _not_enough(request: HttpRequest, refusal: NotEnoughStock) -> HttpResponse:
    shortages = [_shortage(each) for each in refusal.shortages]
    return problem(409, str(refusal), code=code_of(refusal), shortages=shortages)


def _shortage(shortage: Shortage) -> dict[str, Any]:
    return {
        "item": shortage.item.sku,
        "wanted": plain(shortage.wanted),
        "available": plain(shortage.available),
        "elsewhere": [
            {"location": location.code, "quantity": plain(quantity)}
            for location, quantity in shortage.elsewhere or ()
        ],
    }


def _busy(request: HttpRequest, refusal: OperationalError) -> HttpResponse:
    return problem(503, headers={"Retry-After": "1"})


# The most fitting entry answers, so that the order does not matter.
ANSWERS: dict[type[Exception], Any] = {
    Problem: _problem,
    ValidationError: _not_understood,
    HttpError: _http_error,
    AuthenticationError: _no_token,
    Http404: _nothing_there,
    RequestDataTooBig: _too_large,
    SuspiciousOperation: _unreadable,
    UnreadablePostError: _unreadable,
    InvalidLine: _invalid_line,
    NotAccepted: _not_accepted,
    Taken: _refused,
    CatalogRefusal: _refused,
    StockRefusal: _refused,
    RowsRefused: _refused,
    MultiPartParserError: _unreadable,
    MayNotVoid: _may_not,
    NotEnoughStock: _not_enough,
    OperationalError: _busy,
}
