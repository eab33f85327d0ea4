"""What is printed on the label of an opened vial."""

from dataclasses import dataclass
from datetime import date, datetime

from inventory.stock.labels.drawing import Drawing, drawn
from inventory.stock.labels.papers import name_size
from inventory.stock.models import Holding
from inventory.stock.usable import usable_until
from inventory.stock.vial_codes import vial_code


@dataclass(frozen=True)
class VialLabel:
    """The label of one vial; `use_by` is the last day on which it may be used."""

    vial: Holding
    item: str
    lot: str
    expires_on: date | None
    opened_at: datetime
    opened_by: str
    use_by: date | None
    code: str
    drawing: Drawing

    @property
    def size(self) -> str:
        """Say how the name is set."""
        return name_size(self.item)


def label_of(vial: Holding) -> VialLabel | None:
    """Return the label of an opened vial, None for what is sealed or gone.

    Wants lot, item and the person who opened it fetched.
    """
    if vial.opened_at is None or not vial.quantity:
        return None
    code = vial_code(vial.pk)
    return VialLabel(
        vial=vial,
        item=vial.lot.item.name,
        lot=vial.lot.number or "not tracked",
        expires_on=vial.lot.expires_on,
        opened_at=vial.opened_at,
        opened_by=str(vial.opened_by or ""),
        use_by=usable_until(vial.lot.expires_on, vial.beyond_use_on),
        code=code,
        drawing=drawn(code),
    )
