"""OUCH 5.0 a second time, in plain `struct`, one message after another: what the codec is held to. It shares no layout with it."""

import struct

ORDER = "type user_ref_num side quantity symbol price time_in_force display capacity inter_market_sweep_eligibility cross_type cl_ord_id"
ACCEPTED = (
    "type timestamp user_ref_num side quantity symbol price time_in_force display order_reference_number capacity "
    "inter_market_sweep_eligibility cross_type order_state cl_ord_id"
)
FIRM = (">BI4s", "type user_ref_num firm")
FIRM_OUT = (">BQI4s", "type timestamp user_ref_num firm")
SHORT_OUT = (">BQI", "type timestamp user_ref_num")
MANDATORY, TAIL, NO_TAIL = "mandatory", "tail", "none"

IN = {
    "O": (">BIBI8sQBBBBB14s", ORDER, MANDATORY, (2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 24, 25, 26, 28)),
    "U": (
        ">BIIIQBBB14s",
        "type orig_user_ref_num user_ref_num quantity price time_in_force display inter_market_sweep_eligibility cl_ord_id",
        MANDATORY,
        (3, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 25, 26, 27, 28),
    ),
    "X": (">BII", "type user_ref_num quantity", TAIL, (28,)),
    "M": (">BIBI", "type user_ref_num side quantity", TAIL, (25, 26, 28)),
    "C": (">BI4s8s", "type user_ref_num firm symbol", MANDATORY, (24, 27, 28)),
    "D": (*FIRM, MANDATORY, (28,)),
    "E": (*FIRM, MANDATORY, (28,)),
    "Q": (">B", "type", TAIL, (28,)),
}
OUT = {
    "S": (">BQB", "type timestamp event_code", NO_TAIL, ()),
    "A": (
        ">BQIBI8sQBBQBBBB14s",
        ACCEPTED,
        MANDATORY,
        (2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 24, 25, 28),
    ),
    "U": (
        ">BQIIBI8sQBBQBBBB14s",
        ACCEPTED.replace("timestamp", "timestamp orig_user_ref_num"),
        MANDATORY,
        (2, 3, 5, 6, 12, 15, 16, 17, 18, 28),
    ),
    "C": (">BQIIB", "type timestamp user_ref_num quantity reason", TAIL, (28,)),
    "D": (
        ">BQIIBIQBB",
        "type timestamp user_ref_num decrement_shares reason quantity_prevented_from_trading execution_price liquidity_flag aiq_strategy",
        TAIL,
        (28,),
    ),
    "E": (">BQIIQBQ", "type timestamp user_ref_num quantity price liquidity_flag match_number", MANDATORY, (28,)),
    "B": (">BQIQB14s", "type timestamp user_ref_num match_number reason cl_ord_id", TAIL, (28,)),
    "J": (">BQIH14s", "type timestamp user_ref_num reject_reason cl_ord_id", TAIL, (28,)),
    "P": (*SHORT_OUT, TAIL, (28,)),
    "I": (*SHORT_OUT, TAIL, (28,)),
    "T": (">BQIQBQ", "type timestamp user_ref_num price display order_reference_number", TAIL, (28,)),
    "M": (">BQIBI", "type timestamp user_ref_num side quantity", TAIL, (25, 26, 28)),
    "R": (">BQIB", "type timestamp user_ref_num reason", MANDATORY, (1, 22, 23, 28)),
    "X": (">BQI4s8s", "type timestamp user_ref_num firm symbol", MANDATORY, (24, 27, 28)),
    "G": (*FIRM_OUT, MANDATORY, (28,)),
    "K": (*FIRM_OUT, MANDATORY, (28,)),
    "Q": (">BQI", "type timestamp next_user_ref_num", TAIL, (28,)),
}
TAGS = {
    1: ("secondary_ord_ref_num", ">Q"), 2: ("firm", "4s"), 3: ("min_qty", ">I"), 4: ("customer_type", "B"),
    5: ("max_floor", ">I"), 6: ("price_type", "B"), 7: ("peg_offset", ">i"), 9: ("discretion_price", ">Q"),
    10: ("discretion_price_type", "B"), 11: ("discretion_peg_offset", ">i"), 12: ("post_only", "B"),
    13: ("random_reserves", ">I"), 14: ("route", "4s"), 15: ("expire_time", ">I"), 16: ("trade_now", "B"),
    17: ("handle_inst", "B"), 18: ("bbo_weight_indicator", "B"), 22: ("display_quantity", ">I"), 23: ("display_price", ">Q"),
    24: ("group_id", ">H"), 25: ("shares_located", "B"), 26: ("locate_broker", "4s"), 27: ("side", "B"),
    28: ("user_ref_idx", "B"),
}  # fmt: skip


def write(kinds, fields, tags=None):
    """The message with these fields (bytes where they are characters, else numbers); `tags` None leaves the length of a tail out."""
    form, names, presence, allowed = kinds[chr(fields["type"])]
    body = struct.pack(form, *(fields[name] for name in names.split()))
    if tags is None:
        assert presence != MANDATORY
        return body
    assert presence != NO_TAIL
    assert set(tags) <= set(allowed)
    elements = b"".join(element(tag, struct.pack(TAGS[tag][1], tags[tag])) for tag in sorted(tags))
    return body + struct.pack(">H", len(elements)) + elements


def element(tag, value):
    return struct.pack("BB", 1 + len(value), tag) + value


def as_record(fields, tags, dtype):
    """The record that the message must become, its absent fields 0."""
    import numpy as np

    present = 0 if tags is None else 1 | sum(1 << tag for tag in tags)
    whole = fields | {TAGS[tag][0]: value for tag, value in (tags or {}).items()} | {"present": present}
    record = np.zeros(1, dtype)
    for name, value in whole.items():
        is_word = isinstance(value, bytes) and dtype[name].kind == "u"
        record[name] = int.from_bytes(value, "little") if is_word else value
    return record
