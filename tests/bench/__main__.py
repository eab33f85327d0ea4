"""`python -m tests.bench`: measure both databases and print the table of the README."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.workbooks import ROWS, reading_figures, workbook_row, workbook_table
from tests.postgres import CannotRunPostgres, Postgres

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="vialkeeper-bench-") as directory:
        path = Path(directory)
        results = [measured(f"sqlite:///{path}/bench.sqlite3")]
        server = Postgres(path, durable=True)
        try:
            server.start()
        except CannotRunPostgres as refusal:
            sys.stdout.write(f"PostgreSQL was not measured: {refusal}\n")
        else:
            try:
                results.append(measured(server.url))
            finally:
                server.stop()
    reading = reading_figures()
    read = workbook_row(
        f"read a workbook of {ROWS:,} rows", "none", reading["floor"], reading["read"]
    )
    brought = [row for result in results for row in _file_rows(result)]
    sys.stdout.write(f"{table(results)}\n\n{workbook_table([read, *brought])}\n")


def measured(url: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "inventory.settings",
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-the-benchmark-" * 3,
        "SECURE_SSL_REDIRECT": "0",
        "RATE_LIMITS": "off",
        "LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run"],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def table(results: list[dict[str, Any]]) -> str:
    """The figures as Markdown: calls a second at the median, p95, and the ratio to the floor."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [
        f"Measured on {datetime.now(UTC).date()} with `make bench` ({machine}).",
        "",
        "| what | database | bare SQL, calls/s | Vialkeeper, calls/s | p95, ms | times bare SQL |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        name = NAMES[result["database"]]
        for size, words in (("empty", "empty ledger"), ("million", "a million entries")):
            for how, said in (("service", "in process"), ("http", "over HTTP")):
                what = f"log a procedure, {words}, {said}"
                lines.append(_row(what, name, result[size]["floor"], result[size][how]))
        lines += [
            _growth("log a procedure in process", name, result, "empty", "million", "service"),
            _growth("log a procedure over HTTP", name, result, "empty", "million", "http"),
            _row(
                "reorder report, 5,000 items, a million entries (bare: one query and planning)",
                name,
                *_pair(result["reorder"], "report"),
            ),
            (
                f"| reorder report over HTTP after a procedure, ms | {name} | | |"
                f" {result['reorder']['page_ms']:.0f} | |"
            ),
            (
                f"| reorder report on the screen after a procedure, ms | {name} | | |"
                f" {result['reorder']['screen_ms']:.0f} | |"
            ),
            _row("stock list over HTTP, a million entries", name, *_pair(result["stock"], "http")),
            _growth("stock list over HTTP", name, result, "stock_empty", "stock", "http"),
            _sixteen(name, result["sixteen"]),
        ]
        if not result["ledger_holds"]:
            lines.append(f"| THE LEDGER CHECK FAILED | {name} | | | | |")
    return "\n".join(lines)


def _file_rows(result: dict[str, Any]) -> list[str]:
    files, name = result["files"], NAMES[result["database"]]
    export = result["reorder"]["export"]
    written = workbook_row(
        f"write {ROWS:,} rows of the reorder report (grew by {export['grown_mb']:.0f} MB)",
        name,
        export["floor"],
        export["export"],
    )
    brought = (("look at", "preview"), ("bring in", "commit"))
    return [
        written,
        *(
            workbook_row(f"{what} {ROWS:,} rows of stock", name, files["floor"], files[how])
            for what, how in brought
        ),
    ]


def _growth(
    what: str, database: str, result: dict[str, Any], before: str, after: str, how: str
) -> str:
    growth = result[after][how]["median_ms"] / result[before][how]["median_ms"]
    return f"| {what}: a million entries to none | {database} | | | | {growth:.2f} |"


def _pair(figures: dict[str, Any], name: str) -> tuple[dict[str, float], dict[str, float]]:
    return figures["floor"], figures[name]


def _row(what: str, database: str, floor: dict[str, float], ours: dict[str, float]) -> str:
    ratio = ours["median_ms"] / floor["median_ms"]
    return (
        f"| {what} | {database} | {_rate(floor)} | {_rate(ours)} |"
        f" {ours['p95_ms']:.1f} | {ratio:.1f} |"
    )


def _rate(figures: dict[str, float]) -> str:
    """Calls a second, whole ones where there are any."""
    return f"{figures['rate']:.0f}" if figures["rate"] >= 1 else f"{figures['rate']:.2f}"


def _sixteen(database: str, figures: dict[str, float]) -> str:
    what = (
        f"16 clients, the same lots ({figures['failed']:.0f} errors,"
        f" {figures['together'] / figures['alone']:.2f} of one client)"
    )
    ratio = figures["floor"] / figures["together"]
    bare, ours = figures["floor"], figures["together"]
    return f"| {what} | {database} | {bare:.0f} | {ours:.0f} | | {ratio:.1f} |"


if __name__ == "__main__":
    main()
