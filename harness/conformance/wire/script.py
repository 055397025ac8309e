"""A row of a battery by wire: a rule with the clause that gives it, and lines that say what is sent and what must come. Data alone.

A line is of the first session, or of the second where it begins with `2`:

| line | meaning |
|---|---|
| `begin` | connect and log in, as the other rows need it; where that fails the row could not be tried |
| `connect` | a new connection, on which nothing is said yet; the one before is dropped |
| `> KIND name=value ...` | send this; several with `&` between them go out in one piece |
| `>. KIND ...` | the same, a byte at a time |
| `< KIND name=value ...` | the next that comes is this, with these fields at least; lines of `<*` in a row come in any order |
| `<? KIND ...` | the same, where it need not come |
| `replayed` | all that was told before comes again, byte for byte |
| `closed KIND ...` | the engine closes; of these kinds it may say something before |
| `wait SECONDS` | nothing is done |

A value is taken as it stands but for these: `#1` is the number or id of an order of this row (alone: that of the message), `@x` whatever came
first under this name, `+1` the number behind the newest message (`+0` that one's), `-` none,
`a|b` either, `~a` any other; `own` is the symbol that is traded, `nobody` one that is not. Prices and quantities are those of
the battery by commands: 100 is the middle of the instrument's bounds; with `!` before it any value is taken as it stands.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from harness.base.errors import SetupError


class Row(NamedTuple):
    """One stimulus, and what must come of it."""

    name: str
    clause: str
    """The public document that gives the rule, and where in it."""
    lines: tuple[str, ...]
    must: bool = True
    """Whether an engine is wrong that does otherwise; else the document leaves it open, or venues differ."""
    refused: tuple[str, ...] = ()
    """What an engine says that does not offer this at all, in place of any line: then there is nothing to try."""
    seconds: float = 0.0
    """How much longer than usual an answer may take, where silence is what is tried."""

    @property
    def sessions(self) -> int:
        """How many it needs."""
        return 1 + any(line.startswith("2") for line in self.lines)


class Verb(Enum):
    """What a line does."""

    BEGIN = "begin"
    CONNECT = "connect"
    SEND = ">"
    SEND_BYTES = ">."
    HEAR = "<"
    HEAR_ANY_ORDER = "<*"
    MAY_HEAR = "<?"
    REPLAYED = "replayed"
    CLOSED = "closed"
    WAIT = "wait"


class Saying(NamedTuple):
    """One message, or what it must look like."""

    kinds: tuple[str, ...]
    """To be sent: one. To be heard: any of them."""
    fields: tuple[tuple[str, str], ...]
    """Names and values as the row writes them; a number or id alone has no name."""


class Step(NamedTuple):
    """One line."""

    text: str
    session: int
    """0 or 1."""
    verb: Verb
    said: tuple[Saying, ...] = ()
    seconds: float = 0.0


def step_of(line: str) -> Step:
    """The line as it is carried out.

    Raises:
        SetupError: it is none.
    """
    of_second = line.startswith("2")
    word, *rest = line.removeprefix("2").split()
    try:
        verb = Verb(word)
    except ValueError as error:
        raise SetupError(f"{line!r} is no line of a row; it begins with one of {', '.join(one.value for one in Verb)}") from error  # fmt: skip
    if verb == Verb.WAIT:
        return Step(line, int(of_second), verb, seconds=float(rest[0]))
    return Step(line, int(of_second), verb, sayings_of(rest, closes=verb == Verb.CLOSED))


def sayings_of(words: list[str], *, closes: bool = False) -> tuple[Saying, ...]:
    """Messages with `&` between them; of a line that closes each word is a kind."""
    if closes:
        return tuple(Saying((word,), ()) for word in words)
    parts: list[list[str]] = [[]]
    for word in words:
        if word == "&":
            parts.append([])
        else:
            parts[-1].append(word)
    return tuple(Saying(tuple(kind.split("|")), tuple(map(_field, fields))) for kind, *fields in filter(None, parts))


def _field(word: str) -> tuple[str, str]:
    name, is_named, value = word.partition("=")
    return (name, value) if is_named else ("", word)
