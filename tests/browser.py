"""The Chromium that is installed here, for the browser tests and the pictures of the README."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from django.core.signals import request_started
from playwright.sync_api import Locator, Page, ViewportSize

# Debian's chromium-headless-shell is the same without windows, and takes two thirds of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No page runs its scripts for long enough that compiling them pays.
    "--js-flags=--single-threaded --no-opt",
]
TABLET: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}


class NoChromium(Exception):
    """There is no browser to test with; the text says what to do."""


def path_of_chromium() -> str:
    """Return the program that CHROMIUM names, else the one that is installed. Raises NoChromium."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found and Path(found).exists():
        return found
    raise NoChromium(
        f"CHROMIUM names {named}, which does not exist."
        if named
        else "No Chromium on this machine. On Debian or Ubuntu: apt-get install chromium;"
        " elsewhere let CHROMIUM name its program."
    )


def forget(page: Page) -> None:
    """Leave nothing on a tablet of who used it before."""
    page.unroute_all(behavior="ignoreErrors")
    page.context.set_offline(False)
    page.evaluate("try { sessionStorage.clear(); localStorage.clear() } catch {}")
    page.goto("about:blank")
    page.context.clear_cookies()
    page.set_viewport_size(TABLET)
    page.emulate_media(media="null")


def follow(link: Locator) -> None:
    """Press a link, and wait until the page behind it has its scripts."""
    with link.page.expect_navigation():
        link.click()


def press_through(
    button: Locator, answer: str, meanwhile: Callable[[], object] = lambda: None
) -> None:
    """Press with the mouse, and let go once the answer of this address has come.

    It answers what pressing makes the page ask, or what `meanwhile` does.
    """
    page = button.page
    button.hover()
    with page.expect_response(answer) as answered:
        page.mouse.down()
        meanwhile()
    answered.value.finished()
    page.evaluate("new Promise(requestAnimationFrame)")
    page.mouse.up()


@contextmanager
def answer_held(path: str) -> Iterator[Callable[[], None]]:
    """Hold the answer to the next request for a path to the end, or until what is given is called.

    The server holds it: a browser that begins to intercept what an open page asks for may miss the
    first of it.
    """
    came, go = Event(), Event()

    def hold(environ: dict[str, str], **rest: object) -> None:
        if environ["PATH_INFO"] == path and not came.is_set():
            came.set()
            go.wait(timeout=30)

    def let_go() -> None:
        assert came.wait(timeout=30), f"The page asked for no {path}."
        go.set()

    request_started.connect(hold)
    try:
        yield let_go
        let_go()
    finally:
        go.set()
        request_started.disconnect(hold)
