"""Which of the clinic's items a row of a file means. Told the items; no query."""

from collections.abc import Iterable

from inventory.catalog.models import Item
from inventory.imports.catalog.item_words import sku_of
from inventory.imports.meaning.catalogue import Catalogue
from inventory.imports.meaning.matching import Matcher
from inventory.imports.planned import Choice, Question
from inventory.imports.row_draft import AskedOnce, RowDraft
from inventory.sheets.plain_cells import key, shown

MOST_NEAR = 3


class ItemFinder:
    """Finds items by SKU or name, by a name that people have confirmed, or by what is like it.

    `items` are all of the clinic's, `catalogue` those that may be meant by something like a name.
    """

    def __init__(self, items: Iterable[Item], catalogue: Catalogue) -> None:
        self._items = {item.sku: item for item in items}
        self._by_name = {key(item.name): item for item in self._items.values()}
        self._matcher = Matcher(catalogue)
        self._asked = AskedOnce()

    def find(self, draft: RowDraft) -> Item | None:
        """Return the item that a row names in `item` or `name`; ask where it is in doubt."""
        said, name = draft.says("item"), draft.says("name")
        if not said and not name:
            draft.refuse("item", "Expected the SKU or the name of an item, but got nothing.")
            return None
        by_said, by_name = self.named(said), self.named(name)
        if by_said and by_name and by_said != by_name:
            return self._choose(draft, by_said, by_name)
        if not said:
            # People confirm what was taken for an item by what the row calls it.
            draft.cells["item"] = name
        return by_said or by_name or self._alike(draft, said, name)

    def find_words(self, draft: RowDraft, column: str, words: str) -> Item | None:
        """Return the item that a word within a cell names; ask where it is in doubt."""
        if found := self.named(words):
            return found
        # A cell may name several items: each is a question of its own.
        question = Question(
            f"item {shown(words)}", f"Which item is “{shown(words)}”?", "item", self._near(words)
        )
        return self._answered(draft, question, column, words)

    def named(self, text: str) -> Item | None:
        """Return the item of exactly this SKU or name; None for none, or for nothing."""
        if not text:
            return None
        return (
            self._items.get(text) or self._by_name.get(key(text)) or self._items.get(sku_of(text))
        )

    def _choose(self, draft: RowDraft, *found: Item) -> Item | None:
        question = Question(
            "item",
            "The SKU and the name are those of two items: which is it?",
            choices=_choices(found),
        )
        answer = draft.ask(question)
        return self._items[answer] if answer else None

    def _alike(self, draft: RowDraft, said: str, name: str) -> Item | None:
        """The one item that a text reads like, unless a person says otherwise; else ask."""
        text = said or name
        match = self._matcher.match(name or said, said)
        own = draft.answer("item")
        if match.sku and own in ("", match.sku):
            if match.note:
                draft.note("item", match.note)
            return self._items[match.sku]
        skus = match.skus or match.near
        doubt = match.doubt if match.doubt.endswith("?") else f"Which item is “{shown(text)}”?"
        question = Question("item", doubt, "item", self._of(skus))
        return self._answered(draft, question, "item", text)

    def _answered(self, draft: RowDraft, question: Question, column: str, text: str) -> Item | None:
        answer = draft.ask_once(question, key(text), self._asked)
        if answer is None:
            return None
        if answer not in self._items:
            draft.refuse(column, f"Expected the SKU of an item, but got “{shown(answer)}”.")
        return self._items.get(answer)

    def _near(self, words: str) -> tuple[Choice, ...]:
        match = self._matcher.match(words)
        return self._of((match.skus or match.near)[:MOST_NEAR])

    def _of(self, skus: Iterable[str]) -> tuple[Choice, ...]:
        return _choices(self._items[sku] for sku in skus if sku in self._items)


def _choices(items: Iterable[Item]) -> tuple[Choice, ...]:
    return tuple(Choice(item.sku, item.name) for item in items)
