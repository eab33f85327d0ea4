"""Billing codes that count on some days only, and triggers that keep their days apart.

On SQLite a later migration that rebuilds this table drops its triggers: let it call `install` again
at its end.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TABLE = "inventory_billingcode"
MESSAGE = "Two billing codes of one item have a day in common."
CLASH = (
    "SELECT 1 FROM inventory_billingcode AS other WHERE other.item_id = NEW.item_id"
    " AND (other.effective_from IS NULL OR NEW.effective_to IS NULL"
    " OR other.effective_from <= NEW.effective_to)"
    " AND (other.effective_to IS NULL OR NEW.effective_from IS NULL"
    " OR NEW.effective_from <= other.effective_to)"
)

SQLITE_TRIGGERS = {
    # A row that is not inserted yet has no id.
    f"{TABLE}_apart_insert": f"BEFORE INSERT ON {TABLE} WHEN EXISTS ({CLASH})",
    f"{TABLE}_apart_update": (
        f"BEFORE UPDATE ON {TABLE} WHEN EXISTS ({CLASH} AND other.id <> OLD.id)"
    ),
}

# Two transactions that add a code to one item wait for each other at the item's row.
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION inventory_keep_billing_codes_apart() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM 1 FROM inventory_item WHERE id = NEW.item_id FOR NO KEY UPDATE;
    IF EXISTS ({CLASH} AND other.id <> NEW.id) THEN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$
"""


def install(schema_editor: Any) -> None:
    """Create the triggers in whichever database this is."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_apart BEFORE INSERT OR UPDATE ON {TABLE}"
            " FOR EACH ROW EXECUTE FUNCTION inventory_keep_billing_codes_apart()"
        )
    else:
        for name, when in SQLITE_TRIGGERS.items():
            schema_editor.execute(
                f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )


def remove(schema_editor: Any) -> None:
    """Drop the triggers, and on PostgreSQL their function; the table goes next."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart ON {TABLE}")
        schema_editor.execute("DROP FUNCTION IF EXISTS inventory_keep_billing_codes_apart()")
    else:
        for name in SQLITE_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_corrections")]

    operations = [
        migrations.CreateModel(
            name="BillingCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hcpcs", models.CharField(blank=True, max_length=8, verbose_name="HCPCS code")),
                ("billing_unit", models.CharField(blank=True, max_length=24)),
                ("effective_from", models.DateField(blank=True, null=True)),
                ("effective_to", models.DateField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="billing_codes",
                        to="inventory.item",
                    ),
                ),
            ],
            options={
                "ordering": [
                    "item",
                    models.OrderBy(models.F("effective_from"), nulls_first=True),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_from__isnull", False),
                            ("effective_to__isnull", False),
                            _connector="OR",
                        ),
                        name="billing_code_has_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effective_from__lte", models.F("effective_to"))),
                        name="billing_code_begins_before_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("billing_unit", ""), ("hcpcs", "")),
                            models.Q(
                                ("hcpcs", ""),
                                ("billing_unit", ""),
                                _connector="OR",
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="billing_code_comes_with_its_unit",
                    ),
                ],
            },
        ),
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor),
            lambda apps, schema_editor: remove(schema_editor),
        ),
    ]
