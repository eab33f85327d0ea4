"""Who may sign in, and as what. The views and commands change people through here only."""

from collections.abc import Iterable

from axes.utils import reset as forget_failed_tries
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from inventory.accounts.models import User
from inventory.accounts.roles import ROLES
from inventory.web.roles import MANAGER


class PersonRefused(Exception):
    """The change would not be right; the text says why."""


class UsernameTaken(PersonRefused):
    """Someone else signs in with this name, perhaps in other letters."""

    def __init__(self, username: str) -> None:
        super().__init__(f"“{username}” is taken. Expected a username that nobody has yet.")


class CannotShutOutOneself(PersonRefused):
    """Otherwise a clinic could end up with nobody who manages people."""

    def __init__(self) -> None:
        super().__init__(
            "You cannot take the manager role or the sign-in from yourself."
            " Another manager can do it."
        )


class OnlyAdministratorsMay(PersonRefused):
    """A manager who could set an administrator's password would be one."""

    def __init__(self) -> None:
        super().__init__("Only an administrator may change an administrator.")


@transaction.atomic
def add_person(
    *,
    username: str,
    password: str,
    roles: Iterable[str],
    first_name: str = "",
    last_name: str = "",
    email: str = "",
) -> User:
    """Add a person with a first password. Raises UsernameTaken."""
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(username)
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                username, email, password, first_name=first_name, last_name=last_name
            )
    except IntegrityError as taken:
        raise UsernameTaken(username) from taken
    _give_roles(person, roles)
    return person


@transaction.atomic
def change_person(
    person: User,
    *,
    by: User,
    roles: Iterable[str],
    is_active: bool,
    first_name: str,
    last_name: str,
    email: str,
    password: str = "",
) -> None:
    """Change a person's name, roles, sign-in and, unless empty, password.

    A new password also lifts a lock after too many failed tries, and signs the person out
    everywhere. Raises OnlyAdministratorsMay and CannotShutOutOneself.
    """
    roles = frozenset(roles)
    if person.is_superuser and not by.is_superuser:
        raise OnlyAdministratorsMay
    if person.pk == by.pk and not (is_active and (MANAGER in roles or by.is_superuser)):
        raise CannotShutOutOneself
    person.first_name, person.last_name, person.email = first_name, last_name, email
    person.is_active = is_active
    if password:
        person.set_password(password)
        forget_failed_tries(username=person.username)
    person.save()
    _give_roles(person, roles)


def _give_roles(person: User, roles: Iterable[str]) -> None:
    others = person.groups.exclude(name__in=ROLES)
    person.groups.set([*others, *Group.objects.filter(name__in=roles)])
