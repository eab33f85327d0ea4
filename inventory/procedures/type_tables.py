"""Lists of procedure types, and of what a kit holds."""

from django_tables2 import A

from inventory.catalog.tables import StateColumn
from inventory.procedures.models import KitLine
from inventory.web.tables import Column, IntegerColumn, QuantityColumn, Table


class ProcedureTypeTable(Table):
    """The clinic's procedure types. Wants `kit_lines` annotated."""

    name = Column(linkify=("procedure_type_detail", {"code": A("code")}))
    code = Column()
    cpt = Column(verbose_name="CPT")
    kit_lines = IntegerColumn(verbose_name="Supplies in the kit")
    state = StateColumn()

    class Meta:
        empty_text = "No procedure type yet. A manager adds the first one."


class KitTable(Table):
    """A kit. Wants items fetched and substitutes prefetched."""

    item = Column(accessor="item__name", verbose_name="Supply")
    sku = Column(accessor="item__sku", verbose_name="SKU")
    quantity = QuantityColumn(unit="item__unit")
    per = Column(verbose_name="For each")
    optional = Column(verbose_name="Only on request")
    substitutes = Column(verbose_name="Substitutes", empty_values=())

    class Meta:
        orderable = False
        empty_text = "Nothing is in this kit yet."

    def render_per(self, record: KitLine) -> str:
        return "injection site" if record.per == KitLine.Per.SITE else record.get_per_display()

    def render_optional(self, value: bool) -> str:
        return "yes" if value else "no"

    def render_substitutes(self, record: KitLine) -> str:
        return ", ".join(substitute.item.name for substitute in record.substitutes.all())
