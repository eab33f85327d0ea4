"""What every page's template knows: the person's roles, the day, the navigation."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from inventory.web.roles import EVERYONE, MANAGER, NURSE, PURCHASER, VIEWER, roles_of


@dataclass(frozen=True)
class Tab:
    """One list inside a section of the navigation, and the pages of what it lists."""

    label: str
    url_name: str

    def holds(self, url_name: str) -> bool:
        noun = self.url_name.rpartition("_")[0]
        return url_name.startswith(f"{noun}_")


@dataclass(frozen=True)
class Section:
    """One entry of the navigation; `nouns` are, or begin, the names of the URLs that belong."""

    label: str
    url_name: str
    roles: tuple[str, ...]
    nouns: tuple[str, ...] = ()
    tabs: tuple[Tab, ...] = ()

    def holds(self, url_name: str) -> bool:
        return url_name in (self.url_name, *self.nouns) or url_name.startswith(
            tuple(f"{noun}_" for noun in self.nouns)
        )


# Of several sections that hold a page by its noun, the first is shown as current.
SECTIONS = (
    Section("Home", "home", EVERYONE),
    Section("Log", "procedure_log", (NURSE, MANAGER), nouns=("procedure_log",)),
    Section(
        "Catalog",
        "item_list",
        (MANAGER,),
        nouns=(
            "item",
            "code",
            "billing_code",
            "supplier",
            "offer",
            "location",
            "site",
            "clinic",
            "procedure_type",
            "kit",
            "import",
        ),
        tabs=(
            Tab("Items", "item_list"),
            Tab("Suppliers", "supplier_list"),
            Tab("Locations", "location_list"),
            Tab("Sites", "site_list"),
            Tab("Procedure types", "procedure_type_list"),
            Tab("Bring in", "import_list"),
            Tab("Settings", "clinic_edit"),
        ),
    ),
    Section(
        "Today",
        "procedure_list",
        EVERYONE,
        nouns=("procedure", "billing", "past"),
        tabs=(
            Tab("Procedures", "procedure_list"),
            Tab("Billing units", "billing_report"),
            Tab("Before Vialkeeper", "past_procedure_list"),
        ),
    ),
    Section(
        "Stock",
        "stock_list",
        EVERYONE,
        nouns=(
            *("stock", "lot", "holding", "movement", "receipt", "restock", "transfer"),
            *("waste", "return", "count", "opened", "discard", "recall"),
        ),
        tabs=(
            Tab("On the shelf", "stock_list"),
            Tab("Opened vials", "opened_list"),
            Tab("To discard", "discard_list"),
            Tab("Before it expires", "waste_advice"),
            Tab("Lots", "lot_list"),
            Tab("Movements", "movement_list"),
            Tab("Counts", "count_sheet_list"),
            Tab("Recalls", "recall_list"),
        ),
    ),
    Section("Flags", "flag_list", EVERYONE, nouns=("flag",)),
    Section(
        "Reorder",
        "reorder_report",
        (MANAGER, PURCHASER, VIEWER),
        nouns=("reorder", "order", "spend", "item_outlook"),
        tabs=(
            Tab("What to order", "reorder_report"),
            Tab("Orders", "order_list"),
            Tab("Spend", "spend_report"),
        ),
    ),
    Section("Reports", "report_index", (MANAGER, PURCHASER, VIEWER), nouns=("report",)),
    Section("People", "people_list", (MANAGER,), nouns=("people", "person")),
)
ORDER_ON_SCREEN = (
    "home",
    "procedure_log",
    "procedure_list",
    "stock_list",
    "flag_list",
    "reorder_report",
    "report_index",
    "item_list",
    "people_list",
)


def section_of(url_name: str) -> Section | None:
    """Return the section of a page: one that names the page itself, else one with its noun."""
    by_name = (section for section in SECTIONS if url_name in section.nouns)
    by_noun = (section for section in SECTIONS if section.holds(url_name))
    return next(by_name, None) or next(by_noun, None)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `roles`, `clinic_today`, `sections`, the current `section` and `tab`."""
    roles = roles_of(request) if hasattr(request, "user") else frozenset()
    mine = [section for section in SECTIONS if not roles.isdisjoint(section.roles)]
    url_name = (request.resolver_match and request.resolver_match.url_name) or ""
    section = section_of(url_name)
    return {
        "roles": roles,
        "clinic_today": timezone.localdate(),
        "sections": sorted(mine, key=lambda section: ORDER_ON_SCREEN.index(section.url_name)),
        "section": section,
        "tab": next((tab for tab in section.tabs if tab.holds(url_name)), None)
        if section
        else None,
    }
