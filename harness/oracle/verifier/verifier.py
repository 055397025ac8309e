"""What a check uses of the verifier: it is fed segments, gives a code an event, and keeps the breaches.

After the first event on an instrument that may not come, that instrument is not judged further: the two books differ, and all else
would be an echo. A command that concerns all instruments stops all those that its answer concerned.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.records import (
    COMMAND,
    EVENT,
    Command,
    CommandKind,
    Commands,
    Event,
    Int64Array,
    command_rows,
    event_rows,
)
from harness.evidence.fold import Segment
from harness.oracle.verifier.breach import Breach, breach_code, place_of, say_state, wanted_event
from harness.oracle.verifier.codes import Code
from harness.oracle.verifier.kernel import follow, recount, show
from harness.oracle.verifier.layout import WORDS, Now, Phase, Status
from harness.oracle.verifier.room import roomy
from harness.oracle.verifier.setting import books_of

_NO_EVENTS = np.zeros((0, WORDS), np.int64)
_NO_EVENTS.flags.writeable = False


class Verifier:
    """Follows one engine's events."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions, capabilities: Capabilities) -> None:
        self._books = roomy(books_of(instruments, conventions, capabilities))
        self._commands: Int64Array = _NO_EVENTS
        """The stretch of commands that is being answered; later ones wait behind it, as they were given."""
        self._waiting: deque[Int64Array] = deque()
        self._before: Command | None = None
        """The last command of the stretch before."""
        self.breaches: list[Breach] = []
        self.stopped: dict[int, int] = {}
        """The instruments that are not judged any more, and the command at which each went wrong."""

    def follow(self, segment: Segment) -> npt.NDArray[np.uint8]:
        """The codes of the segment's events, in order: see `Code`."""
        if len(segment.commands):
            self._waiting.append(_words(segment.commands, COMMAND))
            self._books.now[Now.LAST] = int(segment.commands["number"][-1])
        events = _words(segment.events, EVENT)
        codes = np.zeros(len(events), np.uint8)
        at = 0
        while (status := follow(self._books, self._commands, events, codes, at)) != Status.DONE:
            at = int(self._books.now[Now.EVENT])
            if status == Status.ROOM:
                self._books = roomy(self._books)
            elif status == Status.COMMANDS:
                self._turn_page()
            elif status == Status.UNFINISHED:
                self._keep(self._unfinished())
            else:
                codes[at] = self._judge(Status(status), event_rows(segment.events[at : at + 1])[0])
                at += 1
        return codes

    def unfinished(self) -> Breach | None:
        """What the last answer lacks, if no more events come; says nothing of commands that no event has answered."""
        now = self._books.now
        if now[Now.PHASE] in (Phase.NONE, Phase.SKIP) or self._ends_unjudged():
            return None
        return self._unfinished()

    @property
    def counts(self) -> dict[str, int]:
        """How many events were judged, and of what they told; `nameless` are those that named no command."""
        names = (Now.JUDGED, Now.TRADES, Now.CANCELS, Now.TRIGGERED, Now.REFUSED, Now.NAMELESS)
        return {name.name.lower(): int(self._books.now[name]) for name in names}

    # What the kernel hands back.

    def _turn_page(self) -> None:
        """Go on with the next stretch of commands: all of this one are answered."""
        self._before = self._command()
        self._commands = self._waiting.popleft()
        self._books.now[Now.ROW] = -1

    def _judge(self, status: Status, came: Event) -> Code:
        """The code of an event that is not as it must be."""
        if status == Status.STRAY:
            if self._books.now[Now.FAILED] and came.instrument:
                self._stop({came.instrument}, int(self._books.now[Now.NUMBER]))
            return Code.NOT_JUDGED
        if status == Status.OUT_OF_PLACE:
            if came.instrument in self.stopped:
                return Code.NOT_JUDGED
            state = say_state(self._books, came.instrument, (came.order,))
            self.breaches.append(Breach(Code.OUT_OF_PLACE, came.command, None, None, came, state))
            if came.instrument:
                self._stop({came.instrument}, came.command)
            return Code.OUT_OF_PLACE
        wanted = wanted_event(self._books)
        code = breach_code(self._books, wanted, came)
        self._keep(self._breach(code, None if code is Code.NOTHING_LEFT else wanted, came))
        return code

    def _unfinished(self) -> Breach:
        """The answer of the present command lacks at least one event."""
        show(self._books, self._commands, _NO_EVENTS)
        told = self._books.now[Now.TOLD] > 0
        return self._breach(Code.LEFT_UNFINISHED if told else Code.UNANSWERED, wanted_event(self._books), None)

    def _breach(self, code: Code, wanted: Event | None, came: Event | None) -> Breach:
        command = self._command()
        named = [order for event in (wanted, came) if event for order in (event.order, event.maker)]
        instrument = next((event.instrument for event in (wanted, came) if event and event.instrument), 0)
        state = say_state(self._books, instrument, tuple(named))
        return Breach(code, int(self._books.now[Now.NUMBER]), command, wanted, came, state)

    def _command(self) -> Command | None:
        row = int(self._books.now[Now.ROW])
        return _command(self._commands[row]) if row >= 0 else self._before

    # What is not judged any more.

    def _keep(self, breach: Breach) -> None:
        """Note a breach of the present answer, and judge what it concerned no further."""
        books = self._books
        self.breaches.append(breach)
        concerned = {event.instrument for event in (breach.wanted, breach.came) if event}
        if breach.command:
            concerned.add(breach.command.instrument)
            if breach.command.kind == CommandKind.MASS_CANCEL and not breach.command.instrument:
                concerned.update(books.instruments["id"][books.instruments["touched"] > 0].tolist())
        everything = set(books.instruments["id"].tolist())
        books.now[Now.PHASE], books.now[Now.FAILED] = Phase.SKIP, 1
        books.now[[Now.HEAD, Now.TAIL]] = 0
        self._stop(concerned - {0} or everything, breach.number)

    def _stop(self, instruments: set[int], number: int) -> None:
        """Let go of the books of these instruments, and of the present answer as far as it is about them."""
        books = self._books
        for instrument in sorted(instruments - set(self.stopped)):
            self.stopped[instrument] = number
            place = place_of(books, instrument)
            if place < 0:
                books.now[Now.ELSEWHERE] = 1
            else:
                books.instruments["stopped"][place] = 1
                books.now[Now.STOPPED] += 1
        self._books = books = roomy(books)
        command, phase, now = self._command(), books.now[Now.PHASE], books.now
        if command and command.instrument in self.stopped:
            now[Now.PHASE] = Phase.SKIP
        elif phase == Phase.MASS:
            recount(books, self._commands)
        elif phase in (Phase.MATCH, Phase.LOSE) and books.instruments["stopped"][books.taker["side"][0] >> 1]:
            now[Now.PHASE] = Phase.TRIGGER if now[Now.HEAD] < now[Now.TAIL] else Phase.NONE

    def _ends_unjudged(self) -> bool:
        """Whether only the end of a mass cancel is missing that counts what is judged no more."""
        now, command = self._books.now, self._command()
        spans = command is not None and command.instrument == 0
        return bool(spans and now[Now.PHASE] == Phase.MASS and now[Now.LEFT] == 0 and now[Now.STOPPED] > 0)


def _words(records: Commands, layout: np.dtype[np.void]) -> Int64Array:
    """The records as rows of signed words, without a copy where they lie in one piece."""
    words = np.ascontiguousarray(records, layout).view(np.int64).reshape(-1, WORDS)
    # Evidence on disk is read as arrays that cannot be written: a second kernel would be compiled for those that can.
    words.flags.writeable = False
    return words


def _command(words: Int64Array) -> Command:
    return command_rows(words.copy().view(COMMAND))[0]
