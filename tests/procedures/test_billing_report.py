"""A month's billing units: every single dose of it, what it adds up to, and the claims' lines."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from inventory.accounts.models import User
from inventory.catalog.models import Item
from inventory.catalog.register import BillingCodeFacts, add_billing_code
from inventory.procedures.billing_report import (
    Dose,
    claim_lines,
    doses_of_month,
    summary_by_code,
)
from inventory.procedures.kits import LineWanted
from inventory.procedures.models import Procedure
from inventory.procedures.record import ProcedureWanted, record, void
from tests.clinic import (
    NOW,
    dana,
    kenalog,
    lidocaine,
    mara,
    place,
    priya,
    procedure_type,
    received,
    signed_in,
    vic,
)
from tests.worlds import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning", "shelf")]

NOVEMBER = date(2026, 11, 1)
IN_OCTOBER = NOW - timedelta(days=30)


def botox() -> Item:
    facts = {
        "name": "Botox 100 units single-dose vial",
        "kind": "toxin",
        "unit": "unit",
        "container": "single_dose_vial",
        "container_volume": 100,
        "hcpcs": "J0585",
        "billing_unit": "1 unit",
    }
    return Item.objects.get_or_create(sku="botox-100", defaults=facts)[0]


def saline() -> Item:
    """A drug without a code."""
    facts = {
        "name": "Saline 0.9% preservative-free 10 mL single-dose vial",
        "kind": "other_drug",
        "unit": "mL",
        "container": "single_dose_vial",
        "container_volume": 10,
    }
    return Item.objects.get_or_create(sku="saline-pf-10", defaults=facts)[0]


def shelves() -> None:
    for where in ("room-1", "room-2"):
        for item, quantity in ((kenalog(), 20), (botox(), 600), (saline(), 40), (lidocaine(), 40)):
            received(item, quantity, "9F7K2", where=where, at=NOW - timedelta(days=60))


shelf = built_once(shelves)


def took(
    *lines: tuple[Item, str], at: datetime = NOW, where: str = "room-1", **facts: Any
) -> Procedure:
    wants = [LineWanted(item, Decimal(quantity)) for item, quantity in lines]
    wanted = ProcedureWanted(procedure_type(), place(where), at, lines=wants, **facts)
    return record(wanted, by=mara(), now=at).procedure


def billed(doses: list[Dose]) -> list[tuple[str, int, int, str]]:
    return [
        (units.hcpcs, units.administered, units.discarded, units.modifier)
        for units in (dose.units for dose in doses)
        if units
    ]


def page(who: User, **query: str) -> str:
    answer = signed_in(who).get(reverse("billing_report"), query)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def sheets(who: User, **query: str) -> dict[str, list[tuple[Any, ...]]]:
    answer = signed_in(who).get(reverse("billing_report"), {**query, "export": "xlsx"})
    workbook = load_workbook(BytesIO(answer.content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook}


class TestWhatIsInIt:
    def test_a_dose_says_what_was_given_thrown_away_and_labelled(self) -> None:
        took((kenalog(), "0.625"))

        (dose,) = doses_of_month(NOVEMBER)

        assert billed([dose]) == [("J3301", 3, 1, "JW")]
        assert (dose.quantity, dose.discarded, dose.labelled) == (
            Decimal("0.625"),
            Decimal("0.375"),
            1,
        )
        assert dose.lots == ("9F7K2",)

    def test_155_of_two_vials_of_botox_are_billed_with_45_discarded(self) -> None:
        took((botox(), "155"))

        assert billed(doses_of_month(NOVEMBER)) == [("J0585", 155, 45, "JW")]

    def test_a_whole_vial_is_jz(self) -> None:
        took((kenalog(), "1"))

        assert billed(doses_of_month(NOVEMBER)) == [("J3301", 4, 0, "JZ")]

    def test_two_lines_of_one_item_are_one_dose(self) -> None:
        took((kenalog(), "0.3"), (botox(), "100"), (kenalog(), "0.3"))

        assert billed(doses_of_month(NOVEMBER)) == [("J3301", 3, 1, "JW"), ("J0585", 100, 0, "JZ")]

    def test_every_lot_that_it_was_drawn_from_is_named(self) -> None:
        received(kenalog(), 1, "SOON", date(2026, 11, 30))

        took((kenalog(), "1.5"))

        assert doses_of_month(NOVEMBER)[0].lots == ("SOON", "9F7K2")

    def test_multi_dose_vials_are_left_out(self) -> None:
        took((lidocaine(), "4"))

        assert doses_of_month(NOVEMBER) == []

    @pytest.mark.parametrize("supplies", ["returned", "wasted"])
    def test_voided_procedures_are_left_out(self, supplies: str) -> None:
        void(
            took((kenalog(), "0.5")),
            by=mara(),
            reason="a slip",
            supplies=Procedure.Supplies(supplies),
            now=NOW,
        )

        assert doses_of_month(NOVEMBER) == []

    @pytest.mark.parametrize(
        ("at", "month"),
        [
            (datetime(2026, 11, 1, 4, 59, tzinfo=UTC), date(2026, 10, 1)),
            (datetime(2026, 11, 1, 5, 1, tzinfo=UTC), NOVEMBER),
            (datetime(2026, 12, 1, 5, 59, tzinfo=UTC), NOVEMBER),
            (datetime(2026, 12, 1, 6, 1, tzinfo=UTC), date(2026, 12, 1)),
        ],
    )
    def test_a_month_is_the_clinics_and_not_that_of_london(self, at: datetime, month: date) -> None:
        took((kenalog(), "1"), at=at)

        months = (date(2026, 10, 1), NOVEMBER, date(2026, 12, 1))
        assert [first for first in months if doses_of_month(first)] == [month]

    def test_a_fuller_month_costs_no_more_questions(self, django_assert_num_queries: Any) -> None:
        add_billing_code(botox(), BillingCodeFacts(effective_to=NOVEMBER))
        for _ in range(3):
            took((kenalog(), "0.5"), (botox(), "100"), (saline(), "2"))

        with django_assert_num_queries(3):
            doses = doses_of_month(NOVEMBER)

        assert len(doses) == 9


class TestWhichCode:
    def test_the_code_of_its_day_counts_in_the_clinics_time(self) -> None:
        until = BillingCodeFacts(
            hcpcs="J9999", billing_unit="40 mg", effective_to=date(2026, 11, 9)
        )
        add_billing_code(kenalog(), until)
        took((kenalog(), "1"), at=datetime(2026, 11, 10, 5, 59, tzinfo=UTC))
        took((kenalog(), "1"), at=datetime(2026, 11, 10, 6, 1, tzinfo=UTC))

        assert billed(doses_of_month(NOVEMBER)) == [("J9999", 1, 0, "JZ"), ("J3301", 4, 0, "JZ")]

    def test_the_page_of_the_procedure_says_the_same(self) -> None:
        coming = BillingCodeFacts(hcpcs="J9999", billing_unit="40 mg", effective_from=NOVEMBER)
        add_billing_code(kenalog(), coming)
        procedure = took((kenalog(), "1"), (saline(), "2"))

        text = signed_in(mara()).get(reverse("procedure_detail", args=[procedure.pk])).text

        assert "J9999: 1 unit administered, none discarded, JZ" in text
        assert text.count("administered") == 1

    def test_what_has_no_code_is_listed_with_what_is_missing(self) -> None:
        took((saline(), "2"))

        (dose,) = doses_of_month(NOVEMBER)

        assert (dose.units, dose.why_not) == (None, "It has no HCPCS code.")
        assert dose.is_missing

    def test_what_is_not_billed_on_its_day_is_listed_and_not_missed(self) -> None:
        add_billing_code(kenalog(), BillingCodeFacts(effective_from=NOVEMBER))
        took((kenalog(), "1"))

        (dose,) = doses_of_month(NOVEMBER)

        assert dose.why_not == "By its billing codes by date it is not billed on this day."
        assert not dose.is_missing


class TestWhatItAddsUpTo:
    @pytest.fixture
    def doses(self) -> list[Dose]:
        took((kenalog(), "0.5"))
        took((kenalog(), "1"), (botox(), "155"), (saline(), "2"))
        return doses_of_month(NOVEMBER)

    def test_each_code_has_its_units_and_its_doses(self, doses: list[Dose]) -> None:
        summary = [tuple(vars(code).values()) for code in summary_by_code(doses)]

        assert summary == [("J0585", 155, 45, 1, 0), ("J3301", 6, 2, 1, 1)]

    def test_a_claim_has_a_second_line_where_units_were_discarded(self, doses: list[Dose]) -> None:
        lines = [
            (line.dose.hcpcs, line.modifier, line.units, line.quantity)
            for line in claim_lines(doses)
        ]

        half = Decimal("0.5")
        assert lines == [
            ("J3301", "", 2, half),
            ("J3301", "JW", 2, half),
            ("J3301", "JZ", 4, 1),
            ("J0585", "", 155, 155),
            ("J0585", "JW", 45, 45),
        ]


class TestThePage:
    def test_it_begins_with_this_month(self) -> None:
        took((kenalog(), "1"))
        took((botox(), "155"), at=IN_OCTOBER)

        text = page(dana())

        assert ("November 2026" in text, "J3301" in text, "155 units" in text) == (
            True,
            True,
            False,
        )

    def test_it_leads_to_the_month_before_with_what_was_asked(self) -> None:
        assert 'rel="prev" href="?month=2026-10&amp;provider=reyes"' in page(
            dana(), month="2026-11", provider="reyes"
        )

    def test_it_leads_to_the_month_after_unless_that_is_to_come(self) -> None:
        assert 'rel="next"' not in page(dana())
        assert 'rel="next" href="?month=2026-11"' in page(dana(), month="2026-10")

    def test_a_row_leads_to_its_procedure(self) -> None:
        procedure = took((kenalog(), "0.5"))

        assert reverse("procedure_detail", args=[procedure.pk]) in page(mara())

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, "K B S"),
            ({"provider": "REYES"}, "K"),
            ({"provider": "nobody"}, ""),
            ({"location": "room-2"}, "B S"),
            ({"hcpcs": "J0585"}, "B"),
            ({"show": "discarded"}, "K"),
            ({"show": "missing"}, "S"),
            ({"location": "room-1", "hcpcs": "J0585"}, ""),
        ],
    )
    def test_it_can_be_narrowed(self, query: dict[str, str], found: str) -> None:
        took((kenalog(), "0.5"), provider="Dr. Reyes")
        took((botox(), "100"), (saline(), "10"), where="room-2", provider="Dr. Okafor")

        answer = signed_in(dana()).get(reverse("billing_report"), query)

        assert [dose.item.name[0] for dose in answer.context["table"].data] == found.split()

    def test_what_it_adds_up_to_follows_what_was_asked(self) -> None:
        took((kenalog(), "0.5"), (botox(), "100"))

        answer = signed_in(dana()).get(reverse("billing_report"), {"hcpcs": "J0585"})

        assert [code.hcpcs for code in answer.context["summary"].data] == ["J0585"]

    def test_a_month_that_is_narrowed_in_place_brings_its_name_and_its_sums(self) -> None:
        took((kenalog(), "0.5"))

        answer = signed_in(dana()).get(
            reverse("billing_report"), {"month": "2026-11"}, headers={"HX-Request": "true"}
        )

        # Its name, its sums, and what is wrong with the filters: nothing.
        assert answer.text.count('hx-swap-oob="true"') == 3
        assert "<html" not in answer.text

    def test_it_says_how_many_doses_go_unbilled(self) -> None:
        took((saline(), "2"))

        assert "1 dose cannot be billed" in page(dana())
        assert "cannot be billed" not in page(dana(), month="2026-10")

    @pytest.mark.parametrize("who", [mara, dana])
    def test_those_who_treat_patients_see_the_encounter(self, who: Callable[[], User]) -> None:
        took((kenalog(), "0.5"), encounter_ref="E-10492")

        assert "E-10492" in page(who())

    @pytest.mark.parametrize("who", [priya, vic])
    def test_others_see_only_that_there_is_one(self, who: Callable[[], User]) -> None:
        took((kenalog(), "0.5"), encounter_ref="E-10492")

        text = page(who())

        assert ("E-10492" in text, "•••" in text) == (False, True)

    @pytest.mark.parametrize(
        ("month", "sentence"),
        [
            ("soon", "Expected a month like 2026-11, but got “soon”."),
            ("2026-13", "Expected a month like 2026-11, but got “2026-13”."),
            ("1999-12", "Expected a month from 2000-01 to 2100-12, but got 1999-12."),
            ("9999-12", "Expected a month from 2000-01 to 2100-12, but got 9999-12."),
        ],
    )
    def test_a_month_that_is_none_is_answered_with_this_one(
        self, month: str, sentence: str
    ) -> None:
        text = page(dana(), month=month)

        assert sentence in text
        assert "November 2026" in text

    @pytest.mark.parametrize(
        ("month", "words"), [("2000-01", "January 2000"), ("2100-12", "December 2100")]
    )
    def test_the_first_and_the_last_month_are_shown(self, month: str, words: str) -> None:
        assert f">{words}</h2>" in page(dana(), month=month)

    def test_a_code_that_nothing_has_is_answered(self) -> None:
        assert "No single-dose item has the code “J1”." in page(dana(), hcpcs="J1")

    @pytest.mark.parametrize("column", ["administered", "-thrown", "modifier", "-hcpcs", "why_not"])
    def test_it_sorts_though_some_have_no_units(self, column: str) -> None:
        took((kenalog(), "0.5"), (saline(), "2"), (botox(), "100"))

        assert page(dana(), sort=column).count("cannot be billed") == 1


class TestTheWorkbook:
    def test_it_has_the_rows_with_what_the_screen_folds_away(self) -> None:
        procedure = took((kenalog(), "0.5"), provider="Dr. Reyes", encounter_ref="E-7")

        head, row = sheets(dana())["Billing units"]

        said = dict(zip(head, row, strict=True))
        assert said == {
            "Performed": timezone.make_naive(NOW),
            "Procedure": "Trigger point, 1 or 2",
            "Procedure no.": procedure.pk,
            "Encounter": "E-7",
            "Provider": "Dr. Reyes",
            "Location": "Room 1",
            "Item": "Kenalog-40 1 mL single-dose vial",
            "Lots": "9F7K2",
            "HCPCS": "J3301",
            "Administered": 0.5,
            "Administered units": 2,
            "Discarded": 0.5,
            "Discarded units": 2,
            "Labelled total": 1,
            "Modifier": "JW",
            "What is missing": None,
        }

    def test_it_has_the_lines_of_the_claims(self) -> None:
        took((kenalog(), "0.5"), encounter_ref="E-7")

        head, *rows = sheets(dana())["Claim lines"]

        shown = [head.index(title) for title in ("Encounter", "HCPCS", "Modifier", "Units")]
        assert [[row[column] for column in shown] for row in rows] == [
            ["E-7", "J3301", None, 2],
            ["E-7", "J3301", "JW", 2],
        ]

    def test_it_has_what_each_code_adds_up_to(self) -> None:
        took((kenalog(), "0.5"))
        took((kenalog(), "1"))

        assert sheets(dana())["By code"][1] == ("J3301", 6, 2, 1, 1)

    def test_what_is_missing_stands_in_words(self) -> None:
        took((saline(), "2"))

        _, row = sheets(dana())["Billing units"]

        assert row[-1] == "It has no HCPCS code."
        assert row[-2] is None

    def test_it_takes_what_was_asked_and_masks_what_the_page_masks(self) -> None:
        took((kenalog(), "0.5"), encounter_ref="E-10492")
        took((botox(), "155"), encounter_ref="E-10493")

        cells = [
            str(cell)
            for rows in sheets(vic(), hcpcs="J3301").values()
            for row in rows
            for cell in row
        ]

        assert not {"J0585", "E-10492", "E-10493"} & set(cells)
        assert cells.count("•••") == 3
