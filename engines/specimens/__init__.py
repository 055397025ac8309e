"""The socket of the specimens: engines broken on purpose in one known way, which prove that the checks can see.

A new specimen is one file here with the public name `SPECIMEN` bound to a `SpecimenPlug`. Subclass `PlainEngine`, override the
one method whose rule is to be broken, and say in the docstring which bug of real engines it stands for; a defect that takes millions of
commands, or that is about controls, subclasses the engine of another `base`, which is fast or has them. The defect must show on ordinary flow: a specimen that no run can tell
from the healthy engine proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SpecimenPlug:
    """A broken engine as data: what is wrong with it, and which checks must see it."""

    about: str
    """What it does wrong, in one line."""
    kind: str
    """The family of the defect, such as matching or determinism."""
    caught_by: tuple[str, ...]
    """The checks that are meant to catch it, by file name; one of them is enough."""
    build: Callable[..., Any]
    """Called as `build(instruments, conventions)`, like the engine that it stands in for; with controls as a third where the base has some.
    Of base `service`: called with nothing, in the service's own process before it starts, to replace a part of it."""
    least_commands: int = 0
    """The fewest commands that can show it, such as where a counter must wrap; 0: a handful."""
    flow_commands: int = 0
    """How many commands of an ordinary flow it takes, where that is more than most flows are driven for."""
    base: str = "plain"
    """The adapter that drives it."""
