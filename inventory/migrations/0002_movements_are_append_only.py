"""Let the database itself refuse to rewrite the ledger.

SQLite's INSERT OR REPLACE deletes the row that is in the way without firing a delete trigger
(unless recursive triggers are on), so an insert that would meet an existing key is refused before
it starts. PostgreSQL needs one more trigger for TRUNCATE.

On SQLite a later migration that rebuilds one of these tables drops its triggers: let it call
`install` again at its end. `manage.py check_ledger` names a trigger that is missing.
"""

from typing import Any

from django.db import migrations

MESSAGE = "Movements and entries are never changed or deleted; reverse the movement instead."

TABLES = ("inventory_movement", "inventory_entry")

SQLITE_CLASH = {
    "inventory_movement": (
        "EXISTS (SELECT 1 FROM inventory_movement WHERE id = NEW.id)"
        " OR EXISTS (SELECT 1 FROM inventory_movement WHERE reverses_id = NEW.reverses_id)"
    ),
    "inventory_entry": "EXISTS (SELECT 1 FROM inventory_entry WHERE id = NEW.id)",
}

SQLITE_TRIGGERS = {
    f"{table}_{name}": f"{when} ON {table} {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for table in TABLES
    for name, when, condition in (
        ("no_update", "BEFORE UPDATE", ""),
        ("no_delete", "BEFORE DELETE", ""),
        ("no_replace", "BEFORE INSERT", f"WHEN {SQLITE_CLASH[table]}"),
    )
}

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION inventory_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(schema_editor: Any) -> None:
    """Create the triggers in whichever database this is."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION inventory_refuse_rewriting()"
            )
    else:
        for name, body in SQLITE_TRIGGERS.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {body}")


def remove(schema_editor: Any) -> None:
    """Drop the triggers. Only unapplying this migration and the tests' own clean-up do so."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
    else:
        for name in SQLITE_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor),
            lambda apps, schema_editor: remove(schema_editor),
        )
    ]
