"""Writes docs/ouch.md from the layouts and the tables of codes, so that the page cannot say other than the codec does.

`python -m harness.wire.ouch_page > docs/ouch.md` makes it anew; a test holds the page to this.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from harness.wire.ouch_layout import FORMS, REPLIES, REPLY, REQUEST, REQUESTS, TAGS, Appendage, Form, Message, width
from harness.wire.ouch_words import CANCEL_REASONS, REJECT_REASONS, TIME_UP

APPENDAGES = {
    Appendage.NEVER: "none",
    Appendage.OPTIONAL: "may be left out, with its length",
    Appendage.ALWAYS: "its length is always there",
}
INTRODUCTION = """# OUCH 5.0 as gonogo reads and writes it

Made by `python -m harness.wire.ouch_page`. After "OUCH 5.0 Order Entry Specification" of Nasdaq, revision 1.04, over SoupBinTCP 3.00, 4.00 and
4.10: requests in unsequenced packets, replies in sequenced ones. Numbers are unsigned and big-endian, but for the offsets of pegged orders,
which have a sign; prices have four implied decimals; text is padded with spaces on the right.

What our commands and events cannot say in it, and the other way round, is told at the head of
[`ouch_requests.py`](../harness/wire/ouch_requests.py) and [`ouch_replies.py`](../harness/wire/ouch_replies.py); what is malformed is told
by a code, [`Defect`](../harness/wire/ouch_kernel.py). Whether an engine keeps to the rules of OUCH and SoupBinTCP, `gonogo doctor --engine` tries row by row:
[wire-batteries.md](wire-batteries.md).
"""


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, f"## Requests\n\nA record of {REQUEST.itemsize} bytes holds any of them.\n"]
    parts += map(_told, REQUESTS)
    parts += [f"## Replies\n\nA record of {REPLY.itemsize} bytes holds any of them.\n", *map(_told, REPLIES)]
    tags = [(tag, name, width(FORMS[name]), _kind(FORMS[name])) for tag, name in TAGS.items()]
    parts.append("## Tags\n\n" + _table(("tag", "field", "bytes", "kind"), tags))
    rejects = [(f"0x{code:02X}", reason.name) for code, reason in REJECT_REASONS.items()]
    parts.append("## Codes of Rejected\n\n" + _table(("code", "reason"), rejects))
    cancels = [*((code, reason.name) for code, reason in CANCEL_REASONS.items()), (chr(TIME_UP), "the event `expired`")]
    parts.append("## Codes of Canceled\n\n" + _table(("code", "reason"), cancels))
    return "\n".join(parts)


def _told(message: Message) -> str:
    rows = [(name, at, width(FORMS[name]), _kind(FORMS[name])) for name, at in message.offsets().items()]
    size = message.size() + 2 * (message.appendage == Appendage.ALWAYS)
    tags = f"; tags {', '.join(map(str, message.tags))}" if message.tags else ""
    head = f"### `{message.type}` {message.name}: {size} bytes\n\nAppendage: {APPENDAGES[message.appendage]}{tags}.\n\n"
    return head + _table(("field", "offset", "bytes", "kind"), rows)


def _kind(form: Form) -> str:
    if not form.is_number:
        return "text" if width(form) > 1 else "code"
    return "signed number" if form.dtype.startswith("<i") else "number"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(page())
