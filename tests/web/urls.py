"""The product's addresses, and a few pages to try the helpers of `inventory.web` on."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django_tables2 import A

from inventory.accounts.models import User
from inventory.sheets.pages import table_page
from inventory.web.http import AuthenticatedRequest
from inventory.web.pills import Pill
from inventory.web.roles import EVERYONE, MANAGER, NURSE, allow, public, roles_of
from inventory.web.tables import (
    Column,
    DateColumn,
    IntegerColumn,
    MoneyColumn,
    QuantityColumn,
    StatusColumn,
    Table,
    UnitCostColumn,
)


class ShelfTable(Table):
    """A list with a column of each kind."""

    item = Column()
    on_hand = QuantityColumn(unit="unit")
    expires_on = DateColumn(relative=True)
    lots = IntegerColumn(total=True)
    unit_cost = UnitCostColumn()
    value = MoneyColumn(total=True)
    status = StatusColumn()
    todo = Column(empty_values=(), exclude_from_export=True, orderable=False)

    def render_todo(self) -> str:
        return "Count"


def shelf() -> list[dict[str, Any]]:
    return [
        {
            "item": "Lidocaine 1% 20 mL",
            "on_hand": Decimal("52.500"),
            "unit": "mL",
            "expires_on": date(2026, 12, 10),
            "lots": 2,
            "unit_cost": Decimal("0.0825"),
            "value": Decimal("4.33"),
            "status": Pill("soon", "expires soon"),
        },
        {
            "item": "=HYPERLINK(1)<b>",
            "on_hand": Decimal("1200.000"),
            "unit": "each",
            "expires_on": None,
            "lots": 1,
            "unit_cost": None,
            "value": Decimal("1280.00"),
            "status": Pill("usable", "usable"),
        },
    ]


class PeopleTable(Table):
    """A list of rows from the database."""

    username = Column(linkify=("person_edit", {"person_id": A("pk")}))
    first_name = Column()


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Username", field_name="username", lookup_expr="contains")


@allow(*EVERYONE)
def shelf_list(request: AuthenticatedRequest) -> HttpResponse:
    return table_page(request, ShelfTable, shelf(), title="On the shelf")


@allow(*EVERYONE)
def nothing_list(request: AuthenticatedRequest) -> HttpResponse:
    return table_page(request, ShelfTable, [], title="Nothing")


@allow(*EVERYONE)
def many_list(request: AuthenticatedRequest) -> HttpResponse:
    people = User.objects.order_by("username")
    return table_page(request, PeopleTable, people, PeopleFilter, title="Many")


@allow(NURSE, MANAGER)
def injection(request: AuthenticatedRequest) -> HttpResponse:
    return HttpResponse(f"injected by {request.user}")


@public
def leaflet(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(sorted(roles_of(request))))


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("try/shelf/", shelf_list, name="shelf_list"),
    path("try/nothing/", nothing_list, name="nothing_list"),
    path("try/many/", many_list, name="many_list"),
    path("try/injection/", injection, name="injection"),
    path("try/leaflet/", leaflet, name="leaflet"),
    path("try/broken/", broken, name="broken"),
    path("", include("inventory.urls")),
]
handler400 = "inventory.web.errors.bad_request"
handler403 = "inventory.web.errors.forbidden"
handler404 = "inventory.web.errors.not_found"
handler500 = "inventory.web.errors.server_error"
