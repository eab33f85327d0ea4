"""Count sheets: what to count next, making a sheet, counting on it, reviewing and posting it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.catalog.models import Item, Location
from inventory.counts import record
from inventory.counts.errors import (
    ChangedSinceReview,
    RowRefused,
    RowsIncomplete,
    SheetIsClosed,
)
from inventory.counts.filters import CountSheetFilter
from inventory.counts.forms import (
    CountSheetForm,
    FoundForm,
    NumbersForm,
    ReviewForm,
)
from inventory.counts.models import CountSheet, CountSheetLine, CountSheetQuerySet
from inventory.counts.plan import Proposal, propose
from inventory.counts.review import came_since, lines_of, review
from inventory.counts.scanned import NoSuchRow, question_about, row_of
from inventory.counts.stocked import read_stocked
from inventory.counts.tables import (
    BESIDE,
    NOT_YET,
    CountPlanTable,
    CountSheetLineTable,
    CountSheetTable,
    PlanRow,
)
from inventory.counts.words import why_count
from inventory.sheets.pages import table_page
from inventory.stock.errors import StockRefusal
from inventory.stock.pointing import NobodyKnows, PointsAtNothing, point_at
from inventory.stock.scan_views import learn_address
from inventory.stock.shelf_forms import is_id
from inventory.stock.shelf_views import SESSION_LOCATION
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, has_role
from inventory.web.submissions import SubmissionForm

EVERYWHERE = "all"
TICKED = 10
ANSWERED_MEANWHILE = (
    "Nothing is posted: somebody else has answered the marked rows otherwise meanwhile. Save again"
    " to keep your answer instead of theirs."
)

either = require_http_methods(["GET", "HEAD", "POST"])


@allow(*EVERYONE)
@require_safe
def count_sheet_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the sheets, the newest first, and above them those that are still open."""
    sheets = _sheets().with_progress()
    return table_page(
        request,
        CountSheetTable,
        sheets.order_by("-pk"),
        CountSheetFilter,
        title="Counts",
        template="counts/count_sheet_list.html",
        context={"still_open": sheets.still_open(), "counts": _counts(request)},
    )


@allow(*EVERYONE)
@require_safe
def count_sheet_plan(request: AuthenticatedRequest) -> HttpResponse:
    """Show what to count next in one place, or everywhere, each with the reason."""
    today = timezone.localdate()
    proposals = propose(read_stocked(), today)
    locations = {place.code: place for place in Location.objects.filter(is_active=True)}
    asked = request.GET.get("location") or request.session.get(SESSION_LOCATION, "")
    if asked not in {*locations, EVERYWHERE}:
        asked = proposals[0].stocked.location if proposals else EVERYWHERE
    wanted = [each for each in proposals if asked in {EVERYWHERE, each.stocked.location}]
    place = locations.get(asked)
    counts = _counts(request) and place is not None
    return table_page(
        request,
        CountPlanTable,
        _plan_rows(wanted, locations),
        title="What to count next",
        template="counts/count_sheet_plan.html",
        export_name="what to count next",
        table_options={"exclude": ("location",) if counts else ("tick",)},
        context={
            "place": place,
            "locations": locations.values(),
            "counts": counts,
            "form": SubmissionForm(),
            "still_open": _sheets().with_progress().still_open(),
        },
    )


