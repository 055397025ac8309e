"""The reference engine's book, full events and every risk limit looked at, beside the plain engine that does the same work.

`deep` and `shallow` are a standing book of 45,000 and of 2,000 orders, whose fills the flow knows beforehand; the others are the shapes
of a public benchmark for matching engines, where the two engines must agree on every fill. `single` hands over one command a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from harness.base.records import Commands
from harness.bench import NO_GOAL, Case, Goal, Round, Site
from harness.bench._feeding import BATCH, SEED, Fills, drawn, feed, with_limits
from harness.flows import Flow
from harness.flows.public_shape import SHAPES, PublicShapeFlow
from harness.flows.standing_book import StandingBookFlow
from harness.port import Engine

MESSAGES = 1_000_000
SHALLOW = 2_000
ORDERS = 1_000_000
"""New orders of a public shape, which give some 2.0 M messages."""
ALL = 2**62
SINGLES = 50_000
ACCOUNTS = 64
GOAL = Goal(ratio=10, least=5_000_000)


@dataclass(slots=True)
class _Work:
    """Commands and the fills that they must give; `fills` is filled in by the first engine where the flow does not know them."""

    commands: Commands
    fills: Fills | None = None
    events: dict[int, int] = field(default_factory=dict)
    """How many events so many commands gave, whoever came first: all must agree."""

    def done(self, engine: Engine, count: int, batch: int) -> Round:
        fed = feed(engine, self.commands[:count], batch)
        if self.fills is None:
            self.fills = fed.fills
        agreed = self.events.setdefault(count, fed.events) == fed.events
        part = self.fills if count == len(self.commands) else self.fills[: len(fed.fills)]
        return Round(fed.elapsed_ns, agreed and fed.fills.tobytes() == part.tobytes())


def _book(site: Site) -> Iterator[Sequence[Case]]:
    messages = site.part(MESSAGES)
    for name, live_max in (("deep", 0), ("shallow", SHALLOW)):
        flow = StandingBookFlow(live_max=live_max)
        work = _Work(drawn(flow, messages), flow.expected_fills(SEED, messages))
        yield _cases(site, name, flow, work, singles=min(SINGLES, messages), plain_rounds=2, goal=GOAL)
    for shape in SHAPES:
        public = PublicShapeFlow(shape)
        yield _cases(
            site, shape, public, _Work(drawn(public, messages)), singles=0, plain_rounds=1, goal=Goal(ratio=10)
        )


def _cases(
    site: Site, name: str, flow: Flow, work: _Work, *, singles: int, plain_rounds: int, goal: Goal
) -> list[Case]:
    engines = {each: site.engine(each, with_limits(flow.instruments(), ACCOUNTS)) for each in ("reference", "plain")}
    count = len(work.commands)
    cases = [
        Case(
            name=f"book.{name}", about=f"messages through the reference engine, {BATCH:,} a call", amount=count,
            run=lambda: work.done(engines["reference"], count, BATCH), baseline=f"book.{name}.plain", goal=goal,
        ),
        Case(
            name=f"book.{name}.plain", about="the same messages through the plain engine", amount=count,
            run=lambda: work.done(engines["plain"], count, BATCH), warms=False, most_rounds=plain_rounds,
        ),
    ]  # fmt: skip
    for each in ("reference", "plain") if singles else ():
        plain = each == "plain"
        cases.append(
            Case(
                name=f"book.{name}.single{'.plain' if plain else ''}", about=f"one message a call, {each} engine", amount=singles,
                run=partial(work.done, engines[each], singles, 1), warms=not plain,
                baseline="" if plain else f"book.{name}.single.plain", goal=NO_GOAL,
            )
        )  # fmt: skip
    return cases


BENCH = _book
