"""The clinic's own settings."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db import transaction

from inventory.catalog.checks import Checks
from inventory.catalog.models import Clinic
from inventory.catalog.register.common import check_service_level, save

MOST_ADDRESS_LINES = 4


@dataclass(frozen=True, kw_only=True)
class ClinicFacts:
    """The clinic's name, when lots are flagged, and for how long things may be entered or undone,
    all of it in days; the letterhead of its orders, and how it plans them: the percentage of order
    cycles in which nothing is to run out, and their length in days.
    """

    name: str
    expiring_days: int
    expiring_soon_days: int
    expiring_now_days: int
    procedure_backdating_days: int
    receipt_backdating_days: int
    nurse_void_days: int
    address: str = ""
    phone: str = ""
    purchasing_email: str = ""
    service_level: Decimal = Decimal(95)
    order_every_days: int = 7


@transaction.atomic
def change_clinic(facts: ClinicFacts) -> Clinic:
    """Change the settings. Raises NotAccepted."""
    checks = Checks()
    tidy = replace(
        facts,
        name=checks.text("name", facts.name, longest=120, required=True),
        address=_address(checks, facts.address),
        phone=checks.text("phone", facts.phone, longest=40),
        purchasing_email=checks.email("purchasing_email", facts.purchasing_email),
    )
    checks.whole("expiring_days", tidy.expiring_days, least=1, most=1095)
    checks.whole("procedure_backdating_days", tidy.procedure_backdating_days, least=0, most=366)
    checks.whole("receipt_backdating_days", tidy.receipt_backdating_days, least=0, most=3660)
    checks.whole("nurse_void_days", tidy.nurse_void_days, least=0, most=366)
    checks.whole("expiring_soon_days", tidy.expiring_soon_days, least=1, most=1095)
    checks.whole("expiring_now_days", tidy.expiring_now_days, least=1, most=1095)
    checks.whole("order_every_days", tidy.order_every_days, least=1, most=90)
    check_service_level(checks, tidy.service_level)
    if tidy.expiring_soon_days > tidy.expiring_days:
        checks.refuse(
            "expiring_soon_days", f"Expected at most the {tidy.expiring_days} days of the notice."
        )
    if tidy.expiring_now_days > tidy.expiring_soon_days:
        checks.refuse(
            "expiring_now_days",
            f"Expected at most the {tidy.expiring_soon_days} days of the warning.",
        )
    checks.done()
    return save(Clinic.objects.select_for_update().get(pk=1), asdict(tidy))


def _address(checks: Checks, typed: str) -> str:
    """Return the lines of an address, tidied, without those that are empty."""
    lines = [checks.text("address", line, longest=80) for line in typed.splitlines()]
    tidy = "\n".join(filter(None, lines))
    if len(tidy.splitlines()) > MOST_ADDRESS_LINES:
        checks.refuse("address", f"Expected at most {MOST_ADDRESS_LINES} lines.")
    return tidy
