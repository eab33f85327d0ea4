"""Carry out a submission once, whatever the double tap, retry or reload."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from inventory.web.models import Submission
from inventory.web.transactions import all_or_nothing


class SubmissionDiffers(Exception):
    """The key was used before, with another body."""

    def __init__(self) -> None:
        super().__init__("This submission key was used before with other contents. Use a new key.")


@dataclass(frozen=True)
class Answer:
    """What was answered, as plain JSON data; `replayed` when it was carried out earlier."""

    status: int
    data: Any
    replayed: bool = False


def once(
    *, person_id: int, path: str, key: str, body_hash: str, act: Callable[[], tuple[int, Any]]
) -> Answer:
    """Call `act` unless this person's key was carried out on this path; then return that answer.

    The row is claimed before the work and in the same transaction, so a duplicate waits for the
    first, and what `act` refuses (by raising) is not kept. Raises SubmissionDiffers.
    """
    claim = {"person_id": person_id, "path": path, "key": key}
    if known := Submission.objects.filter(**claim).first():
        return _replay(known, body_hash)
    try:
        return _carry_out(claim, body_hash, act)
    except _ClaimedAlready:
        return _replay(Submission.objects.get(**claim), body_hash)


@all_or_nothing
def _carry_out(claim: dict[str, Any], body_hash: str, act: Callable[[], tuple[int, Any]]) -> Answer:
    submission = _claim(claim, body_hash)
    status, data = act()
    submission.status, submission.answer = status, data
    submission.save(update_fields=["status", "answer"])
    return Answer(status, data)


class _ClaimedAlready(Exception):
    pass


def _claim(claim: dict[str, Any], body_hash: str) -> Submission:
    try:
        return Submission.objects.create(**claim, body_hash=body_hash)
    except IntegrityError as error:
        raise _ClaimedAlready from error


def _replay(submission: Submission, body_hash: str) -> Answer:
    if submission.body_hash != body_hash:
        raise SubmissionDiffers
    return Answer(submission.status, submission.answer, replayed=True)
