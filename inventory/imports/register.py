"""The kinds of import that there are, in the order in which a clinic needs them."""

from inventory.imports.catalog.code_record import CODES
from inventory.imports.catalog.item_record import ITEMS
from inventory.imports.catalog.offer_record import OFFERS
from inventory.imports.kinds import Kind
from inventory.imports.past.procedure_record import PROCEDURES
from inventory.imports.stock.record import STOCK

KINDS: tuple[Kind, ...] = (STOCK, ITEMS, CODES, OFFERS, PROCEDURES)


def kind_named(code: str) -> Kind | None:
    """Return the kind with this code, if there is one."""
    return next((kind for kind in KINDS if kind.code == code), None)
