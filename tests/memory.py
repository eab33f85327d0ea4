"""Where a run of the tests keeps its databases."""

import secrets
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM_FOR_A_RUN = 2 * 1024**3


def place_for_a_run() -> Path:
    """Memory, where no commit waits for a disk, if there is enough of it: Docker gives little."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_FOR_A_RUN
    directory = MEMORY if roomy else Path(tempfile.gettempdir())
    return directory / f"vialkeeper-{secrets.token_hex(4)}"
