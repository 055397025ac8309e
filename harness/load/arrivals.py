"""Who comes to a load to send for it: as many as are wanted, all of this version; whoever comes later is told to wait for a next one."""

from __future__ import annotations

from collections.abc import Callable

import harness
from harness.load.messages import Hello, Welcome


class Arrivals:
    """Those that said hello, by the id that Locust gives a worker."""

    def __init__(self, answer: Callable[[str, Welcome], None], turn_away: Callable[[str], None]) -> None:
        """`answer` tells a worker; `turn_away` has Locust forget one."""
        self._answer, self._turn_away = answer, turn_away
        self._came: dict[str, Hello] = {}
        self.crew: dict[str, Hello] = {}
        """Those that have a place."""
        self.places = 0
        self.told: Callable[[str], None] = lambda _: None

    def take(self, worker: str, hello: Hello) -> None:
        """It is there; it hears of its place at the next look."""
        self._came[worker] = hello

    def look(self) -> None:
        """Answer all that came since."""
        came, self._came = self._came, {}
        for worker, hello in came.items():
            welcome = self._welcome(hello)
            if welcome.why_not:
                self._turn_away(worker)
            else:
                self.crew[worker] = hello
                self.told(f"worker {len(self.crew)} of {self.places} is here: {known(hello)}")
            if welcome.why_not and not welcome.later:
                self.told(f"a worker was refused, {known(hello)}: {welcome.why_not}")
            self._answer(worker, welcome)

    def leave(self, worker: str) -> None:
        """It is gone before anything began, and its place is free."""
        gone = self.crew.pop(worker)
        self.told(f"a worker has gone: {known(gone)}; {len(self.crew)} of {self.places} are here")

    def _welcome(self, hello: Hello) -> Welcome:
        if hello.gonogo != harness.__version__:
            return Welcome(
                why_not=f"this worker is of gonogo {hello.gonogo} and the master of {harness.__version__}; wanted the same"
            )
        if len(self.crew) >= self.places:
            return Welcome(why_not="the master has all the workers of its load", later=True)
        return Welcome()


def known(hello: Hello) -> str:
    """What a worker's machine is called, with its address where it has told one."""
    return f"{hello.machine} ({hello.address})" if hello.address else hello.machine
