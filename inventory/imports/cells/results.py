"""What a reader returns where a cell holds no value that can be taken as it stands. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing is said: the cell is empty, or holds a dash or n/a. That is not zero."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may be read in more than one way, or in none that is sure; a person has to say.

    `guesses` are readings as a person could type them, the likeliest first.
    """

    sentence: str
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be what the column is for."""

    sentence: str


BLANK = Blank()
