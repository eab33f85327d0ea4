"""The pages of procedure types and their kits."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from inventory.catalog.models import Item
from inventory.procedures.models import ProcedureType
from inventory.procedures.register import KitLineFacts, TypeFacts, add_type, kit_facts
from tests import clinic

pytestmark = pytest.mark.django_db

LINE = {"item": "gauze-2x2", "quantity": "2", "per": "site"}


@pytest.fixture
def knee() -> ProcedureType:
    """Takes a needle, for which a finer one may stand in, and lidocaine for each site."""
    finer = Item.objects.create(sku="needle-27g", name="Needle 27G 1¼ in", kind="needle")
    return add_type(
        TypeFacts(code="knee", name="Knee joint", cpt="20610"),
        [
            KitLineFacts(item=clinic.needle(), quantity=Decimal(1), substitutes=(finer,)),
            KitLineFacts(item=clinic.lidocaine(), quantity=Decimal(2), per="site"),
        ],
    )


def send(view: str, /, *args: object, **said: Any) -> str:
    """Send a form as Dana, who manages; return the page that comes back."""
    answer = clinic.signed_in(clinic.dana()).post(reverse(view, args=args), said, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def skus(procedure_type: ProcedureType) -> list[str]:
    return [line.item.sku for line in kit_facts(procedure_type)]


def test_a_nurse_sees_the_types_with_the_size_of_their_kits(knee: ProcedureType) -> None:
    answer = clinic.signed_in(clinic.mara()).get(reverse("procedure_type_list"), {"q": "joint"})

    (row,) = answer.context["table"].rows
    assert (row.record, row.record.kit_lines) == (knee, 2)


def test_a_nurse_reads_what_a_type_takes(knee: ProcedureType) -> None:
    url = reverse("procedure_type_detail", args=[knee.code])
    page = " ".join(clinic.signed_in(clinic.mara()).get(url).content.decode().split())

    assert "CPT 20610" in page
    assert "Needle 27G 1¼ in" in page
    assert '2 <span class="unit">mL</span>' in page
    assert "injection site" in page
    assert "Move " not in page


def test_a_kit_is_exported_as_it_is_read(knee: ProcedureType) -> None:
    url = reverse("procedure_type_detail", args=[knee.code])
    answer = clinic.signed_in(clinic.mara()).get(url, {"export": "xlsx"})

    sheet = load_workbook(BytesIO(answer.getvalue())).active
    assert sheet
    lines = list(sheet.iter_rows(values_only=True))
    header = next(line for line in lines if "Substitutes" in line)
    row = dict(zip(header, lines[lines.index(header) + 1], strict=True))
    assert (row["Supply"], row["Quantity"]) == ("Needle 25G 1½ in", 1)
    assert (row["Only on request"], row["Substitutes"]) == ("no", "Needle 27G 1¼ in")


def test_a_manager_adds_a_type() -> None:
    page = send("procedure_type_add", code="hip", name="Hip", is_active="on")

    assert "Hip is added. What does it take?" in page
    assert "Nothing is in this kit yet." in page


def test_a_manager_adds_a_type_with_the_kit_of_another(knee: ProcedureType) -> None:
    send("procedure_type_add", code="hip", name="Hip", kit_of="knee", is_active="on")

    assert kit_facts(ProcedureType.objects.get(code="hip")) == kit_facts(knee)


def test_a_taken_code_is_named_at_its_field(knee: ProcedureType) -> None:
    page = send("procedure_type_add", code=knee.code, name="Other")

    assert "The code knee is taken by Knee joint." in page


def test_a_manager_changes_a_type(knee: ProcedureType) -> None:
    send("procedure_type_edit", knee.code, name="Knee", cpt="20611")

    knee.refresh_from_db()
    assert (knee.name, knee.cpt, knee.is_active) == ("Knee", "20611", False)


def test_a_manager_adds_a_supply_and_stays_to_add_another(knee: ProcedureType) -> None:
    clinic.gauze()

    page = send("kit_line_add", knee.code, **LINE, another="1")

    assert skus(knee) == ["needle-25g-15", "lido-1-20", "gauze-2x2"]
    assert "<h1>Add a supply: Knee joint</h1>" in page


def test_a_supply_that_the_kit_has_is_named_at_its_field(knee: ProcedureType) -> None:
    page = send("kit_line_add", knee.code, **LINE | {"item": "lido-1-20"})

    assert "The kit has a line for Lidocaine 1% 20 mL multi-dose vial already." in page


def test_a_supply_of_nothing_is_refused_at_its_field(knee: ProcedureType) -> None:
    clinic.gauze()

    page = send("kit_line_add", knee.code, **LINE | {"quantity": "0"})

    assert "Expected an amount above 0, but got 0." in page


def test_a_substitute_in_another_unit_is_refused_at_its_field(knee: ProcedureType) -> None:
    clinic.gauze()

    page = send("kit_line_add", knee.code, **LINE, substitute_1="lido-1-20")

    assert "is counted in mL, Gauze 2 × 2 in in each: it cannot stand in." in page
    assert len(skus(knee)) == 2


def test_a_manager_changes_a_supply_and_its_form_begins_as_it_is(knee: ProcedureType) -> None:
    line = knee.kit.all()[0]
    url = reverse("kit_line_edit", args=[line.pk])
    form = clinic.signed_in(clinic.dana()).get(url).context["form"]

    assert form["substitute_1"].value() == "needle-27g"
    send("kit_line_edit", line.pk, item="needle-27g", quantity="2", per="muscle", optional="on")

    changed = kit_facts(knee)[0]
    assert (changed.item.sku, changed.quantity, changed.per) == ("needle-27g", 2, "muscle")
    assert (changed.optional, changed.substitutes) == (True, ())


def test_a_supply_may_have_many_substitutes(knee: ProcedureType) -> None:
    line = knee.kit.all()[0]
    for number in range(1, 10):
        other = Item.objects.create(sku=f"needle-{number}", name=f"Needle {number}", kind="needle")
        line.substitutes.create(item=other, position=number)

    url = reverse("kit_line_edit", args=[line.pk])
    page = clinic.signed_in(clinic.dana()).get(url).content.decode()

    assert "Substitute 11" in page


def test_a_supply_no_longer_in_use_stays_in_the_form_of_its_line(knee: ProcedureType) -> None:
    Item.objects.filter(sku="needle-25g-15").update(is_active=False)
    url = reverse("kit_line_edit", args=[knee.kit.all()[0].pk])

    page = clinic.signed_in(clinic.dana()).get(url).content.decode()

    assert '<option value="needle-25g-15" selected>' in page


def test_a_manager_moves_and_removes_a_supply(knee: ProcedureType) -> None:
    first, second = knee.kit.all()

    send("kit_line_move", second.pk, to="up")
    assert skus(knee) == ["lido-1-20", "needle-25g-15"]

    send("kit_line_remove", first.pk)
    assert skus(knee) == ["lido-1-20"]


@pytest.mark.parametrize("view", ["kit_line_edit", "kit_line_move", "kit_line_remove"])
def test_a_nurse_does_not_change_a_kit(knee: ProcedureType, view: str) -> None:
    line = knee.kit.all()[0]

    answer = clinic.signed_in(clinic.mara()).post(reverse(view, args=[line.pk]))

    assert answer.status_code == 403
    assert len(skus(knee)) == 2
