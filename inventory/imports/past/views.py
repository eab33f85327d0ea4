"""Taking back a file of past procedures."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.imports.past.forms import TakeBackForm
from inventory.imports.past.record import take_back
from inventory.stock.models import PastFile
from inventory.stock.past_use_record import TakenBackAlready
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import MANAGER, allow


@allow(MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def past_file_take_back(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take all procedures of a file back in one step, with the reason."""
    file = get_object_or_404(PastFile, pk=pk)
    form = TakeBackForm(request.POST or None)
    if file.taken_back_at:
        messages.info(request, str(TakenBackAlready(file)))
        return redirect("past_file_detail", file.pk)
    if request.method == "POST" and form.is_valid():
        try:
            take_back(file, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        except TakenBackAlready as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, f"{file.name} is taken back: its procedures are gone.")
        return redirect("past_file_detail", file.pk)
    context = {
        "title": "Take a file back",
        "file": file,
        "count": file.procedures.count(),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "imports/past_file_take_back.html", context, status=status)
