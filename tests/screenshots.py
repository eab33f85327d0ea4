"""`python -m tests.screenshots`: the pictures of the README, taken of the demo clinic.

Each run loads a fresh demo clinic into a scratch database, so the pictures are as old as the run.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser import OPTIONS, PHONE, TABLET, NoChromium, path_of_chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "images"
PASSWORD = "demo-clinic"
PATIENCE_SECONDS = 60
TRIES_A_SECOND = 10
STOCK_SHEET = ROOT / "tests/imports/data/clinic-stock.xlsx"
TRAY = "]d20100363323464172172802291061021543"
VIAL = "]d201003000302930531728033110K40X7"


def look(_page: Page) -> None:
    """Do nothing first."""


def bring_in(page: Page) -> None:
    """Upload a stock sheet, and go on to its rows."""
    page.locator("main input[type=file]").set_input_files(STOCK_SHEET)
    page.get_by_role("button", name="Upload it").click()
    page.get_by_role("button", name="Go on to the rows").click()
    page.wait_for_load_state("networkidle")


def scan_in(page: Page) -> None:
    """Scan a tray twice and a vial of another drug, as a delivery is unpacked."""
    for code in (TRAY, TRAY, VIAL):
        box = page.locator("main [data-scan]").first
        box.fill(code)
        with page.expect_response("**/scan/**"):
            box.press("Enter")
        page.wait_for_load_state("networkidle")


@dataclass(frozen=True)
class Picture:
    """What one person sees at an address, once they have done something there."""

    name: str
    username: str
    path: str
    size: ViewportSize
    first: Callable[[Page], None] = look

    @property
    def file(self) -> Path:
        return PICTURES / f"{self.name}.png"


LOG_IN_ROOM_2 = "/procedures/log/?type=carpal-tunnel&location=room-2"
GALLERY = (
    Picture("procedure-log", "mara", LOG_IN_ROOM_2, TABLET),
    Picture("procedure-log-phone", "mara", LOG_IN_ROOM_2, PHONE),
    Picture("home-manager", "dana", "/", TABLET),
    Picture("reorder-report", "priya", "/purchasing/reorder/", TABLET),
    Picture("outlook", "priya", "/purchasing/outlook/botox-100/", TABLET),
    Picture("receive", "mara", "/stock/receive/", TABLET, scan_in),
    Picture("bring-in", "dana", "/imports/add/?kind=stock", TABLET, bring_in),
)


def main() -> None:
    try:
        chromium = path_of_chromium()
    except NoChromium as refusal:
        sys.exit(str(refusal))
    with (
        tempfile.TemporaryDirectory(prefix="vialkeeper-pictures-") as directory,
        demo_clinic(Path(directory)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for picture in GALLERY:
            take(picture, browser, address)
            sys.stdout.write(f"{picture.file.relative_to(ROOT)}\n")
        browser.close()


@contextmanager
def demo_clinic(directory: Path) -> Iterator[str]:
    """Load the demo clinic below this directory, serve it, and yield its address."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{directory}/demo.sqlite3",
        "SECRET_KEY": "only-for-the-pictures-of-the-documentation-" * 2,
        "SECURE_SSL_REDIRECT": "0",
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "manage.py", "demo", "--no-serve"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    at = f"127.0.0.1:{free_port()}"
    server_options = ["--bind", at, "--log-level", "warning", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "inventory.wsgi", *server_options]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_for(f"http://{at}/healthz")
            yield f"http://{at}"
        finally:
            server.terminate()


def take(picture: Picture, browser: Browser, address: str) -> None:
    """Sign in as the picture's person and write what the page looks like."""
    context = browser.new_context(
        viewport=picture.size, base_url=address, reduced_motion="reduce", locale="en-US"
    )
    page = context.new_page()
    sign_in(page, picture.username)
    answer = page.goto(picture.path, wait_until="networkidle")
    if answer is None or not answer.ok:
        sys.exit(f"{picture.path} answers {answer and answer.status}; no picture was taken of it.")
    picture.first(page)
    page.screenshot(path=picture.file)
    context.close()


def sign_in(page: Page, username: str) -> None:
    """Sign in through the page, as a person does."""
    page.goto("/sign-in/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(address: str) -> None:
    """Wait until the server answers; leaves with a sentence when it does not."""
    for _ in range(PATIENCE_SECONDS * TRIES_A_SECOND):
        try:
            with urlopen(address, timeout=PATIENCE_SECONDS):
                return
        except URLError:
            time.sleep(1 / TRIES_A_SECOND)
    sys.exit(f"The server did not answer at {address} within {PATIENCE_SECONDS} seconds.")


if __name__ == "__main__":
    main()
