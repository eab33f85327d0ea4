"""Add procedure types and change their kits: what pages, API and starter data call.

Every function either does all of what was asked, in one transaction, or raises a refusal of the
catalog: `Taken` or `NotAccepted`. Kit quantities are in the item's unit, for one procedure, one
muscle or one injection site; a fraction of a piece is rounded up once it is scaled.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max

from inventory.catalog.checks import Checks
from inventory.catalog.errors import NotAccepted, Taken
from inventory.catalog.models import Item
from inventory.procedures.models import KitLine, KitSubstitute, ProcedureType

PROCEDURE_CODE = re.compile(r"[0-9A-Z]{5}\Z")


@dataclass(frozen=True, kw_only=True)
class TypeFacts:
    """A kind of procedure. `cpt` is the number alone: its wording belongs to the AMA."""

    code: str
    name: str
    cpt: str = ""
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class KitLineFacts:
    """A supply that a procedure normally takes; the first substitute is offered first."""

    item: Item
    quantity: Decimal
    per: str = KitLine.Per.PROCEDURE
    optional: bool = False
    substitutes: tuple[Item, ...] = ()


def kit_facts(procedure_type: ProcedureType) -> list[KitLineFacts]:
    """Return a kit as facts, to begin another type's kit with."""
    lines = procedure_type.kit.select_related("item").prefetch_related("substitutes__item")
    return [line_facts(line) for line in lines]


def line_facts(line: KitLine) -> KitLineFacts:
    """Return one line as facts. Wants its item fetched and its substitutes prefetched."""
    return KitLineFacts(
        item=line.item,
        quantity=line.quantity,
        per=line.per,
        optional=line.optional,
        substitutes=tuple(substitute.item for substitute in line.substitutes.all()),
    )


@transaction.atomic
def add_type(facts: TypeFacts, kit: Sequence[KitLineFacts] = ()) -> ProcedureType:
    """Add a procedure type with its kit. Raises Taken, NotAccepted."""
    tidy = _checked_type(facts)
    _check_named_once(kit)
    clash = ProcedureType.objects.filter(code=tidy.code).first()
    if clash:
        raise Taken("code", f"The code {tidy.code} is taken by {clash.name}.")
    try:
        with transaction.atomic():
            made = ProcedureType.objects.create(**asdict(tidy))
    except IntegrityError as faster:
        raise Taken("code", f"The code {tidy.code} is taken.") from faster
    for position, line in enumerate(kit):
        try:
            add_kit_line(made, line)
        except NotAccepted as refusal:
            raise refusal.within(f"kit.{position}") from refusal
    return made


@transaction.atomic
def change_type(procedure_type: ProcedureType, facts: TypeFacts) -> ProcedureType:
    """Change a procedure type; its code stays. Raises NotAccepted."""
    tidy = _checked_type(replace(facts, code=procedure_type.code))
    ProcedureType.objects.filter(pk=procedure_type.pk).update(**asdict(tidy))
    procedure_type.refresh_from_db()
    return procedure_type


@transaction.atomic
def add_kit_line(procedure_type: ProcedureType, facts: KitLineFacts) -> KitLine:
    """Add a supply to the end of a kit. Raises Taken when the kit has it, NotAccepted."""
    _check_line(facts)
    kit = KitLine.objects.filter(procedure_type=procedure_type)
    taken = Taken("item", f"The kit has a line for {facts.item.name} already.")
    if kit.filter(item=facts.item).exists():
        raise taken
    last = kit.aggregate(last=Max("position"))["last"]
    line = KitLine(procedure_type=procedure_type, position=0 if last is None else last + 1)
    return _keep_line(line, facts, taken)


@transaction.atomic
def change_kit_line(line: KitLine, facts: KitLineFacts) -> KitLine:
    """Change a line of a kit and its substitutes. Raises Taken, NotAccepted."""
    _check_line(facts)
    taken = Taken("item", f"The kit has another line for {facts.item.name}.")
    others = KitLine.objects.filter(procedure_type=line.procedure_type_id).exclude(pk=line.pk)
    if others.filter(item=facts.item).exists():
        raise taken
    return _keep_line(line, facts, taken)


def remove_kit_line(line: KitLine) -> None:
    """Take a supply out of a kit; what was logged with it stays as it is."""
    line.delete()


@transaction.atomic
def move_kit_line(line: KitLine, *, up: bool) -> None:
    """Let a line change places with the one above or below it; at the end it stays."""
    kit = list(KitLine.objects.filter(procedure_type=line.procedure_type_id).select_for_update())
    here = next(index for index, other in enumerate(kit) if other.pk == line.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(kit):
        kit[here], kit[there] = kit[there], kit[here]
    for position, other in enumerate(kit):
        other.position = position
    KitLine.objects.bulk_update(kit, ["position"])


def _keep_line(line: KitLine, facts: KitLineFacts, taken: Taken) -> KitLine:
    line.item = facts.item
    line.quantity = facts.quantity
    line.per = facts.per
    line.optional = facts.optional
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError as faster:
        raise taken from faster
    line.substitutes.all().delete()
    KitSubstitute.objects.bulk_create(
        KitSubstitute(line=line, item=item, position=position)
        for position, item in enumerate(facts.substitutes)
    )
    return line


def _checked_type(facts: TypeFacts) -> TypeFacts:
    checks = Checks()
    tidy = replace(
        facts,
        code=checks.slug("code", facts.code),
        name=checks.text("name", facts.name, longest=120, required=True),
        cpt=checks.text("cpt", facts.cpt, longest=8).upper(),
    )
    if tidy.cpt and not checks.has("cpt") and not PROCEDURE_CODE.match(tidy.cpt):
        checks.refuse(
            "cpt", f"Expected five digits or capital letters, as in 20552, but got “{tidy.cpt}”."
        )
    checks.done()
    return tidy


def _check_named_once(kit: Sequence[KitLineFacts]) -> None:
    checks = Checks()
    seen: set[int] = set()
    for position, line in enumerate(kit):
        if line.item.pk in seen:
            checks.refuse(f"kit.{position}.item", f"The kit names {line.item.name} twice.")
        seen.add(line.item.pk)
    checks.done()


def _check_line(facts: KitLineFacts) -> None:
    checks = Checks()
    checks.choice("per", facts.per, KitLine.Per.values)
    checks.amount("quantity", facts.quantity, above_zero=True)
    seen = {facts.item.pk}
    for item in facts.substitutes:
        if item.pk in seen:
            checks.refuse("substitutes", f"{item.name} is named twice on this line.")
        if item.unit != facts.item.unit:
            checks.refuse(
                "substitutes",
                f"{item.name} is counted in {item.unit}, {facts.item.name} in {facts.item.unit}:"
                " it cannot stand in.",
            )
        seen.add(item.pk)
    checks.done()
