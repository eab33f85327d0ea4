"""An order as the supplier gets it: its values read, its workbook made, its mail sent."""

from dataclasses import dataclass
from datetime import date

from django.core.mail import EmailMessage
from django.utils import timezone
from openpyxl import Workbook

from inventory.accounts.models import User
from inventory.catalog.models import Clinic
from inventory.purchasing.models import OrderLine, PurchaseOrder
from inventory.purchasing.orders.sheet import Letterhead, OrderSheet, SheetLine
from inventory.purchasing.orders.workbook import order_workbook
from inventory.sheets.workbook import CONTENT_TYPE, workbook_bytes
from inventory.web.words import day_words


@dataclass(frozen=True)
class Letter:
    """A mail to the supplier."""

    to: str
    subject: str
    body: str


def order_sheet(order: PurchaseOrder) -> OrderSheet:
    """Return the order as plain values; it was ordered on the day it was sent, else today."""
    clinic = Clinic.objects.get(pk=1)
    lines = order.lines.select_related("item").order_by("position")
    return OrderSheet(
        number=order.number,
        ordered_on=timezone.localdate(order.sent_at) if order.sent_at else timezone.localdate(),
        needed_by=order.needed_by,
        supplier=order.supplier.name,
        supplier_email=order.sent_to or order.supplier.email,
        deliver_to=order.deliver_to.name if order.deliver_to else "",
        note=order.note,
        letterhead=Letterhead(
            clinic=clinic.name,
            address=tuple(clinic.address.splitlines()),
            phone=clinic.phone,
            email=clinic.purchasing_email,
        ),
        lines=tuple(_sheet_line(line) for line in lines),
    )


def workbook_of(order: PurchaseOrder) -> Workbook:
    """Return the workbook that goes to the supplier."""
    return order_workbook(order_sheet(order))


def file_name(order: PurchaseOrder) -> str:
    """Return "PO-2026-0004.xlsx"."""
    return f"{order.number}.xlsx"


def usual_letter(order: PurchaseOrder, by: User, today: date) -> Letter:
    """Return the mail as it is proposed. A day that is past is not asked for any more."""
    clinic = Clinic.objects.get(pk=1)
    day = order.needed_by
    wanted = f" We need it by {day_words(day)}." if day and day >= today else ""
    return Letter(
        to=order.supplier.email,
        subject=f"Order {order.number} of {clinic.name}",
        body=(
            f"Dear {order.supplier},\n\nplease find our order {order.number} attached.{wanted}"
            " Please confirm the quantities and prices in the workbook and send it back.\n\n"
            f"Kind regards\n{by}\n{clinic.name}\n"
        ),
    )


def mail(order: PurchaseOrder, letter: Letter, by: User) -> None:
    """Send the order with its workbook; answers go to the person, if there is an address.

    Raises OSError (smtplib's own are) when the mail server does not take it.
    """
    message = EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.to],
        reply_to=[by.email] if by.email else None,
    )
    message.attach(file_name(order), workbook_bytes(workbook_of(order)), CONTENT_TYPE)
    message.send()


def _sheet_line(line: OrderLine) -> SheetLine:
    return SheetLine(
        number=line.position,
        sku=line.item.sku,
        name=line.item.name,
        order_code=line.order_code,
        packs=line.packs,
        pack_size=line.pack_quantity,
        unit=line.item.unit,
        pack_price=line.pack_price,
    )
