"""What the matching engine behind a stage of controls was asked, and what it said: for checks that know the matching rules alone.

A command that the stage refused is no command; whether it had to be refused is for `reject_cause` to say. Halts and what else operators ask
are no matching; a kill is the mass cancel of its scope. This is no plug and no book.
"""

from __future__ import annotations

import numpy as np

from harness.base.bits import copied
from harness.base.controls import NO_CONTROLS
from harness.base.reasons import Reason
from harness.base.records import CommandKind, Commands, EventKind, Events, empty_commands
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.exposure.operators import KINDS

_BY_STAGE = (
    Reason.RISK_DISABLED, Reason.HALTED, Reason.UNKNOWN_ACCOUNT, Reason.RISK_RESTRICTED, Reason.RISK_RATE, Reason.INVALID_QUANTITY,
    Reason.RISK_PRICE_COLLAR, Reason.RISK_DUPLICATE, Reason.RISK_POSITION, Reason.RISK_EXPOSURE, Reason.RISK_LOSS,
)  # fmt: skip
_REFUSED = (EventKind.REJECTED, EventKind.REPLACE_REJECTED)
_HALTS = (EventKind.HALTED, EventKind.RESUMED)
_OPERATORS = tuple(sorted(KINDS))
_NEVER = 2**64 - 1


class Behind:
    """Takes the stage's part out of a history; of an engine without one it gives every segment back as it is."""

    def __init__(self, run: RunInfo) -> None:
        self._works = run.controls != NO_CONTROLS or any(
            CommandKind(kind).name.lower() in run.capabilities.commands for kind in KINDS
        )
        self._accounts: dict[int, list[int]] = {}
        """The accounts of each firm."""
        for one in run.controls.accounts:
            self._accounts.setdefault(one.firm, []).append(one.account)
        self._waiting = empty_commands(0)
        """Commands that nothing is known of yet: the stage may have refused them."""
        self._last_dropped = 0
        self._meant: dict[int, int] = {}
        """The last kill of a firm, and the one account that it meant."""
        self.known_to = 0
        """The last command whose fate is known."""
        self.ends_at = _NEVER
        """The command at which this ends: the kill of a firm of several accounts is no mass cancel."""

    def of(self, segment: Segment) -> Segment:
        """The commands whose fate is known by now, and the events about them."""
        if not self._works:
            self.known_to = int(segment.commands["number"].max(initial=self.known_to))
            return segment
        self.known_to = int(segment.events["command"].max(initial=self.known_to))
        waiting = np.concatenate((self._waiting, segment.commands), dtype=segment.commands.dtype)
        known = waiting["number"] <= self.known_to
        self._waiting = waiting[~known]
        commands, events = copied(waiting[known]), copied(segment.events)
        refused = events["command"][np.isin(events["kind"], _REFUSED)]
        by_stage = events["command"][np.isin(events["kind"], _REFUSED) & np.isin(events["reason"], _BY_STAGE)]
        self._name_account(events)
        operators = np.isin(commands["kind"], _OPERATORS)
        kills = (commands["kind"] == CommandKind.KILL_ACCOUNT) & ~np.isin(commands["number"], refused)
        self._as_mass_cancels(commands, events, kills)
        dropped = np.concatenate((by_stage, commands["number"][operators & ~kills], [np.uint64(self._last_dropped)]))
        self._last_dropped = int(dropped.max())
        keep = ~np.isin(commands["number"], dropped) & (commands["number"] < self.ends_at)
        told = ~np.isin(events["command"], dropped) & (events["command"] < self.ends_at)
        return Segment(commands[keep], events[told & ~np.isin(events["kind"], _HALTS)])

    def told(self) -> dict[str, str]:
        """Where it ended, in words."""
        if self.ends_at == _NEVER:
            return {}
        return {"not judged further": f"after command {self.ends_at:,}, the kill of a firm of several accounts"}

    def _as_mass_cancels(self, commands: Commands, events: Events, kills: np.ndarray) -> None:
        """A kill takes what a mass cancel of its scope takes."""
        for at in np.flatnonzero(kills).tolist():
            accounts = self._accounts.get(int(commands["target"][at]), [])
            if len(accounts) == 1:
                commands["account"][at] = accounts[0]
                self._meant = {int(commands["number"][at]): accounts[0]}
                self._name_account(events)
            elif commands["target"][at]:
                self.ends_at = min(self.ends_at, int(commands["number"][at]))
        commands["target"][kills] = 0
        commands["kind"][kills] = CommandKind.MASS_CANCEL
        events["reason"][events["reason"] == Reason.KILLED] = Reason.MASS_CANCEL

    def _name_account(self, events: Events) -> None:
        """The end of a firm's kill names the account that its mass cancel names."""
        for number, account in self._meant.items():
            events["account"][(events["command"] == number) & (events["kind"] == EventKind.DONE)] = account
