"""The line language of the hand-made cases: the words of `harness.base.words`, read back.

So a case is written in the very words in which a finding about it is told. A line may begin with `30 times:`; then {n} stands for
1 to 30 in it, and {n+5} and {30-n} for what they come to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from harness.base.notes import ExpectedEvent
from harness.base.reasons import Reason
from harness.base.records import (
    NONE,
    Command,
    CommandKind,
    Flag,
    OrderType,
    Side,
    TimeInForce,
    command_rows,
    empty_commands,
)

IDS = 1_000
"""Order ids of a case are below this."""
HOMES = 10
"""Accounts and instruments of a case are below this."""
_N = r"-?[0-9][0-9_]*"
_PLACE = r"(?: \((?P<place>[^()]+)\))?"
_HOME = re.compile(rf"(?:account (?P<account>{_N}))?(?:(?:^|, )instrument (?P<instrument>{_N}))?")
_PRICES = rf"(?:(?P<market>market)|(?P<stops>stop)(?: (?P<at>{_N}))?(?P<limit> limit(?: (?P<limited>{_N}))?)?|(?P<price>{_N}))"
# Before a stop price that belongs to no stop: such an order must be refused, so a case may ask for it.
_STRAY = rf"(?: stop (?P<stray>{_N}))?"
_TERMS = rf"(?: min (?P<min_qty>{_N}))?(?: (?P<tif>ioc|fok|gtc))?(?P<post> post-only)?"
_COMMANDS = {
    CommandKind.NEW: (
        rf"new (?P<side>buy|sell) {_PRICES}{_STRAY} x (?P<qty>{_N}){_TERMS} #(?P<order>{_N})",
        "new buy|sell PRICE|market|stop PRICE [limit PRICE] x QTY [min QTY] [ioc|fok|gtc] [post-only] #ID",
    ),
    CommandKind.CANCEL: (rf"cancel (?:(?P<qty>{_N}) of )?#(?P<target>{_N})", "cancel [QTY of ]#ID"),
    CommandKind.REPLACE: (
        rf"replace #(?P<target>{_N})(?: by #(?P<order>{_N}))?: (?P<price>{_N}) x (?P<qty>{_N})",
        "replace #ID [by #NEW]: PRICE x QTY",
    ),
    CommandKind.MASS_CANCEL: (
        r"mass cancel of all(?: (?P<side>buy|sell))? orders",
        "mass cancel of all [buy|sell ]orders",
    ),
}
_BECAUSE = r" \((?P<reason>[a-z ]+)\)"
_EVENTS = {
    "accepted": (rf"accepted #(?P<order>{_N}), (?:(?P<price>{_N}) )?x (?P<qty>{_N})", "accepted #ID, [PRICE ]x QTY"),
    "rejected": (rf"rejected #(?P<order>{_N}){_BECAUSE}", "rejected #ID (REASON)"),
    "rested": (rf"rested #(?P<order>{_N}) at (?P<price>{_N}), (?P<remaining>{_N}) left", "rested #ID at PRICE, QTY left"),
    "trade": (
        rf"trade #(?P<order>{_N}) with #(?P<maker>{_N}) at (?P<price>{_N}) x (?P<qty>{_N}), (?P<remaining>{_N}) left",
        "trade #ID with #MAKER at PRICE x QTY, QTY left",
    ),
    "triggered": (
        rf"triggered #(?P<order>{_N}) at (?P<price>{_N}), (?P<remaining>{_N}) left",
        "triggered #ID at STOP PRICE, QTY left",
    ),
    "canceled": (
        rf"canceled (?P<qty>{_N}) of #(?P<order>{_N}){_BECAUSE}, (?P<remaining>{_N}) left",
        "canceled QTY of #ID (REASON), QTY left",
    ),
    "cancel_rejected": (rf"cancel rejected #(?P<order>{_N}){_BECAUSE}", "cancel rejected #ID (REASON)"),
    "replaced": (
        rf"replaced #(?P<order>{_N})(?: by #(?P<new_order>{_N}))? at (?P<price>{_N}), (?P<remaining>{_N}) left",
        "replaced #ID [by #NEW] at PRICE, QTY left",
    ),
    "replace_rejected": (rf"replace rejected #(?P<order>{_N}){_BECAUSE}", "replace rejected #ID (REASON)"),
    "done": (rf"done, (?P<qty>{_N}) orders?", "done, QTY orders"),
}  # fmt: skip
_AMOUNTS = {"price": ("price", "limited"), "stop": ("at", "stray"), "qty": ("qty",), "min_qty": ("min_qty",)}
"""Field of a command -> the names that it may have in a line."""
_TIMES = re.compile(r"(?P<count>[1-9][0-9]{0,2}) times: (?P<line>.*)")
_TERM = re.compile(r"\{(?:n(?:\+(?P<more>[0-9]+))?|(?P<whole>[0-9]+)-n)\}")


class CommandLine(NamedTuple):
    """A command as written: ids are the case's own; account and instrument are None where the line leaves them out."""

    command: Command
    account: int | None
    instrument: int | None


