"""Which item a row of a stock sheet is. Pure."""

from inventory.imports.cells.lots import Lot
from inventory.imports.meaning.matching import Match
from inventory.imports.planned import Choice, Question
from inventory.imports.stock.draft import (
    Draft,
    Shelf,
)
from inventory.imports.stock.fields import NAME_FIELDS
from inventory.sheets.cell_text import plain, shortened


def product_name(draft: Draft) -> str:
    """What the row calls the product: its name with strength and size, where they stand apart."""
    parts = [draft.text("item")]
    for name in NAME_FIELDS[1:]:
        text = draft.text(name)
        if text and plain(text) not in plain(" ".join(parts)):
            parts.append(_with_unit(text, draft.layout.heading(name)))
    return " ".join(part for part in parts if part)


def _with_unit(text: str, heading: str) -> str:
    """A bare number of a column that says its unit in the heading: 20 under "Size (mL)"."""
    if not text.replace(".", "", 1).isdigit():
        return text
    for unit in ("mg/ml", "ml", "cc", "%"):
        if unit in plain(heading):
            return f"{text} {unit}"
    return text


def take_item(draft: Draft, shelf: Shelf, above: str) -> None:
    """Find the item; `above` is what the row above is, where this one names nothing."""
    chosen = draft.answer("item")
    if chosen in shelf.items:
        _set_item(draft, shelf, chosen)
        return
    if chosen:
        draft.say("item", f"Expected an item of the catalogue, but got {shortened(chosen)}.")
    name = product_name(draft)
    if not name and not draft.text("code"):
        _no_name(draft, shelf, above)
        return
    match = shelf.match(name, draft.text("code"))
    if match.sku is not None:
        draft.say("item", match.note)
        _set_item(draft, shelf, match.sku)
    elif match.skus:
        _ask_which(draft, shelf, match, name)
    else:
        _not_in_catalogue(draft, shelf, match, name)


def _set_item(draft: Draft, shelf: Shelf, sku: str) -> None:
    draft.item = shelf.items[sku]
    draft.values["item"] = sku
    if not draft.item.is_active:
        draft.refuse(
            "item",
            f"{draft.item.name} is no longer in use here. Put it in use again, or choose another.",
            Question("item", "Which item is it?", kind="item"),
        )


def _no_name(draft: Draft, shelf: Shelf, above: str) -> None:
    if above in shelf.items:
        name = shelf.items[above].name
        draft.candidates = (shelf.items[above],)
        draft.ask(
            Question(
                "item",
                f"The row names no item. Is it {name}, as in the row above?",
                choices=(Choice(above, name),),
            )
        )
        return
    draft.refuse(
        "item",
        "Expected the name of an item, but the cell is empty.",
        Question("item", "Which item is it?", kind="item"),
    )


def _ask_which(draft: Draft, shelf: Shelf, match: Match, name: str) -> None:
    lot = shelf.lot(draft.cell("lot"))
    number = lot.number if isinstance(lot, Lot) else ""
    of_lot = shelf.lots.items_of(number) if number else frozenset()
    skus = sorted(match.skus, key=lambda sku: sku not in of_lot)
    draft.candidates = tuple(shelf.items[sku] for sku in skus)
    sentence = match.doubt or f"{shortened(name)} may be one of {len(skus)} items. Which one is it?"
    if not sentence.endswith("?"):
        sentence += " Which item is it?"
    if of_lot & set(skus):
        sentence += f" Lot {number} is known of {draft.candidates[0].name}."
    choices = tuple(Choice(each.sku, each.name) for each in draft.candidates)
    draft.say("item", match.note)
    draft.ask(Question("item", sentence, choices=choices))


def _not_in_catalogue(draft: Draft, shelf: Shelf, match: Match, name: str) -> None:
    if match.doubt == "formula":
        sentence = f"Expected the name of an item, but got a formula: {shortened(name)}."
    else:
        sentence = f"{shortened(name)} is not in the catalogue."
    near = [shelf.items[sku] for sku in match.near]
    if near:
        names = "; ".join(each.name for each in near[:3])
        sentence += f" What it has of that name is another product: {names}."
    choices = tuple(Choice(each.sku, each.name) for each in near)
    draft.refuse("item", sentence, Question("item", "Which item is it?", "item", choices))
