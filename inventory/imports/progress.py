"""How far a commit has come, for whoever waits for it.

All of a commit is one transaction, so nothing of it can be seen in the database before its end. The
count is kept in a file beside it instead, that every process of this machine can read. Where there
is none, as on another machine, the page says only that it is under way.
"""

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import connection

# A server that was stopped in the middle leaves its file behind.
STALE_SECONDS = 60


@dataclass(frozen=True)
class HowFar:
    """So many rows of so many."""

    done: int
    total: int


class CommitProgress:
    """Call it with the number of rows that were written; as a context, it clears up at the end."""

    def __init__(self, upload: int, total: int) -> None:
        self.path = _path(upload)
        self.total = total
        self.done = 0

    def __enter__(self) -> Self:
        self(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def __call__(self, rows: int) -> None:
        """Count rows that were written. A full disk is no reason to stop."""
        self.done += rows
        with suppress(OSError):
            directory = self.path.parent
            directory.mkdir(mode=0o700, exist_ok=True)
            if directory.is_symlink() or directory.stat().st_uid != os.getuid():
                return
            new = self.path.with_suffix(f".{os.getpid()}")
            new.write_text(f"{self.done} {self.total}")
            new.replace(self.path)


def how_far(upload: int) -> HowFar | None:
    """Return how far the commit of an upload has come, None when nobody says."""
    path = _path(upload)
    try:
        if time.time() - path.stat().st_mtime > STALE_SECONDS:
            return None
        done, total = path.read_text().split()
        return HowFar(int(done), int(total))
    except (OSError, ValueError):
        return None


def _path(upload: int) -> Path:
    # Several clinics may run on one machine, each with a database of its own.
    clinic = f"{settings.SECRET_KEY} {connection.settings_dict['NAME']}"
    name = hashlib.sha256(f"{clinic} import {upload}".encode()).hexdigest()[:32]
    return Path(tempfile.gettempdir()) / f"vialkeeper-{os.getuid()}" / name
