"""What the battery found out, as it is printed: a line for what fits, and what was sent, came and was wanted for what does not."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from harness.conformance.proposal import proposal
from harness.conformance.seen import Seen, Told
from harness.conformance.wire.talk import Tried
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
    if seen.by_wire:
        lines += ["", *(line for tried in seen.by_wire for line in _of_row(tried)), "", *_counts(seen.by_wire)]
    if seen.offers:
        lines += ["", "what was seen, for engine.toml:", "", proposal(engine, seen).rstrip()]
    return "\n".join(lines)


def as_json(engine: Engine, seen: Seen) -> str:
    """For programs: whether it fits, all that was found out, and the lines for engine.toml."""
    told = [one._asdict() for one in seen.told]
    lines = proposal(engine, seen) if seen.offers else ""
    rows = [
        {
            "protocol": one.protocol, "name": one.row.name, "clause": one.row.clause, "must": one.row.must, "state": one.state, "why": one.why,
            "sent": one.sent, "wanted": one.wanted, "came": one.came,
        }
        for one in seen.by_wire
    ]  # fmt: skip
    return msgspec.json.encode({"fits": seen.fits, "told": told, "by_wire": rows, "proposal": lines}).decode()


def _lines(told: Told) -> Iterator[str]:
    yield f"{told.state:<8} {told.what:<20} {told.said}"
    if told.whose is not None:
        yield f"{INDENT}{_WHOSE[told.whose]}"
    yield from _exchange(told.sent, told.came, told.wanted)


def _of_row(tried: Tried) -> Iterator[str]:
    """A row that is held takes a line; one that is not, the exchange and the clause that gives it."""
    why = f": {tried.why}" if tried.why else ""
    may = "; it may differ" if tried.state == "not held" and not tried.row.must else ""
    yield f"{tried.state:<10} {tried.protocol:<11} {tried.row.name}{why}{may}"
    if tried.state == "not held":
        yield f"{INDENT}{tried.row.clause}"
        yield from _exchange(tried.sent, tried.came, tried.wanted)


def _counts(rows: list[Tried]) -> Iterator[str]:
    for protocol in dict.fromkeys(one.protocol for one in rows):
        own = [one for one in rows if one.protocol == protocol]
        states = {state: sum(one.state == state for one in own) for state in ("held", "not held", "not tried")}
        broken = sum(one.breaks_a_rule for one in own)
        yield (
            f"{protocol}: of {len(own)} rows "
            + ", ".join(f"{count} {state}" for state, count in states.items())
            + f"; rules broken: {broken}"
        )


def _exchange(sent: str, came: str, wanted: str) -> Iterator[str]:
    for name, text in (("sent", sent), ("came", came), ("wanted", wanted)):
        for at, line in enumerate(text.splitlines()):
            yield f"{INDENT}  {name + ':' if not at else '':<8} {line}"
