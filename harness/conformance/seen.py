"""What `gonogo doctor --engine` has found out about an engine: what fits, what does not and whose mistake it is, what it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from harness.conformance.manners import Mistake
from harness.conformance.wire.talk import Tried

Whose: TypeAlias = Literal["adapter", "declaration", "engine"]
State: TypeAlias = Literal["ok", "note", "wrong"]


class Told(NamedTuple):
    """One thing that was found out: it fits, is worth knowing, or is wrong."""

    state: State
    what: str
    said: str
    whose: Whose | None = None
    """Whose mistake it most likely is, where it is one."""
    sent: str = ""
    came: str = ""
    wanted: str = ""


@dataclass(slots=True)
class Seen:
    """All that was found out."""

    told: list[Told] = field(default_factory=list)
    offers: dict[str, bool] = field(default_factory=dict)
    """Each word of the capabilities that was tried, and whether it is carried out."""
    conventions: dict[str, str] = field(default_factory=dict)
    """Each convention that could be seen, and what the engine does."""
    carried: set[str] = field(default_factory=set)
    """The fields that events held."""
    missing: set[str] = field(default_factory=set)
    """Those that an event was without, though it should hold them."""
    mistakes: dict[str, Mistake] = field(default_factory=dict)
    """The mistakes of whoever speaks, by what they are: one of each is told."""
    takes_orders: bool = True
    """Whether the first order, with which nothing is wrong, was not refused."""
    keeps_book: bool = True
    """Whether the book, where it can be asked, is the one that the events tell of."""

    resets: bool = True
    """Whether a reset by call empties it."""
    by_wire: list[Tried] = field(default_factory=list)
    """What became of each row of the batteries by wire; empty where it speaks none of those."""

    @property
    def fits(self) -> bool:
        """Whether nothing is wrong."""
        return all(one.state != "wrong" for one in self.told) and not any(one.breaks_a_rule for one in self.by_wire)

    def known(self) -> set[str]:
        """The words that are carried out, and what the engine does by convention."""
        return {word for word, works in self.offers.items() if works} | set(self.conventions.values())
