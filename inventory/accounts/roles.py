"""The four roles of a clinic, kept as Django groups."""

from typing import Any

ROLES = ("nurse", "manager", "purchaser", "viewer")


def ensure_roles(group_model: Any) -> None:
    """Create the group of each role that is missing.

    Takes the model, so that a migration can hand over its historical one.
    """
    for role in ROLES:
        group_model.objects.get_or_create(name=role)
