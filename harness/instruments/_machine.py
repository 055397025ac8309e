"""The state machine that looks for a sequence of commands that the engine gets wrong, and shortens it.

It is one of Hypothesis (stateful testing: https://hypothesis.readthedocs.io/en/latest/stateful.html), which draws the rules of each
example from a swarm of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, configuration, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.internal.conjecture import providers
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from harness.base.capabilities import Capabilities, Instrument
from harness.base.errors import EngineError
from harness.base.places import user_cache
from harness.instruments._staff import staff_wishes
from harness.instruments._talk import Talk
from harness.instruments._wishes import View, Wish, wishes

SESSIONS = 4


class DiffersError(Exception):
    """The engine answered otherwise than the model: the end of an example."""


class EndedError(BaseException):
    """The search is to end. No Exception, so that Hypothesis lets it pass and does not look for a shorter way to it."""


def search(
    begin: Callable[[], Talk], instruments: tuple[Instrument, ...], capabilities: Capabilities, *, examples: int, steps: int,
    seed: int, shorten: bool = True, staff: bool = False,
) -> None:  # fmt: skip
    """Try examples until one fails, then shorten it if that is wanted; what they ask and are told is for the talks to keep.

    `begin` gives a talk with an empty engine, or raises EndedError to end. Where there is `staff`, operators have their say too.
    """
    phases = (Phase.generate, Phase.shrink) if shorten else (Phase.generate,)
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, derandomize=False, database=None, deadline=None,
        report_multiple_bugs=False, print_blob=False, verbosity=Verbosity.quiet, phases=phases,
        # An engine may be slow to reset or to answer: that is no fault of how examples are drawn. All other health checks hold.
        suppress_health_check=(HealthCheck.too_slow,),
    )  # fmt: skip
    if (cache := user_cache()) is not None:
        # Else it leaves a folder of its own wherever gonogo is run.
        configuration.set_hypothesis_home_dir(cache / "hypothesis")
    try:
        with _without_local_numbers():
            run_state_machine_as_test(
                seeded(seed)(machine(begin, instruments, capabilities, staff=staff)), settings=chosen
            )
    except (DiffersError, EngineError, Flaky, EndedError):
        return
    finally:
        configuration.set_hypothesis_home_dir(None)


@contextmanager
def _without_local_numbers() -> Iterator[None]:
    """Hypothesis draws numbers that stand in modules outside of site-packages, and has no setting against it.

    What a seed finds would hang on which modules are loaded, on every edit of them, and on whether gonogo is installed or checked out. Where a
    version of Hypothesis keeps them elsewhere, this does nothing.
    """
    drawn = getattr(providers, "_get_local_constants", None)
    if drawn is None:
        yield
        return
    nothing: Any = type(drawn())()
    setattr(providers, "_get_local_constants", lambda: nothing)  # noqa: B010 - a name of its own that mypy must not look for
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        setattr(providers, "_get_local_constants", drawn)  # noqa: B010 - as above
        providers.CONSTANTS_CACHE.cache.clear()


def machine(
    begin: Callable[[], Talk], instruments: tuple[Instrument, ...], capabilities: Capabilities, *, staff: bool
) -> type[RuleBasedStateMachine]:
    """A machine with a rule for each kind of wish, those of operators too where there is `staff`."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.talk = begin()
            self.view = View(instruments, self.talk.book, self.talk.asked)

        @initialize(count=st.integers(1, len(instruments)), first=st.integers(0, len(instruments) - 1))
        def choose(self, count: int, first: int) -> None:
            """Few instruments make deeper books."""
            self.view = self.view._replace(instruments=(instruments[first:] + instruments[:first])[:count])

        @rule(session=st.integers(1, SESSIONS), leaves=st.booleans())
        def turn(self, session: int, leaves: bool) -> None:
            """Go on by another session, or by the same one anew."""
            if leaves:
                self.talk.leave(self.view.session)
            self.view = self.view._replace(session=session)

        def ask(self, wish: Wish) -> None:
            told = self.talk.ask(wish.command(self.view))
            if told:
                raise DiffersError(told)

    for name, strategy in (wishes(capabilities) | (staff_wishes(capabilities) if staff else {})).items():
        setattr(Machine, name, _rule(name, strategy))
    return Machine


def _rule(name: str, strategy: st.SearchStrategy[Wish]) -> Callable[..., None]:
    """The rule that asks for what is drawn."""

    def ask(self: Any, wish: Wish) -> None:
        self.ask(wish)

    ask.__name__ = name
    return rule(wish=strategy)(ask)
