"""The catalogue, places and suppliers as an import needs them, taken once from the database. Pure.

Whoever asks the database fills these; the planning of rows knows only them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

MULTI_DOSE_VIAL = "multi_dose_vial"
SINGLE_DOSE = frozenset({"single_dose_vial", "ampule"})
NO_CONTAINER = "none"


@dataclass(frozen=True)
class CatalogItem:
    """An item as rows of a sheet are compared with it.

    `strength` is mg per mL. `pack_quantities` says, per level of package (`inner`, `case`, and
    `sold` for the packs that suppliers sell), how much of the item's unit it holds: one quantity,
    or several where makers differ. `codes` are all of its codes as written; `known_names` what
    people called it before.
    """

    sku: str
    name: str
    kind: str = "other"
    unit: str = "each"
    container: str = NO_CONTAINER
    container_volume: Decimal | None = None
    strength: Decimal | None = None
    lot_tracked: bool = True
    beyond_use_days: int | None = None
    preservative_free: bool | None = None
    pack_quantities: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    known_names: tuple[str, ...] = ()
    is_active: bool = True

    @property
    def single_dose(self) -> bool:
        return self.container in SINGLE_DOSE

    @property
    def multi_dose(self) -> bool:
        return self.container == MULTI_DOSE_VIAL

    @property
    def piece(self) -> Decimal:
        """How much of the unit one container holds; 1 where it is counted by the piece."""
        return self.container_volume or Decimal(1)

    def packs(self, level: str) -> tuple[Decimal, ...]:
        """How much a package of a level may hold: the maker's word first, then the suppliers'."""
        known = tuple(self.pack_quantities.get(level, ()))
        if level == "inner" and not known:
            sold = self.pack_quantities.get("sold", ())
            known = tuple(quantity for quantity in sold if quantity > self.piece)
        return tuple(dict.fromkeys(known))


@dataclass(frozen=True)
class Place:
    """A location, with the name of its site."""

    code: str
    name: str
    site: str = ""


@dataclass(frozen=True)
class Supplier:
    """Somebody who sells to the clinic."""

    code: str
    name: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that a row may name."""

    items: tuple[CatalogItem, ...]
    places: tuple[Place, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
