"""Rules that something slipped past: NULL past two CHECKs, and text past SQLite's number columns.

A CHECK that comes to NULL passes: a vial without a volume did, and a par level below nothing.
SQLite keeps text, fractions and infinity in a column of whole numbers, and each of them is greater
than 0; in an entry, which nobody can delete, it would stay for good. PostgreSQL needs no triggers
for that: its columns take whole numbers alone.

A later migration that rebuilds one of these two tables on SQLite drops its triggers: let it call
`install` again at its end. `manage.py check_ledger` names a trigger that is missing.
"""

from typing import Any

from django.db import migrations, models

MESSAGE = "A quantity is a whole number of thousandths."

SQLITE_TRIGGERS = {
    f"inventory_{table}_number_on_{event}": (
        f"BEFORE {event} ON inventory_{table} WHEN typeof(NEW.quantity) NOT IN ('integer', 'null')"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )
    # An entry is never updated at all.
    for table, event in (("holding", "insert"), ("holding", "update"), ("entry", "insert"))
}


def install(schema_editor: Any) -> None:
    """Create the triggers where the database needs them."""
    if schema_editor.connection.vendor == "sqlite":
        for name, body in SQLITE_TRIGGERS.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {body}")


def remove(schema_editor: Any) -> None:
    """Drop the triggers: only unapplying this migration does so."""
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0007_count_sheets"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="item",
            name="item_container_has_a_volume",
        ),
        migrations.RemoveConstraint(
            model_name="item",
            name="item_par_not_below_reorder_point",
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("container", "none"), ("container_volume__isnull", True)),
                    models.Q(
                        models.Q(("container", "none"), _negated=True),
                        ("container_volume__gt", 0),
                        ("container_volume__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="item_container_has_a_volume",
                violation_error_message="A container needs a volume; without one leave it empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("par_level__isnull", True),
                    models.Q(
                        ("par_level__gte", 0),
                        models.Q(
                            ("reorder_point__isnull", True),
                            ("par_level__gte", models.F("reorder_point")),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="item_par_not_below_reorder_point",
                violation_error_message="The par level cannot be below the reorder point.",
            ),
        ),
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor),
            lambda apps, schema_editor: remove(schema_editor),
        ),
    ]
