"""Error answers that say what is wrong: `application/problem+json` (RFC 9457)."""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

CONTENT_TYPE = "application/problem+json"

DETAILS = {
    400: "The request cannot be read.",
    401: "Send a valid token: Authorization: Bearer TOKEN.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    405: "This address does not take that method; the Allow header names those that it takes.",
    413: "The request is too large.",
    429: "Too many requests; wait a moment and try again.",
    500: "Something went wrong on the server; nothing was saved. Try again.",
    503: "The server is busy; nothing was saved. Try again.",
}


class Problem(Exception):
    """An answer other than success: status, a sentence for a person, members for a machine."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        self.status = status
        self.detail = detail
        self.code = code
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(detail)


class UnknownThing(Problem):
    """What the path names does not exist."""

    def __init__(self, what: str, name: object) -> None:
        super().__init__(404, f"There is no {what} {name}.")


class Invalid(Problem):
    """What was sent cannot be understood; `errors` are pairs of field and message."""

    def __init__(self, *errors: tuple[str, str]) -> None:
        field, message = errors[0]
        more = f" And {len(errors) - 1} more." if errors[1:] else ""
        super().__init__(
            422,
            f"{_in_words(field)}{message}{more}",
            errors=[{"field": field, "message": message} for field, message in errors],
        )


def _in_words(field: str) -> str:
    """Return "Line 1, quantity: " for lines.0.quantity, and nothing for the whole body."""
    if field == "body":
        return ""
    words: list[str] = []
    for part in field.split("."):
        if part.isdecimal() and words:
            words[-1] = f"{words[-1].removesuffix('s')} {int(part) + 1}"
        else:
            words.append(part.replace("_", " "))
    text = ", ".join(words)
    return f"{text[:1].upper()}{text[1:]}: "


def problem(
    status: int,
    detail: str = "",
    *,
    code: str = "",
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> HttpResponse:
    """Return an error answer; `code` names its kind where the status alone does not."""
    return JsonResponse(
        _document(status, detail, code, members),
        status=status,
        content_type=CONTENT_TYPE,
        headers=dict(headers or {}),
    )


def _document(
    status: int, detail: str, code: str = "", members: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    title = code.replace("-", " ").capitalize() if code else _phrase(status)
    return {
        "type": f"urn:vialkeeper:{code}" if code else "about:blank",
        "title": title,
        "status": status,
        "detail": detail or DETAILS.get(status, f"{title}."),
        **(members or {}),
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def code_of(error: Exception) -> str:
    """Return the kind of a named refusal: "not-enough-stock" for NotEnoughStock."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()


class ProblemMiddleware:
    """Answer every error below /api/ as a problem, whoever found it.

    The resolver's 404, a refused method, a request that Django itself refuses and an unforeseen
    failure come as pages; a machine gets the same in its own language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            request.path_info.startswith("/api/")
            and response.status_code >= 400
            and response.get("Content-Type") != CONTENT_TYPE
        ):
            self._rewrite(response)
        return response

    def _rewrite(self, response: HttpResponse) -> None:
        response.content = json.dumps(_document(response.status_code, "")).encode()
        response["Content-Type"] = CONTENT_TYPE
        response["Content-Length"] = str(len(response.content))
