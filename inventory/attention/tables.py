"""The list of flags, on the screen and as a workbook."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.attention.rows import FlagRow
from inventory.attention.rules import SEVERITY_ORDER
from inventory.web.tables import Column, DateColumn, QuantityColumn, StatusColumn, Table

SEVERITY_WORDS = {"urgent": "Urgent", "soon": "Soon", "notice": "Good to know"}


ONLY_IN_THE_SHEET = ("detail", "location", "severity")


class FlagTable(Table):
    """What is the matter, with what, where, by when, and the way to do something about it."""

    subject = Column(accessor="flag__subject", verbose_name="Item or lot")
    # Stands below the subject on the screen, beside it in the sheet.
    detail = Column(accessor="flag__detail", verbose_name="In numbers", orderable=False)
    status = StatusColumn(accessor="pill", verbose_name="What")
    location = Column(accessor="flag__location", verbose_name="Location", default="Clinic")
    quantity = QuantityColumn(
        accessor="flag__quantity", unit="flag.item.unit", verbose_name="Quantity", orderable=False
    )
    due_on = DateColumn(accessor="flag__due_on", relative=True, verbose_name="Due")
    severity = Column(accessor="flag__severity", verbose_name="How urgent")
    action = Column(
        accessor="action_label", verbose_name="To do", orderable=False, exclude_from_export=True
    )

    class Meta:
        empty_text = "Nothing needs anybody. Enough of everything, and all of it in date."

    def render_subject(self, value: str, record: FlagRow) -> SafeString:
        return format_html(
            '<a href="{}">{}</a><div class="note">{}</div>',
            record.subject_url,
            value,
            record.flag.detail,
        )

    def value_subject(self, value: str) -> str:
        return value

    def render_severity(self, value: str) -> str:
        return SEVERITY_WORDS[value]

    def value_severity(self, value: str) -> str:
        return SEVERITY_WORDS[value]

    def order_severity(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        return (
            sorted(rows, key=lambda row: SEVERITY_ORDER[row.flag.severity], reverse=is_descending),
            True,
        )

    def render_action(self, value: str, record: FlagRow) -> SafeString:
        return format_html('<a class="btn btn-small" href="{}">{}</a>', record.action_url, value)
