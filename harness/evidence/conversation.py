"""What is said to an engine and what comes back while it happens: which commands are answered, and the events in one order.

Whoever drives an engine asks here whether all is answered; a run that is not kept in a journal takes its events from here, so that they
are what a check would be given of it.
"""

from __future__ import annotations

import numpy as np

from harness.base.answered import Answered
from harness.base.capabilities import Capabilities
from harness.base.errors import EngineDiedError
from harness.base.records import COMMAND, EVENT, Commands, Events
from harness.evidence.fold import Segment
from harness.evidence.one_order import ordering, unsaid

A_COMMAND_MOST = 64
"""Events for each command, at the most. One may have many, but a trade or a cancel ends at least one order, and so in the long run no rule
gives more than about eight; over a wire each comes on up to two sessions and on the drop copy."""
BESIDE_MOST = 100_000
"""Events that may come beyond these, such as of orders that an engine had before."""
NO_COMMANDS, NO_EVENTS = np.zeros(0, COMMAND), np.zeros(0, EVENT)


class Conversation:
    """One pass of commands, numbered from 1, through one engine."""

    def __init__(self, capabilities: Capabilities) -> None:
        self._order = ordering(capabilities)
        self._leaves_unsaid = capabilities.may_leave_unsaid()
        self._answered = Answered()
        self._said = self._heard = 0

    def say(self, commands: Commands) -> None:
        """These are sent now."""
        if len(commands):
            self._said += len(commands)
            self._answered.sent(int(commands["number"][-1]))
            self._order.of(Segment(commands, NO_EVENTS))

    def hear(self, events: Events) -> Events:
        """The events that came, in one order, as far as the command of each is known by now.

        Raises:
            EngineDiedError: no commands can have led to so many before. Whoever keeps what comes would have no end of it.
        """
        if self._heard > A_COMMAND_MOST * self._said + BESIDE_MOST:
            # Not at once: an adapter that knows more of it says so instead of giving further events.
            raise EngineDiedError(
                f"the engine floods: {self._heard:,} events came of {self._said:,} commands, and more come"
            )
        self._heard += len(events)
        ordered = self._order.of(Segment(NO_COMMANDS, events)).events
        self._answered.add(ordered["command"])
        if self._leaves_unsaid:
            self._answered.add(unsaid(events))
        return ordered

    def has_all(self) -> bool:
        """Whether every command is answered."""
        return self._answered.has_all()
