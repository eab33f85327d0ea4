"""The list of logged procedures, for the screen and for the sheet."""

from django_tables2 import A

from inventory.procedures.models import Procedure
from inventory.web.pills import Pill
from inventory.web.tables import Column, DateTimeColumn, IntegerColumn, StatusColumn, Table

MASKED = "•••"


class ProcedureTable(Table):
    """A row per procedure. Wants type, location and person fetched.

    `shows_encounters=False` masks the references, on the screen and in the sheet.
    """

    performed_at = DateTimeColumn(verbose_name="When")
    type = Column(
        accessor="type__name", verbose_name="Type", linkify=("procedure_detail", {"pk": A("pk")})
    )
    location = Column(accessor="location__name", verbose_name="Where")
    provider = Column(default="")
    muscles = IntegerColumn()
    sites = IntegerColumn()
    encounter_ref = Column(verbose_name="Encounter", default="", orderable=False)
    logged_by = Column(
        verbose_name="Logged by", order_by=("logged_by__first_name", "logged_by__last_name")
    )
    state = StatusColumn(empty_values=(), order_by=("status",))

    class Meta:
        empty_text = "No procedure was logged on these days."

    def __init__(self, *args: object, shows_encounters: bool = False, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.shows_encounters = shows_encounters

    def render_encounter_ref(self, value: str) -> str:
        return encounter(value, shown=self.shows_encounters)

    def render_logged_by(self, record: Procedure) -> str:
        return str(record.logged_by)

    def render_state(self, record: Procedure) -> Pill:
        return state_pill(record)

    def value_state(self, record: Procedure) -> str:
        return state_pill(record).word


def encounter(reference: str, *, shown: bool) -> str:
    """The encounter reference for those who treat patients; for others that there is one."""
    return reference if shown or not reference else MASKED


def state_pill(procedure: Procedure) -> Pill:
    if procedure.status == Procedure.Status.VOIDED:
        return Pill("held", "voided")
    return Pill("usable", "logged")
