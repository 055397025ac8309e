"""Whose a message is, and when it was sent."""

import pytest

from harness.wire.fix import Message
from harness.wire.fix_dictionary import Refusal
from harness.wire.fix_store import MemoryStore
from harness.wire.fix_tags import Refused, Tag
from harness.wire.fix_terms import Party
from harness.wire.fix_times import timestamp
from harness.wire.fix_trust import no_duplicate, untrusted
from tests.fakes.fix_talk import NOON_NS, header

PARTY = Party("VENUE", "CLIENT", MemoryStore())
SECOND_NS = 10**9


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (header(1), None),
        (header(1, sender="X"), Refusal(Refused.COMP_ID_PROBLEM, Tag.SENDER_COMP_ID)),
        (header(1, target="X"), Refusal(Refused.COMP_ID_PROBLEM, Tag.TARGET_COMP_ID)),
        (header(1, sent_ns=NOON_NS + 3 * SECOND_NS), Refusal(Refused.SENDING_TIME, Tag.SENDING_TIME)),
        (header(1, sent_ns=NOON_NS - 2 * SECOND_NS), None),
        ((), None),
    ],
)
def test_whose_it_is_and_of_when(head, expected):
    assert untrusted(Message("0", head), PARTY, NOON_NS, 2 * SECOND_NS) == expected


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ((), None),
        (((Tag.POSS_DUP_FLAG, "N"),), None),
        (((Tag.POSS_DUP_FLAG, "Y"),), Refused.REQUIRED_TAG_MISSING),
        (((Tag.POSS_DUP_FLAG, "Y"), (Tag.ORIG_SENDING_TIME, timestamp(NOON_NS))), None),
        (((Tag.POSS_DUP_FLAG, "Y"), (Tag.ORIG_SENDING_TIME, timestamp(NOON_NS + SECOND_NS))), Refused.SENDING_TIME),
    ],
)
def test_of_what_it_may_be_a_duplicate(more, reason):
    refusal = no_duplicate(Message("D", (*header(1), *more)))
    assert (refusal.reason if refusal else None) == reason
    assert no_duplicate(Message("4", (*header(1), *more))) is None
