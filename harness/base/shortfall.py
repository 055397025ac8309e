"""What was not driven because the commands came to their end before the time did: a load that ended early is not the one that was asked for."""

from __future__ import annotations

import msgspec


class Shortfall(msgspec.Struct, frozen=True):
    """How long and how many, of what was asked for."""

    reached_ns: int
    """When the next command would have been due."""
    asked_ns: int
    sent: int
    asked: int
    """How many its pace asked for in that time, on average; 0 where it had none."""

    def words(self) -> str:
        """The same for people."""
        time = f"the commands ended after {self.reached_ns / 1e9:.4g} s of {self.asked_ns / 1e9:.4g} s"
        return f"{time}: {self.sent:,} of {self.asked:,}" if self.asked else time
