"""Sites, locations, and how much a location should hold."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from inventory.catalog.checks import Checks
from inventory.catalog.errors import Taken
from inventory.catalog.models import Item, Location, LocationLevel, Site
from inventory.catalog.register.common import check_levels, insert, save

MAIN_SITE = "main"


@dataclass(frozen=True, kw_only=True)
class LocationFacts:
    """A place that holds stock. `site` is a site's code or name; an unknown one is made."""

    code: str
    name: str
    site: str = MAIN_SITE
    treatment_area: bool = False
    is_active: bool = True


@transaction.atomic
def add_location(facts: LocationFacts) -> Location:
    """Add a location, and its site when that is new. Raises Taken, NotAccepted."""
    tidy = _checked_location(facts)
    clash = Location.objects.filter(code=tidy.code).first()
    taken = Taken("code", f"The code {tidy.code} is taken{f' by {clash.name}' if clash else ''}.")
    if clash:
        raise taken
    return insert(Location(**_with_site(tidy)), taken)


@transaction.atomic
def change_location(location: Location, facts: LocationFacts) -> Location:
    """Change a location; its code stays. Raises NotAccepted."""
    tidy = _checked_location(replace(facts, code=location.code))
    return save(location, _with_site(tidy))


@transaction.atomic
def add_site(code: str, name: str) -> Site:
    """Add a site of the clinic. Raises Taken, NotAccepted."""
    site = _checked_site(code, name)
    taken = Taken("code", f"The code {site.code} is taken by another site.")
    if Site.objects.filter(code=site.code).exists():
        raise taken
    return insert(site, taken)


@transaction.atomic
def change_site(site: Site, name: str) -> Site:
    """Give a site another name; its code stays. Raises NotAccepted."""
    return save(site, {"name": _checked_site(site.code, name).name})


@transaction.atomic
def set_level(
    item: Item, location: Location, reorder_point: Decimal, par_level: Decimal
) -> LocationLevel:
    """Say how much of an item a location should hold. Raises NotAccepted."""
    checks = Checks()
    check_levels(checks, item.unit, reorder_point, par_level)
    checks.done()
    levels = {"reorder_point": reorder_point, "par_level": par_level}
    level, _ = LocationLevel.objects.update_or_create(item=item, location=location, defaults=levels)
    return level


def remove_level(level: LocationLevel) -> None:
    """Let a location hold as much of an item as it happens to."""
    level.delete()


def _checked_location(facts: LocationFacts) -> LocationFacts:
    checks = Checks()
    tidy = replace(
        facts,
        code=checks.slug("code", facts.code),
        name=checks.text("name", facts.name, longest=120, required=True),
        site=checks.text("site", facts.site, longest=120, required=True),
    )
    if not checks.has("site") and not _site_code(tidy.site):
        checks.refuse("site", f"Expected a name with letters or digits, but got “{tidy.site}”.")
    checks.done()
    return tidy


def _with_site(facts: LocationFacts) -> dict[str, Any]:
    return {**asdict(facts), "site": _site(facts.site)}


def _site(called: str) -> Site:
    known = Site.objects.filter(code=called) or Site.objects.filter(name__iexact=called)
    if site := known.order_by("pk").first():
        return site
    code = _site_code(called)
    name = called if called != code else code.replace("-", " ").capitalize()
    site, _ = Site.objects.get_or_create(code=code, defaults={"name": name})
    return site


def _site_code(called: str) -> str:
    """The code that a site called so would have."""
    return slugify(called.replace("_", "-"))[:64].strip("-")


def _checked_site(code: str, name: str) -> Site:
    checks = Checks()
    site = Site(
        code=checks.slug("code", code),
        name=checks.text("name", name, longest=120, required=True),
    )
    checks.done()
    return site
