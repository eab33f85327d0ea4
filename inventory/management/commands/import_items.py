"""`manage.py import_items`: items from a file; a dry run unless told so."""

from inventory.imports.catalog.item_record import ITEMS
from inventory.management.import_command import ImportCommand


class Command(ImportCommand):
    kind = ITEMS
