"""Carries out a row: says its lines on one or two sessions, and holds what comes against what must come."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from harness.conformance.wire.line import End, Heard, Line, same
from harness.conformance.wire.script import Row, Saying, Step, Verb, sayings_of, step_of

State: TypeAlias = Literal["held", "not held", "not tried"]


class Tried(NamedTuple):
    """What became of a row."""

    protocol: str
    row: Row
    state: State
    why: str = ""
    """Why it could not be tried."""
    sent: str = ""
    """The lines of the row that were carried out, where it is not held."""
    wanted: str = ""
    came: str = ""

    @property
    def breaks_a_rule(self) -> bool:
        """Whether the engine is wrong by it."""
        return self.state == "not held" and self.row.must


class Talk:
    """One row on its sessions."""

    def __init__(self, protocol: str, row: Row, lines: Sequence[Line]) -> None:
        self._protocol, self._row, self._lines = protocol, row, lines
        self._names: dict[str, str] = {}
        """What came first under each name."""
        self._done: list[str] = []
        self._maybe: list[Saying] = []
        """What may come before whatever is heard next."""
        self._refused = [one for line in row.refused for one in sayings_of(line.split())]

    def run(self) -> Tried:
        """All lines, until one does not hold."""
        for step in _steps(self._row):
            line = self._lines[step[0].session]
            try:
                found = self._carried_out(step, line)
            except OSError as error:
                return self._tried("not tried", why=f"cannot connect: {error}")
            if found is not None:
                return found
            self._done += [one.text for one in step]
        return self._tried("held")

    def _carried_out(self, steps: list[Step], line: Line) -> Tried | None:
        """What the row has come to by these lines; None: they hold."""
        step = steps[0]
        match step.verb:
            case Verb.BEGIN:
                if why := line.begin():
                    return self._tried("not tried", why=why)
            case Verb.CONNECT:
                line.connect()
            case Verb.SEND | Verb.SEND_BYTES:
                line.say(tuple(self._bound(one) for one in step.said), bytewise=step.verb == Verb.SEND_BYTES)
            case Verb.WAIT:
                time.sleep(step.seconds)
            case Verb.MAY_HEAR:
                self._maybe += step.said
            case Verb.REPLAYED:
                return self._replayed(step, line)
            case Verb.CLOSED:
                return self._closed(step, line)
            case Verb.HEAR | Verb.HEAR_ANY_ORDER:
                return self._heard(steps, line)
        return None

    def _heard(self, steps: list[Step], line: Line) -> Tried | None:
        """All that these lines want, in any order."""
        wanted = {step.text: step.said[0] for step in steps}
        until_s = self._until_s(line)
        while wanted:
            heard = line.hear(until_s)
            if isinstance(heard, End):
                return self._not_held(next(iter(wanted)), heard.value)
            met = next((text for text, saying in wanted.items() if self._matches(saying, heard, line)), None)
            if met is not None:
                self._maybe.clear()
                del wanted[met]
            elif any(self._matches(one, heard, line) for one in self._refused):
                return self._tried("not tried", why=f"it is not offered: {line.shown(heard)} came")
            elif not self._may_pass(heard, line):
                return self._not_held(next(iter(wanted)), line.shown(heard))
        return None

    def _may_pass(self, heard: Heard, line: Line) -> bool:
        for saying in self._maybe:
            if self._matches(saying, heard, line):
                self._maybe.remove(saying)
                return True
        return line.passes_over(heard)

    def _closed(self, step: Step, line: Line) -> Tried | None:
        until_s = self._until_s(line)
        while isinstance(heard := line.hear(until_s), Heard):
            if not any(heard.kind in one.kinds for one in step.said) and not line.passes_over(heard):
                return self._not_held(step.text, line.shown(heard))
        return None if heard == End.CLOSED else self._not_held(step.text, "the connection stays open")

    def _replayed(self, step: Step, line: Line) -> Tried | None:
        until_s = self._until_s(line)
        while not line.is_up_to_date:
            heard = line.hear(until_s)
            if isinstance(heard, End):
                return self._not_held(step.text, heard.value)
            if not heard.is_old and not line.passes_over(heard):
                return self._not_held(step.text, line.shown(heard))
        return None

    def _matches(self, saying: Saying, heard: Heard, line: Line) -> bool:
        """Whether this is what is wanted; what has a name then is known from here on."""
        if heard.kind not in saying.kinds:
            return False
        named: dict[str, str] = {}
        for name, text in saying.fields:
            came = heard.fields.get(line.field(name))
            if came is None or text == "-":
                if came is not None or "-" not in text.split("|"):
                    return False
            elif text.startswith("@"):
                if not same(came, self._names.get(text, came)):
                    return False
                named[text] = came
            elif not self._is_one_of(came, name, text, line):
                return False
        self._names |= named
        return True

    def _is_one_of(self, came: str, name: str, text: str, line: Line) -> bool:
        wanted = text.removeprefix("~")
        values = [self._names.get(one) or line.value(name, one) for one in wanted.split("|")]
        return any(same(came, one) for one in values) == (wanted == text)

    def _bound(self, saying: Saying) -> Saying:
        """With what was heard under its names."""
        fields = tuple((name, f"!{self._names[text]}" if text in self._names else text) for name, text in saying.fields)
        return saying._replace(fields=fields)

    def _until_s(self, line: Line) -> float:
        return time.monotonic() + line.patience_s + self._row.seconds

    def _not_held(self, wanted: str, came: str) -> Tried:
        return self._tried("not held", wanted=wanted, came=came)

    def _tried(self, state: State, why: str = "", wanted: str = "", came: str = "") -> Tried:
        done = "\n".join(self._done) if state == "not held" else ""
        return Tried(self._protocol, self._row, state, why, done, wanted, came)


def _steps(row: Row) -> list[list[Step]]:
    """The lines, those together that may be met in any order."""
    groups: list[list[Step]] = []
    for line in row.lines:
        step = step_of(line)
        last = groups[-1][-1] if groups else None
        if last and step.verb == last.verb == Verb.HEAR_ANY_ORDER and step.session == last.session:
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups
