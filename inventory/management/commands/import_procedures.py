"""`manage.py import_procedures`: past procedures from a file; a dry run unless told so."""

from inventory.imports.past.procedure_record import PROCEDURES
from inventory.management.import_command import ImportCommand


class Command(ImportCommand):
    kind = PROCEDURES
