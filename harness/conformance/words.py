"""What the battery found out, as it is printed: a line for what fits, and what was sent, came and was wanted for what does not."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from harness.conformance.proposal import proposal
from harness.conformance.seen import Seen, Told
from harness.port import Engine

INDENT = " " * 9
_WHOSE = {
    "adapter": "most likely of the adapter, or of whoever speaks for the engine",
    "declaration": "of what is declared: see the lines at the end",
    "engine": "most likely of the engine itself",
}


def as_text(engine: Engine, seen: Seen) -> str:
    """For people: differences with their places, then the lines for engine.toml."""
    lines = [line for told in seen.told for line in _lines(told)]
    wrong = [told for told in seen.told if told.state == "wrong"]
    by = ", ".join(f"{sum(told.whose == whose for told in wrong)} of the {whose}" for whose in _WHOSE)
    count = f"{len(wrong)} {'mistake' if len(wrong) == 1 else 'mistakes'}"
    lines += ["", f"{count}: {by}" if wrong else "it fits what it declares"]
    if seen.offers:
        lines += ["", "what was seen, for engine.toml:", "", proposal(engine, seen).rstrip()]
    return "\n".join(lines)


def as_json(engine: Engine, seen: Seen) -> str:
    """For programs: whether it fits, all that was found out, and the lines for engine.toml."""
    told = [one._asdict() for one in seen.told]
    lines = proposal(engine, seen) if seen.offers else ""
    return msgspec.json.encode({"fits": seen.fits, "told": told, "proposal": lines}).decode()


def _lines(told: Told) -> Iterator[str]:
    yield f"{told.state:<8} {told.what:<20} {told.said}"
    if told.whose is not None:
        yield f"{INDENT}{_WHOSE[told.whose]}"
    for name in ("sent", "came", "wanted"):
        if text := getattr(told, name):
            for at, line in enumerate(text.splitlines()):
                yield f"{INDENT}  {name + ':' if not at else '':<8} {line}"
