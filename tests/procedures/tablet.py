"""The logging page as a nurse uses it, without a script: look, press, type, press again."""

from collections.abc import Sequence
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from inventory.accounts.models import User
from inventory.catalog.models import Item
from inventory.procedures import register
from inventory.procedures.models import Procedure, ProcedureType
from inventory.procedures.register import KitLineFacts
from tests.clinic import gauze, kenalog, lidocaine, needle, procedure_type, signed_in

VOID = {"input", "br", "hr", "meta", "link", "img"}


def xylocaine() -> Item:
    """What stands in for lidocaine."""
    facts = {
        "name": "Xylocaine 1% 20 mL multi-dose vial",
        "kind": "local_anesthetic",
        "unit": "mL",
        "container": "multi_dose_vial",
        "container_volume": 20,
        "strength": 10,
    }
    return Item.objects.get_or_create(sku="xylo-1-20", defaults=facts)[0]


def trigger_point() -> ProcedureType:
    """One needle, 1 mL of lidocaine for each site, two gauze; Kenalog if wanted."""
    kind = procedure_type()
    for item, quantity, per, optional, substitutes in (
        (needle(), "1", "procedure", False, ()),
        (lidocaine(), "1", "site", False, (xylocaine(),)),
        (kenalog(), "0.5", "procedure", True, ()),
        (gauze(), "2", "muscle", False, ()),
    ):
        register.add_kit_line(
            kind,
            KitLineFacts(
                item=item,
                quantity=Decimal(quantity),
                per=per,
                optional=optional,
                substitutes=substitutes,
            ),
        )
    return kind


class _Reader(HTMLParser):
    """Reads the words of a page, and the fields that its form would send."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.buttons: list[str] = []
        self.words: list[str] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name", "")
        if tag == "button":
            self.buttons.append(attributes.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in attributes:
            self.fields[self.select] = attributes["value"]
        elif (
            tag == "input"
            and name
            and (attributes.get("type") != "radio" or "checked" in attributes)
        ):
            self.fields[name] = attributes.get("value", "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class Tablet:
    """One page in the hands of one person."""

    def __init__(self, who: User, client: Client | None = None) -> None:
        self.client = client or signed_in(who)
        self.fields: dict[str, str] = {}
        self.buttons: list[str] = []
        self.words = ""
        self.response: Any = None

    def open(self, kind: ProcedureType | None = None) -> "Tablet":
        query = {"type": kind.code} if kind else {}
        return self._read(self.client.get(reverse("procedure_log"), query))

    def press(self, *do: str, **typed: str) -> "Tablet":
        """Press a button, or several while the answer to the first is under way."""
        sent: dict[str, Any] = {**self.fields, **typed, "do": list(do)}
        return self._read(self.client.post(reverse("procedure_log"), sent))

    def log(self, **typed: str) -> "Tablet":
        return self.press("log", **typed)

    def key(self, item: Item) -> str:
        """The key of this item's line."""
        return next(
            name.split("-")[1]
            for name, value in self.fields.items()
            if name.endswith("-item") and value == str(item.pk)
        )

    def has(self, item: Item) -> bool:
        return str(item.pk) in {
            value for name, value in self.fields.items() if name.endswith("-item")
        }

    def field(self, item: Item, name: str) -> str:
        """The name of one of a line's fields, to type into it."""
        return f"line-{self.key(item)}-{name}"

    def quantity(self, item: Item) -> str:
        return self.fields[self.field(item, "quantity")]

    def logged(self) -> Procedure:
        """The procedure that the page has led to."""
        assert self.response.status_code == 302, self.words
        return Procedure.objects.get(pk=self.response["Location"].split("/")[2])

    def _read(self, response: Any) -> "Tablet":
        reader = _Reader()
        reader.feed(response.content.decode())
        self.response = response
        if response.status_code != 302:
            self.fields, self.buttons = reader.fields, reader.buttons
            self.fields.pop("q", None)
        self.words = " ".join(" ".join(reader.words).split())
        return self
