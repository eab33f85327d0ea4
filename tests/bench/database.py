"""Measures one database, the one that DATABASE_URL names, and prints its figures as JSON."""

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.client import HTTPConnection
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from inventory.accounts.models import User
from inventory.catalog.models import Clinic, Item, Location, Site
from inventory.imports.kinds import Kind
from inventory.imports.register import kind_named
from inventory.imports.unseen_record import import_unseen
from inventory.imports.upload_record import Upload
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import ProcedureType
from inventory.procedures.record import ProcedureWanted, record
from inventory.procedures.starter import load_starter
from inventory.purchasing import reorder
from inventory.purchasing.planning.demand import MOST_WEEKS, Demand
from inventory.purchasing.planning.forecast import forecast
from inventory.purchasing.planning.levels import Policy, levels
from inventory.purchasing.planning.quantiles import demand_quantile
from inventory.purchasing.reorder import reorder_rows
from inventory.purchasing.reorder_row import ReorderRow
from inventory.purchasing.usage_book import forget
from inventory.purchasing.weeks import runs, week_of, week_sql
from inventory.purchasing.workbook import reorder_workbook
from inventory.sheets.workbook import workbook_bytes
from inventory.stock.audit import check_ledger
from tests.bench.clinic import open_clinic, write_a_million_entries
from tests.bench.floor import Floor
from tests.bench.measure import CLIENTS, throughput_of, time_in_turn
from tests.bench.workbooks import (
    PLACES,
    ROWS,
    read_bare,
    rows_per_second,
    stock_workbook,
)

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
FILE_ROUNDS = 3
PAGES = 9
SESSION_COOKIE = settings.SESSION_COOKIE_NAME
LINES = (("needle", "1"), ("syringe", "1"), ("lidocaine", "4"), ("kenalog", "0.5"))


def main() -> None:
    call_command("migrate", verbosity=0)
    token = open_clinic()
    figures: dict[str, Any] = {"database": connection.vendor}
    figures["empty"] = logging_figures(token)
    figures["stock_empty"] = stock_figures(token)
    write_a_million_entries()
    figures["million"] = logging_figures(token)
    figures["sixteen"] = sixteen_figures()
    figures["reorder"] = reorder_figures(token)
    figures["stock"] = stock_figures(token)
    figures["files"] = file_figures()
    figures["ledger_holds"] = check_ledger().holds
    sys.stdout.write(json.dumps(figures))


def file_figures() -> dict[str, float]:
    """A stock sheet of 20,000 rows looked at and brought in, beside bare openpyxl reading it."""
    load_starter(lambda _line: None)
    site = Site.objects.all()[0]
    for code in PLACES:
        Location.objects.get_or_create(code=code, defaults={"name": code, "site": site})
    by, now = the_nurse(), timezone.now()
    sheets = (Upload(f"{n}.xlsx", stock_workbook(first=n * ROWS), None) for n in range(FILE_ROUNDS))
    rates: list[dict[str, float]] = []
    for sheet in sheets:
        calls: dict[str, Callable[[], int]] = {
            "floor": lambda sheet=sheet: read_bare(sheet.content),  # type: ignore[misc]
            "preview": lambda sheet=sheet: rows_of(sheet, None, now),  # type: ignore[misc]
            "commit": lambda sheet=sheet: rows_of(sheet, by, now),  # type: ignore[misc]
        }
        rates.append(rows_per_second(calls, rounds=1))
    return {name: median(each[name] for each in rates) for name in rates[0]}


def rows_of(sheet: Upload, by: User | None, now: datetime) -> int:
    """Look at the rows, and bring them in when `by` somebody; how many are accepted."""
    today = timezone.localdate(now)
    report = import_unseen(stock_kind(), sheet, by=by, now=now, today=today)
    if report.counts["accept"] < ROWS * 4 // 5 or report.written != (by is not None):
        raise AssertionError(f"Expected most rows to be accepted, got {report.counts}.")
    return len(report.rows)


