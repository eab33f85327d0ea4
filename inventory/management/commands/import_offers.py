"""`manage.py import_offers`: price lists from a file; a dry run unless told so."""

from inventory.imports.catalog.offer_record import OFFERS
from inventory.management.import_command import ImportCommand


class Command(ImportCommand):
    kind = OFFERS
