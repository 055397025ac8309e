"""What is drawn of the commands of operators: kills, enables, halts, resumptions, new limits and ticks, with and without what they need.

They come from operators, on session 0, each with a person in `order`: docs/risk-rules.md. Some here have no person, no scope or two, or come
from a trading session.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from harness.base.capabilities import Capabilities
from harness.base.controls import LimitCode
from harness.base.records import Command, CommandKind
from harness.instruments._wishes import ACCOUNTS_MAX, View, Wish, absent

PERSON = 9_001
FIRMS_MAX = 2
LIMITS = (0, 2, 10, 100, 10_000)


@dataclass(frozen=True, slots=True)
class Staff:
    """One command of an operator; of the scopes, 0 and None name none."""

    kind: CommandKind
    account: int = 0
    firm: int = 0
    home: int | None = None
    code: int = 0
    limit: int = 0
    has_person: bool = True
    strays: bool = False
    """Whether it comes from a trading session."""

    def command(self, view: View) -> Command:
        """The command with its scope."""
        return absent()._replace(
            kind=int(self.kind), order=PERSON * self.has_person, account=self.account, target=self.firm,
            instrument=0 if self.home is None else view.at(self.home).id, type=self.code, qty=self.limit,
            session=view.session * self.strays,
        )  # fmt: skip


def staff_wishes(capabilities: Capabilities) -> dict[str, st.SearchStrategy[Wish]]:
    """A strategy for each rule that fits the engine; few of them, so that there is something to operate on."""
    rules = {
        "kill": (CommandKind.KILL_ACCOUNT, _of_scope(_KILLS)),
        "halt": (CommandKind.HALT, st.builds(Staff, st.sampled_from(_HALTS), home=_homes, has_person=_mostly)),
        "limit": (CommandKind.LIMIT, _of_scope((CommandKind.LIMIT,), code=_codes, limit=st.sampled_from(LIMITS))),
        "staff_wrongly": (CommandKind.KILL_ACCOUNT, _WRONG),
    }
    return {name: strategy for name, (kind, strategy) in rules.items() if kind.name.lower() in capabilities.commands}


def _of_scope(kinds: tuple[CommandKind, ...], **more: st.SearchStrategy[int]) -> st.SearchStrategy[Wish]:
    """Of an account, a firm or an instrument."""
    scopes: tuple[dict[str, st.SearchStrategy[int]], ...] = (
        {"account": st.integers(1, ACCOUNTS_MAX)}, {"firm": st.integers(1, FIRMS_MAX)}, {"home": _homes},
    )  # fmt: skip
    return st.one_of(*(st.builds(Staff, st.sampled_from(kinds), **scope, **more) for scope in scopes))


_KILLS = (CommandKind.KILL_ACCOUNT, CommandKind.ENABLE, CommandKind.ENABLE, CommandKind.ENABLE)
"""A kill ends what may happen, so most take one back."""
_HALTS = (CommandKind.HALT, CommandKind.RESUME, CommandKind.RESUME, CommandKind.TICK)
_homes = st.integers(0, 3)
_codes = st.sampled_from(tuple(map(int, LimitCode)))
_mostly = st.sampled_from((True, True, True, False))
_WRONG = st.builds(
    Staff, st.sampled_from((CommandKind.KILL_ACCOUNT, CommandKind.ENABLE, CommandKind.LIMIT)),
    account=st.integers(0, ACCOUNTS_MAX + 1), firm=st.integers(0, FIRMS_MAX + 1), home=st.none() | _homes,
    code=st.integers(0, len(LimitCode) + 1), limit=st.integers(-1, 3), has_person=st.booleans(), strays=st.booleans(),
)  # fmt: skip
"""Of which most name no scope, two, or one that there is not."""
