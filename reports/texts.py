"""Words made ready for a reader: names as titles, anchors, lists, and text of strangers made harmless to read.

What an engine or a file supplies may hold control characters or marks that turn the direction of writing; a report shows
them by their number instead of obeying them. Escaping for HTML and Markdown is the business of `environment`.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 4_000
"""Characters of one text that are shown: a report must stay readable, whatever an engine says."""
LONGEST_SENTENCE = 300
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_KEPT = frozenset("\n\t\u00ad")

BASIS = {
    "history": "the history",
    "seed": "the history, its commands drawn again from the seed",
    "facts": "the facts that the run left, since its history was dropped to stay within its bound",
}
"""What a check was judged from, in words."""


def clean(text: str, longest: int = LONGEST) -> str:
    """The text with unseen characters shown by their number, and cut after `longest` characters."""
    left = len(text) - longest
    shown = "".join(map(_shown, text[:longest].replace("\r\n", "\n")))
    return f"{shown} ... ({left:,} characters more)" if left > 0 else shown


def titled(name: str) -> str:
    """A plug's name as a title: `price_time` gives "Price time"."""
    spaced = spoken(name)
    return spaced[:1].upper() + spaced[1:]


def spoken(name: str) -> str:
    """A plug's or metric's name inside a sentence: `latency.response` gives "latency response"."""
    return re.sub(r"[_.]+", " ", name).strip() or name


def listed(parts: tuple[str, ...] | list[str]) -> str:
    """The parts in one phrase: "a", "a and b", or "a, b and c"."""
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last


def sentence(text: str) -> str:
    """The first line, cut where it is very long, with a capital in front and one full stop behind."""
    line = text.strip().split("\n")[0][:LONGEST_SENTENCE].rstrip(" .:;")
    stop = "" if line.endswith(("?", "!")) else "."
    return f"{line[:1].upper()}{line[1:]}{stop}" if line else ""


class Anchors:
    """Names for places in one document: readable, harmless in an attribute, and each given once."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def give(self, *parts: str) -> str:
        """An anchor made of the parts; a number is added where it was given before."""
        base = ".".join(re.sub(r"[^A-Za-z0-9_]+", "-", part).strip("-")[:60] or "x" for part in parts)
        times = self._given[base] = self._given.get(base, 0) + 1
        return base if times == 1 else f"{base}.{times}"


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in _HIDDEN and character not in _KEPT
    return f"[U+{ord(character):04X}]" if hidden else character
