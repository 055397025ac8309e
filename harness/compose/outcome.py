"""What the trials of a search come to: the word, the two rates that it rests on, how sure that is, and the exit code. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harness.base import ladder
from harness.base.capacity import Capacity, Limit, Outcome, StatedPeak, Tally, Trial, Word
from harness.base.comparison import ComparedHost
from harness.base.judgement import EngineIdentity
from harness.base.ladder import NONE, Bracket, Ladder, Tried
from harness.compose.comparing import INTERRUPTED
from harness.verdict.judge import EXIT_INTERRUPTED

WHO: dict[Outcome, Word] = {"broken": "found", "generator": "generator saturated", "unknown": "cannot tell"}
"""What a search is called by what bounds it from above."""


class Rest(NamedTuple):
    """What capacity.json tells beside what was found."""

    started_utc: str
    wall_s: float
    gonogo: str
    engine: EngineIdentity
    inside: bool
    host: ComparedHost
    scenario: str
    use: str
    seed: int
    limits: tuple[Limit, ...]
    checks: tuple[str, ...]
    policy_sha256: str
    length_ns: int
    warm_up_ns: int
    repeats: int
    workers: int
    again: str
    peak: StatedPeak | None


class _Ends(NamedTuple):
    """The two rates, and what speaks for each."""

    low_per_s: float | None
    kept: Tally
    high_per_s: float | None
    above: Tally
    against: Outcome


def summed(rest: Rest, rungs: Ladder, trials: Sequence[Trial], tried: Sequence[Tried], ended: str) -> Capacity:
    """What is known after these trials; `ended` is why there are no more, where they do not suffice."""
    found = ladder.bracket(tried, rest.repeats)
    ends = _ends(found, rungs, tried)
    word = _word(ends, trials, ended)
    return Capacity(
        **rest._asdict(), from_per_s=rungs.from_per_s, to_per_s=rungs.to_per_s, word=word, why=_why(word, ends, trials, ended),
        exit=_exit(word, ends, rest.peak, ended), kept_per_s=ends.low_per_s, kept=ends.kept, above_per_s=ends.high_per_s, above=ends.above,
        sure=ladder.sureness(tried, found), headroom=_headroom(ends, rest.peak), ended=ended, trials=tuple(trials),
    )  # fmt: skip


def _ends(found: Bracket, rungs: Ladder, tried: Sequence[Tried]) -> _Ends:
    low, high = found
    return _Ends(
        None if low == NONE else rungs.rate_per_s(low), ladder.tally(tried, low),
        None if high is None else rungs.rate_per_s(high), Tally(0, 0) if high is None else ladder.tally(tried, high),
        "kept" if high is None else ladder.against(tried, high),
    )  # fmt: skip


def _word(ends: _Ends, trials: Sequence[Trial], ended: str) -> Word:
    if ended:
        failed = ends.low_per_s is None and trials[-1].outcome == "broken"
        return "none" if failed and trials[-1].stage == "warm-up" else "cannot tell"
    if ends.high_per_s is None:
        return "at least"
    word = WHO[ends.against]
    return "none" if word == "found" and ends.low_per_s is None else word


def _why(word: Word, ends: _Ends, trials: Sequence[Trial], ended: str) -> str:
    """The word in a sentence or two."""
    kept = "" if ends.low_per_s is None else f"{ends.low_per_s:,.0f}/s keeps the limits in {_of(ends.kept)}"
    if ended:
        return f"The search ended early: {ended}.{f' So far, {kept}.' if kept else ''}"
    if word == "at least":
        return f"{kept}, and no higher rate was asked for."
    last = next((one.why for one in reversed(trials) if one.rate_per_s == ends.high_per_s and one.outcome == ends.against), "")  # fmt: skip
    above = f"{ends.high_per_s:,.0f}/s" if ends.high_per_s else ""
    if word == "none":
        return f"Not even {above}, the lowest rate that was asked for, keeps the limits: in {_of(ends.above)} ({last})."
    if word == "found":
        return f"{kept}; {above}, the next step up, in {_of(ends.above)} ({last})."
    least = (
        f"The engine keeps at least {ends.low_per_s:,.0f}/s, in {_of(ends.kept)}."
        if ends.low_per_s
        else "Nothing is known of the engine."
    )
    if word == "generator saturated":
        return f"The generator is saturated at {above}, which says nothing of the engine ({last}). {least}"
    return f"What is above cannot be told: {above} was kept in {_of(ends.above)} ({last}). {least}"


def _of(tally: Tally) -> str:
    return f"{tally.kept} of {tally.of} trial{'' if tally.of == 1 else 's'}"


def _headroom(ends: _Ends, peak: StatedPeak | None) -> float | None:
    return ends.low_per_s / peak.commands_per_s if peak and ends.low_per_s else None


def _exit(word: Word, ends: _Ends, peak: StatedPeak | None, ended: str) -> int:
    """0 only for what is known to keep the stated peak, or where none is stated; a peak that lies between the two rates is not decided."""
    if ended == INTERRUPTED:
        return EXIT_INTERRUPTED
    if word in ("generator saturated", "cannot tell"):
        return 2
    if word == "none":
        below = peak is None or ended or (ends.high_per_s or 0) <= peak.commands_per_s
        return 1 if below else 2
    if peak is None or (ends.low_per_s or 0) >= peak.commands_per_s:
        return 0
    return 1 if ends.high_per_s is not None and ends.high_per_s <= peak.commands_per_s else 2
