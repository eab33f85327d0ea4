"""`manage.py load_starter`: the starter catalog, into an empty clinic or beside what is there."""

from typing import Any

from django.core.management.base import BaseCommand

from inventory.procedures.starter import load_starter


class Command(BaseCommand):
    help = (
        "Adds the starter catalog: items, codes, suppliers, offers, locations, and procedure types"
        " with their kits. What is there already stays as it is; a second run changes nothing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        load_starter(self.stdout.write)
