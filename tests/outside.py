"""Programs of their own that work on the tests' database, with the settings of a clinic."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """The address of the database that the tests use at this moment, for DATABASE_URL."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(name).resolve()}"
    return urlsplit(os.environ["TEST_POSTGRES_URL"])._replace(path=f"/{name}").geturl()


def environment(url: str) -> dict[str, str]:
    """A clinic's environment, without TLS and without limits on how often somebody calls."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "inventory.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-tests-" * 5,
        "DEBUG": "0",
        "SECURE_SSL_REDIRECT": "0",
        "RATE_LIMITS": "off",
    }


class Server:
    """The production server on the tests' database, in a process group of its own."""

    def __init__(self, log: Path, *, workers: int) -> None:
        self.log = log
        self.workers = workers
        self.environment = environment(database_url())
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start as `manage.py demo` does, and return when it answers."""
        command = [sys.executable, "-m", "gunicorn", "inventory.wsgi", "--no-control-socket"]
        options = ["--workers", str(self.workers), "--threads", "4", "--keep-alive", "60"]
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [*command, *options, "--bind", f"127.0.0.1:{self.port}"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it with all its workers, whatever they are doing."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def client(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _answers(self) -> bool:
        client = self.client()
        try:
            client.request("GET", "/healthz")
            return client.getresponse().status == 200
        except OSError:
            return False
        finally:
            client.close()