@allow(NURSE, MANAGER)
@either
def count_sheet_add(request: AuthenticatedRequest) -> HttpResponse:
    """Make a sheet. `?location=` and `?items=` choose beforehand.

    A place that has an open sheet is gone on with: it has one at a time.
    """
    sent = request.POST if request.method == "POST" else request.GET
    items = [sku for sku in sent.getlist("items") if "\0" not in sku]
    place = sent.get("location") or request.session.get(SESSION_LOCATION, "")
    asked_for = request.GET.get("location", "").replace("\0", "")
    going_on = CountSheet.objects.still_open().filter(location__code=asked_for).first()
    if going_on and request.method == "GET":
        return redirect("count_sheet_detail", going_on.pk)
    form = CountSheetForm(request.POST or None, items=items, initial={"location": place})

    def make() -> str:
        sheet = record.make(
            location=form.cleaned_data["location"],
            scope=form.scope,
            blind=form.cleaned_data["blind"],
            by=request.user,
            now=timezone.now(),
        )
        return reverse("count_sheet_detail", args=[sheet.pk])

    if request.method == "POST" and form.is_valid() and (url := _submit(request, form, make)):
        return redirect(url)
    context = {"title": "Make a count sheet", "form": form, "items": items}
    status = 422 if request.method == "POST" else 200
    return render(request, "counts/count_sheet_add.html", context, status=status)


@allow(*EVERYONE)
@require_safe
def count_sheet_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a sheet: to count on while it is open, and what was found once it is posted."""
    sheet = _sheet(pk)
    lines = lines_of(sheet)
    if sheet.is_open and _counts(request) and "export" not in request.GET:
        if scan := request.GET.get("scan", "").strip():
            return redirect(_row_address(request, sheet, scan))
        return _counting_page(request, sheet, NumbersForm(None, lines=lines))
    hidden: tuple[str, ...] = () if "export" in request.GET else BESIDE
    hidden += NOT_YET if sheet.posted_at is None else ()
    hidden += ("expected_then",) if sheet.hides_expected else ()
    return table_page(
        request,
        CountSheetLineTable,
        lines,
        title=f"Count of {sheet.location}",
        template="counts/count_sheet_detail.html",
        export_name=f"count {sheet.pk} {sheet.location.code}",
        table_options={"exclude": hidden},
        context={"sheet": sheet, "lines": lines, **_outcome(lines)},
    )


@allow(NURSE, MANAGER)
@either
def count_sheet_count(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Keep the numbers that were entered: all that can be taken, whatever is wrong with others."""
    sheet = _sheet(pk)
    if request.method != "POST":
        return redirect("count_sheet_detail", pk)
    form = NumbersForm(request.POST, lines=lines_of(sheet))
    form.is_valid()
    try:
        form.tell(record.save_numbers(sheet, form.numbers(), by=request.user, now=timezone.now()))
        if request.htmx:
            return render(request, "counts/_count_saved.html", _progress(sheet, form))
        if form.errors:
            return _counting_page(request, sheet, form, status=422)
        return redirect(_after_counting(request, sheet))
    except StockRefusal as refusal:
        if request.htmx:
            return render(request, "counts/_count_refused.html", {"refusal": str(refusal)})
        messages.error(request, str(refusal))
        return redirect("count_sheet_detail", pk)


