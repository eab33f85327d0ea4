"""The lists of procedures from before, and of the files that they came in."""

from datetime import date, datetime, time

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone
from django_tables2 import A

from inventory.procedures.tables import encounter
from inventory.stock.models import PastFile
from inventory.web.pills import Pill
from inventory.web.tables import Column, DateTimeColumn, IntegerColumn, StatusColumn, Table
from inventory.web.words import day_words, time_words


def performed_words(performed_at: datetime, today: date) -> str:
    """Return when it was performed; a file that says no time means midnight by it."""
    local = timezone.localtime(performed_at)
    return day_words(local.date()) if local.time() == time.min else time_words(performed_at, today)


class PerformedColumn(DateTimeColumn):
    """When it was performed, without a time where there is none."""

    def render(self, value: datetime, table: Table) -> str:
        return performed_words(value, table.today)


class PastProcedureTable(Table):
    """A row per procedure. Wants type, location and file fetched.

    `shows_encounters=False` masks the references, on the screen and in the sheet.
    """

    performed_at = PerformedColumn(verbose_name="When")
    type = Column(
        accessor="type__name",
        verbose_name="Type",
        linkify=("past_procedure_detail", {"pk": A("pk")}),
    )
    location = Column(accessor="location__name", verbose_name="Where")
    provider = Column(default="")
    muscles = IntegerColumn()
    sites = IntegerColumn()
    encounter_ref = Column(verbose_name="Encounter", default="", orderable=False)
    file = Column(accessor="file__name", verbose_name="From")

    class Meta:
        empty_text = "No procedure from before is here."

    def __init__(self, *args: object, shows_encounters: bool = False, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.shows_encounters = shows_encounters

    def render_encounter_ref(self, value: str) -> str:
        return encounter(value, shown=self.shows_encounters)


class PastFileTable(Table):
    """A row per file. Wants what `with_what_it_holds` adds, and the people fetched."""

    name = Column(verbose_name="File", linkify=("past_file_detail", {"pk": A("pk")}))
    taken_in_at = DateTimeColumn(verbose_name="Taken in")
    taken_in_by = Column(verbose_name="By", orderable=False)
    count = IntegerColumn(verbose_name="Procedures", orderable=False)
    first = PerformedColumn(verbose_name="From", orderable=False)
    last = PerformedColumn(verbose_name="to", orderable=False)
    state = StatusColumn(empty_values=())

    class Meta:
        empty_text = "No file of past procedures was taken in."

    def render_taken_in_by(self, record: PastFile) -> str:
        return str(record.taken_in_by)

    def render_state(self, record: PastFile) -> Pill:
        return file_pill(record)

    def value_state(self, record: PastFile) -> str:
        return file_pill(record).word


def with_what_it_holds(files: QuerySet[PastFile]) -> QuerySet[PastFile]:
    """Add how many procedures a file has, and when the first and the last was performed."""
    return files.select_related("taken_in_by", "taken_back_by").annotate(
        count=Count("procedures"),
        first=Min("procedures__performed_at"),
        last=Max("procedures__performed_at"),
    )


def file_pill(file: PastFile) -> Pill:
    if file.taken_back_at:
        return Pill("held", "taken back")
    return Pill("usable", "counts")
