"""What stands or falls together, tried again when the database itself had to break it off."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
Result = TypeVar("Result")

TRIES = 4
# PostgreSQL: a deadlock was broken, or transactions could not be put in an order.
TO_BE_TRIED_AGAIN = frozenset({"40P01", "40001"})


def all_or_nothing(act: Callable[P, Result]) -> Callable[P, Result]:
    """Run the function in one transaction.

    The outermost one is tried again, a few times at most, when the database broke it off in favour
    of another: nothing of it was kept, so nobody has to hear of it. What the function is given
    must not be changed by it.
    """

    @wraps(act)
    def whole(*args: P.args, **kwargs: P.kwargs) -> Result:
        for tries_left in reversed(range(TRIES)):
            outermost = not connection.in_atomic_block
            try:
                with transaction.atomic():
                    return act(*args, **kwargs)
            except OperationalError as failure:
                if not (outermost and tries_left and _was_broken_off(failure)):
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    return whole


def _was_broken_off(failure: OperationalError) -> bool:
    return getattr(failure.__cause__, "sqlstate", None) in TO_BE_TRIED_AGAIN
