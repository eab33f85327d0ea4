"""The manager's forms for procedure types and their kits."""

from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from inventory.catalog.forms import RegisterForm, short_code_field
from inventory.catalog.models import Item
from inventory.procedures.models import KitLine, ProcedureType
from inventory.procedures.register import KitLineFacts, TypeFacts, line_facts
from inventory.web.decimals import plain
from inventory.web.forms import CleanCharField, QuantityField

FEWEST_SUBSTITUTES = 2


class TypeForm(RegisterForm):
    """A procedure type in the clinic's own words."""

    name = CleanCharField(max_length=120, help_text="In the clinic's own words, as in Knee joint.")
    cpt = CleanCharField(
        label="Procedure code (CPT)", max_length=8, required=False, help_text="The number alone."
    )
    is_active = forms.BooleanField(label="In use", required=False, initial=True)

    def facts(self, code: str) -> TypeFacts:
        names = ("name", "cpt", "is_active")
        return TypeFacts(code=code, **{name: self.cleaned_data[name] for name in names})


class TypeAddForm(TypeForm):
    """A new procedure type, which may begin with another one's kit."""

    kit_of = forms.ModelChoiceField(
        ProcedureType.objects.all(),
        to_field_name="code",
        required=False,
        label="Begin with the kit of",
        empty_label="an empty kit",
    )
    field_order = ["code", "name", "cpt", "kit_of"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"] = short_code_field("Code", "knee-us")
        self.order_fields(self.field_order)


class KitLineForm(RegisterForm):
    """A supply of a kit. `line` is the one that is changed, None for a new one."""

    item = forms.ModelChoiceField(Item.objects.none(), to_field_name="sku", label="Supply")
    quantity = QuantityField(help_text="In the unit of the supply; a fraction of a piece is fine.")
    per = forms.ChoiceField(
        label="For each",
        choices=[("procedure", "procedure"), ("muscle", "muscle"), ("site", "injection site")],
    )
    optional = forms.BooleanField(
        label="Only on request", required=False, help_text="Not taken unless somebody asks for it."
    )

    def __init__(self, data: QueryDict | None = None, *, line: KitLine | None = None) -> None:
        facts = None if line is None else line_facts(line)
        super().__init__(data, initial=_initial_of(facts))
        there = len(facts.substitutes) if facts else 0
        numbers = range(1, max(FEWEST_SUBSTITUTES, there + 1) + 1)
        self.substitute_names = [f"substitute_{number}" for number in numbers]
        for number, name in zip(numbers, self.substitute_names, strict=True):
            self.fields[name] = forms.ModelChoiceField(
                Item.objects.none(),
                to_field_name="sku",
                required=False,
                label=f"Substitute {number}",
            )
        items = _choosable(facts)
        for name in ("item", *self.substitute_names):
            _let_choose(self.fields[name], items, "Choose" if name == "item" else "none")

    def facts(self) -> KitLineFacts:
        said = self.cleaned_data
        substitutes = [said[name] for name in self.substitute_names if said[name]]
        return KitLineFacts(
            item=said["item"],
            quantity=said["quantity"],
            per=said["per"],
            optional=said["optional"],
            substitutes=tuple(substitutes),
        )

    def _note(self, field: str, message: str) -> None:
        super()._note(self.substitute_names[0] if field == "substitutes" else field, message)


def _initial_of(facts: KitLineFacts | None) -> dict[str, Any]:
    if facts is None:
        return {"quantity": "1"}
    substitutes = {
        f"substitute_{number}": item.sku for number, item in enumerate(facts.substitutes, start=1)
    }
    return {
        "item": facts.item.sku,
        "quantity": plain(facts.quantity),
        "per": facts.per,
        "optional": facts.optional,
        **substitutes,
    }


def _choosable(facts: KitLineFacts | None) -> list[Item]:
    there = [item.pk for item in (facts.item, *facts.substitutes)] if facts else []
    items = Item.objects.filter(Q(is_active=True) | Q(pk__in=there))
    return sorted(items, key=lambda item: (item.get_kind_display(), item.name))


def _let_choose(field: forms.Field, items: list[Item], empty_label: str) -> None:
    """Offer the items under their kinds: sixty names in one run are hard to read."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = Item.objects.filter(pk__in=[item.pk for item in items])
        groups = groupby(items, key=lambda item: item.get_kind_display())
        grouped = [(kind, [(item.sku, item.name) for item in group]) for kind, group in groups]
        field.choices = [("", empty_label), *grouped]
