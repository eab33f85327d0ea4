"""Taking back a file of past procedures that was a mistake."""

from datetime import datetime

from inventory.accounts.models import User
from inventory.imports.models import Import
from inventory.procedures import past_record
from inventory.stock.models import PastFile
from inventory.web.transactions import all_or_nothing

KIND = "procedures"


@all_or_nothing
def take_back(file: PastFile, *, by: User, reason: str, now: datetime) -> None:
    """Take a file back as a whole, so that it may be brought in again.

    Raises InvalidLine without a reason, TakenBackAlready.
    """
    past_record.take_back(file, by=by, reason=reason, now=now)
    # The very same file would be refused as brought in already.
    Import.objects.filter(kind=KIND, committed_at=file.taken_in_at, file_name=file.name).delete()
