"""The stimulus table of OUCH 5.0: numbers, orders and their echoes, replaces, cancels, mass cancels, switches, appendages and what is no message.

After "OUCH 5.0 Order Entry Specification" of Nasdaq. What an engine does not offer it may refuse with Rejected or Cancel Reject: then there is nothing to
try, and it is told so.
"""

from __future__ import annotations

from harness.conformance.wire.script import Row

NUMBERS, ENTER, REPLACE, CANCEL, MODIFY, MASS, DISABLE, QUERY, ACCEPTED, EXECUTED, REJECTED, TAGS = (
    f"OUCH 5.0, {where}"
    for where in (
        "User Reference Number", "Enter Order Message", "Replace Order Message", "Cancel Order Message", "Modify Order Message", "Mass Cancel Request",
        "Disable and Enable Order Entry Request", "Account Query Request", "Order Accepted Message", "Order Executed Message", "Rejected Order Message",
        "Optional Appendage",
    )
)  # fmt: skip
NO_MESSAGE = "OUCH 5.0 does not say; by custom it is refused, or the connection closed"

NO_CANCEL = ("I #1", "J #1")
SELL = "> O #1 side=S"
LIVES = ("connect", "> login", "< accepted", "> O #9", "<? J #1", "< A #9")
"""The engine goes on, with or without a refusal, and what was broken is not carried out."""
SHARES_MOST = 999_999
"""Of an order and of a chain of replaces."""

