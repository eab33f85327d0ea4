"""`manage.py import_stock`: opening stock from the clinic's own sheet; a dry run unless told so."""

from inventory.imports.stock.record import STOCK
from inventory.management.import_command import ImportCommand


class Command(ImportCommand):
    kind = STOCK
