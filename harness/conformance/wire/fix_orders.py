"""The stimulus table of FIX 4.4 order entry: what each request is answered with, where an order then stands, and what adds up to what.

After Volume 4 of FIX 4.4, "Order State Change Matrices" among its appendices. What an engine does not take it may refuse by BusinessMessageReject: then there is
nothing to try, and it is told so.
"""

from __future__ import annotations

from harness.conformance.wire.script import Row

SINGLE, REPORT, CANCEL, REPLACE, CANCEL_REJECT, MASS, STATUS = (
    f"FIX 4.4 Volume 4, {message}"
    for message in (
        "New Order Single <D>", "Execution Report <8>", "Order Cancel Request <F>", "Order Cancel/Replace Request <G>", "Order Cancel Reject <9>",
        "Order Mass Cancel Request <q>", "Order Status Request <H>",
    )
)  # fmt: skip
MATRIX, BUSINESS = "FIX 4.4 Volume 4, Order State Change Matrices", "FIX 4.4 Volume 3, Business Message Reject <j>"
UNKNOWN = ("j 380=3",)
OPEN = "150=0 39=0 151=5 14=0 6=!0"
LIVES = ("> 1 112=lives", "< 0 112=lives")

ENTERING = (
    Row("an order is accepted as it was entered", REPORT, (
        "begin", "> D #a 54=2 38=4 44=101", "< 8 #a 150=0 39=0 55=own 54=2 38=4 151=4 14=0 6=!0 20=- 37=@order 17=@exec",
    )),
    Row("a symbol that is not traded", REPORT, ("begin", "> D #a 55=nobody", "< 8 #a 150=8 39=8 151=!0 14=!0 103=1|11|99")),
    Row("a quantity of 0", REPORT, ("begin", "> D #a 38=!0", "< 8|3 150=8|- 39=8|-")),
    Row("a ClOrdID that was used", SINGLE, ("begin", "> D #a", "< 8 #a 150=0", "> D #a", "< 8|j 150=8|- 39=8|-")),
    Row("what is left of an IOC order is canceled", MATRIX, ("begin", "> D #a 59=3", "<? 8 #a 150=0", "< 8 #a 150=4|C|8 151=!0 14=!0")),
    Row("a trade is reported to both sides as such", MATRIX, (
        "begin", "2begin", "> D #a 54=2", "< 8 #a 150=0 37=@sell", "2> D #b", "2< 8 #b 150=0", "2< 8 #b 150=F 39=2 32=5 31=100 14=5 151=!0 6=100", "< 8 #a 150=F 39=2 32=5 31=100 14=5 151=!0 37=@sell",
    )),
    Row("an order that is filled in part", MATRIX, (
        "begin", "2begin", "> D #a 54=2", "< 8 #a 150=0", "2> D #b 38=2", "2< 8 #b 150=0", "2< 8 #b 150=F 39=2", "< 8 #a 150=F 39=1 32=2 14=2 151=3 6=100",
        "2> D #c 38=1", "2< 8 #c 150=0", "2< 8 #c 150=F", "< 8 #a 150=F 39=1 32=1 14=3 151=2",
    )),
    Row("each report has an id of its own", REPORT, ("begin", "> D #a", "< 8 #a 150=0 17=@one 37=@first", "> D #b", "< 8 #b 150=0 17=~@one 37=~@first")),
)  # fmt: skip
CHANGING = (
    Row("a cancel takes all that is open", CANCEL, (
        "begin", "> D #a", "< 8 #a 150=0 37=@order", "> F #c 41=#a", "< 8 #c 41=#a 37=@order 150=4 39=4 151=!0 14=!0",
    )),
    Row("a cancel of an order that never was", CANCEL_REJECT, ("begin", "> F #c 41=#none", "< 9 #c 41=#none 39=8 434=1 102=1 37=NONE")),
    Row("a cancel of an order that is filled", CANCEL_REJECT, (
        "begin", "2begin", "> D #a 54=2", "< 8 #a 150=0", "2> D #b", "2< 8 #b 150=0", "2< 8 #b 150=F", "< 8 #a 150=F", "> F #c 41=#a 54=2", "< 9 #c 41=#a 39=2 434=1 102=0|1",
    )),
    Row("a second cancel", CANCEL_REJECT, ("begin", "> D #a", "< 8 #a 150=0", "> F #c 41=#a", "< 8 150=4", "> F #d 41=#a", "< 9 #d 434=1 102=0|1 39=4|8")),
    Row("a replace names the new total", REPLACE, (
        "begin", "> D #a", "< 8 #a 150=0 37=@order", "> G #g 41=#a 38=7 44=99", "< 8 #g 41=#a 37=@order 150=5 39=0 38=7 151=7 14=!0 44=99", "> F #c 41=#g", "< 8 #c 41=#g 150=4",
    )),
    Row("what was traded counts in a replace", REPLACE, (
        "begin", "2begin", "> D #a 54=2", "< 8 #a 150=0", "2> D #b 38=2", "2< 8 #b 150=0", "2< 8 #b 150=F", "< 8 #a 150=F", "> G #g 41=#a 54=2 38=6", "< 8 #g 150=5 39=1 38=6 14=2 151=4",
    )),
    Row("a replace to less than was traded leaves nothing open", MATRIX, (
        "begin", "2begin", "> D #a 54=2", "< 8 #a 150=0", "2> D #b 38=2", "2< 8 #b 150=0", "2< 8 #b 150=F", "< 8 #a 150=F", "> G #g 41=#a 54=2 38=1", "< 8|9 150=5|- 39=2|1",
    )),
    Row("a replace of an order that never was", CANCEL_REJECT, ("begin", "> G #g 41=#none", "< 9 #g 41=#none 39=8 434=2 102=1")),
    Row("a replace cannot change the symbol", REPLACE, ("begin", "> D #a", "< 8 #a 150=0", "> G #g 41=#a 55=nobody", "< 9|3|j")),
    Row("a replace cannot change the side", REPLACE, ("begin", "> D #a", "< 8 #a 150=0", "> G #g 41=#a 54=2", "< 9|3|j")),
    Row("a change that is refused leaves the order as it was", CANCEL_REJECT, (
        "begin", "> D #a", "< 8 #a 150=0", "> G #g 41=#a 54=2", "< 9|3|j", "> F #c 41=#a", "< 8 #c 150=4 14=!0",
    )),
)  # fmt: skip
OF_MANY = (
    Row("a mass cancel reports each order, and how many", MASS, (
        "begin", "> D #a", "< 8 #a 150=0 37=@one", "> D #b 44=99", "< 8 #b 150=0 37=@two", "> q #q 530=7", "<* r #q 530=7 531=7 533=2|-", "<* 8 37=@one 150=4 39=4", "<* 8 37=@two 150=4 39=4",
    ), refused=UNKNOWN),
    Row("the status of an order can be asked for", STATUS, ("begin", "> D #a", "< 8 #a 150=0 37=@order", "> H #a", "< 8 37=@order 150=I 39=0 151=5 14=!0"), refused=UNKNOWN),
    Row("the status of an order that never was", STATUS, ("begin", "> H #none", "< 8|j 150=I|8|- 39=8|-"), refused=UNKNOWN),
    Row("a message that is not taken is refused in words", BUSINESS, ("begin", "> B 148=x", "< j|3 372=B", *LIVES)),
)  # fmt: skip
ROWS = (*ENTERING, *CHANGING, *OF_MANY)
