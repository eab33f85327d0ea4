"""The list of people."""

from django_tables2 import A

from inventory.accounts.models import User
from inventory.web.pills import Pill
from inventory.web.roles import EVERYONE
from inventory.web.tables import Column, DateTimeColumn, StatusColumn, Table


class PeopleTable(Table):
    """Who may sign in, and as what. Wants the people's groups prefetched."""

    name = Column(
        empty_values=(),
        order_by=("first_name", "last_name", "username"),
        linkify=("person_edit", {"person_id": A("pk")}),
    )
    username = Column()
    roles = Column(empty_values=(), orderable=False)
    sign_in = StatusColumn(verbose_name="Sign-in", empty_values=(), order_by="-is_active")
    last_login = DateTimeColumn(verbose_name="Last signed in", default="never")

    class Meta:
        empty_text = "Nobody is here yet."

    def render_name(self, record: User) -> str:
        return str(record)

    def render_roles(self, record: User) -> str:
        if record.is_superuser:
            return "administrator"
        held = {group.name for group in record.groups.all()}
        return ", ".join(role for role in EVERYONE if role in held) or "none yet"

    def render_sign_in(self, record: User) -> Pill:
        return Pill("usable", "open") if record.is_active else Pill("quiet", "ended")
