"""An order goes back to draft, is closed short or cancelled: each with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import record
from inventory.purchasing.orders.errors import ChangedMeanwhile, OrderRefusal
from inventory.purchasing.orders.forms import ReasonForm
from inventory.purchasing.orders.given_up import given_up
from inventory.purchasing.orders.views import BUYERS, either, order_of
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import allow


@dataclass(frozen=True)
class _Step:
    """What is done with a reason, and its words: heading, meaning, button, what was done, and what
    the list is called of all that would not be on order any more."""

    act: Callable[..., PurchaseOrder]
    heading: str
    means: str
    button: str
    done: str
    gives_up: str = ""


BACK = _Step(
    record.back_to_draft,
    "Put {} back to draft",
    "It can be changed then, and has to be approved again.",
    "Back to draft",
    "{} is a draft again.",
)
CLOSE = _Step(
    record.close_short,
    "Close {} short",
    "What is still open is not on order any more. What was received stays received.",
    "Close it short",
    "{} is closed: nothing of it is on order any more.",
    "Given up",
)
CANCEL = _Step(
    record.cancel,
    "Cancel {}",
    "Nothing of it is on order any more. If it was sent, tell the supplier yourself.",
    "Cancel the order",
    "{} is cancelled.",
    "On order until now",
)


@allow(*BUYERS)
@either
def order_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take an approval back."""
    return _with_reason(request, pk, BACK)


@allow(*BUYERS)
@either
def order_close(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """End an order of which not everything came."""
    return _with_reason(request, pk, CLOSE)


@allow(*BUYERS)
@either
def order_cancel(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Give an order up of which nothing came."""
    return _with_reason(request, pk, CANCEL)


def _with_reason(request: AuthenticatedRequest, pk: int, step: _Step) -> HttpResponse:
    order = order_of(pk)
    sent = request.POST if request.method == "POST" else None
    form = ReasonForm(sent, initial={"version": order.version})
    if sent is not None and form.is_valid():
        said: dict[str, Any] = {"reason": form.cleaned_data["reason"], "seen": form.seen}
        try:
            step.act(order, **said, by=request.user, now=timezone.now())
        except ChangedMeanwhile as refusal:
            form.look_again(refusal, refusal.order)
        except OrderRefusal as refusal:
            messages.error(request, str(refusal))
            return redirect("order_detail", pk)
        else:
            messages.success(request, step.done.format(order))
            return redirect("order_detail", pk)
    context = {"title": step.heading.format(order), "form": form, "order": order, "step": step}
    if step.gives_up:
        context["given_up"] = given_up(order)
    status = 200 if sent is None else 422
    return render(request, "purchasing/order_end.html", context, status=status)
