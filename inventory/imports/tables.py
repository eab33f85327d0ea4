"""The list of imports."""

from django_tables2 import A

from inventory.imports.models import Import
from inventory.imports.register import kind_named
from inventory.web.pills import Pill
from inventory.web.tables import Column, DateTimeColumn, IntegerColumn, StatusColumn, Table


class ImportTable(Table):
    """A row per file. Wants its people fetched."""

    file_name = Column(verbose_name="File", linkify=("import_detail", {"pk": A("pk")}))
    kind = Column(verbose_name="What")
    state = StatusColumn(empty_values=(), order_by=("committed_at",))
    accepted = IntegerColumn(verbose_name="Rows taken")
    undecided = IntegerColumn(verbose_name="Undecided")
    refused = IntegerColumn(verbose_name="Refused")
    uploaded_by = Column(verbose_name="Uploaded by", order_by=("uploaded_by__first_name",))
    uploaded_at = DateTimeColumn(verbose_name="Uploaded")
    committed_at = DateTimeColumn(verbose_name="Brought in", default="")

    class Meta:
        empty_text = "Nothing has been uploaded yet."

    def render_kind(self, value: str) -> str:
        kind = kind_named(value)
        return kind.title if kind else value

    def value_kind(self, value: str) -> str:
        return self.render_kind(value)

    def render_state(self, record: Import) -> Pill:
        return Pill("soon", "open") if record.is_open else Pill("usable", "brought in")

    def value_state(self, record: Import) -> str:
        return self.render_state(record).word
