"""A status: one of four colours, always with a word."""

from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["usable", "soon", "bad", "held", "quiet"]


@dataclass(frozen=True)
class Pill:
    """A word with its colour: usable (green), soon (amber), bad (red), held (violet)."""

    tone: Tone
    word: str

    def __str__(self) -> str:
        return self.word

    def __html__(self) -> SafeString:
        return format_html('<span class="pill pill-{}">{}</span>', self.tone, self.word)
