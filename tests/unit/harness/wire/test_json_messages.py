"""Names of codes: each has one, both ways, and those of the tables are those of `records`."""

import pytest

from harness.base.reasons import Reason
from harness.base.records import EventKind, Flag, Side
from harness.wire.json_messages import EVENTS, FLAGS, REASONS, SIDES, TYPES, Words


@pytest.mark.parametrize("words", [EVENTS, SIDES, FLAGS, REASONS, TYPES])
def test_every_code_has_a_word_of_its_own(words):
    assert len(words.codes) == len(words.of_code)
    assert [words.codes[word] for word in words.of_code] == list(range(len(words.of_code)))


def test_names_are_those_of_the_records():
    assert EVENTS.of_code[EventKind.CANCEL_REJECTED] == "cancel_rejected"
    assert (SIDES.of_code[Side.NONE], FLAGS.of_code[0], FLAGS.of_code[Flag.POST_ONLY]) == ("none", "none", "post_only")
    assert REASONS.codes["risk_price_collar"] == Reason.RISK_PRICE_COLLAR
    assert Words(Side).of_code[7] == "7"
