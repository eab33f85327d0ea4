"""A status: one of four colours, always with a word."""

from typing import Literal, Self

from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["usable", "soon", "bad", "held", "quiet"]


class Pill(SafeString):
    """A word with its colour: usable (green), soon (amber), bad (red), held (violet), quiet (grey).

    It is its own markup, so that a template, a table's cell and `format_html` all show it right; a
    sheet takes the `word`.
    """

    tone: Tone
    word: str

    def __new__(cls, tone: Tone, word: str) -> Self:
        pill = super().__new__(cls, format_html('<span class="pill pill-{}">{}</span>', tone, word))
        pill.tone = tone
        pill.word = word
        return pill

    def __getnewargs__(self) -> tuple[Tone, str]:  # type: ignore[override]
        # What copy and pickle make it anew from.
        return self.tone, self.word
