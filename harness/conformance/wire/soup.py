"""The stimulus table of SoupBinTCP: login, numbers and replay, heartbeats, the end, and what no client may send. The messages within are OUCH's.

After "SoupBinTCP" of Nasdaq, versions 4.00 and 4.10. What the documents leave open, most engines close the connection for: such rows may differ,
but that an engine outlives it all.
"""

from __future__ import annotations

from harness.conformance.wire.script import Row

REQUEST, ACCEPTED, REJECTED = (f"SoupBinTCP 4.10, Login {word} Packet" for word in ("Request", "Accepted", "Rejected"))
FRAMES, NUMBERS, HEARTBEATS = (
    f"SoupBinTCP 4.10, {word}" for word in ("Logical Packets", "Sequence Numbers", "Heartbeats")
)
DEBUG, LOGOUT = (f"SoupBinTCP 4.10, {word} Packet" for word in ("Debug", "Logout Request"))
OPEN = "SoupBinTCP 4.10 does not say; connections are closed for it by custom"

LIVES = ("connect", "> login", "< accepted", "> O #9", "< A #9")
"""The engine goes on with a new connection of the same session."""

ROWS = (
    Row("a login is accepted from the number asked for", ACCEPTED, ("connect", "> login sequence=+1", "< accepted sequence=+1")),
    Row("a login of version 4.10 is accepted", REQUEST, ("connect", "> login timeout_ms=15000", "< accepted sequence=+1"), must=False),
    Row("a login for the session by its name", REQUEST, (
        "connect", "> login", "< accepted session=@name", "connect", "> login session=@name", "< accepted session=@name sequence=+1",
    )),
    Row("a name is not heeded by case", REQUEST, ("connect", "> login username=swapped", "< accepted"), must=False),
    Row("a wrong password", REJECTED, ("connect", "> login password=!WRONG", "< rejected reason=A", "closed")),
    Row("a username that is nobody's", REJECTED, ("connect", "> login username=!NOBODY", "< rejected reason=A", "closed")),
    Row("a session that there is not", REJECTED, ("connect", "> login session=!NOWHERE", "< rejected reason=S", "closed")),
    Row("nothing is taken behind a rejected login", REJECTED, (
        "connect", "> login password=!WRONG & O #1", "< rejected reason=A", "closed", "begin", "> O #2", "< A #2",
    )),
    Row("a debug packet before the login is ignored", DEBUG, ("connect", "> debug text=hello", "> login", "< accepted")),
    Row("a debug packet in between is ignored", DEBUG, ("begin", "> debug text=hello", "> O #1", "< A #1")),
    Row("a second login", OPEN, ("begin", "> login", "closed rejected", *LIVES), must=False),
    Row("what comes before the login is not carried out", OPEN, ("connect", "> O #1", "closed rejected", "begin", "> O #2", "< A #2")),
    Row("a login that is cut short", REQUEST, ("connect", "> raw 000a4c414243444546474849", "closed rejected", *LIVES)),
    Row("packets may be cut anywhere", FRAMES, ("connect", ">. login", "< accepted", ">. O #1", "< A #1")),
    Row("several packets in one piece", FRAMES, ("connect", "> login & O #1 & alive & O #2", "< accepted", "< A #1", "< A #2")),
    Row("each message counts once, and nothing else", NUMBERS, (
        "begin", "> O #1", "< A #1", "> alive & debug text=x", "> O #2", "< A #2", "connect", "> login sequence=+1", "< accepted sequence=+1", "> O #3", "< A #3",
    )),
    Row("a session goes on from the number asked for", NUMBERS, (
        "begin", "> O #1", "< A #1", "> O #2", "< A #2", "connect", "> login sequence=+0", "< accepted sequence=+0", "< A #2", "> O #3", "< A #3",
    )),
    Row("a session is told again from its first message, byte for byte", NUMBERS, (
        "begin", "> O #1", "< A #1", "connect", "> login sequence=1", "< accepted sequence=1", "replayed", "> O #2", "< A #2",
    )),
    Row("what was told while nobody was there is told later", NUMBERS, (
        "begin", "> O #1 side=S", "< A #1", "connect", "2begin", "2> O #1", "2< A #1", "2< E #1", "> login", "< accepted sequence=+1", "< E #1",
    )),
    Row("number 0 begins with the newest message", REQUEST, (
        "begin", "> O #1", "< A #1", "connect", "> login sequence=0", "< accepted sequence=+0", "< A #1",
    ), must=False),
    Row("a number beyond the next leaves no hole", NUMBERS, ("connect", "> login sequence=+5", "< rejected reason=S", "closed")),
    Row("the server says that it is there after a second", HEARTBEATS, ("begin", "< alive"), seconds=1.0),
    Row("a client that is silent for the time that it told is closed", HEARTBEATS, (
        "connect", "> login timeout_ms=1000", "< accepted", "closed",
    ), must=False, seconds=1.0),
    Row("a client that says that it is there is not closed", HEARTBEATS, (
        "connect", "> login timeout_ms=1000", "< accepted", *("wait 0.5", "> alive") * 3, "> O #1", "< A #1",
    ), must=False),
    Row("a logout closes the connection", LOGOUT, ("begin", "> logout", "closed")),
    Row("what came before a logout is carried out", LOGOUT, ("begin", "> O #1 & logout", "closed A", "begin", "> X #1", "<? A #1", "< C #1")),
    Row("a packet of length 0", FRAMES, ("begin", "> raw 0000", *LIVES)),
    Row("a packet of a type that there is not", OPEN, ("begin", "> raw 000151", "closed", *LIVES), must=False),
    Row("a packet that only a server sends", OPEN, ("begin", "> sequenced text=x", "closed", *LIVES), must=False),
    Row("the longest packet that there is", FRAMES, ("begin", "> raw ffff55 long=65534", *LIVES)),
    Row("a packet that is never finished is not carried out", FRAMES, ("begin", "> O #1 half=30", "connect", "> login", "< accepted", "> O #2", "< A #2")),
    Row("a connection that breaks ends no session", NUMBERS, ("begin", "> O #1", "< A #1", "connect", "> login", "< accepted", "> X #1", "< C #1 quantity=5")),
)  # fmt: skip
