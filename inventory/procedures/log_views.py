"""Logging a procedure: the page, the answer to each press, and the one press that saves.

`amend` names a procedure that is to be logged again as it really was: the page begins with what it
took, and saving voids it in the same step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import replace_url

from inventory.catalog.models import Location
from inventory.procedures import record
from inventory.procedures.amending import Amending, begin, draft_of
from inventory.procedures.draft import Draft, with_type
from inventory.procedures.kits import kit_to_choose_from
from inventory.procedures.log_forms import HeadForm, Sent, new_key, read_sent
from inventory.procedures.log_page import LogPage, log_page
from inventory.procedures.log_words import shown_offer
from inventory.procedures.models import Procedure, ProcedureType
from inventory.procedures.presses import number as read_number
from inventory.procedures.preview import wanted_lines
from inventory.procedures.record import AlreadyVoided
from inventory.procedures.supplies import find_supplies
from inventory.procedures.usual import TypeUse, last_location, types_by_use
from inventory.stock.errors import InvalidLine, NotEnoughStock, StockRefusal
from inventory.web import idempotency
from inventory.web.http import AuthenticatedRequest
from inventory.web.idempotency import SubmissionDiffers
from inventory.web.roles import MANAGER, NURSE, allow

SESSION_LOCATION = "location_code"
SESSION_PROVIDER = "provider"
# One scope for the keys of this page, whatever its address becomes.
SUBMISSION_PATH = "/procedures/log"


LOGGED_BEFORE = (
    "This page was logged already, and has been changed since. Look at today's procedures; press"
    " Log procedure once more if this is another one."
)


class CannotAmend(Exception):
    """The procedure cannot be amended; `address` is where the person reads on."""

    def __init__(self, message: str, address: str) -> None:
        super().__init__(message)
        self.address = address


class NotYet(Exception):
    """The person has something to put right, or to look at, before this can be logged."""


@dataclass(frozen=True)
class Desk:
    """Where the person logs, and when: what every answer of the page starts from.

    `lost` says that the page came for a place that nobody knows.
    """

    location: Location
    locations: Sequence[Location]
    uses: Sequence[TypeUse]
    now: datetime
    amending: Amending | None = None
    lost: bool = False

    @property
    def why_not_here(self) -> str:
        """Why nothing can be logged where the page says; empty when it can."""
        if self.lost:
            return "Where it was done is not known here: choose the place."
        if self.location not in self.locations:
            return f"{self.location} is not in use any more: choose where it was done."
        return ""

    @property
    def types(self) -> dict[str, ProcedureType]:
        """The types to choose from, by code; that of an amended procedure even if out of use."""
        known = [self.amending.procedure.type] if self.amending else []
        return {kind.code: kind for kind in [*known, *(use.type for use in self.uses)]}

    def page(self, sent: Sent) -> LogPage:
        return log_page(
            sent.draft,
            performed_at=sent.performed_at,
            uses=self.uses,
            locations=self.locations,
            now=self.now,
            undone=self.amending.undone if self.amending else (),
        )


@allow(NURSE, MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_log(request: AuthenticatedRequest) -> HttpResponse:
    """Show the kit of a procedure, change it press by press, and log it."""
    try:
        amending = _amending(request)
    except CannotAmend as refusal:
        messages.error(request, str(refusal))
        return redirect(refusal.address)
    desk = _desk(request, amending)
    if desk is None:
        return render(request, "procedures/no_location.html", {"title": "Log a procedure"})
    if request.method != "POST":
        sent = _fresh(request, desk)
        return _answer(request, sent, desk)
    before = amending.procedure.performed_at if amending else None
    sent = read_sent(
        request.POST, types=desk.types, location=desk.location, now=desk.now, instead_of=before
    )
    moved = not amending and not desk.why_not_here and _remember(request, sent)
    if sent.wants_log:
        return _log(request, sent, desk)
    return _answer(request, sent, desk, moved=moved)


@allow(NURSE, MANAGER)
@require_safe
def procedure_supply_search(request: AuthenticatedRequest) -> HttpResponse:
    """Show the supplies that the typed words find, as buttons that add them."""
    desk = _desk(request)
    found = _found(request.GET.get("find", ""), desk) if desk else {}
    return render(request, "procedures/_found.html", found)


def _log(request: AuthenticatedRequest, sent: Sent, desk: Desk) -> HttpResponse:
    """Save if everything is understood and was seen; otherwise the page as typed, with why not."""
    try:
        pk = _save(request, sent, desk)
    except SubmissionDiffers:
        refusal, status, sent = LOGGED_BEFORE, 422, replace(sent, key=new_key())
    except NotYet as error:
        refusal, status = str(error), 422
    except InvalidLine as error:
        refusal, status = error.message, 422
    except StockRefusal as error:
        refusal, status = _refusal_words(error), 409
    else:
        return redirect(f"{reverse('procedure_detail', args=[pk])}?logged=1")
    sent = replace(sent, problems=(*sent.problems, refusal))
    return _answer(request, sent, desk, status)


def _save(request: AuthenticatedRequest, sent: Sent, desk: Desk) -> int:
    """Log the procedure once, whatever the double tap; returns its id.

    What was logged already is answered before anything is judged again: the shelf is not what it
    was. Raises NotYet and whatever `record` raises; then nothing is kept.
    """

    def act() -> tuple[int, Any]:
        page = desk.page(sent)
        wanted = _wanted(sent, page, desk)
        logged = _record(request, sent, desk, wanted)
        return 201, {"procedure": logged.procedure.pk}

    answer = idempotency.once(
        person_id=request.user.pk,
        path=SUBMISSION_PATH,
        key=sent.key,
        body_hash=sent.body_hash,
        act=act,
    )
    return int(answer.data["procedure"])


def _record(
    request: AuthenticatedRequest, sent: Sent, desk: Desk, wanted: record.ProcedureWanted
) -> record.Logged:
    if desk.amending is None:
        return record.record(wanted, by=request.user, now=desk.now)
    reason = sent.form.cleaned_data["amend_reason"]
    procedure = desk.amending.procedure
    return record.amend(procedure, wanted, by=request.user, reason=reason, now=desk.now).logged


def _wanted(sent: Sent, page: LogPage, desk: Desk) -> record.ProcedureWanted:
    """The procedure as the page says it. Raises NotYet where it cannot be logged as it stands."""
    draft = sent.draft
    # First: the page that answers shows the kit as it is now, so that the next one cannot tell.
    if sent.kit_changed:
        raise NotYet(
            "Nothing was logged yet: the kit was changed meanwhile. Look at the supplies, then"
            " press Log procedure."
        )
    if desk.why_not_here:
        raise NotYet(f"Nothing was logged yet. {desk.why_not_here}")
    if draft.type is None:
        raise NotYet("Choose the kind of procedure first.")
    if draft.type.code not in desk.types:
        raise NotYet(
            f"Nothing was logged yet. {draft.type} is not in use any more: choose another kind of"
            " procedure."
        )
    if not sent.sound or not page.preview.sound:
        raise NotYet("Nothing was logged yet. Put right what is marked below.")
    if sent.scans:
        raise NotYet(
            "Nothing was logged yet: something was scanned with it. Look at the supplies, then"
            " press Log procedure."
        )
    if sent.unseen:
        raise NotYet(
            "Nothing was logged yet: the kit was scaled for the muscles and sites you typed. Look"
            " at the amounts, then press Log procedure."
        )
    head = sent.form.cleaned_data
    if desk.amending and not head["amend_reason"]:
        raise NotYet("Nothing was changed yet. Say why the procedure is amended.")
    return record.ProcedureWanted(
        type=draft.type,
        location=draft.location,
        performed_at=sent.performed_at or desk.now,
        muscles=draft.muscles,
        sites=draft.sites,
        provider=sent.provider,
        encounter_ref=head["encounter_ref"],
        lines=wanted_lines(page.preview),
    )


def _refusal_words(error: StockRefusal) -> str:
    if not isinstance(error, NotEnoughStock):
        return f"Nothing was logged. {error}"
    names = ", ".join(shortage.item.name for shortage in error.shortages)
    return f"Nothing was logged and nothing has moved: there is not enough here of {names}."


def _answer(
    request: AuthenticatedRequest,
    sent: Sent,
    desk: Desk,
    status: int = 200,
    *,
    moved: bool = False,
) -> HttpResponse:
    """The whole page, or for a press the parts of it that change."""
    page = desk.page(sent)
    context = {
        "title": "Amend a procedure" if desk.amending else "Log a procedure",
        "amended": desk.amending.procedure if desk.amending else None,
        "page": page,
        "draft": sent.draft,
        "form": sent.form,
        "key": sent.key,
        "performed_at": sent.performed_at,
        "provider": sent.provider,
        "providers": list(dict.fromkeys(filter(None, [sent.provider, *page.providers]))),
        "moved": moved,
        "problems": sent.problems,
        "said": sent.said,
        "scan": sent.said[-1].unknown if sent.said else "",
        **_found(_still_looked_for(sent), page),
    }
    if not request.htmx:
        return render(request, "procedures/procedure_log.html", context, status=status)
    response = render(request, "procedures/_log_answer.html", context)
    kind = sent.draft.type
    if kind is None or desk.amending:
        return response
    return replace_url(response, f"{request.path}?type={kind.code}")


def _amending(request: AuthenticatedRequest) -> Amending | None:
    """The procedure that the page is to amend. Raises CannotAmend."""
    number = request.POST.get("amend") or request.GET.get("amend") or ""
    if not number:
        return None
    found = Procedure.objects.select_related("type", "location", "movement", "logged_by")
    procedure = found.filter(pk=read_number(number) or 0).first()
    if procedure is None:
        raise CannotAmend("There is no such procedure.", reverse("procedure_list"))
    now = timezone.now()
    page = reverse("procedure_detail", args=[procedure.pk])
    # A second press on Save finds it voided, by the first: that is answered with the first.
    if request.method != "POST" and procedure.status == Procedure.Status.VOIDED:
        raise CannotAmend(str(AlreadyVoided(procedure)), page)
    try:
        record.check_may_void(procedure, request.user, now)
        return begin(procedure, timezone.localdate(now))
    except StockRefusal as refusal:
        raise CannotAmend(str(refusal), page) from refusal


def _still_looked_for(sent: Sent) -> str:
    added = any(do.startswith("add:") for do in sent.pressed)
    return "" if added else str(sent.form.data.get("find", ""))


def _found(text: str, at: Desk | LogPage) -> dict[str, Any]:
    location = at.location if isinstance(at, Desk) else at.draft.location
    offers = find_supplies(text, location, timezone.localdate(at.now))
    return {"find": text, "found": [shown_offer(f"add:{offer.key}", offer) for offer in offers]}


def _desk(request: AuthenticatedRequest, amending: Amending | None = None) -> Desk | None:
    """Where this person logs: as asked, else as last time. None in a clinic without places.

    A page that was sent stays where it is, even if that place is out of use by now.
    """
    now = timezone.now()
    known = {place.code: place for place in Location.objects.all()}
    usual = amending.procedure.location if amending else None
    locations = [place for place in known.values() if place.is_active or place == usual]
    by_code = {place.code: place for place in locations}
    sent = request.POST.get("location")
    asked = request.GET.get("location") or (usual.code if usual else "")
    location = known.get(sent or "") or by_code.get(asked)
    location = location or by_code.get(request.session.get(SESSION_LOCATION, ""))
    location = location or last_location(request.user.pk) or next(iter(locations), None)
    if location is None:
        return None
    uses = types_by_use(location, timezone.localdate(now))
    lost = sent is not None and sent not in known
    return Desk(location, locations, uses, now, amending, lost)


def _fresh(request: AuthenticatedRequest, desk: Desk) -> Sent:
    """The page before anything was pressed: the kit of the type that the address names, or the
    procedure that is amended."""
    if desk.amending:
        return _as_logged(desk.amending, desk.now)
    code = request.GET.get("type")
    kind = next((use.type for use in desk.uses if use.type.code == code), None)
    draft = Draft(None, desk.location)
    if kind:
        draft = with_type(draft, kind, kit_to_choose_from(kind))
    provider = request.session.get(SESSION_PROVIDER, "")
    form = HeadForm(now=desk.now, initial={"provider": provider})
    return Sent(draft=draft, form=form, key=new_key(), body_hash="")


def _as_logged(amending: Amending, now: datetime) -> Sent:
    procedure = amending.procedure
    head = {
        "provider": procedure.provider,
        "encounter_ref": procedure.encounter_ref,
        "performed_at": f"{timezone.localtime(procedure.performed_at):%Y-%m-%dT%H:%M}",
    }
    form = HeadForm(now=now, instead_of=procedure.performed_at, initial=head)
    return Sent(draft=draft_of(amending), form=form, key=new_key(), body_hash="")


def _remember(request: AuthenticatedRequest, sent: Sent) -> bool:
    """Keep place and provider for the next procedure of this session; say if the place is new."""
    place, provider = sent.draft.location.code, sent.provider
    moved: bool = request.session.get(SESSION_LOCATION, "") != place
    if moved:
        request.session[SESSION_LOCATION] = place
    if request.session.get(SESSION_PROVIDER, "") != provider:
        request.session[SESSION_PROVIDER] = provider
    return moved
