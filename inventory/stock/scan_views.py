"""The scan box: what a scanned or photographed code is, and learning one that nobody knows."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.catalog.filters import WordsFilter
from inventory.catalog.models import Item
from inventory.scanning.forms import LearnForm
from inventory.scanning.images import LARGEST_FILE, ImageNotUnderstood
from inventory.scanning.learning import facts_of
from inventory.scanning.lookup import Found, look_up_text
from inventory.scanning.scan import ScanNotUnderstood
from inventory.scanning.symbology import LONGEST_SCAN, shown
from inventory.stock.photographed import codes_in
from inventory.stock.pointing import NobodyKnows, Pointed, PointsAtNothing, point_at
from inventory.web.forms import UNPRINTABLE
from inventory.web.http import AuthenticatedRequest
from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, allow, has_role

LONGEST_SEARCH = 100
MOST_FOUND = 12
LEARNERS = (NURSE, MANAGER, PURCHASER)
NO_PHOTOGRAPH = "Expected a photograph, but none came."


@allow(*EVERYONE)
@require_safe
def scan_find(request: AuthenticatedRequest) -> HttpResponse:
    """Go to what a scanned code is: a vial, a lot, an item. Words look for items by name."""
    text = request.GET.get("q", "")[:LONGEST_SCAN].strip()
    try:
        pointed = point_at(text)
    except NobodyKnows as unknown:
        if has_role(request, *LEARNERS):
            return redirect(learn_address(text, reverse("scan_find"), "q"))
        messages.warning(request, f"{unknown} A nurse, manager or purchaser can say it.")
        return redirect("item_list")
    except PointsAtNothing:
        words = UNPRINTABLE.sub(" ", text)[:LONGEST_SEARCH]
        return redirect(f"{reverse('item_list')}?{urlencode({'q': words})}")
    return redirect(_page_of(request, pointed))


@allow(*EVERYONE)
@require_POST
def scan_photo(request: AuthenticatedRequest) -> JsonResponse:
    """Say which codes are in a photograph, for the scan box to go on with."""
    photo = request.FILES.get("photo")
    try:
        if photo is None:
            raise ImageNotUnderstood(NO_PHOTOGRAPH)
        # One byte more than is taken tells that it is too large.
        codes = codes_in(photo.read(LARGEST_FILE + 1))
    except ImageNotUnderstood as refusal:
        return JsonResponse({"codes": [], "refusal": str(refusal)}, status=422)
    return JsonResponse({"codes": [vars(code) for code in codes], "refusal": ""})


@allow(*LEARNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def code_learn(request: AuthenticatedRequest) -> HttpResponse:
    """Ask which item a code is that nobody knows, and remember it at its packaging level.

    `?scan=` is the code, `?next=` where the person was, `?find=` and `?item=` are the way there.
    """
    found, refusal = _asked_about(request)
    facts = facts_of(found.scan) if found else None
    item = Item.objects.filter(sku=_sent(request, "item"), is_active=True).first()
    if found and found.item:
        return redirect(_back(request))
    form = LearnForm(request.POST or None, item=item) if item else None
    if facts and form and (code := form.carry_out(lambda: form.learn(facts))):
        messages.success(request, f"{code} is known from now on: {item}.")
        return redirect(_back(request))
    context = {
        "title": "Which item is this?",
        "scan": _sent(request, "scan"),
        "next": _sent(request, "next"),
        "code": facts,
        "refusal": refusal,
        "likely": [each for each in found.likely if each.is_active] if found else [],
        "item": item,
        "form": form,
        "find": _sent(request, "find"),
        "found": _items_called(_sent(request, "find")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "stock/code_learn.html", context, status=status)


def learn_address(text: str, page: str, parameter: str = "scan") -> str:
    """Return where somebody says what a code stands for; from there it goes back to the page, with
    the scan made anew in this parameter."""
    query = urlencode({parameter: text})
    back = f"{page}{'&' if '?' in page else '?'}{query}"
    return f"{reverse('code_learn')}?{urlencode({'scan': text, 'next': back})}"


def _page_of(request: AuthenticatedRequest, pointed: Pointed) -> str:
    if pointed.vial:
        return reverse("holding_detail", args=[pointed.vial.pk])
    if pointed.lot:
        return reverse("lot_detail", args=[pointed.lot.pk])
    if pointed.question:
        messages.warning(request, pointed.question)
    elif pointed.number:
        messages.info(request, f"Lot {pointed.number} of it is not known here.")
    return reverse("item_detail", args=[pointed.item.sku])


def _asked_about(request: AuthenticatedRequest) -> tuple[Found | None, str]:
    """Return what the code is so far, or else why there is nothing to be asked about."""
    try:
        found = look_up_text(_sent(request, "scan"))
    except ScanNotUnderstood as refusal:
        return None, str(refusal)
    if found.item is None and facts_of(found.scan) is None:
        return None, (
            f"Expected a code that names a product, but “{shown(found.scan.text)}” says only what"
            " is beside one."
        )
    return found, ""


def _items_called(text: str) -> list[Item]:
    """Return the items in use that carry every word in their name, SKU or code."""
    if not text.strip():
        return []
    finder = WordsFilter("", short_code="sku", codes_too=True)
    items = Item.objects.filter(is_active=True)
    return list(finder.filter(items, text)[:MOST_FOUND])  # type: ignore[arg-type]


def _back(request: AuthenticatedRequest) -> str:
    """Return where the person was, which is a page of ours, whatever the address says."""
    address = _sent(request, "next")
    if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return address
    return reverse("home")


def _sent(request: AuthenticatedRequest, name: str) -> str:
    sent = request.POST if request.method == "POST" else request.GET
    text = sent.get(name, "")
    return text.replace("\0", "") if name == "next" else _printable(text)[:LONGEST_SCAN]


def _printable(text: str) -> str:
    return UNPRINTABLE.sub(lambda found: "␝" if found[0] == "\x1d" else "", text)
