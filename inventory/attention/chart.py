"""The picture of what expires when: a bar a month, what will not be used darker."""

from collections.abc import Sequence

from django.urls import reverse

from inventory.reports.value import Month
from inventory.web.chart import Bar, Columns, columns
from inventory.web.words import dollars_words, money_words, month_words


def chart(months: Sequence[Month]) -> Columns:
    """Return the drawing of these months, each with the way to its lots."""
    return columns([_bar(month) for month in months])


def _bar(month: Month) -> Bar:
    worth = month.worth
    lots = "1 lot" if worth.lots == 1 else f"{worth.lots} lots"
    days = f"expires_from={month.first_day}&expires_to={month.last_day}"
    return Bar(
        name=f"{month.first_day:%b}",
        whole=worth.value,
        part=worth.lost,
        label=dollars_words(worth.value) if worth.lots else "",
        said=(
            f"{month_words(month.first_day)}: {money_words(worth.value)} in {lots},"
            f" {money_words(worth.lost)} of it will not be used"
        ),
        url=f"{reverse('lot_list')}?{days}",
    )
