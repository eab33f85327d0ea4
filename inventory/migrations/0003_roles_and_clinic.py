"""The four roles as groups, and the one row of clinic settings."""

from typing import Any

from django.db import migrations

from inventory.accounts.roles import ensure_roles


def create(apps: Any, schema_editor: Any) -> None:
    ensure_roles(apps.get_model("auth", "Group"))
    apps.get_model("inventory", "Clinic").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0002_movements_are_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