@allow(NURSE, MANAGER)
@either
def count_sheet_find(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Add a row for something that is there but not listed."""
    sheet = _sheet(pk)
    form = FoundForm(request.POST or None, sheet=sheet)

    def find() -> str:
        line = record.add_found(sheet, lot=form.cleaned_data["found"], vial=form.vial)
        messages.success(request, f"{line.lot.item} is on the sheet now. Enter what you counted.")
        return f"{reverse('count_sheet_detail', args=[pk])}#line-{line.pk}"

    if request.method == "POST" and form.is_valid() and (url := _submit(request, form, find)):
        return redirect(url)
    context = {"title": f"Found in {sheet.location}", "form": form, "sheet": sheet}
    status = 422 if request.method == "POST" else 200
    return render(request, "counts/count_sheet_find.html", context, status=status)


@allow(NURSE, MANAGER)
@either
def count_sheet_review(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show each variance with its value, ask for its reason, and post the sheet."""
    sheet = _sheet(pk)
    if not sheet.is_open or sheet.reviewed_at is None:
        return redirect("count_sheet_detail", pk)
    if request.method != "POST":
        return _review_page(request, sheet, ReviewForm(None, review=review(sheet)))
    try:
        return _answered(request, sheet, ReviewForm(request.POST, review=review(sheet)))
    except SheetIsClosed as refusal:
        messages.error(request, str(refusal))
        return redirect("count_sheet_detail", pk)
    except (StockRefusal, SubmissionDiffers) as refusal:
        return _review_refused(request, sheet, refusal)


@allow(NURSE, MANAGER)
@require_POST
def count_sheet_cancel(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Give a sheet up; nothing of it reaches the ledger."""
    sheet = _sheet(pk)
    try:
        record.cancel(sheet, by=request.user, now=timezone.now())
    except SheetIsClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The sheet is cancelled. Stock is as it was.")
    return redirect("count_sheet_detail", pk)


@allow(*EVERYONE)
@require_safe
def count_sheet_print(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a sheet to be printed and written on; what is expected only where it is not blind."""
    sheet = _sheet(pk)
    context = {
        "title": f"Count of {sheet.location}",
        "sheet": sheet,
        "lines": lines_of(sheet),
        "shows_expected": not sheet.blind,
        "empty_rows": range(3),
    }
    return render(request, "counts/count_sheet_print.html", context)


def _sheets() -> CountSheetQuerySet:
    people = ("made_by", "posted_by", "cancelled_by")
    return CountSheet.objects.select_related("location", *people)


def _sheet(pk: int) -> CountSheet:
    return get_object_or_404(_sheets(), pk=pk)


def _counts(request: AuthenticatedRequest) -> bool:
    return has_role(request, NURSE, MANAGER)


def _plan_rows(proposals: list[Proposal], locations: dict[str, Location]) -> list[PlanRow]:
    today = timezone.localdate()
    items = {item.sku: item for item in Item.objects.all()}
    return [
        PlanRow(
            item=items[each.stocked.item],
            location=locations[each.stocked.location],
            value=each.stocked.value,
            changes=each.stocked.changes,
            last_counted=each.stocked.last_counted,
            why=why_count(each, today),
            ticked=number < TICKED and each.days > 0,
        )
        for number, each in enumerate(proposals)
        if each.stocked.item in items and each.stocked.location in locations
    ]


def _submit(
    request: AuthenticatedRequest, form: SubmissionForm, act: Callable[[], str]
) -> str | None:
    """Carry a valid form out once; return where to go, or None with the refusal in the form."""
    try:
        return form.submit(request, act)
    except (StockRefusal, SubmissionDiffers) as refusal:
        form.add_error(None, str(refusal))
    return None


def _progress(sheet: CountSheet, form: NumbersForm) -> dict[str, Any]:
    """Return how far the sheet is, as it is kept now, and which rows could not be taken."""
    lines = list(sheet.lines.all())
    problems = [(row.line, row.field.errors) for row in form.rows() if row.field.errors]
    return {
        "sheet": sheet,
        "total": len(lines),
        "counted": sum(line.is_counted for line in lines),
        "shown": form.shown_now(lines),
        "problems": problems,
    }


def _outcome(lines: list[CountSheetLine]) -> dict[str, Any]:
    """Return what a posted sheet found: how much of it differs, and what that is worth."""
    differing = [line for line in lines if line.variance]
    return {
        "counted": sum(line.is_counted for line in lines),
        "differing": len(differing),
        "value": sum((line.value for line in differing if line.value is not None), Decimal(0)),
        "unpriced": sum(line.value is None for line in differing),
    }


def _counting_page(
    request: AuthenticatedRequest, sheet: CountSheet, form: NumbersForm, status: int = 200
) -> HttpResponse:
    lines = list(form.lines.values())
    at = request.GET.get("at", "")
    form.stand_at(int(at) if is_id(at) else None)
    context = {
        "title": f"Count {sheet.location}",
        "form": form,
        "shows_expected": not sheet.blind,
        "came_since": came_since(sheet, lines),
        "found_form": FoundForm(None, sheet=sheet, auto_id=False),
        "scan": request.POST.get("scan", ""),
        **_progress(sheet, form),
    }
    return render(request, "counts/count_sheet_count.html", context, status=status)


def _after_counting(request: AuthenticatedRequest, sheet: CountSheet) -> str:
    """Return where to go once the numbers are kept: to the row that was scanned, to the review,
    away, or on with it."""
    if scan := request.POST.get("scan", "").strip():
        return _row_address(request, sheet, scan)
    if request.POST.get("do") == "review":
        record.open_review(sheet, now=timezone.now())
        return reverse("count_sheet_review", args=[sheet.pk])
    if request.POST.get("do") == "later":
        messages.success(request, f"Saved. The sheet of {sheet.location} is still open.")
        return reverse("count_sheet_list")
    messages.success(request, "Saved.")
    return reverse("count_sheet_detail", args=[sheet.pk])


def _row_address(request: AuthenticatedRequest, sheet: CountSheet, scan: str) -> str:
    """Return where the row of a scanned code is; one that is not listed yet is added."""
    page = reverse("count_sheet_detail", args=[sheet.pk])
    lines = lines_of(sheet)
    try:
        pointed = point_at(scan)
        row = row_of(sheet, lines, pointed)
        if row is None and pointed.lot:
            row = record.add_found(sheet, lot=pointed.lot, vial=pointed.vial)
            messages.success(request, f"{pointed.item} is on the sheet now.")
    except NobodyKnows:
        return learn_address(scan, page)
    except (PointsAtNothing, NoSuchRow, StockRefusal) as refusal:
        messages.error(request, str(refusal))
        return page
    if row is None:
        return page
    if question := question_about(lines, row, pointed):
        messages.warning(request, question)
    # No fragment: beside one, a browser puts the cursor nowhere.
    return f"{page}?at={row.pk}"


def _answered(request: AuthenticatedRequest, sheet: CountSheet, form: ReviewForm) -> HttpResponse:
    """Keep what was answered; then post the sheet, if that is what was pressed."""
    valid = form.is_valid()
    others = record.save_answers(sheet, form.answers(), shown=form.shown_before())
    if others or request.htmx or not valid:
        now = review(sheet)
        form.tell(others, now)
        if request.htmx:
            return render(
                request, "counts/_review_total.html", {"review": now, "form": form, "told": True}
            )
        if not valid:
            return _review_page(request, sheet, form, status=422)
        return _review_page(request, sheet, form.anew(now), ANSWERED_MEANWHILE, status=422)
    if request.POST.get("do") == "post":
        return redirect(_post(request, sheet, form))
    messages.success(request, "Saved. Nothing is posted yet.")
    return redirect("count_sheet_review", sheet.pk)


def _post(request: AuthenticatedRequest, sheet: CountSheet, form: ReviewForm) -> str:
    def post() -> str:
        record.post(sheet, seen=form.seen_before(), by=request.user, now=timezone.now())
        messages.success(request, "Posted. The ledger says what was counted.")
        return reverse("count_sheet_detail", args=[sheet.pk])

    return form.submit(request, post)


def _review_refused(
    request: AuthenticatedRequest, sheet: CountSheet, refusal: Exception
) -> HttpResponse:
    """Show the review anew, as things are now, with what stands in the way at its row."""
    form = ReviewForm(None, review=review(sheet))
    if isinstance(refusal, ChangedSinceReview):
        form.changed = refusal.lines
    elif isinstance(refusal, RowsIncomplete):
        form.questions = refusal.rows
    elif isinstance(refusal, RowRefused):
        form.questions = {refusal.line: refusal.sentence}
    return _review_page(request, sheet, form, refusal=str(refusal), status=422)


def _review_page(
    request: AuthenticatedRequest,
    sheet: CountSheet,
    form: ReviewForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": f"Review the count of {sheet.location}",
        "sheet": sheet,
        "form": form,
        "review": form.review,
        "refusal": refusal,
    }
    return render(request, "counts/count_sheet_review.html", context, status=status)
