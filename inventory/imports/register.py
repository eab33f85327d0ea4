"""The kinds of import that there are, in the order in which a clinic needs them."""

from inventory.imports.kinds import Kind
from inventory.imports.stock_record import STOCK

KINDS: tuple[Kind, ...] = (STOCK,)


def kind_named(code: str) -> Kind | None:
    """Return the kind with this code, if there is one."""
    return next((kind for kind in KINDS if kind.code == code), None)
