"""Recalls, what waits for recalled lots to arrive, and a response log that only grows.

The database itself refuses to change or delete a line of the log, as it does for the ledger. On
SQLite a later migration that rebuilds the table of notes drops its triggers: let it call `install`
again at its end.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inventory.web.fields

MESSAGE = "The response log is never changed or deleted; add another note instead."

TABLE = "inventory_recallnote"

# INSERT OR REPLACE deletes the row that is in the way without firing a delete trigger.
SQLITE_TRIGGERS = {
    f"{TABLE}_{name}": f"{when} ON {TABLE} {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for name, when, condition in (
        ("no_update", "BEFORE UPDATE", ""),
        ("no_delete", "BEFORE DELETE", ""),
        (
            "no_replace",
            "BEFORE INSERT",
            "WHEN EXISTS (SELECT 1 FROM inventory_recallnote WHERE id = NEW.id)",
        ),
    )
}

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION inventory_refuse_rewriting_the_log() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(schema_editor: Any) -> None:
    """Create the triggers in whichever database this is."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
            " FOR EACH STATEMENT EXECUTE FUNCTION inventory_refuse_rewriting_the_log()"
        )
    else:
        for name, body in SQLITE_TRIGGERS.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {body}")


def remove(schema_editor: Any) -> None:
    """Drop the triggers. Only unapplying this migration and the tests' own clean-up do so."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_append_only ON {TABLE}")
    else:
        for name in SQLITE_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_billing_codes"),
    ]

    operations = [
        migrations.CreateModel(
            name="LotHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pattern", models.CharField(max_length=65)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("available", "Available"),
                            ("quarantined", "Quarantined"),
                            ("recalled", "Recalled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="inventory.item",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="lotstatuschange",
            name="hold",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="caught",
                to="inventory.lothold",
            ),
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=100)),
                ("title", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=200)),
                ("code", models.CharField(blank=True, max_length=64)),
                ("patterns", models.TextField(blank=True)),
                ("all_lots", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("recalled", "Recalled"), ("quarantined", "Quarantined")],
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=500)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("holds", models.ManyToManyField(related_name="recalls", to="inventory.lothold")),
                ("items", models.ManyToManyField(related_name="recalls", to="inventory.item")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RecallLot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on_hand", inventory.web.fields.QuantityField(decimal_places=3, max_digits=12)),
                (
                    "status_before",
                    models.CharField(
                        choices=[
                            ("available", "Available"),
                            ("quarantined", "Quarantined"),
                            ("recalled", "Recalled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by_likeness", models.BooleanField(default=False)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
                (
                    "recall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_lots",
                        to="inventory.recall",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="recall",
            name="lots",
            field=models.ManyToManyField(
                related_name="recalls", through="inventory.RecallLot", to="inventory.lot"
            ),
        ),
        migrations.CreateModel(
            name="RecallNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.CharField(max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="inventory.recall",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="lothold",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["item"],
                name="hold_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="lothold",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["quarantined", "recalled"])), name="a_hold_holds"
            ),
        ),
        migrations.AddConstraint(
            model_name="lothold",
            constraint=models.CheckConstraint(
                condition=models.Q(("pattern", ""), _negated=True), name="a_hold_names_lots"
            ),
        ),
        migrations.AddConstraint(
            model_name="lothold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="an_ended_hold_says_when_and_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="recalllot",
            constraint=models.UniqueConstraint(
                fields=("recall", "lot"), name="a_recall_holds_a_lot_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recalllot",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_hand__gte", 0)),
                name="a_recalled_lot_is_never_below_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("all_lots", True), ("patterns", "")),
                    models.Q(("all_lots", False), models.Q(("patterns", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_recall_names_lots_or_all_of_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["quarantined", "recalled"])),
                name="a_recall_holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True), ("closed_by__isnull", True), ("outcome", "")
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                        ("closed_at__gte", models.F("opened_at")),
                    ),
                    _connector="OR",
                ),
                name="a_closed_recall_says_who_when_and_how_it_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                ),
                name="a_recall_says_what_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_note_says_something"
            ),
        ),
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor),
            lambda apps, schema_editor: remove(schema_editor),
        ),
    ]
