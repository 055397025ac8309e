"""What a flow knows of itself and the judge needs; stored with the evidence, so that judging needs no flow."""

from __future__ import annotations

import msgspec


class ExpectedEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event that a hand-made case must give; only the fields that are set are compared."""

    kind: str
    order: int | None = None
    maker: int | None = None
    new_order: int | None = None
    price: int | None = None
    qty: int | None = None
    remaining: int | None = None
    reason: str | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-made edge case inside a flow: its commands' numbers and what each must give."""

    name: str
    about: str
    first: int
    """The number of its first command."""
    expect: tuple[tuple[ExpectedEvent, ...], ...]
    """For each of its commands in order, the events that must answer it, in order."""


class FlowNotes(msgspec.Struct, frozen=True, kw_only=True):
    """All that a flow tells of itself."""

    least_accepted: float = 0.5
    """The least share of new orders that a working engine accepts; under it the run says nothing."""
    cases: tuple[Case, ...] = ()
    floods: int = 0
    """The account that sends much more than each other, to see whether those are served as before; 0: none does."""
    provokes: tuple[str, ...] = ()
    """The controls that it means to run into: names of `Capabilities.controls`."""
    told: dict[str, str] = {}
    """Figures about the source worth telling, such as how a recorded day rebuilt."""
    not_tested: dict[str, str] = {}
    """What this flow leaves out, and why."""
