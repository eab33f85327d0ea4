"""Which database, which browser, and a clean-up that respects the append-only ledger."""

import gc
import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import dj_database_url
import hypothesis
import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, expect, sync_playwright

from inventory.attention import context
from tests.browser import OPTIONS, TABLET, NoChromium, forget, path_of_chromium
from tests.clinic import NOW
from tests.deep import PROFILE
from tests.postgres import CannotRunPostgres, Postgres

IN_CI = os.environ.get("CI") == "true"

# A busy machine is no failure.
expect.set_options(timeout=30_000)
hypothesis.settings.register_profile(
    "deep",
    deadline=None,
    max_examples=2000,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
# The same examples every time: a change is not blamed for what an earlier one did.
hypothesis.settings.register_profile(
    "short",
    hypothesis.settings.get_profile("deep"),
    max_examples=10,
    stateful_step_count=15,
    derandomize=True,
)
hypothesis.settings.load_profile(PROFILE)

append_only = import_module("inventory.migrations.0002_movements_are_append_only")
response_log = import_module("inventory.migrations.0006_recalls")
past_procedures = import_module("inventory.migrations.0010_past_procedures")
first_rows = import_module("inventory.migrations.0003_roles_and_clinic")


# Which database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default=os.environ.get("TEST_DATABASE", "sqlite"),
        help="the database to test with (TEST_DATABASE in the environment says it too)",
    )


class DatabaseForTheRun:
    """Starts PostgreSQL before the workers start, and clears up after the last one."""

    def __init__(self, config: pytest.Config) -> None:
        self.wants_postgresql = config.getoption("--database") == "postgresql"
        self.is_worker = hasattr(config, "workerinput")
        self.server: Postgres | None = None
        self.why_not = ""

    def prepare(self) -> None:
        if not self.is_worker:
            settings.TEST_DIRECTORY.mkdir(parents=True)
        if self.wants_postgresql and "TEST_POSTGRES_URL" not in os.environ:
            self._start_server()
        if self.wants_postgresql and not self.why_not:
            _test_with(os.environ["TEST_POSTGRES_URL"])

    def clear_up(self) -> None:
        if self.server:
            self.server.stop()
            del os.environ["TEST_POSTGRES_URL"]
        if not self.is_worker:
            shutil.rmtree(settings.TEST_DIRECTORY, ignore_errors=True)

    def _start_server(self) -> None:
        server = Postgres(settings.TEST_DIRECTORY)
        try:
            server.start()
        except CannotRunPostgres as refusal:
            if IN_CI:
                raise pytest.UsageError(str(refusal)) from refusal
            self.why_not = str(refusal)
        else:
            self.server = server
            os.environ["TEST_POSTGRES_URL"] = server.url


DATABASE = pytest.StashKey[DatabaseForTheRun]()


def _test_with(url: str) -> None:
    database = connections.configure_settings({"default": dict(dj_database_url.parse(url))})
    settings.DATABASES = connections.settings = database
    # Whoever has asked for the connection already was given one to SQLite.
    if connections.all(initialized_only=True):
        del connections["default"]


def pytest_configure(config: pytest.Config) -> None:
    # What is read until the tests begin is no garbage.
    gc.disable()
    database = DatabaseForTheRun(config)
    config.stash[DATABASE] = database
    database.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[DATABASE].clear_up()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.stash[DATABASE].why_not or config.getoption('--database')}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    database = config.stash[DATABASE]
    for item in items:
        if database.why_not:
            item.add_marker(pytest.mark.skip(reason=database.why_not))
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if not _asks_a_database(item):
            item.add_marker(pytest.mark.pure)


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "scratch"}
    return bool(
        item.get_closest_marker("django_db") or fixtures & set(getattr(item, "fixturenames", ()))
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    # Django, its models and all tests stay to the end: they need not be looked through for garbage
    # over and over.
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    gc.enable()


# Transactional tests: the flush at their end meets the triggers that refuse it


def _flush_an_append_only_ledger(case: TransactionTestCase) -> None:
    with connection.schema_editor() as editor:
        append_only.remove(editor)
        response_log.remove(editor)
        past_procedures.remove(editor)
    try:
        _flush(case)
    finally:
        with connection.schema_editor() as editor:
            append_only.install(editor)
            response_log.install(editor)
            past_procedures.install(editor)
    # The flush takes the rows that migrations made as well.
    first_rows.create(apps, None)


# Django has no public way in. Whoever runs the flush, pytest-django or a test case, passes here.
_transactional: Any = TransactionTestCase
_flush = _transactional._fixture_teardown
_transactional._fixture_teardown = _flush_an_append_only_ledger


# Which browser


def _path_or_skip() -> str:
    try:
        return path_of_chromium()
    except NoChromium as refusal:
        if IN_CI:
            pytest.fail(str(refusal))
        pytest.skip(str(refusal))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole run. The tests that use it carry the `browser` mark."""
    path = _path_or_skip()
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as environment:
        # Playwright keeps an event loop running in this thread; the tests' queries are not in it.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tablet_page(chromium: Browser) -> Iterator[Page]:
    """One page for the whole run: another tab for each test would take as long as the test."""
    context = chromium.new_context(viewport=TABLET, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def browser_page(tablet_page: Page) -> Iterator[Page]:
    """A page as large as a nurse's tablet, in a profile in which nothing is left of others."""
    yield tablet_page
    forget(tablet_page)


# What is on every page


@pytest.fixture(autouse=True)
def uncounted_flags(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page counts the open flags for its navigation, unless a test looks at it.

    The count is up to half of what a page costs, and the same on each.
    """
    if {"counted_flags", "chromium"}.isdisjoint(request.fixturenames):
        monkeypatch.setattr(context, "_count", lambda request: 0)


@pytest.fixture
def counted_flags() -> None:
    """The pages that this test opens count the open flags, as those of a clinic do."""


# Which day


@pytest.fixture
def monday_morning() -> Iterator[None]:
    """It is a Monday in November at 10:15 in the test clinic, whatever day it is outside."""
    with time_machine.travel(NOW, tick=False):
        yield
