"""`manage.py demo`: a made-up clinic to try everything out."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inventory.accounts.people import UsernameTaken
from inventory.demo import database
from inventory.demo.database import CannotReset, Holds
from inventory.demo.load import load
from inventory.demo.people import EVERYBODY, PASSWORD
from inventory.demo.serving import HOST, is_free, serve
from inventory.procedures.models import Procedure

MOST = 65535


class Command(BaseCommand):
    help = (
        "Fills an empty database with a made-up clinic and its last twelve months, and serves it"
        " on this machine. What is there already stays as it is; --reset starts over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="remove the demo and start over")
        parser.add_argument("--no-serve", action="store_true", help="load it, and do not serve it")
        parser.add_argument("--port", type=int, default=8000, help="where to serve it (8000)")

    def handle(self, *args: Any, reset: bool, no_serve: bool, port: int, **options: Any) -> None:
        if not no_serve:
            _check_port(port)
        self._prepare(reset)
        self._introduce(port)
        if not no_serve:
            serve(port)

    def _prepare(self, reset: bool) -> None:
        found = database.holds()
        if found is Holds.CLINIC:
            raise CommandError(
                "This database holds a clinic that the demo has not made; nothing was changed."
                " Let DATABASE_URL name another one, as in sqlite:////tmp/demo.sqlite3."
            )
        if found is Holds.PART_OF_DEMO or (reset and found is Holds.DEMO):
            self.stdout.write(f"Removing {found.value}.")
            _empty()
        database.migrate()
        if database.holds() is Holds.NOTHING:
            self._load()
        else:
            self.stdout.write("The demo clinic is there already; --reset starts over.")

    def _load(self) -> None:
        self.stdout.write("Loading twelve months of a made-up clinic.")
        try:
            with database.without_query_log():
                proof = load(timezone.now())
        except UsernameTaken as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{Procedure.objects.count()} procedures, {proof.movements} movements and"
            f" {proof.entries} entries; the ledger holds."
        )

    def _introduce(self, port: int) -> None:
        rows = [(person.role, person.name, person.username, PASSWORD) for person in EVERYBODY]
        self.stdout.write(f"\nVialkeeper: http://{HOST}:{port}/\n\n")
        for role, name, username, password in [("role", "name", "username", "password"), *rows]:
            self.stdout.write(f"  {role:<10} {name:<16} {username:<10} {password}")
        self.stdout.write("")
        if settings.SECURE_SSL_REDIRECT:
            self.stdout.write("It asks for https; set SECURE_SSL_REDIRECT=0 to try it without.")


def _check_port(port: int) -> None:
    if not 0 < port <= MOST:
        raise CommandError(f"Expected a port from 1 to {MOST}, but got {port}.")
    if not is_free(port):
        raise CommandError(
            f"Port {port} on this machine is taken, perhaps by a demo that is still running."
            " Name another one, as in: manage.py demo --port 8001"
        )


def _empty() -> None:
    try:
        database.empty()
    except CannotReset as refusal:
        raise CommandError(str(refusal)) from refusal
