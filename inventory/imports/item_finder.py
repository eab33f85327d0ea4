"""Which of the clinic's items a row of a file means. Told the items; no query."""

from collections.abc import Iterable, Mapping

from inventory.catalog.models import Item
from inventory.imports.draft import AskedOnce, Draft
from inventory.imports.item_words import sku_of
from inventory.imports.plain_cells import key, shown
from inventory.imports.planned import Choice, Question


class ItemFinder:
    """Finds items by SKU, by name, or by a name that people have confirmed before."""

    def __init__(self, items: Iterable[Item], known_names: Mapping[str, str]) -> None:
        self._items = {item.sku: item for item in items}
        self._by_name = {key(item.name): item for item in self._items.values()}
        self._known_names = known_names
        self._asked = AskedOnce()

    def find(self, draft: Draft) -> Item | None:
        """Return the item that a row names by `sku` or `name`; ask where it is in doubt."""
        sku, name = draft.says("sku"), draft.says("name")
        if not sku and not name:
            draft.refuse("sku", "Expected the SKU or the name of an item, but got nothing.")
            return None
        by_sku, by_name = self.named(sku), self.named(name)
        if by_sku and by_name and by_sku != by_name:
            return self._choose(draft, by_sku, by_name)
        column = "sku" if sku else "name"
        return by_sku or by_name or self._ask(draft, column, sku or name)

    def find_words(self, draft: Draft, column: str, words: str) -> Item | None:
        """Return the item that a word within a cell names; ask where it is in doubt."""
        return self.named(words) or self._ask(draft, column, words, within=True)

    def named(self, text: str) -> Item | None:
        """Return the item of this SKU or name; None for none, or for nothing."""
        if not text:
            return None
        return (
            self._items.get(text) or self._by_name.get(key(text)) or self._items.get(sku_of(text))
        )

    def _choose(self, draft: Draft, *found: Item) -> Item | None:
        choices = tuple(Choice(item.sku, f"{item.name} ({item.sku})") for item in found)
        question = Question(
            "item", "The SKU and the name are those of two items: which is it?", choices=choices
        )
        answer = draft.ask(question)
        return self._items[answer] if answer else None

    def _ask(self, draft: Draft, column: str, text: str, *, within: bool = False) -> Item | None:
        # A cell may name several items: each is a question of its own.
        name = f"item {shown(text)}" if within else "item"
        question = Question(name, f"Which item is “{shown(text)}”?", kind="item")
        answer = draft.ask_once(question, key(text), self._asked)
        if answer is None:
            return None
        if answer not in self._items:
            draft.refuse(column, f"Expected the SKU of an item, but got “{shown(answer)}”.")
        return self._items.get(answer)
