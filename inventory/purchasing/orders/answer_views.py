"""The supplier's answer to an order that was sent: shown beside it first, then taken in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import record
from inventory.purchasing.orders.answer import Answer, read_answer, unsealed
from inventory.purchasing.orders.errors import ChangedMeanwhile, OrderRefusal, WrongStatus
from inventory.purchasing.orders.forms import AnswerFileForm, AnswerForm
from inventory.purchasing.orders.returned import ReturnRefused
from inventory.purchasing.orders.views import BUYERS, either, order_of
from inventory.sheets.cells import FileRefused
from inventory.sheets.fields import file_name
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import allow


@allow(*BUYERS)
@either
def order_answer(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take the supplier's workbook, and show what it says beside what was ordered."""
    order = order_of(pk)
    if order.status != PurchaseOrder.Status.SENT:
        messages.error(request, str(WrongStatus(order, record.SENT_FIRST)))
        return redirect("order_detail", pk)
    form = AnswerFileForm(request.POST or None, request.FILES or None)
    context = {"title": f"Answer to {order}", "order": order, "form": form}
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            answer = read_answer(order, file, file_name(file))
        except ReturnRefused as refusal:
            context["problems"] = refusal.problems
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return _shown(request, answer, AnswerForm.shown(answer))
    status = 422 if request.method == "POST" else 200
    return render(request, "purchasing/order_answer.html", context, status=status)


@allow(*BUYERS)
@require_POST
def order_confirm(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take in what was ticked of an answer as it was shown."""
    order = order_of(pk)
    try:
        answer = unsealed(order, request.POST.get("answer", ""))
    except OrderRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("order_answer", pk)
    form = AnswerForm(request.POST, answer=answer)
    if form.is_valid():
        try:
            _taken_in(request, form)
        except ChangedMeanwhile as refusal:
            form.look_again(refusal, refusal.order)
        except OrderRefusal as refusal:
            messages.error(request, str(refusal))
            return redirect("order_detail", pk)
        else:
            return redirect("order_detail", pk)
    return _shown(request, answer, form, status=422)


def _taken_in(request: AuthenticatedRequest, form: AnswerForm) -> None:
    lines, answer = form.lines, form.answer
    confirmed, remarks = answer.confirmed(lines), answer.remarks(lines)
    record.confirm(
        answer.order,
        confirmed,
        remarks=remarks,
        seen=form.seen,
        by=request.user,
        now=timezone.now(),
    )
    left = len(answer.differences) - len(lines)
    said = f"{len(lines)} line{'' if len(lines) == 1 else 's'} taken in"
    messages.success(request, f"{said}, {left} left as it was." if left else f"{said}.")


def _shown(
    request: AuthenticatedRequest, answer: Answer, form: AnswerForm, status: int = 200
) -> HttpResponse:
    context = {
        "title": f"Answer to {answer.order}",
        "order": answer.order,
        "answer": answer,
        "form": form,
    }
    return render(request, "purchasing/order_confirm.html", context, status=status)
