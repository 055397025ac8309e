"""The stimulus table of FIX 4.4 sessions: logon, numbers and gaps, resends, heartbeats, what is malformed, and the end.

After "FIX Session Protocol", Volume 2 of FIX 4.4. Each row begins with ResetSeqNumFlag=Y, so that its numbers are those of a session that has just begun.
"""

from __future__ import annotations

from harness.conformance.wire.script import Row

LOGON, HEARTBEAT, TEST, RESEND, REJECT, RESET, LOGOUT = (
    f"FIX 4.4 Volume 2, {message}"
    for message in (
        "Logon <A>",
        "Heartbeat <0>",
        "Test Request <1>",
        "Resend Request <2>",
        "Reject <3>",
        "Sequence Reset <4>",
        "Logout <5>",
    )
)
HEADER, ORDERED, INTEGRITY, DUPLICATE = (
    f"FIX 4.4 Volume 2, {where}"
    for where in (
        "Standard Message Header",
        "Ordered Message Processing",
        "Message Garbled",
        "Possible Duplicates and Resends",
    )
)
LIVES = ("> 1 112=lives", "< 0 112=lives")
"""The session goes on, and the number that was expected came."""

LOGGING_ON = (
    Row("the first message is no Logon", LOGON, ("connect", "> 0", "closed 3 5")),
    Row("a Logon is answered with the same interval", LOGON, (
        "connect", "> A 141=Y 34=1 108=30", "< A 34=1 108=30 98=0 49=target 56=username",
    )),
    Row("a Logon of somebody else", LOGON, ("connect", "> A 141=Y 34=1 49=STRANGER", "closed 3 5")),
    Row("a Logon for somebody else", LOGON, ("connect", "> A 141=Y 34=1 56=STRANGER", "closed 3 5")),
    Row("a Logon with a wrong password", LOGON, ("connect", "> A 141=Y 34=1 554=!WRONG", "closed 3 5"), must=False),
    Row("a Logon with ResetSeqNumFlag begins both sides at 1", LOGON, (
        "begin", "> 1 112=a", "< 0 112=a 34=2", "connect", "> A 141=Y 34=1", "< A 34=1 141=Y", "> 1 34=2 112=b", "< 0 112=b 34=2",
    )),
    Row("a second Logon", LOGON, ("begin", "> A", "closed 3 5"), must=False),
)  # fmt: skip
SILENCE = (
    Row("silence is asked about, and then ends the session", TEST, (
        "connect", "> A 141=Y 34=1 108=1", "< A", "< 1 112=@asked", "closed 5",
    ), seconds=2.0),
    Row("an answer to a TestRequest keeps the session", TEST, (
        "connect", "> A 141=Y 34=1 108=1", "< A", "> 0 34=2", "< 1 112=@asked", "> 0 34=3 112=@asked", "> 1 34=4 112=lives", "< 0 112=lives",
    ), seconds=2.0),
    Row("own silence is broken by a Heartbeat", HEARTBEAT, ("connect", "> A 141=Y 34=1 108=1", "< A", "< 0 112=-"), seconds=2.0),
    Row("a TestRequest is answered with its own id", TEST, ("begin", "> 1 112=are-you-there", "< 0 112=are-you-there")),
)  # fmt: skip
AGAIN = "43=Y 122=-1s"
NUMBERS = (
    Row("a number too high is asked about, and nothing is lost", ORDERED, (
        "begin", "> D #b 34=3", "< 2 7=2 16=0|2|999999", f"> D #a 34=2 {AGAIN}", f"> D #b 34=3 {AGAIN}", "< 8 #a 150=0", "< 8 #b 150=0",
    )),
    Row("a Logon with a number too high is answered first", ORDERED, (
        "begin", "connect", "> A 34=9", "< A 34=2", "< 2 7=2",
    )),
    Row("a ResendRequest with a number too high is carried out first", ORDERED, (
        "begin", "> 2 7=1 16=0 34=9", "< 4 34=1 36=2 123=Y", "< 2 7=2",
    )),
    Row("a Logout with a number too high is answered", ORDERED, ("begin", "> 5 34=99", "<? 2", "< 5")),
    Row("a number too low ends the session", ORDERED, ("begin", "> 0 34=1", "< 5", "closed")),
    Row("a Logon with a number too low is refused", ORDERED, ("begin", "> 1 112=a", "< 0 112=a", "connect", "> A 34=1", "closed 5")),
    Row("a duplicate that was seen is ignored", DUPLICATE, (
        "begin", "> D #a", "< 8 #a 150=0", f"> D #b 34=2 {AGAIN}", *LIVES,
    )),
    Row("a possible duplicate without OrigSendingTime", DUPLICATE, ("begin", "> D #a 34=1 43=Y", "< 3 373=1 371=122")),
    Row("a possible duplicate from later than itself", DUPLICATE, ("begin", "> D #a 34=1 43=Y 122=+10s", "< 3 373=10"), must=False),
    Row("what was sent is sent again under its number", RESEND, (
        "begin", "> D #a", "< 8 34=2 #a 150=0 52=@sent", "> 1 112=x", "< 0 34=3", "> 2 7=1 16=0", "< 4 34=1 43=Y 123=Y 36=2",
        "< 8 34=2 #a 150=0 43=Y 122=@sent", "< 4 34=3 123=Y 36=4",
    )),
    Row("no more is sent again than was asked for", RESEND, (
        "begin", "> D #a", "< 8 34=2 #a 150=0", "> D #b", "< 8 34=3 #b 150=0", "> 2 7=2 16=2", "< 8 34=2 #a 43=Y", *LIVES,
    )),
    Row("a Reject is sent again too", RESEND, (
        "begin", "> 1", "< 3 34=2 45=2", "> 2 7=2 16=2", "< 3 34=2 45=2 43=Y",
    ), must=False),
    Row("a gap fill counts from its own number", RESET, ("begin", "> 4 123=Y 36=9", "> 1 34=9 112=lives", "< 0 112=lives")),
    Row("a gap fill that goes back", RESET, ("begin", "> 4 123=Y 36=9", "> 4 123=Y 36=9 34=9", "< 3 45=9 373=5")),
    Row("a reset ignores its own number", RESET, ("begin", "> 4 36=50 34=7", "> 1 34=50 112=lives", "< 0 112=lives")),
    Row("a reset that goes back", RESET, ("begin", "> 4 36=50 34=7", "> 4 36=49 34=7", "< 3 373=5", "> 1 34=50 112=lives", "< 0 112=lives")),
    Row("numbers go on over a reconnect", LOGON, (
        "begin", "> D #a", "< 8 34=2 #a 150=0", "connect", "> A", "< A 34=3", "> 2 7=2 16=2", "< 8 34=2 #a 43=Y",
    )),
    Row("what happened while nobody was there is not lost", RESEND, (
        "begin", "> D #a 54=2", "< 8 34=2 #a 150=0", "connect", "2begin", "2> D #b", "2< 8 #b 150=0", "2< 8 #b 150=F",
        "> A", "<? 8", "< A 34=@logon", "> 2 7=3 16=0", "<? 4", "< 8 #a 150=F 34=3",
    )),
    Row("a second order under PossResend is none", DUPLICATE, ("begin", "> D #a 97=Y", "< 8 #a 150=0", "> D #a 97=Y", "< 8|j 150=8|I|-")),
)  # fmt: skip
MALFORMED = (
    Row("a required field is missing", REJECT, ("begin", "> D #a 55=-", "< 3 45=2 373=1 371=55", *LIVES)),
    Row("a required field of a session message is missing", REJECT, ("begin", "> 1", "< 3 45=2 373=1 371=112", *LIVES)),
    Row("a code that there is not", REJECT, ("begin", "> D #a 54=Z", "< 3 45=2 373=5 371=54", *LIVES)),
    Row("a tag that there is not", REJECT, ("begin", "> D #a 999=x", "< 3 45=2 373=3|2|0", *LIVES), must=False),
    Row("a value of a wrong form", REJECT, ("begin", "> D #a 99=!dear", "< 3 45=2 373=6|5", *LIVES), must=False),
    Row("a tag without a value", REJECT, ("begin", "> D #a 18=!", "< 3 45=2 373=4", *LIVES), must=False),
    Row("a message type that there is not", REJECT, ("begin", "> YY", "< 3 45=2 373=11", *LIVES)),
    Row("a message with a wrong checksum is ignored", INTEGRITY, ("begin", "> 1 112=garbled garbled=checksum 34=2", *LIVES)),
    Row("a message with a wrong length is ignored", INTEGRITY, ("begin", "> 1 112=garbled garbled=length 34=2", *LIVES), must=False),
    Row("a message of another version is ignored", INTEGRITY, ("begin", "> 1 112=garbled garbled=version 34=2", *LIVES), must=False),
    Row("a clock that is ten minutes off", HEADER, ("begin", "> 0 52=-600s", "< 3 373=10", "closed 5"), must=False),
    Row("another sender inside a session", HEADER, ("begin", "> 0 49=STRANGER", "< 3 373=9", "closed 5")),
    Row("another target inside a session", HEADER, ("begin", "> 0 56=STRANGER", "< 3 373=9", "closed 5")),
    Row("a Logout is answered", LOGOUT, ("begin", "> 5", "< 5")),
)  # fmt: skip
ROWS = (*LOGGING_ON, *SILENCE, *NUMBERS, *MALFORMED)
