"""Reading a request's JSON: exactly, or with a sentence that says why not."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser


class UnreadableBody(Exception):
    """The body is no JSON; `str()` says what was expected."""


class ExactParser(Parser):
    """Parses JSON without ever making a float of a number."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises UnreadableBody."""
        try:
            return json.loads(
                request.body.decode(),
                parse_float=Decimal,
                parse_constant=_no_number,
            )
        except UnicodeDecodeError:
            raise UnreadableBody("Expected JSON in UTF-8, but got other bytes.") from None
        except RecursionError:
            raise UnreadableBody(
                "Expected JSON with few levels, but it is nested too deep."
            ) from None
        except json.JSONDecodeError as error:
            raise UnreadableBody(
                f"Expected JSON, but it breaks off at line {error.lineno}, column {error.colno}."
            ) from None
        except (ArithmeticError, ValueError):
            # Python gives up on numbers of thousands of digits.
            raise UnreadableBody("Expected JSON, but it holds a number nobody can mean.") from None


def _no_number(name: str) -> NoReturn:
    raise UnreadableBody(f"Expected a number, but got {name}.")
