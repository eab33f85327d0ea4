"""Load the starter catalog with its procedure types and kits."""

from collections.abc import Callable
from decimal import Decimal

from django.db import transaction

from inventory.catalog.models import Item
from inventory.catalog.starter import add_missing_catalog, missing_rows, rows
from inventory.procedures.models import KitLine, KitSubstitute, ProcedureType

WORDS = {
    "items": ("item", "items"),
    "codes": ("code", "codes"),
    "billing_codes": ("billing code by date", "billing codes by date"),
    "suppliers": ("supplier", "suppliers"),
    "offers": ("supplier offer", "supplier offers"),
    "locations": ("location", "locations"),
    "procedure_types": ("procedure type", "procedure types"),
    "kit_lines": ("kit line", "kit lines"),
}


@transaction.atomic
def load_starter(report: Callable[[str], object]) -> dict[str, int]:
    """Add what the clinic lacks of the starter catalog, and report it in a sentence or two.

    Returns how many rows of each kind were added; a second call adds nothing. What the clinic has
    changed stays as it is.
    """
    added = {**add_missing_catalog(), **_add_missing_types()}
    if not any(added.values()):
        report("Nothing to add: the clinic has the whole starter catalog. Nothing was changed.")
        return added
    counts = [f"{count} {WORDS[name][count != 1]}" for name, count in added.items() if count]
    report(f"Added {', '.join(counts)}.")
    return added


def _add_missing_types() -> dict[str, int]:
    known = ProcedureType.objects.values_list("code", flat=True)
    new = {
        row["code"]: ProcedureType(**row) for row in missing_rows("procedure_types", "code", known)
    }
    ProcedureType.objects.bulk_create(new.values())
    items = {item.sku: item for item in Item.objects.all()}
    lines = [
        (_line(row, new[row["type"]], items, position), row["substitutes"].split())
        for position, row in enumerate(rows("kit_lines"))
        if row["type"] in new
    ]
    KitLine.objects.bulk_create(line for line, _ in lines)
    KitSubstitute.objects.bulk_create(
        KitSubstitute(line=line, item=items[sku], position=position)
        for line, substitutes in lines
        for position, sku in enumerate(substitutes)
    )
    return {"procedure_types": len(new), "kit_lines": len(lines)}


def _line(
    row: dict[str, str], procedure_type: ProcedureType, items: dict[str, Item], position: int
) -> KitLine:
    return KitLine(
        procedure_type=procedure_type,
        item=items[row["item"]],
        quantity=Decimal(row["quantity"]),
        per=row["per"],
        optional=row["optional"] == "true",
        position=position,
    )
