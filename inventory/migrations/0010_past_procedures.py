"""What was used before the stock was counted here: past procedures, and the files they came in.

No row is edited: the database refuses it. A file that was a mistake is taken back as a whole, so
rows go when their file says that it was. On SQLite a later migration that rebuilds one of these
tables drops its triggers: let it call `install` again at its end.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inventory.web.fields

MESSAGE = "What a file says of the past is never changed; take the whole file back instead."

TABLES = ("inventory_pastuse", "inventory_pastprocedure", "inventory_pastprocedureline")

# Whether the file of the old row still counts.
OF_FILE = "SELECT 1 FROM inventory_pastfile WHERE taken_back_at IS NULL AND id = OLD.file_id"
IS_KEPT = {
    "inventory_pastuse": OF_FILE,
    "inventory_pastprocedure": OF_FILE,
    "inventory_pastprocedureline": (
        "SELECT 1 FROM inventory_pastprocedure JOIN inventory_pastfile"
        " ON inventory_pastfile.id = inventory_pastprocedure.file_id WHERE taken_back_at IS NULL"
        " AND inventory_pastprocedure.id = OLD.procedure_id"
    ),
}

# INSERT OR REPLACE deletes the row that is in the way without firing a delete trigger.
SQLITE_CLASH = {
    "inventory_pastuse": "SELECT 1 FROM inventory_pastuse WHERE id = NEW.id",
    "inventory_pastprocedure": "SELECT 1 FROM inventory_pastprocedure WHERE id = NEW.id",
    # One question for each index: asked as one with OR, every row would be looked through. What
    # lacks a value is refused for that.
    "inventory_pastprocedureline": (
        "SELECT 1 FROM inventory_pastprocedureline WHERE id = NEW.id"
        " UNION ALL SELECT 1 FROM inventory_pastprocedureline WHERE use_id = NEW.use_id"
        " AND NEW.procedure_id IS NOT NULL AND NEW.position IS NOT NULL"
        " UNION ALL SELECT 1 FROM inventory_pastprocedureline"
        " WHERE procedure_id = NEW.procedure_id AND position = NEW.position"
        " AND NEW.use_id IS NOT NULL"
    ),
}

SQLITE_TRIGGERS = {
    f"{table}_{name}": f"{when} ON {table} {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for table in TABLES
    for name, when, condition in (
        ("no_update", "BEFORE UPDATE", ""),
        ("no_delete", "BEFORE DELETE", f"WHEN EXISTS ({IS_KEPT[table]})"),
        ("no_replace", "BEFORE INSERT", f"WHEN EXISTS ({SQLITE_CLASH[table]})"),
    )
}


def _postgresql_function(table: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {table}_is_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS ({IS_KEPT[table]}) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(schema_editor: Any) -> None:
    """Create the triggers in whichever database this is."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(_postgresql_function(table))
            schema_editor.execute(
                f"CREATE TRIGGER {table}_history BEFORE UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {table}_is_history()"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_history()"
            )
    else:
        for name, body in SQLITE_TRIGGERS.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {body}")


def remove(schema_editor: Any) -> None:
    """Drop the triggers. Only unapplying this migration and the tests' own clean-up do so."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_history ON {table}")
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_whole ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_is_history")
    else:
        for name in SQLITE_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0009_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="PastFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("taken_in_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("taken_back_reason", models.CharField(blank=True, max_length=200)),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_in_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PastProcedure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("performed_at", models.DateTimeField(db_index=True)),
                ("provider", models.CharField(blank=True, max_length=100)),
                ("muscles", models.PositiveSmallIntegerField(default=1)),
                ("sites", models.PositiveSmallIntegerField(default=1)),
                ("encounter_ref", models.CharField(blank=True, max_length=32)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="procedures",
                        to="inventory.pastfile",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="past_procedures",
                        to="inventory.proceduretype",
                    ),
                ),
            ],
            options={
                "ordering": ["-performed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PastUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("used_at", models.DateTimeField()),
                ("quantity", inventory.web.fields.QuantityField(decimal_places=3, max_digits=12)),
                (
                    "discarded",
                    inventory.web.fields.QuantityField(decimal_places=3, default=0, max_digits=12),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="inventory.pastfile",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.item",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PastProcedureLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="inventory.pastprocedure",
                    ),
                ),
                (
                    "use",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line",
                        to="inventory.pastuse",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddConstraint(
            model_name="pastfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_back_at__isnull", True), ("taken_back_by__isnull", True)),
                    models.Q(("taken_back_at__isnull", False), ("taken_back_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_file_taken_back_says_when_and_by_whom",
            ),
        ),
        migrations.AddIndex(
            model_name="pastuse",
            index=models.Index(
                fields=["item", "used_at", "quantity", "discarded"], name="past_use_of_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="pastuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0), ("discarded__gte", 0)),
                name="past_use_amounts_make_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="pastprocedureline",
            constraint=models.UniqueConstraint(
                fields=("procedure", "position"), name="past_line_has_its_place"
            ),
        ),
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor),
            lambda apps, schema_editor: remove(schema_editor),
        ),
    ]
