"""The tables of codes: every code of the document has a meaning, and what pairs up comes back."""

import pytest

from harness.base.reasons import Reason
from harness.base.records import Role
from harness.wire import ouch_words as words

CANCELS = "DEFGHIKQSUXZe"
FLAGS = "ARJkmNnue78OMCLHKi0jpqrt1"


def test_every_code_of_the_document_has_a_reason():
    assert set(words.REJECT_REASONS) == set(range(1, 0x34))
    assert set(words.CANCEL_REASONS) == set(CANCELS), "T is an event of its own"


@pytest.mark.parametrize("code", [0, 0x34, 0xFFFF])
def test_a_code_that_the_document_does_not_have_says_no_more_than_other(code):
    assert words.REASON_OF_REJECT[code] == Reason.OTHER


def test_the_risk_block_is_told_apart():
    risks = {words.REJECT_REASONS[code] for code in range(0x20, 0x32)}
    assert all(reason // 100 == 3 for reason in risks)
    assert len(risks) == 11


def test_each_control_has_a_code_of_the_risk_block():
    held_back = [reason for reason in words.REJECT_CODES if reason // 100 == 3 and reason != Reason.RISK_DISABLED]
    assert all(0x20 <= words.REJECT_OF_REASON[reason] <= 0x33 for reason in held_back)
    assert {Reason(reason) for reason in range(301, 315)} <= {*held_back, Reason.RISK_DISABLED}


SAID_WITH_LESS = {
    Reason.EXHAUSTED: Reason.SYSTEM, Reason.SESSION_RATE: Reason.RISK_RATE, Reason.POST_ONLY_WOULD_TRADE: Reason.OTHER,
    Reason.UNKNOWN_ACCOUNT: Reason.RISK_OTHER, Reason.RISK_DISABLED: Reason.RISK_OTHER,
    Reason.RISK_POSITION: Reason.RISK_OTHER, Reason.RISK_EXPOSURE: Reason.RISK_OTHER, Reason.RISK_LOSS: Reason.RISK_OTHER,
}  # fmt: skip


@pytest.mark.parametrize("reason", set(words.REJECT_CODES))
def test_a_reason_of_a_reject_comes_back(reason):
    assert words.REASON_OF_REJECT[words.REJECT_OF_REASON[reason]] == SAID_WITH_LESS.get(reason, reason)


@pytest.mark.parametrize("reason", set(map(words.CANCEL_REASONS.get, CANCELS)) - {Reason.RISK_ORDER_QUANTITY})
def test_a_reason_of_a_cancel_comes_back(reason):
    assert words.REASON_OF_CANCEL[words.CANCEL_OF_REASON[reason]] == reason


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (Reason.POST_ONLY_WOULD_TRADE, 0x12),
        (Reason.KILLED, 0x0F),
        (Reason.EXHAUSTED, 0x0A),
        (Reason.RISK_DISABLED, 0x0C),
    ],
)
def test_a_reason_without_a_code_of_its_own_is_told_by_one_that_says_less(reason, code):
    assert words.REJECT_OF_REASON[reason] == code


def test_all_reasons_have_a_place_and_one_more_for_those_that_are_none_of_ours():
    assert len(words.REJECT_OF_REASON) == len(words.CANCEL_OF_REASON) == max(Reason) + 2
    assert words.REJECT_OF_REASON[-1] == 0x0F
    assert words.CANCEL_OF_REASON[-1] == ord("Z")


def test_flags_tell_the_role():
    roles = {flag: Role(words.ROLE_OF_FLAG[ord(flag)]) for flag in FLAGS}
    assert (roles["A"], roles["R"], roles["m"], roles["N"]) == (Role.MAKER, Role.TAKER, Role.TAKER, Role.MAKER)
    assert {flag for flag, role in roles.items() if role == Role.NONE} == set("nOMCLHKi0")
