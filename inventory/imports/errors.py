"""Every way in which an import refuses, by name. `str()` of each is what the manager reads."""

from inventory.imports.models import Import
from inventory.web.words import day_words


class ImportRefusal(Exception):
    """What was asked is understood, but the state of things refuses. Nothing was written."""


class BroughtInBefore(ImportRefusal):
    """The very same file was brought in already."""

    def __init__(self, before: Import) -> None:
        self.before = before
        day = day_words(before.committed_at) if before.committed_at else "another day"
        super().__init__(
            f"This very file was brought in on {day} by {before.committed_by}, as"
            f" “{before.file_name}”. Nothing was changed."
        )


class NothingToBringIn(ImportRefusal):
    """None of the rows is accepted."""

    def __init__(self) -> None:
        super().__init__(
            "There is no row that could be brought in as it stands. Decide some of them first."
        )


class NamesNotConfirmed(ImportRefusal):
    """Items were matched by likeness, and nobody has looked at them yet."""

    def __init__(self, count: int) -> None:
        what = "name was" if count == 1 else "names were"
        super().__init__(f"{count} {what} matched by likeness. Look at them first.")


class ChangedSinceShown(ImportRefusal):
    """Some rows would be written otherwise than they were shown, or not at all."""

    def __init__(self, rows: int) -> None:
        what = "One row is" if rows == 1 else f"{rows} rows are"
        super().__init__(
            f"Nothing was brought in: something has changed since you looked. {what} understood"
            " otherwise now. Look again, then press again."
        )
