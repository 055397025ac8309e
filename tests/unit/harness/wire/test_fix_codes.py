"""Reasons and the codes for them."""

from harness.base.reasons import Reason
from harness.wire.fix_codes import cancel_code, cancel_reason, order_code, order_reason


def test_every_reason_has_a_code_and_comes_back_no_more_precise():
    for reason in Reason:
        assert order_code(reason).isdigit()
        assert cancel_code(reason).isdigit()
    same = (Reason.UNKNOWN_INSTRUMENT, Reason.CLOSED, Reason.DUPLICATE_ORDER_ID, Reason.UNSUPPORTED, Reason.INVALID_QUANTITY, Reason.UNKNOWN_ACCOUNT)  # fmt: skip
    assert [order_reason(order_code(reason)) for reason in same] == list(same)
    assert {order_reason(order_code(reason)) for reason in Reason if 300 <= reason < 400} == {Reason.RISK_OTHER}
    assert order_reason(None) == order_reason("77") == Reason.OTHER
    assert cancel_reason(cancel_code(Reason.UNKNOWN_ORDER)) == cancel_reason("0") == Reason.UNKNOWN_ORDER
    assert cancel_reason(cancel_code(Reason.DUPLICATE_ORDER_ID)) == Reason.DUPLICATE_ORDER_ID
