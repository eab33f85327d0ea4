"""Logging a procedure: the page, the answer to each press, and the one press that saves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import replace_url

from inventory.catalog.models import Location
from inventory.procedures import record
from inventory.procedures.draft import Draft, with_type
from inventory.procedures.kits import kit_to_choose_from
from inventory.procedures.log_forms import HeadForm, Sent, new_key, read_sent
from inventory.procedures.log_page import LogPage, log_page
from inventory.procedures.log_words import shown_offer
from inventory.procedures.preview import wanted_lines
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


class NotYet(Exception):
    """The person has something to put right, or to look at, before this can be logged."""


@dataclass(frozen=True)
class Desk:
    """Where the person logs, and when: what every answer of the page starts from."""

    location: Location
    locations: Sequence[Location]
    uses: Sequence[TypeUse]
    now: datetime

    def page(self, sent: Sent) -> LogPage:
        return log_page(
            sent.draft,
            performed_at=sent.performed_at,
            uses=self.uses,
            locations=self.locations,
            now=self.now,
        )


@allow(NURSE, MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_log(request: AuthenticatedRequest) -> HttpResponse:
    """Show the kit of a procedure, change it press by press, and log it."""
    desk = _desk(request)
    if desk is None:
        return render(request, "procedures/no_location.html", {"title": "Log a procedure"})
    if request.method != "POST":
        sent = _fresh(request, desk)
        return _answer(request, sent, desk.page(sent))
    types = {use.type.code: use.type for use in desk.uses}
    sent = read_sent(request.POST, types=types, location=desk.location, now=desk.now)
    moved = _remember(request, sent)
    if sent.wants_log:
        return _log(request, sent, desk)
    return _answer(request, sent, desk.page(sent), moved=moved)


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
    return _answer(request, sent, desk.page(sent), status)


def _save(request: AuthenticatedRequest, sent: Sent, desk: Desk) -> int:
    """Log the procedure once, whatever the double tap; returns its id.

    What was logged already is answered before anything is judged again: the shelf is not what it
    was. Raises NotYet and whatever `record` raises; then nothing is kept.
    """

    def act() -> tuple[int, Any]:
        page = desk.page(sent)
        wanted = _wanted(sent, page, desk.now)
        logged = record.record(wanted, by=request.user, now=desk.now)
        return 201, {"procedure": logged.procedure.pk}

    answer = idempotency.once(
        person_id=request.user.pk,
        path=SUBMISSION_PATH,
        key=sent.key,
        body_hash=sent.body_hash,
        act=act,
    )
    return int(answer.data["procedure"])


def _wanted(sent: Sent, page: LogPage, now: datetime) -> record.ProcedureWanted:
    """The procedure as the page says it. Raises NotYet where it cannot be logged as it stands."""
    draft = sent.draft
    if draft.type is None:
        raise NotYet("Choose the kind of procedure first.")
    if not sent.sound or not page.preview.sound:
        raise NotYet("Nothing was logged yet. Put right what is marked below.")
    if sent.unseen:
        raise NotYet(
            "Nothing was logged yet: the kit was scaled for the muscles and sites you typed. Look"
            " at the amounts, then press Log procedure."
        )
    head = sent.form.cleaned_data
    return record.ProcedureWanted(
        type=draft.type,
        location=draft.location,
        performed_at=sent.performed_at or now,
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
    page: LogPage,
    status: int = 200,
    *,
    moved: bool = False,
) -> HttpResponse:
    """The whole page, or for a press the parts of it that change."""
    context = {
        "title": "Log a procedure",
        "page": page,
        "draft": sent.draft,
        "form": sent.form,
        "key": sent.key,
        "performed_at": sent.performed_at,
        "provider": sent.provider,
        "providers": list(dict.fromkeys(filter(None, [sent.provider, *page.providers]))),
        "moved": moved,
        "problems": sent.problems,
        **_found(_still_looked_for(sent), page),
    }
    if not request.htmx:
        return render(request, "procedures/procedure_log.html", context, status=status)
    response = render(request, "procedures/_log_answer.html", context)
    kind = sent.draft.type
    return replace_url(response, f"{request.path}?type={kind.code}") if kind else response


def _still_looked_for(sent: Sent) -> str:
    added = any(do.startswith("add:") for do in sent.pressed)
    return "" if added else str(sent.form.data.get("find", ""))


def _found(text: str, at: Desk | LogPage) -> dict[str, Any]:
    location = at.location if isinstance(at, Desk) else at.draft.location
    offers = find_supplies(text, location, timezone.localdate(at.now))
    return {"find": text, "found": [shown_offer(f"add:{offer.key}", offer) for offer in offers]}


def _desk(request: AuthenticatedRequest) -> Desk | None:
    """Where this person logs: as asked, else as last time. None in a clinic without places."""
    now = timezone.now()
    locations = list(Location.objects.filter(is_active=True))
    by_code = {location.code: location for location in locations}
    asked = request.POST.get("location") or request.GET.get("location")
    location = by_code.get(asked or "") or by_code.get(request.session.get(SESSION_LOCATION, ""))
    location = location or last_location(request.user.pk) or next(iter(locations), None)
    if location is None:
        return None
    return Desk(location, locations, types_by_use(location, timezone.localdate(now)), now)


def _fresh(request: AuthenticatedRequest, desk: Desk) -> Sent:
    """The page before anything was pressed: the kit of the type that the address names."""
    code = request.GET.get("type")
    kind = next((use.type for use in desk.uses if use.type.code == code), None)
    draft = Draft(None, desk.location)
    if kind:
        draft = with_type(draft, kind, kit_to_choose_from(kind))
    provider = request.session.get(SESSION_PROVIDER, "")
    form = HeadForm(now=desk.now, initial={"provider": provider})
    return Sent(draft=draft, form=form, key=new_key(), body_hash="")


def _remember(request: AuthenticatedRequest, sent: Sent) -> bool:
    """Keep place and provider for the next procedure of this session; say if the place is new."""
    place, provider = sent.draft.location.code, sent.provider
    moved: bool = request.session.get(SESSION_LOCATION, "") != place
    if moved:
        request.session[SESSION_LOCATION] = place
    if request.session.get(SESSION_PROVIDER, "") != provider:
        request.session[SESSION_PROVIDER] = provider
    return moved