def stock_kind() -> Kind:
    kind = kind_named("stock")
    if kind is None:
        raise LookupError("There is no import of stock.")
    return kind


def the_nurse() -> User:
    return User.objects.get(username="mara")


def logger() -> Callable[[], object]:
    """Returns a call that logs one procedure of four lines through the service."""
    nurse, room = the_nurse(), Location.objects.get(code="room-1")
    kind = ProcedureType.objects.get()
    items = {item.sku: item for item in Item.objects.filter(sku__in=dict(LINES))}
    lines = [LineWanted(items[sku], Decimal(quantity)) for sku, quantity in LINES]

    def log() -> object:
        now = datetime.now(UTC)
        return record(ProcedureWanted(kind, room, now, lines=lines), by=nurse, now=now)

    return log


def logging_figures(token: str) -> dict[str, Any]:
    with served() as server:
        calls = {"floor": Floor().log, "service": logger(), "http": over_http(server, token)}
        return {name: t.as_dict() for name, t in time_in_turn(calls, SECONDS).items()}


def sixteen_figures() -> dict[str, Any]:
    connections.close_all()
    bare, _ = throughput_of(lambda: Floor().log, CLIENTS, SECONDS)
    alone, _ = throughput_of(logger, 1, SECONDS)
    together, failed = throughput_of(logger, CLIENTS, SECONDS)
    return {"floor": bare, "alone": alone, "together": together, "failed": failed}


def reorder_figures(token: str) -> dict[str, Any]:
    """The report made anew, nothing remembered, like its floor; and its page after a movement, for
    a program and for a manager."""
    today = timezone.localdate()

    def floor() -> object:
        demand_quantile.cache_clear()
        return bare_plan(today)

    def report() -> object:
        forget()
        for remembered in (reorder._levels, demand_quantile):
            remembered.cache_clear()
        return reorder_rows(today)

    log, cookie = logger(), managers_cookie()
    with served() as server:
        pages = {
            "page_ms": lambda: request(server, token, "GET", "/api/v1/reorder?limit=50"),
            "screen_ms": lambda: get_page(server, cookie, "/purchasing/reorder/"),
        }
        answered = {name: median(after_each(log, page)) for name, page in pages.items()}
    calls = {"floor": floor, "report": report}
    timed = {name: t.as_dict() for name, t in time_in_turn(calls, SECONDS).items()}
    return {**timed, **answered, "export": export_rates()}


def after_each(change: Callable[[], object], page: Callable[[], object]) -> Iterator[float]:
    """Yield how many milliseconds the page takes each time, something having changed before."""
    page()
    for _ in range(PAGES):
        change()
        begun = time.perf_counter()
        page()
        yield (time.perf_counter() - begun) * 1000


