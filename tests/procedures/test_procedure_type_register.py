"""Procedure types and their kits: what holds, and what is refused in which words."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.catalog.models import Item
from inventory.catalog.register import NotAccepted, Taken
from inventory.procedures.models import KitLine, KitSubstitute, ProcedureType
from inventory.procedures.register import (
    KitLineFacts,
    TypeFacts,
    add_kit_line,
    add_type,
    change_kit_line,
    change_type,
    kit_facts,
    move_kit_line,
)
from tests import clinic

pytestmark = pytest.mark.django_db


def knee(**changes: Any) -> TypeFacts:
    said: dict[str, Any] = {"code": "knee", "name": "Knee joint", "cpt": "20610"}
    return TypeFacts(**said | changes)


def line(item: Item, **changes: Any) -> KitLineFacts:
    said: dict[str, Any] = {"item": item, "quantity": Decimal(1)}
    return KitLineFacts(**said | changes)


def order(procedure_type: ProcedureType) -> list[str]:
    return list(procedure_type.kit.values_list("item__sku", flat=True))


def another_needle() -> Item:
    return Item.objects.create(sku="needle-27g", name="Needle 27G 1¼ in", kind="needle")


def test_a_type_is_added_with_its_kit_in_order() -> None:
    made = add_type(
        knee(cpt="0213t"),
        [
            line(clinic.needle(), substitutes=(another_needle(),)),
            line(clinic.lidocaine(), quantity=Decimal("0.5"), per="site", optional=True),
        ],
    )

    assert made.cpt == "0213T"
    assert kit_facts(made) == [
        line(clinic.needle(), substitutes=(another_item("needle-27g"),)),
        line(clinic.lidocaine(), quantity=Decimal("0.5"), per="site", optional=True),
    ]


def another_item(sku: str) -> Item:
    return Item.objects.get(sku=sku)


def test_half_a_piece_may_stand_in_a_kit() -> None:
    made = add_type(knee(), [line(clinic.gauze(), quantity=Decimal("0.5"), per="site")])

    assert made.kit.get().quantity == Decimal("0.5")


def test_a_type_code_is_given_once() -> None:
    add_type(knee())

    with pytest.raises(Taken, match=r"The code knee is taken by Knee joint\."):
        add_type(knee(name="Another knee"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "Knee!"}, "but got “Knee!”"),
        ({"name": "   "}, "Expected a text, but got nothing."),
        ({"cpt": "206"}, "Expected five digits or capital letters, as in 20552, but got “206”."),
    ],
)
def test_it_refuses_a_type_that_cannot_be(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotAccepted) as refusal:
        add_type(knee(**changes))

    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"quantity": Decimal(0)}, "quantity", "Expected an amount above 0, but got 0."),
        ({"quantity": Decimal("0.0005")}, "quantity", "at most 3 decimals"),
        ({"per": "limb"}, "per", "Expected one of procedure, muscle, site, but got “limb”."),
    ],
)
def test_a_kit_that_cannot_be_is_refused_with_its_type(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(NotAccepted) as refusal:
        add_type(knee(), [line(clinic.gauze()), line(clinic.needle(), **changes)])

    (error,) = refusal.value.errors
    assert error.field == f"kit.1.{field}"
    assert sentence in error.message
    assert not ProcedureType.objects.exists()


def test_a_kit_that_names_an_item_twice_is_refused() -> None:
    with pytest.raises(NotAccepted, match=r"The kit names Needle 25G 1½ in twice\."):
        add_type(knee(), [line(clinic.needle()), line(clinic.needle())])


def test_a_kit_has_one_line_for_an_item() -> None:
    made = add_type(knee(), [line(clinic.needle())])

    with pytest.raises(Taken, match=r"The kit has a line for Needle 25G 1½ in already\."):
        add_kit_line(made, line(clinic.needle()))


def test_what_is_counted_otherwise_cannot_stand_in() -> None:
    with pytest.raises(NotAccepted, match=r"is counted in mL, Needle .* in each: it cannot stand"):
        add_type(knee(), [line(clinic.needle(), substitutes=(clinic.lidocaine(),))])


def test_an_item_cannot_stand_in_for_itself() -> None:
    with pytest.raises(NotAccepted, match=r"Needle 25G 1½ in is named twice on this line\."):
        add_type(knee(), [line(clinic.needle(), substitutes=(clinic.needle(),))])


def test_a_line_is_changed_with_its_substitutes() -> None:
    made = add_type(knee(), [line(clinic.needle(), substitutes=(another_needle(),))])

    change_kit_line(made.kit.get(), line(clinic.gauze(), quantity=Decimal(2), optional=True))

    assert kit_facts(made) == [line(clinic.gauze(), quantity=Decimal(2), optional=True)]
    assert not KitSubstitute.objects.exists()


def test_a_line_cannot_become_one_that_the_kit_has() -> None:
    made = add_type(knee(), [line(clinic.needle()), line(clinic.gauze())])

    with pytest.raises(Taken, match=r"The kit has another line for Needle 25G 1½ in\."):
        change_kit_line(made.kit.all()[1], line(clinic.needle()))


def test_lines_change_places_and_stop_at_the_ends() -> None:
    made = add_type(knee(), [line(clinic.needle()), line(clinic.gauze()), line(clinic.kenalog())])

    move_kit_line(made.kit.all()[2], up=True)
    move_kit_line(made.kit.all()[0], up=True)
    move_kit_line(made.kit.all()[2], up=False)

    assert order(made) == ["needle-25g-15", "kenalog-40-1", "gauze-2x2"]


def test_a_new_line_comes_last() -> None:
    made = add_type(knee(), [line(clinic.needle()), line(clinic.gauze())])
    move_kit_line(made.kit.all()[1], up=True)

    add_kit_line(made, line(clinic.kenalog()))

    assert order(made) == ["gauze-2x2", "needle-25g-15", "kenalog-40-1"]


def test_a_type_is_changed_but_keeps_its_code_and_kit() -> None:
    made = add_type(knee(), [line(clinic.needle())])

    change_type(made, knee(code="other", name="Knee", is_active=False))

    made.refresh_from_db()
    assert (made.code, made.name, made.is_active) == ("knee", "Knee", False)
    assert KitLine.objects.filter(procedure_type=made).count() == 1
