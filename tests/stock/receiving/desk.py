"""The receive page as a person uses it without a script: scan, press, type, press again."""

from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.utils.html import strip_tags

from inventory.accounts.models import User
from inventory.catalog.models import Item, ItemCode
from tests.clinic import mara, place, signed_in
from tests.walk import fields_of

TRAY = "00323155940411"
VIAL = "00323155940312"
# A tray of 25 vials, lot A1, with its expiry: as a scanner types it.
TRAY_OF_A1 = f"]d201{TRAY}1727123110A1"
FORM = "application/x-www-form-urlencoded"


def code(item: Item, value: str, quantity: int | None, kind: str = "gtin") -> None:
    """Let a code stand for a package of this much."""
    level = "each" if quantity in (1, item.container_volume) else "inner"
    ItemCode.objects.create(
        item=item,
        kind=kind,
        value=value,
        normalized=value,
        level=level,
        quantity=quantity if quantity is None else Decimal(quantity),
    )


class Counter:
    """A person at the receive page; `fields` are what its form would send."""

    path = "/stock/receive/"

    def __init__(self, who: User | None = None, asked: str = "") -> None:
        place("storeroom")
        self.browser: Client = signed_in(who or mara())
        self._show(self.browser.get(f"{self.path}{asked}"))
        self.enter(location="storeroom")

    def scan(self, *texts: str) -> "Counter":
        """Scan these one after the other; each answer is waited for."""
        for text in texts:
            self.press("scan", scan=text)
        return self

    def press(self, do: str, **typed: str) -> "Counter":
        """Press a button of the list."""
        return self._show(self._send(f"{self.path}scan/", {**typed, "do": do}))

    def enter(self, **typed: str) -> "Counter":
        """Type into fields of the page, without pressing anything."""
        self.fields |= typed
        return self

    def type_in(self, number: int, **typed: str) -> "Counter":
        """Type into a line of the list."""
        return self.enter(**{f"lines-{number}-{name}": value for name, value in typed.items()})

    def receive(self) -> Any:
        """Press "Receive it", and follow to where that leads."""
        answer = self._send(self.path, {}, follow=True)
        self._show(answer)
        return answer

    def line(self, number: int = 0) -> dict[str, str]:
        """What stands in the fields of a line; empty when it is not on the list."""
        start = f"lines-{number}-"
        return {
            name.removeprefix(start): value
            for name, value in self.fields.items()
            if name.startswith(start)
        }

    def _send(self, path: str, typed: dict[str, str], **options: Any) -> Any:
        pairs = [(name, value) for name, value in self.fields.items() if name != "unknown"]
        pairs += [("unknown", text) for text in self.unknown]
        pairs = [(name, value) for name, value in pairs if name not in typed]
        pairs += typed.items()
        return self.browser.post(path, urlencode(pairs), content_type=FORM, **options)

    def _show(self, answer: Any) -> "Counter":
        self.answer, self.text = answer, answer.text
        self.said = " ".join(unescape(strip_tags(answer.text)).split())
        self.fields = {
            name: value for name, value in fields_of(answer.text).items() if name not in {"do", "q"}
        }
        context = answer.context
        self.unknown = context["desk"].draft.unknown if context and "desk" in context else ()
        return self
