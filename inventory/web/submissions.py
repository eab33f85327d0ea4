"""Forms that are safe to press twice: each carries a key, and is carried out once for it."""

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

from django import forms

from inventory.web.forms import CleanCharField
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import once

KEY = "submission_key"
NOT_OF_THE_BODY = frozenset({KEY, "csrfmiddlewaretoken"})
SEE_OTHER = 303


class SubmissionForm(forms.Form):
    """A form that carries its submission key in a hidden field."""

    submission_key = CleanCharField(max_length=64, widget=forms.HiddenInput, initial=uuid4)

    def submit(self, request: AuthenticatedRequest, act: Callable[[], str]) -> str:
        """Carry a valid form out once, as `submit_once` does."""
        return submit_once(request, str(self.cleaned_data[KEY]), act)


def submit_once(request: AuthenticatedRequest, key: str, act: Callable[[], str]) -> str:
    """Return the address to go to: what `act` returns, or returned when first sent with this key.

    What `act` raises is not kept: the corrected form may be sent with the same key. Raises
    SubmissionDiffers when the key was carried out with other contents.
    """
    answer = once(
        person_id=request.user.pk,
        path=request.path,
        key=key,
        body_hash=_hash(request),
        act=lambda: (SEE_OTHER, act()),
    )
    return str(answer.data)


def _hash(request: AuthenticatedRequest) -> str:
    body = {name: values for name, values in request.POST.lists() if name not in NOT_OF_THE_BODY}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
