"""A list as a page, as the fragment that replaces it, and as a workbook: one definition."""

import html
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django_filters import FilterSet

from inventory.sheets.workbook import Cell, Column, Measure, Sheet, build_workbook, xlsx_response
from inventory.web.pills import Pill
from inventory.web.tables import PAGE_SIZE, QuantityColumn, Table

# About a millisecond a row, and a web server gives an answer half a minute.
MOST_EXPORTED_ROWS = 20_000


def table_page(  # noqa: PLR0913 - a list has this many sides, each optional and named
    request: HttpRequest,
    table_class: type[Table],
    rows: Any,
    filterset_class: type[FilterSet] | None = None,
    *,
    title: str,
    template: str = "table_page.html",
    fragment: str = "_table.html",
    export_name: str | None = None,
    filter_form: BaseForm | None = None,
    table_options: Mapping[str, Any] | None = None,
    more_sheets: Callable[[Table], Sequence[Sheet]] | None = None,
    above: Sequence[Sequence[Cell]] = (),
    below: Sequence[Sequence[Cell]] = (),
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer with the list, filtered, sorted and paged as the address asks.

    `rows` is a queryset, or a list when no filterset is given (then the view has filtered it and
    may hand over its `filter_form`). An htmx request gets the `fragment` alone, `?export=xlsx` all
    filtered rows as a workbook named after `export_name` (default: the title), with lines `above`
    and `below` them and with the sheets that `more_sheets` makes of the table. `template` extends
    table_page.html and finds `table`, `filter_form`, `title` and `context` there.
    """
    if filterset_class is not None:
        filterset = filterset_class(request.GET, queryset=rows, request=request)
        rows, filter_form = filterset.qs, filterset.form
    table = table_class(rows, today=timezone.localdate(), **(table_options or {}))
    sort_as_asked(request, table)
    _break_ties(table)
    if request.GET.get("export") == "xlsx":
        sheet = partial(table_sheet, table, title, above=above, below=below)
        further = partial(more_sheets, table) if more_sheets else tuple
        return _export(request, table, export_name or title, lambda: [sheet(), *further()])
    table.exports = True
    # The address says which page, never how long one is: nobody asks for a million rows at once.
    table.paginate(per_page=PAGE_SIZE)
    table.page = table.paginator.get_page(request.GET.get(table.prefixed_page_field))
    whole = {"table": table, "filter_form": filter_form, "title": title, **(context or {})}
    return render(request, fragment if _wants_fragment(request) else template, whole)


def sort_as_asked(request: HttpRequest, table: Table) -> None:
    """Sort the table by the columns that the address names; what is no column sorts nothing."""
    table.request = request
    names = set(table.columns.names())
    asked = request.GET.getlist(table.prefixed_order_by_field)
    known = [alias for alias in asked if alias.removeprefix("-") in names]
    if known:
        table.order_by = known


def table_sheet(
    table: Table,
    title: str,
    *,
    above: Sequence[Sequence[Cell]] = (),
    below: Sequence[Sequence[Cell]] = (),
) -> Sheet:
    """Return the table's rows, order and visible columns, as on the screen, as a sheet."""
    shown = [bound for bound in table.columns if not bound.column.exclude_from_export]
    columns = [Column(str(b.header), getattr(b.column, "kind", "text")) for b in shown]
    rows = [[_cell(row, bound) for bound in shown] for row in table.rows]
    totals = [str(bound.header) for bound in shown if getattr(bound.column, "total", False)]
    return Sheet(
        title, columns, rows, totals, above=above, below=below, printed=table.today.isoformat()
    )


def dated_filename(name: str, today: date) -> str:
    """Return "stock-on-the-shelf-2026-11-22.xlsx"."""
    return f"{slugify(name) or 'list'}-{today.isoformat()}.xlsx"


def _cell(row: Any, bound: Any) -> Cell:
    value = row.get_cell_value(bound.name)
    if value is None:
        return None
    if isinstance(bound.column, QuantityColumn) and not isinstance(value, str):
        unit = bound.column.unit_of(row.record)
        return Measure(value, unit) if unit else value
    if isinstance(value, Pill):
        return value.word
    if isinstance(value, SafeString):
        # A `render_...` without its `value_...`: keep its words, not its markup.
        return " ".join(html.unescape(strip_tags(value)).split())
    return value if isinstance(value, Cell) else str(value)


def _export(
    request: HttpRequest,
    table: Table,
    name: str,
    sheets: Callable[[], Sequence[Sheet]],
) -> HttpResponse:
    count = len(table.rows)
    if count > MOST_EXPORTED_ROWS:
        messages.error(
            request,
            f"A workbook takes {MOST_EXPORTED_ROWS:,} rows, and this list has {count:,}."
            " Narrow it with the filters, then export again.",
        )
        return HttpResponseRedirect(without_export(request))
    made = sheets()
    workbook = build_workbook(made, made[0].title)
    return xlsx_response(workbook, dated_filename(name, timezone.localdate()))


def without_export(request: HttpRequest) -> str:
    """Return the address of the page that was asked to be a workbook."""
    query = request.GET.copy()
    del query["export"]
    return f"{request.path}?{query.urlencode()}"


def _break_ties(table: Table) -> None:
    # Rows that sort alike may come in another order for each page, and be shown twice or never.
    rows = getattr(table.data, "data", None)
    if isinstance(rows, QuerySet) and rows.query.order_by and not rows.query.values_select:
        table.data.data = rows.order_by(*rows.query.order_by, "pk")


def _wants_fragment(request: HttpRequest) -> bool:
    htmx: Any = getattr(request, "htmx", None)
    # Going back in the browser asks through htmx too, but needs the whole page.
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
