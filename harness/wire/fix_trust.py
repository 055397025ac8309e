"""What a FIX message's header must say before it is believed: from whom it is, for whom, when it was sent, and of what it may be a duplicate."""

from __future__ import annotations

from harness.wire.fix import Message
from harness.wire.fix_dictionary import Refusal
from harness.wire.fix_tags import Kind, Refused, Tag
from harness.wire.fix_terms import Party
from harness.wire.fix_times import time_ns


def untrusted(message: Message, party: Party, utc_ns: int, clock_ns: int) -> Refusal | None:
    """Why a message cannot be of this session, with `clock_ns` between the clocks of both sides at the most. What is missing is told elsewhere."""
    for tag, wanted in ((Tag.SENDER_COMP_ID, party.other), (Tag.TARGET_COMP_ID, party.own)):
        if message.get(tag) not in (None, "", wanted):
            return Refusal(Refused.COMP_ID_PROBLEM, tag)
    sent_ns = time_ns(message.get(Tag.SENDING_TIME) or "")
    if sent_ns is not None and abs(sent_ns - utc_ns) > clock_ns:
        return Refusal(Refused.SENDING_TIME, Tag.SENDING_TIME)
    return None


def no_duplicate(message: Message) -> Refusal | None:
    """Why a message cannot be the possible duplicate that it says to be."""
    if not message.says(Tag.POSS_DUP_FLAG) or message.kind == Kind.SEQUENCE_RESET:
        return None
    original, sent = (time_ns(message.get(tag) or "") for tag in (Tag.ORIG_SENDING_TIME, Tag.SENDING_TIME))
    if original is None:
        return Refusal(Refused.REQUIRED_TAG_MISSING, Tag.ORIG_SENDING_TIME)
    if sent is not None and original > sent:
        return Refusal(Refused.SENDING_TIME, Tag.ORIG_SENDING_TIME)
    return None
