"""A clinic that holds one of everything, and the addresses of all pages about it."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from inventory.accounts.models import ApiToken, User
from inventory.accounts.tokens import issue
from inventory.catalog import register
from inventory.catalog.models import (
    BillingCode,
    Item,
    ItemCode,
    Location,
    LocationLevel,
    Site,
    Supplier,
    SupplierOffer,
)
from inventory.counts import record as count_record
from inventory.counts.models import CountSheet
from inventory.counts.record import Answer, Number, Scope
from inventory.imports.models import Import, ImportRow
from inventory.imports.sheets import matched_sheets, read_file
from inventory.imports.stock.record import STOCK
from inventory.imports.upload_record import Upload, match_columns, take_in
from inventory.procedures import past_record
from inventory.procedures.models import (
    KitLine,
    PastProcedure,
    Procedure,
    ProcedureLine,
    ProcedureType,
)
from inventory.procedures.record import ProcedureWanted, record
from inventory.procedures.register import KitLineFacts, add_kit_line
from inventory.purchasing.models import PurchaseOrder
from inventory.purchasing.orders import draft_record
from inventory.purchasing.orders import record as order_record
from inventory.purchasing.orders.draft_record import DraftChange, Pick
from inventory.purchasing.orders.matching import Came
from inventory.purchasing.orders.receive_record import receive_against
from inventory.recalls.models import Recall
from inventory.recalls.record import Notice, open_recall
from inventory.recalls.search import Query
from inventory.stock import ledger
from inventory.stock.models import Holding, Lot, Movement, PastFile
from inventory.stock.requests import ReceiptLine, normalize_lot_number
from tests.clinic import NOW, TODAY, dana, gauze, kenalog, lidocaine, mara, needle, place, vic

# What the number in an address stands for, by how the name of the page begins.
NUMBERED: dict[str, type[Model]] = {
    "billing_code": BillingCode,
    "code_remove": ItemCode,
    "count_sheet": CountSheet,
    "flag_review": ProcedureLine,
    "holding": Holding,
    "import": Import,
    "item_level_remove": LocationLevel,
    "kit_line": KitLine,
    "lot": Lot,
    "movement": Movement,
    "opened": Holding,
    "order": PurchaseOrder,
    "offer_edit": SupplierOffer,
    "past_file": PastFile,
    "past_procedure": PastProcedure,
    "person": User,
    "procedure": Procedure,
    "recall": Recall,
    "token_revoke": ApiToken,
}
# An order that is where the page is about it; for the others it is a draft.
IN_STATUS = {
    "order_answer": "sent",
    "order_confirm": "sent",
    "order_receive": "sent",
    "order_close": "sent",
    "order_detail": "sent",
    "order_reopen": "approved",
    "order_send": "approved",
    "order_workbook": "approved",
    "order": "draft",
}
ABOUT_AN_OPENED_VIAL = ("holding_label", "opened_discard")
CODED: dict[str, type[Any]] = {
    "kit_line": ProcedureType,
    "location": Location,
    "procedure_type": ProcedureType,
    "site": Site,
    "supplier": Supplier,
}


def one_of_everything(text: str = "") -> None:
    """Fill the clinic, as Dana and Mara; every free text in it begins or ends with `text`."""
    for person in (mara(), vic()):
        User.objects.filter(pk=person.pk).update(first_name=f"{text}{person.first_name}")
    issue(dana(), f"{text}ordering tool")
    room = _named(place(), text)
    _named(room.site, text)
    items = [_named(item, text) for item in (lidocaine(), kenalog(), needle(), gauze())]
    supplier = Supplier.objects.create(code="acme", name=f"{text}Acme")
    for item in items:
        SupplierOffer.objects.create(
            supplier=supplier,
            item=item,
            order_code=f"{text}1"[:64],
            pack_quantity=Decimal(20),
            pack_price=Decimal("12.50"),
            lead_time_days=3,
        )
        register.set_level(item, location=room, reorder_point=Decimal(200), par_level=Decimal(400))
    Item.objects.update(
        reorder_point=200,
        par_level=400,
        levels_set_on=TODAY,
        levels_set_by=dana(),
        levels_reason=f"{text}For clinic days",
    )
    ItemCode.objects.create(item=items[0], kind="ref", value=f"{text}R1"[:64], normalized="R1")
    BillingCode.objects.create(
        item=items[1], hcpcs="J1030", billing_unit="40 mg", effective_to=TODAY
    )
    _receive(items, supplier, text)
    _order(items, supplier, text)
    _log(items, text)
    _count(text)
    _recall(items[2], text)
    _bring_in_the_past(items, text)
    _upload(items, text)


def _named(thing: Any, text: str) -> Any:
    thing.name = f"{text}{thing.name}"
    thing.save()
    return thing


def _receive(items: Sequence[Item], supplier: Supplier, text: str) -> None:
    lines = [
        ReceiptLine(item, Decimal(40), f"{text}A1"[:64], TODAY) if item.lot_tracked
        # What has no lots has neither number nor expiry.
        else ReceiptLine(item, Decimal(40))
        for item in items
    ]  # fmt: skip
    ledger.receive(
        by=dana(),
        location=place(),
        lines=lines,
        supplier=supplier,
        reference=f"{text}D-1",
        happened_at=NOW,
        now=NOW,
    )
    lot = Lot.objects.get(item=items[0])
    ledger.set_lot_status(lot, by=dana(), status=Lot.Status.AVAILABLE, reason=f"{text}!", now=NOW)


def _order(items: Sequence[Item], supplier: Supplier, text: str) -> None:
    """A draft, an order that is approved, and one that came in part."""
    offers = [SupplierOffer.objects.get(item=item) for item in items]
    picks = [Pick(item, offer, 3) for item, offer in zip(items, offers, strict=True)]
    orders = []
    for _ in ("sent", "approved", "draft"):
        order = draft_record.draft(supplier, picks, by=dana(), now=NOW).order
        said = DraftChange(f"{text}soon", place(), TODAY + timedelta(days=3), {})
        draft_record.change(order, said, seen=order.version, by=dana(), now=NOW)
        orders.append(order)
        if len(orders) < 3:
            order_record.approve(order, seen=order.version + 1, by=dana(), now=NOW)
    order = order_record.mark_sent(orders[0], seen=3, by=dana(), now=NOW)
    receipt = Movement.objects.filter(kind=Movement.Kind.RECEIPT).order_by("pk")[0]
    came = [Came(items[0].pk, Decimal(40), Decimal(20), Decimal("0.70"))]
    receive_against(order, receipt, came, by=dana(), now=NOW)


def _log(items: Sequence[Item], text: str) -> None:
    kind = ProcedureType.objects.create(code="tpi", name=f"{text}Trigger point")
    for item in items:
        add_kit_line(kind, KitLineFacts(item=item, quantity=Decimal(1), per="site"))
    wanted = ProcedureWanted(kind, place(), NOW, provider=f"{text}Dr. Reyes", encounter_ref="E-1")
    procedure = record(wanted, by=mara(), now=NOW).procedure
    # As if the first line had knowingly taken a lot that had to stay.
    procedure.lines.filter(position=0).update(
        unusable_lot=Lot.objects.get(item=items[0]), unusable_reason=f"{text}only one"
    )


def _count(text: str) -> None:
    """A sheet that is open, half counted and reviewed, with a reason."""
    sheet = count_record.make(location=place(), scope=Scope(), blind=False, by=mara(), now=NOW)
    counted = sheet.lines.order_by("pk")[1:]
    numbers = [Number(line.pk, Decimal(3), None) for line in counted if not line.is_opened]
    count_record.save_numbers(sheet, numbers, by=mara(), now=NOW)
    count_record.open_review(sheet, now=NOW)
    answers = {number.line: Answer(f"{text}!") for number in numbers}
    count_record.save_answers(sheet, answers, shown={})


def _recall(item: Item, text: str) -> None:
    """Hold a lot that nothing else is about."""
    line = ReceiptLine(item, Decimal(5), f"{text}B2"[:64], TODAY)
    ledger.receive(by=dana(), location=place(), lines=[line], happened_at=NOW, now=NOW)
    notice = Notice(
        Query(patterns=(normalize_lot_number(line.lot),), items=(item,)),
        title=f"{text}Needles",
        reference=f"{text}Z-1",
        reason=f"{text}blunt",
        status=Lot.Status.QUARANTINED,
    )
    open_recall(notice, by=dana(), now=NOW)


def _bring_in_the_past(items: Sequence[Item], text: str) -> None:
    """A file with one procedure of a year ago, which left something of a single-dose vial."""
    procedure = past_record.PastWanted(
        ProcedureType.objects.all()[0],
        place(),
        NOW - timedelta(days=365),
        provider=f"{text}Dr. Okafor",
        encounter_ref="E-0",
        supplies=[(item, Decimal("0.5")) for item in items if item.is_single_dose],
    )
    past_record.take_in(f"{text}2025.csv", [procedure], by=dana(), now=NOW)


def _upload(items: Sequence[Item], text: str) -> None:
    """A file that waits: a row that would go in, one to be decided, one that is refused."""
    rows = [
        ["Item", "Quantity", "Lot", "Expires", "Note"],
        [items[0].name, "2 vials", "C3", "2027-12-31", f"{text}top shelf"],
        [items[1].name, "a few", f"{text}C4", "2027-12-31", ""],
        [f"{text}no such thing", "3", "C5", "2027-12-31", ""],
    ]
    stream = StringIO()
    csv.writer(stream).writerows(rows)
    sent = Upload(f"{text}stock.csv", stream.getvalue().encode(), place())
    upload = take_in(STOCK, sent, by=dana(), now=NOW, today=TODAY)
    sheets = matched_sheets(read_file(sent.content, sent.file_name), STOCK, {})
    match_columns(upload, STOCK, sheets, by=dana(), now=NOW, today=TODAY)


def page_names() -> list[str]:
    """Return the name of every page but those of signing in and out."""
    return [name for name in _names(get_resolver()) if name not in {"sign_in", "sign_out"}]


def _names(resolver: URLResolver) -> list[str]:
    names: list[str] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            names.append(str(pattern.name))
        elif not str(pattern.pattern).startswith("api/"):
            names += _names(pattern)
    return names


def address(name: str) -> str:
    """Return the address of a page about something that `one_of_everything` made."""
    converters = get_resolver().reverse_dict.getlist(name)[0][-1]
    return reverse(name, kwargs={parameter: _value(name, parameter) for parameter in converters})


def _value(name: str, parameter: str) -> Any:
    if parameter == "sku":
        return lidocaine().sku
    if parameter == "slug":
        return STOCK.code
    if parameter == "report":
        return "usage"
    if parameter == "row":
        return ImportRow.objects.order_by("pk")[0].pk
    if parameter == "code":
        return _by_name(CODED, name).objects.first().code
    things = _by_name(NUMBERED, name).objects.order_by("pk")
    if things.model is PurchaseOrder:
        things = things.filter(status=_by_name(IN_STATUS, name))
    if name == "flag_review":
        things = things.exclude(unusable_reason="")
    if name in ABOUT_AN_OPENED_VIAL:
        things = things.filter(opened_at__isnull=False)
    return (things.filter(quantity__gt=0) if issubclass(things.model, Holding) else things)[0].pk


def _by_name(things: dict[str, Any], name: str) -> Any:
    return next(thing for start, thing in things.items() if name.startswith(start))


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name", "")
        if tag == "select":
            self.select = name
        if tag == "option":
            # The first that says something, or the one that is chosen.
            if "selected" in attributes or not self.found.get(self.select):
                self.found[self.select] = attributes.get("value", "")
        elif tag in {"input", "select", "textarea"} and name:
            self.found.setdefault(name, attributes.get("value", ""))


def fields_of(page: str) -> dict[str, str]:
    """Return what the forms of a page would send, by the names of their fields."""
    reader = _Fields()
    reader.feed(page)
    return {name: value for name, value in reader.found.items() if name != "csrfmiddlewaretoken"}
