"""The two template environments: in both, whatever a template prints is made harmless unless it was marked as markup.

HTML rests on jinja's autoescape. Markdown has none, so its environment escapes in `finalize`, and the few filters that make
markup of their own (a code span, a fenced block) give `Markup`.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import figures, texts

_MARKDOWN = re.compile(r"([\\`*\[\]<>|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^[-+=#])")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
_TICKS = re.compile(r"`+")


def html() -> Environment:
    """For HTML and SVG."""
    return _environment(autoescape=True, finalize=_clean)


def markdown() -> Environment:
    """For Markdown: values are escaped so that they can make no table, link, heading or tag."""
    environment = _environment(autoescape=False, finalize=_plain)
    environment.filters |= {"code": code, "cell": cell, "block": block}
    return environment


def code(value: object) -> Markup:
    """A code span that the value cannot leave."""
    text = " ".join(texts.clean(str(value)).split())
    fence = _fence(text, 1)
    return Markup(f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}")  # noqa: S704 - fenced above


def cell(value: object) -> Markup:
    """A code span inside a table, where even in code a bar ends the cell unless it is escaped; "" for nothing."""
    return code(value).replace("|", "\\|") if value else Markup()


def block(value: object) -> Markup:
    """A fenced block that the value cannot leave."""
    text = texts.clean(str(value), longest=100_000)
    fence = _fence(text, 3)
    return Markup(f"{fence}text\n{text}\n{fence}")  # noqa: S704 - fenced above


def escaped(text: str) -> str:
    """The text on one line, with every sign escaped that Markdown or a browser would read as markup, a link or a mention."""
    flat = re.sub(r"\s+", " ", texts.clean(text))
    return _NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", flat)).replace("://", ":\u200b//").replace("@", "@\u200b")


def _environment(**settings: Any) -> Environment:
    environment = Environment(  # noqa: S701 - both callers say how values are escaped
        loader=PackageLoader("reports"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **settings,
    )
    environment.filters |= {"titled": texts.titled, "spoken": texts.spoken, "count": figures.count}
    environment.globals |= {"counted": figures.counted}
    return environment


def _clean(value: Any) -> Any:
    return texts.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _plain(value: Any) -> Any:
    return escaped(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _fence(text: str, least: int) -> str:
    """More backticks in a row than the text holds."""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