def bare_plan(today: date) -> object:
    """One bare query, what each item used in each week of a year, and the planning of that."""
    since = timezone.now() - timedelta(weeks=MOST_WEEKS)
    week = week_sql("happened_at", connection.vendor, runs(week_of(today) - 53, week_of(today)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT item_id, {week} AS week, -SUM(quantity) FROM inventory_entry"
            " WHERE kind IN ('use', 'waste') AND happened_at >= %s GROUP BY item_id, week",
            [since],
        )
        rows = cursor.fetchall()
    weeks: dict[int, list[Decimal]] = defaultdict(list)
    for item, _, used in rows:
        weeks[item].append(Decimal(int(used)).scaleb(-3))
    demands = [
        Demand(
            tuple(used),
            len(used),
            sum(used, Decimal(0)),
            sum((each * each for each in used), Decimal(0)),
        )
        for used in weeks.values()
    ]
    return [levels(forecast(demand), 3, Policy()) for demand in demands]


def export_rates() -> dict[str, float]:
    """The report of 20,000 rows as a workbook, beside bare openpyxl in its write-only mode."""
    today, clinic = timezone.localdate(), Clinic.objects.get(pk=1)
    rows = list(islice(cycle(reorder_rows(today)), ROWS))

    def ours() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        workbook_bytes(reorder_workbook(rows, today, clinic))
        grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        return ROWS

    grown: list[int] = []
    calls: dict[str, Callable[[], int]] = {"floor": lambda: write_bare(rows), "export": ours}
    return {**rows_per_second(calls, rounds=FILE_ROUNDS), "grown_mb": max(grown) / 1024}


def write_bare(rows: Sequence[ReorderRow]) -> int:
    """Write as many cells as the reorder report has, in openpyxl's write-only mode; the rows."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Reorder")
    for row in rows:
        text = [row.order_code, row.item.sku, row.item.name, row.item.unit, row.reason]
        numbers = [row.packs, row.pack_size, row.pack_price, row.usable, row.used_30, row.used_90]
        more = [row.on_order, row.expiring, row.will_expire_unused, row.order_by]
        sheet.append([*text, *numbers, *more, *numbers])
    workbook.save(BytesIO())
    return len(rows)


def aggregate() -> object:
    """One bare query: what each item used in the last 90 days."""
    since = timezone.now() - timedelta(days=90)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_id, SUM(quantity) FROM inventory_entry"
            " WHERE kind IN ('use', 'waste') AND happened_at >= %s GROUP BY item_id",
            [since],
        )
        return cursor.fetchall()


def stock_figures(token: str) -> dict[str, Any]:
    with served() as server:
        calls = {
            "floor": aggregate,
            "http": lambda: request(server, token, "GET", "/api/v1/stock?limit=100"),
        }
        return {name: t.as_dict() for name, t in time_in_turn(calls, SECONDS).items()}


@contextmanager
def served() -> Iterator[HTTPConnection]:
    """The production server with one worker, and one client that keeps its connection."""
    log = Path(tempfile.gettempdir()) / "vialkeeper-bench-server.log"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "inventory.wsgi", "--bind", f"127.0.0.1:{port}"]
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--threads", "4", "--keep-alive", "60"], stdout=output, stderr=output
        )
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        wait_for(client)
        yield client
    finally:
        client.close()
        server.terminate()
        server.wait()


def wait_for(client: HTTPConnection) -> None:
    for _ in range(100):
        try:
            client.request("GET", "/healthz")
            client.getresponse().read()
        except OSError:
            client.close()
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def over_http(client: HTTPConnection, token: str) -> Callable[[], object]:
    lines = [{"item": sku, "quantity": quantity} for sku, quantity in LINES]
    body = json.dumps({"type": "tpi-1-2", "location": "room-1", "lines": lines})
    return lambda: request(client, token, "POST", "/api/v1/procedures", body, expected=201)


def managers_cookie() -> str:
    """Return the cookie of a manager who has signed in."""
    manager = User.objects.create_user("dana", password="not-signed-in-with")
    manager.groups.add(Group.objects.get(name="manager"))
    signed_in = Client()
    signed_in.force_login(manager)
    return f"{SESSION_COOKIE}={signed_in.cookies[SESSION_COOKIE].value}"


def get_page(client: HTTPConnection, cookie: str, path: str) -> bytes:
    client.request("GET", path, headers={"Cookie": cookie})
    response = client.getresponse()
    answer = response.read()
    if response.status != 200:
        raise RuntimeError(f"GET {path} answered {response.status}: {answer[:300]!r}")
    return answer


def request(
    client: HTTPConnection,
    token: str,
    method: str,
    path: str,
    body: str | None = None,
    expected: int = 200,
) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    client.request(method, path, body, headers)
    response = client.getresponse()
    answer = response.read()
    if response.status != expected:
        raise RuntimeError(f"{method} {path} answered {response.status}: {answer[:300]!r}")
    return answer