NUMBERING = (
    Row("numbers may have gaps", NUMBERS, ("begin", "> O #1", "< A #1", "> O #7", "< A #7")),
    Row("the number that came last is a re-send and ignored", NUMBERS, ("begin", "> O #1", "< A #1", "> O #1 side=S price=103", "> O #2", "< A #2")),
    Row("a lower number is a re-send and ignored", NUMBERS, ("begin", "> O #5", "< A #5", "> O #3", "> O #6", "< A #6")),
    Row("the number of an order that was rejected is used up", NUMBERS, ("begin", "> O #1 symbol=nobody", "< J #1", "> O #1", "> O #2", "< A #2")),
    Row("the number of a replace is used up", NUMBERS, (
        "begin", "> O #1", "< A #1", "> U #2 orig_user_ref_num=#1 price=99", "< U #2", "> O #2", "> O #3", "< A #3",
    )),
    Row("a replace that is ignored leaves its number free", NUMBERS, (
        "begin", "> O #1", "< A #1", "> X #1", "< C #1", "> U #2 orig_user_ref_num=#1", "> O #2", "< A #2",
    ), must=False),
    Row("a cancel takes no number", NUMBERS, ("begin", "> O #1", "< A #1", "> X #1", "< C #1", "> O #2", "< A #2")),
    Row("each session has numbers of its own", NUMBERS, ("begin", "2begin", "> O #1", "< A #1", "2> O #1", "2< A #1")),
    Row("the client's own text is no identity", ENTER, ("begin", "> O #1 cl_ord_id=SAME", "< A #1 cl_ord_id=SAME", "> O #2 cl_ord_id=SAME", "< A #2 cl_ord_id=SAME")),
)  # fmt: skip
ORDERS = (
    Row("an order is accepted as it was entered", ACCEPTED, (
        "begin", "> O #1 side=S quantity=4 price=101 capacity=A cl_ord_id=ECHO",
        "< A #1 side=S quantity=4 price=101 time_in_force=0 display=Y capacity=A inter_market_sweep_eligibility=N cross_type=N order_state=L cl_ord_id=ECHO symbol=own",
    )),
    Row("each order gets a reference number of its own", ACCEPTED, (
        "begin", "> O #1", "< A #1 order_reference_number=@first", "> O #2", "< A #2 order_reference_number=~@first",
    )),
    Row("requests of a session are carried out in their order", ENTER, ("begin", "> O #1 & O #2 & X #1 & O #3", "< A #1", "< A #2", "< C #1", "< A #3")),
    Row("what is left of an IOC order is canceled", ENTER, (
        "begin", "> O #1 time_in_force=3", "< A #1", "<? C #1 quantity=5 reason=I", "> X #1", "> O #2", "< A #2",
    )),
    Row("a trade is told to both sides with one match number", EXECUTED, (
        "begin", "2begin", SELL, "< A #1", "2> O #1 quantity=3", "2< A #1", "2< E #1 quantity=3 price=100 match_number=@match", "< E #1 quantity=3 price=100 match_number=@match",
    )),
    Row("who added and who removed is told", EXECUTED, ("begin", "2begin", SELL, "< A #1", "2> O #1", "2< A #1", "2< E #1 liquidity_flag=R", "< E #1 liquidity_flag=A")),
    Row("an order that is filled gets no cancel", CANCEL, (
        "begin", "2begin", SELL, "< A #1", "2> O #1", "2< A #1", "2< E #1 quantity=5", "< E #1 quantity=5", "> X #1", "> O #2", "< A #2",
    )),
    Row("a symbol that is not traded", REJECTED, ("begin", "> O #1 symbol=nobody cl_ord_id=ECHO", "< J #1 reject_reason=0x17 cl_ord_id=ECHO")),
    Row("a side that is none", REJECTED, ("begin", "> O #1 side=Q", "< J #1 reject_reason=0x09|0x0F")),
    Row("a time in force that is none", REJECTED, ("begin", "> O #1 time_in_force=Z", "< J #1")),
    Row("a quantity of 0", REJECTED, ("begin", "> O #1 quantity=0", "< J #1 reject_reason=0x13|0x0F")),
    Row("more than 999,999 shares", REJECTED, ("begin", f"> O #1 quantity=!{SHARES_MOST + 1}", "< J #1 reject_reason=0x13|0x1E|0x31|0x0F"), must=False),
    Row("a price beyond $199,999.99", REJECTED, ("begin", "> O #1 price=!2147483646", "< J #1 reject_reason=0x1D|0x06|0x26|0x0F")),
    Row("a capacity that is none", REJECTED, ("begin", "> O #1 capacity=Z", "< J #1"), must=False),
)  # fmt: skip
CHANGES = (
    Row("a replace is one new order in place of the old one", REPLACE, (
        "begin", "> O #1", "< A #1", "> U #2 orig_user_ref_num=#1 quantity=7 price=99 cl_ord_id=MORE",
        "< U #2 orig_user_ref_num=#1 quantity=7 price=99 side=B order_state=L cl_ord_id=MORE symbol=own", "> X #1 & X #2", "< C #2 quantity=7", "> O #3", "< A #3",
    )),
    Row("a replace names the total of the whole chain", REPLACE, (
        "begin", "2begin", SELL, "< A #1", "2> O #1 quantity=1", "2< A #1", "2< E #1", "< E #1 quantity=1", "> U #2 orig_user_ref_num=#1 quantity=5", "< U #2 quantity=4",
        "> U #3 orig_user_ref_num=#2 quantity=6", "< U #3 quantity=5",
    )),
    Row("a replace may trade at once", REPLACE, (
        "begin", "2begin", SELL, "< A #1", "2> O #1 price=99", "2< A #1", "2> U #2 orig_user_ref_num=#1 price=100", "2< U #2", "2< E #2 quantity=5 price=100", "< E #1 quantity=5 price=100",
    )),
    Row("a replace of an order that is gone is ignored", REPLACE, (
        "begin", "> O #1", "< A #1", "> X #1", "< C #1", "> U #2 orig_user_ref_num=#1", "> O #3", "< A #3",
    )),
    Row("a replace of an order that never was is ignored", REPLACE, ("begin", "> U #9 orig_user_ref_num=#5", "> O #10", "< A #10")),
    Row("a replace under a number that was used is ignored", REPLACE, (
        "begin", "> O #1", "< A #1", "> O #2", "< A #2", "> U #2 orig_user_ref_num=#1 quantity=7", "> X #1", "< C #1 quantity=5",
    )),
    Row("a replace to what cannot be cancels the order", REPLACE, (
        "begin", "> O #1", "< A #1", f"> U #2 orig_user_ref_num=#1 quantity=!{SHARES_MOST + 1}", "< C #1 quantity=5",
    ), must=False),
    Row("a cancel takes all that is open", CANCEL, ("begin", "> O #1", "< A #1", "> X #1", "< C #1 quantity=5 reason=U")),
    Row("a cancel tells what it took, not what was entered", CANCEL, (
        "begin", "2begin", SELL, "< A #1", "2> O #1 quantity=2", "2< A #1", "2< E #1", "< E #1 quantity=2", "> X #1", "< C #1 quantity=3 reason=U",
    )),
    Row("a cancel to a quantity leaves the order with no more in all", CANCEL, (
        "begin", "> O #1", "< A #1", "> X #1 quantity=2", "< C #1 quantity=3 reason=U", "> X #1", "< C #1 quantity=2",
    ), refused=NO_CANCEL),
    Row("a cancel to what is there changes nothing", CANCEL, ("begin", "> O #1", "< A #1", "> X #1 quantity=5", "> O #2", "< A #2"), refused=NO_CANCEL),
    Row("a second cancel is ignored", CANCEL, ("begin", "> O #1", "< A #1", "> X #1", "< C #1", "> X #1", "> O #2", "< A #2")),
    Row("a cancel of an order that never was is ignored", CANCEL, ("begin", "> X #5", "> O #6", "< A #6")),
    Row("a cancel of another session's order is ignored", CANCEL, ("begin", "2begin", "> O #3", "< A #3", "2> X #3", "2> O #4", "2< A #4", "> X #3", "< C #3 quantity=5")),
    Row("a modify takes quantity away", MODIFY, (
        "begin", SELL, "< A #1", "> M #1 side=S quantity=3", "< M #1 side=S quantity=3", "> X #1", "< C #1 quantity=3",
    ), refused=NO_CANCEL),
    Row("a modify that adds quantity is ignored", MODIFY, ("begin", SELL, "< A #1", "> M #1 side=S quantity=9", "> O #2 price=99", "< A #2"), refused=NO_CANCEL),
)  # fmt: skip
OF_MANY = (
    Row("a mass cancel is acknowledged, and each order is told canceled", MASS, (
        "begin", "> O #1", "< A #1", "> O #2 price=99", "< A #2", "> C #3", "<* X #3", "<* C #1 quantity=5", "<* C #2 quantity=5",
    ), refused=("J #3",)),
    Row("a mass cancel of one side leaves the other", MASS, (
        "begin", "> O #1 price=99", "< A #1", "> O #2 side=S price=101", "< A #2", "> C #3 side=B", "<* X #3", "<* C #1 quantity=5", "> X #2", "< C #2",
    ), refused=("J #3",)),
    Row("a mass cancel of another session's orders takes none", MASS, (
        "begin", "2begin", "> O #1", "< A #1", "2> C #1", "2< X #1", "> X #1", "< C #1 quantity=5",
    ), refused=("J #1",)),
    Row("no order is taken while order entry is disabled", DISABLE, (
        "begin", "> D #1", "< G #1", "> O #2", "< J #2", "> E #3", "< K #3", "> O #4", "< A #4",
    ), refused=("J #1",)),
    Row("the next number can be asked for", QUERY, ("begin", "> O #4", "< A #4", "> Q", "< Q next_user_ref_num=#5"), refused=("J", "I")),
)  # fmt: skip
FORMS = (
    Row("a tag that there is not is passed over", TAGS, ("begin", "> O #1 appendage=02c859", "< A #1")),
    Row("tags may come in any order", TAGS, ("begin", "> O #1 appendage=020c4e0503000000000206" + "4c", "< A #1")),
    Row("an element that goes on behind the appendage", TAGS, ("begin", "> O #1 appendage=090300000005", *LIVES)),
    Row("an element of length 0", TAGS, ("begin", "> O #1 appendage=00", *LIVES), must=False),
    Row("a cancel may have an appendage of length 0", TAGS, ("begin", "> O #1", "< A #1", "> X #1 appendage=", "< C #1")),
    Row("a message of a type that there is not", NO_MESSAGE, ("begin", "> O #1 type=z", *LIVES)),
    Row("a message that is too short is not carried out", NO_MESSAGE, ("begin", "> O #1 cut=20", *LIVES)),
    Row("a message without a type", NO_MESSAGE, ("begin", "> O #1 cut=0", *LIVES)),
)  # fmt: skip
ROWS = (*NUMBERING, *ORDERS, *CHANGES, *OF_MANY, *FORMS)
