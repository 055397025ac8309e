"""Reasons: a closed table in groups; a code that it does not hold is still told."""

from harness.base.reasons import GROUPS, Reason, reason_name


def test_every_reason_stands_in_a_group():
    assert all(code == Reason.NONE or code // 100 in GROUPS for code in Reason)


def test_codes_are_words_and_strange_ones_are_told():
    assert reason_name(Reason.POST_ONLY_WOULD_TRADE) == "post only would trade"
    assert reason_name(4711) == "reason 4711 (not in the table)"


def test_codes_of_stored_evidence_do_not_move():
    pinned = {Reason.UNSUPPORTED: 100, Reason.DUPLICATE_ORDER_ID: 102, Reason.UNKNOWN_ORDER: 107, Reason.RISK_OTHER: 300,
              Reason.UNKNOWN_INSTRUMENT: 400, Reason.POST_ONLY_WOULD_TRADE: 500, Reason.MASS_CANCEL: 506, Reason.EXHAUSTED: 600}  # fmt: skip
    assert all(int(reason) == code for reason, code in pinned.items())
