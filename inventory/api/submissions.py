"""Carrying out what writes stock: once for each `Idempotency-Key`."""

import hashlib
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpResponse
from pydantic import BaseModel

from inventory.api.answers import as_json, as_text, json_answer
from inventory.api.auth import ApiRequest
from inventory.api.problems import Invalid, Problem
from inventory.api.values import UNPRINTABLE
from inventory.web.idempotency import SubmissionDiffers, once

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
IDEMPOTENT = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            "description": "The same key and body again: the first successful answer.",
        }
    ]
}
"""What the OpenAPI document says of a call that takes the header."""


def carry_out(
    request: ApiRequest, body: BaseModel, act: Callable[[], BaseModel], status: int = 201
) -> HttpResponse:
    """Answer what `act` returns; with a key, what it returned the first time.

    Raises Invalid for a key that is no key or was used with another body, and Problem when the
    first of two at the same time has not come to its end in time.
    """
    if HEADER not in request.headers:
        return as_json(act(), status)
    key = _key(request.headers[HEADER])
    try:
        answer = once(
            person_id=request.auth.pk,
            path=request.path,
            key=key,
            body_hash=_hash(body),
            # As text: PostgreSQL keeps the members of an object in an order of its own.
            act=lambda: (status, as_text(act())),
        )
    except SubmissionDiffers as refusal:
        raise Invalid((HEADER, str(refusal))) from refusal
    except OperationalError as locked:
        raise Problem(
            409,
            "The same submission is still being carried out. Ask again in a moment.",
            code="under-way",
            headers={"Retry-After": "1"},
        ) from locked
    reply = json_answer(answer.data, answer.status)
    if answer.replayed:
        reply["Idempotent-Replayed"] = "true"
    return reply


def _key(header: str) -> str:
    """The key as it was typed: a header arrives as Latin-1, though most programs send UTF-8."""
    try:
        key = header.encode("latin-1").decode()
    except UnicodeError:
        key = header
    if not key.strip() or len(key) > LONGEST_KEY or UNPRINTABLE.search(key):
        raise Invalid((HEADER, f"Expected 1 to {LONGEST_KEY} characters that can be shown."))
    return key


def _hash(body: BaseModel) -> str:
    """Equal for bodies that mean the same; what was left out stays out, so that new fields may
    come."""
    text = body.model_dump_json(by_alias=True, exclude_unset=True)
    return hashlib.sha256(text.encode()).hexdigest()
