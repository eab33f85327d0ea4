"""The kinds of import that there are, in the order in which a clinic needs them."""

from inventory.imports.code_record import CODES
from inventory.imports.item_record import ITEMS
from inventory.imports.kinds import Kind
from inventory.imports.offer_record import OFFERS
from inventory.imports.procedure_record import PROCEDURES
from inventory.imports.stock_record import STOCK

KINDS: tuple[Kind, ...] = (STOCK, ITEMS, CODES, OFFERS, PROCEDURES)


def kind_named(code: str) -> Kind | None:
    """Return the kind with this code, if there is one."""
    return next((kind for kind in KINDS if kind.code == code), None)
