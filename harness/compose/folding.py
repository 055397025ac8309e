"""Checks at work: their folds are started, fed and asked, and whatever crashes is a check that is unknown."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from harness.base.errors import EvidenceError
from harness.base.findings import Facts
from harness.checks import CheckPlug
from harness.compose import plugs
from harness.evidence.fold import CHANNELS, TIMES, Fold, RunInfo, Segment, applies, engine_lacks
from harness.evidence.history import NotDrawnAgainError
from harness.evidence.one_order import ordering
from harness.evidence.own_sessions import own_sessions
from harness.evidence.warm_up import WarmUp


class Live(NamedTuple):
    """A check at work; `trouble` holds why it no longer is."""

    name: str
    plug: CheckPlug
    fold: Fold | None
    trouble: list[str]


def applying(named: tuple[str, ...], info: RunInfo) -> dict[str, CheckPlug]:
    """The checks among the named ones that apply to the scenario."""
    return {name: plug for name, plug in plugs.checks().items() if name in named and applies(plug.needs, info)}


def start(name: str, plug: CheckPlug, info: RunInfo) -> Live:
    """A check that is ready to be fed; one that the engine lacks something for is not."""
    if engine_lacks(plug.needs, info):
        return Live(name, plug, None, [])
    try:
        return Live(name, plug, plug.start(info), [])
    except Exception as error:  # a crashing check is unknown, with its traceback
        return Live(name, plug, None, [_trouble(error)])


class Feeding:
    """Gives folds a history, stretch by stretch: of one order, or of every channel as it came; where they read times, what sessions were told, without the warm-up."""

    def __init__(self, live: Iterable[Live], info: RunInfo) -> None:
        self._live = tuple(live)
        self._order = ordering(info.capabilities)
        self._own = own_sessions(self._order)
        self._warm_up = WarmUp(info.warm_up_ns)

    def add(self, segment: Segment) -> None:
        """Give every fold this stretch."""
        ordered = self._order.of(segment)
        self._give(ordered, self._own.of(segment, ordered), segment)

    def end(self) -> None:
        """There is no more: what nothing answered is given too."""
        rest = self._order.rest()
        own = self._own.rest(rest)
        if any(map(len, (*rest, *own))):
            self._give(rest, own, None)

    def _give(self, ordered: Segment, own: Segment, as_it_came: Segment | None) -> None:
        timed = self._warm_up.of(own)
        for one in self._live:
            wanted = as_it_came if CHANNELS in one.plug.needs else timed if TIMES in one.plug.needs else ordered
            if wanted is not None:
                _add(one, wanted)


def feed(live: Iterable[Live], segments: Iterable[Segment], info: RunInfo) -> str:
    """Give every fold every segment; the reason, if the history cannot be read to its end.

    Raises:
        NotDrawnAgainError: commands were dropped, and the seed does not give them.
    """
    feeding = Feeding(live, info)
    try:
        for segment in segments:
            feeding.add(segment)
        feeding.end()
    except NotDrawnAgainError:
        raise
    except EvidenceError as error:
        return f"the history cannot be read to its end: {error}"
    return ""


def _add(one: Live, segment: Segment) -> None:
    """Give the fold a segment, unless it is in trouble."""
    if one.fold is None or one.trouble:
        return
    try:
        one.fold.add(segment)
    except Exception as error:  # as above
        one.trouble.append(_trouble(error))


def facts(one: Live, info: RunInfo, broken: str = "") -> Facts:
    """What the fold found out, with the scenario's name in its findings; `broken` is why it could not see everything."""
    found = Facts(seen=0)
    if one.fold is not None and not one.trouble:
        try:
            found = one.fold.facts()
        except Exception as error:  # as above
            one.trouble.append(_trouble(error))
    if one.trouble:
        return Facts(seen=0, unknown=one.trouble[0])
    placed = tuple(msgspec.structs.replace(finding, scenario=info.scenario) for finding in found.findings)
    return msgspec.structs.replace(found, findings=placed, unknown=broken or found.unknown)


def _trouble(error: Exception) -> str:
    """Evidence that a check asked for and that cannot be read is told in words; anything else is the check's own crash."""
    if isinstance(error, EvidenceError):
        return str(error)
    return "the check itself crashed:\n" + "".join(traceback.format_exception(error))
