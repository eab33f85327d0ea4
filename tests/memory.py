"""Where a run of the tests keeps its databases."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM_FOR_A_RUN = 2 * 1024**3


def place_for_a_run() -> Path:
    """Memory, where no commit waits for a disk, if it serves; else where temporary files go."""
    directory = MEMORY if _serves(MEMORY) else Path(tempfile.gettempdir())
    return directory / f"vialkeeper-{secrets.token_hex(4)}"


def _serves(memory: Path) -> bool:
    """Whether it has room, and PostgreSQL's programs may run in it: Docker allows neither."""
    if not memory.is_dir():
        return False
    may_run = not os.statvfs(memory).f_flag & os.ST_NOEXEC
    return may_run and shutil.disk_usage(memory).free > ROOM_FOR_A_RUN
