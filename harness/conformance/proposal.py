"""What an engine was seen to do, as lines for its engine.toml: the declaration that fits it."""

from __future__ import annotations

import json

import msgspec

from harness.base.capabilities import Capabilities, Conventions
from harness.conformance.rows import OFFERS
from harness.conformance.seen import Seen
from harness.port import Engine

TRIED = ("commands", "types", "tifs", "flags", "terms")
"""The lists of words of which the battery tries each."""


def proposal(engine: Engine, seen: Seen) -> str:
    """The tables [capabilities] and [conventions] as they were seen.

    What was not tried stays as it is declared. A table of engine.toml stands in place of all that the engine says of itself, so each is whole.
    """
    usual = msgspec.to_builtins(Capabilities())
    capabilities = msgspec.to_builtins(seen_capabilities(engine, seen))
    told = {name: value for name, value in capabilities.items() if value != usual[name]}
    conventions = msgspec.to_builtins(seen_conventions(engine, seen))
    return f"[capabilities]\n{_lines(told)}\n[conventions]\n{_lines(conventions)}"


def seen_capabilities(engine: Engine, seen: Seen) -> Capabilities:
    """What is declared, less what was refused or is not there, and more what was carried out."""
    declared = engine.capabilities
    lists = {name: _words(name, getattr(declared, name), seen) for name in TRIED}
    carries = [name for name in declared.carries if name not in seen.missing]
    # Only what every event held that may hold it is carried.
    carries += sorted(seen.carried - seen.missing - set(carries))
    reset = declared.reset if seen.resets else "restart"
    book = declared.book if seen.keeps_book else tuple(word for word in declared.book if word != "snapshot")
    return msgspec.structs.replace(declared, carries=tuple(carries), book=book, reset=reset, **lists)


def seen_conventions(engine: Engine, seen: Seen) -> Conventions:
    """What is declared, but for what was seen to be otherwise."""
    return msgspec.structs.replace(engine.conventions, **seen.conventions)


def _words(name: str, declared: tuple[str, ...], seen: Seen) -> tuple[str, ...]:
    tried = tuple(row.name for row in OFFERS if row.about == name and row.name not in declared)
    return (
        *(word for word in declared if seen.offers.get(word, True)),
        *(word for word in tried if seen.offers.get(word)),
    )


def _lines(table: dict[str, object]) -> str:
    """Strings, lists and truths are written in TOML as in JSON."""
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
