"""Make an API token for a person."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from inventory.accounts import tokens
from inventory.accounts.models import User
from inventory.web.forms import no_unprintable


class Command(BaseCommand):
    help = "Print a new API token, once. It may do what its person may do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what the token is for")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        self.stdout.write(tokens.issue(_person(username), _label(name)))


def _person(username: str) -> User:
    try:
        no_unprintable(username)
        person = User.objects.get(username=username)
    except (User.DoesNotExist, ValidationError):
        raise CommandError(
            f"Expected the username of a person, but nobody is called {username!r}."
        ) from None
    if not person.is_active:
        raise CommandError(f"{username} may not sign in any more, so a token would not work.")
    return person


def _label(name: str) -> str:
    longest = tokens.LONGEST_LABEL
    if len(name) > longest:
        raise CommandError(f"Expected a name of at most {longest} characters, but got {len(name)}.")
    try:
        no_unprintable(name)
    except ValidationError as refusal:
        raise CommandError(" ".join(refusal.messages)) from None
    return name
