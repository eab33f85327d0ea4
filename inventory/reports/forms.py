"""What is asked of a report, from the address."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from inventory.catalog.models import Location
from inventory.reports.definition import LONGEST_PERIOD, Asked, Report
from inventory.reports.periods import default_period
from inventory.web.forms import CleanCharField, DayField
from inventory.web.words import day_words


class ReportForm(forms.Form):
    """The fields that this report has; what is left empty is as usual.

    Without a sound answer in every field there is no `asked`.
    """

    def __init__(self, report: Report, data: QueryDict, today: date) -> None:
        self.report = report
        self.today = today
        self.usual = default_period(today)
        data = data.copy()
        for name, value in self._usual_values().items():
            data.setdefault(name, value)
        super().__init__(data)
        self._ask(report)
        self.is_valid()

    @property
    def asked(self) -> Asked | None:
        """What is asked; None where it makes no sense, and `sentences` says why."""
        if not self.is_valid():
            return None
        said: dict[str, Any] = self.cleaned_data
        return Asked(
            today=self.today,
            since=said.get("since") or self.usual.since,
            until=said.get("until") or said.get("day") or self.today,
            by=said.get("by") or (self.report.by[0][0] if self.report.by else ""),
            location=said.get("location"),
            provider=said.get("provider") or "",
        )

    @property
    def sentences(self) -> list[str]:
        """What is wrong, in sentences."""
        return [str(sentence) for found in self.errors.values() for sentence in found]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        since = said.get("since") or self.usual.since
        until = said.get("until") or self.today
        if "since" in self.fields and not self.errors:
            self._check_period(since, until)
        return said

    def words(self) -> list[tuple[str, str]]:
        """Return the name and the value of each thing that is asked, for the head of a workbook."""
        asked = self.asked
        if asked is None:
            return []
        period = asked.period_words if "since" in self.fields else ""
        day = day_words(asked.until) if "day" in self.fields or not period else ""
        said = (
            ("Period", period),
            ("As of", day),
            ("A row for each", dict(self.report.by).get(asked.by, "")),
            ("Location", str(asked.location or "")),
            ("Provider", asked.provider),
        )
        return [(name, value) for name, value in said if value]

    def _check_period(self, since: date, until: date) -> None:
        if until < since:
            self.add_error(
                "until",
                f"Expected a day from {day_words(since)} on, but got {day_words(until)}.",
            )
        elif until - since > LONGEST_PERIOD:
            self.add_error(
                "since",
                f"Expected ten years at the most, but got {day_words(since)}"
                f" to {day_words(until)}.",
            )

    def _usual_values(self) -> dict[str, str]:
        if "period" in self.report.filters:
            return {"since": f"{self.usual.since}", "until": f"{self.usual.until}"}
        return {"day": f"{self.today}"} if "day" in self.report.filters else {}

    def _ask(self, report: Report) -> None:
        if report.by:
            self.fields["by"] = forms.ChoiceField(
                label="A row for each",
                choices=report.by,
                required=False,
                error_messages={"invalid_choice": "There are no rows by “%(value)s”."},
            )
        if "period" in report.filters:
            self.fields["since"] = DayField(label="From", required=False)
            self.fields["until"] = DayField(label="to", required=False)
        if "day" in report.filters:
            self.fields["day"] = DayField(label="As of", required=False, latest=self.today)
        if "location" in report.filters:
            self.fields["location"] = forms.ModelChoiceField(
                Location.objects.all(),
                to_field_name="code",
                empty_label="Everywhere",
                required=False,
            )
        if "provider" in report.filters:
            self.fields["provider"] = CleanCharField(
                max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"})
            )
