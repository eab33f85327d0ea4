"""Who works in the demo clinic."""

from dataclasses import dataclass

from inventory.accounts.models import User
from inventory.accounts.people import add_person
from inventory.web.roles import MANAGER, NURSE, PURCHASER, VIEWER

PASSWORD = "demo-clinic"  # noqa: S105 -- printed for everybody, for made-up data alone


@dataclass(frozen=True)
class Person:
    """Somebody with a sign-in."""

    username: str
    first_name: str
    last_name: str
    role: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


MARA = Person("mara", "Mara", "Ortiz", NURSE)
JONAS = Person("jonas", "Jonas", "Weber", NURSE)
DANA = Person("dana", "Dana", "Lindqvist", MANAGER)
PRIYA = Person("priya", "Priya", "Shah", PURCHASER)
VIC = Person("vic", "Vic", "Tan", VIEWER)
EVERYBODY = (MARA, JONAS, DANA, PRIYA, VIC)


def add_everybody() -> dict[str, User]:
    """Add the people, by username. Raises UsernameTaken."""
    return {
        person.username: add_person(
            username=person.username,
            password=PASSWORD,
            roles=[person.role],
            first_name=person.first_name,
            last_name=person.last_name,
        )
        for person in EVERYBODY
    }
