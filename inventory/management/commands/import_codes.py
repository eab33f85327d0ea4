"""`manage.py import_codes`: product codes from a file; a dry run unless told so."""

from inventory.imports.catalog.code_record import CODES
from inventory.management.import_command import ImportCommand


class Command(ImportCommand):
    kind = CODES
