"""Serving the demo on this machine alone."""

import os
import socket
import sys

from django.conf import settings
from django.core.management import call_command

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Say whether a server can listen on this port."""
    with socket.socket() as probe:
        # As servers do: a connection that has just ended is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def serve(port: int) -> None:
    """Serve until somebody stops it: Django's own server to try things out, else gunicorn."""
    address = f"{HOST}:{port}"
    if settings.DEBUG:
        call_command("runserver", address, use_reloader=False)
        return
    program = [sys.executable, "-m", "gunicorn", "inventory.wsgi"]
    options = ["--bind", address, "--workers", "2", "--threads", "4", "--no-control-socket"]
    # Takes this process's place: whoever stops the one stops the other.
    os.execv(sys.executable, [*program, *options, "--chdir", str(settings.BASE_DIR)])  # noqa: S606
