"""A Python object that has no book, beside the reference engine inside gonogo: what the way to an object in its own process and back costs.

The object acknowledges every order and refuses the rest, so nearly all of the time is the adapter's own. Once it is called for each command,
and once with whole arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.bench import Case, Goal, Site
from harness.bench._feeding import BATCH, Answering, drawn, up
from harness.flows.public_shape import PublicShapeFlow

COMMANDS = 200_000
OBJECTS = "harness.bench._acknowledging_object"
GOAL_PER_S = 200_000


def _object(site: Site) -> Iterator[Sequence[Case]]:
    flow = PublicShapeFlow("normal")
    commands = drawn(flow, site.part(COMMANDS))
    engines = {
        "single": site.engine(f"{OBJECTS}:Single", flow.instruments()),
        "batch": site.engine(f"{OBJECTS}:Batch", flow.instruments()),
        "in_process": site.engine("reference", flow.instruments()),
    }
    turns = {name: Answering(engine, commands) for name, engine in engines.items()}
    with up(engines.values()):
        yield (
            Case(
                name="python_object.single", about="commands to a Python object without a book, one a call, and their events back", amount=len(commands),
                run=turns["single"], category="adapter", baseline="python_object.in_process", goal=Goal(least=GOAL_PER_S),
            ),
            Case(
                name="python_object.batch", about=f"the same where the object takes whole arrays, {BATCH:,} a call", amount=len(commands),
                run=turns["batch"], category="adapter", baseline="python_object.in_process",
            ),
            Case(
                name="python_object.in_process", about="the same commands to the reference engine and its book inside gonogo", amount=len(commands),
                run=turns["in_process"], category="adapter",
            ),
        )  # fmt: skip


BENCH = _object