def times(line: str) -> int:
    """How often the line is to be taken: the number before `times:`, or 1."""
    match = _TIMES.fullmatch(line)
    return int(match["count"]) if match else 1


def nth(line: str, n: int) -> str:
    """The line without its `times:` and with each {n} worked out."""
    match = _TIMES.fullmatch(line)
    return _TERM.sub(lambda term: str(_worked_out(term, n)), match["line"] if match else line)


def unrolled(line: str) -> Iterator[str]:
    """The line as often as it says, worked out."""
    return (nth(line, n) for n in range(1, times(line) + 1))


def command_of(line: str) -> CommandLine:
    """Read one command.

    Raises:
        ValueError: the line is none of the forms, or an id, account or instrument is out of its bounds; they are told.
    """
    for kind, (pattern, _) in _COMMANDS.items():
        if match := re.fullmatch(pattern + _PLACE, line):
            found = match.groupdict()
            home = _HOME.fullmatch(found["place"] or "")
            if home is not None:
                return CommandLine(_command(kind, found), _home(home, "account"), _home(home, "instrument"))
    forms = "; ".join(form for _, form in _COMMANDS.values())
    raise ValueError(f"came {line!r}; wanted one of: {forms}; each with or without (account N, instrument N)")


def expected_of(line: str) -> ExpectedEvent:
    """Read one event.

    Raises:
        ValueError: the line is none of the forms, or names no known reason; what is allowed is told.
    """
    for kind, (pattern, _) in _EVENTS.items():
        if match := re.fullmatch(pattern, line):
            return _expected(kind, match.groupdict())
    forms = "; ".join(form for _, form in _EVENTS.values())
    raise ValueError(f"came {line!r}; wanted one of: {forms}")


def _command(kind: CommandKind, found: dict[str, str | None]) -> Command:
    target, order = _id(found.get("target")), _id(found.get("order"))
    terms = {"kind": kind, "target": target or 0, "order": (target or 0) if order is None else order}
    if kind == CommandKind.NEW:
        terms["type"] = _type(found)
        terms["tif"] = TimeInForce[(found["tif"] or "day").upper()]
        terms["flags"] = Flag.POST_ONLY if found["post"] else Flag.NONE
    for field, names in _AMOUNTS.items():
        written = next((found[name] for name in names if found.get(name)), None)
        terms[field] = NONE if written is None else int(written)
    terms["side"] = Side[(found.get("side") or "none").upper()]
    return _ABSENT._replace(**{name: int(value) for name, value in terms.items()})


def _type(found: dict[str, str | None]) -> OrderType:
    if found["stops"]:
        return OrderType.STOP_LIMIT if found["limit"] else OrderType.STOP
    return OrderType.MARKET if found["market"] else OrderType.LIMIT


def _expected(kind: str, found: dict[str, str | None]) -> ExpectedEvent:
    reason = (found.pop("reason", None) or "").replace(" ", "_") or None
    if reason is not None and reason.upper() not in Reason.__members__:
        known = ", ".join(name.lower().replace("_", " ") for name in Reason.__members__ if name != "NONE")
        raise ValueError(f"came the reason {reason.replace('_', ' ')!r}; wanted one of: {known}")
    fields = {
        name: _id(text) if name in ("order", "maker", "new_order") else _number(text) for name, text in found.items()
    }
    if kind == "accepted":
        fields["remaining"] = fields["qty"]
    elif kind == "triggered":
        fields["qty"] = fields["remaining"]
    elif kind == "replaced":
        fields["qty"] = fields["remaining"]
        fields["new_order"] = fields["new_order"] or fields["order"]
    return ExpectedEvent(kind=kind, reason=reason, **fields)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _id(text: str | None) -> int | None:
    order = _number(text)
    if order is not None and not 0 <= order < IDS:
        raise ValueError(f"came the order id {order}; wanted 0 to {IDS - 1}")
    return order


def _home(found: re.Match[str], name: str) -> int | None:
    home = _number(found[name])
    if home is not None and not 0 <= home < HOMES:
        raise ValueError(f"came the {name} {home}; wanted 0 to {HOMES - 1}")
    return home


def _worked_out(term: re.Match[str], n: int) -> int:
    return int(term["whole"]) - n if term["whole"] else n + int(term["more"] or 0)


_ABSENT = command_rows(empty_commands(1))[0]
