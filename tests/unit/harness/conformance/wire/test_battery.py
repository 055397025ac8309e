"""What is run against which door; what the rows say is in tests/contract/test_wire_batteries.py."""

import socket

from harness.conformance.wire.battery import ROWS, SILENT_MOST, Battery
from harness.conformance.wire.script import Row, step_of
from tests.fakes.scripted_line import door


def test_a_row_of_two_sessions_needs_two():
    tried = Battery([door()]).hold("OUCH 5.0", Row("of two", "clause", ("begin", "2begin")))
    assert (tried.state, tried.why) == ("not tried", "it needs 2 sessions, and engine.toml tells of 1")


def test_where_nobody_listens_nothing_is_tried():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    tried = list(Battery([door("fix")._replace(address=address)] * 2).run())
    assert len(tried) == sum(map(len, ROWS["fix"].values()))
    assert {one.state for one in tried} == {"not tried"}
    assert all(one.why.startswith("cannot connect: ") for one in tried[:SILENT_MOST])


def test_an_engine_that_says_nothing_is_left():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        door_of_mute = door("fix")._replace(address=mute.getsockname())
        battery = Battery([door_of_mute] * 2, 0.01, 0.01)
        tried = list(battery.run())
    assert [one.state for one in tried[:SILENT_MOST]] == ["not held"] * SILENT_MOST
    assert {(one.state, one.why) for one in tried[SILENT_MOST:]} == {
        ("not tried", "in 3 rows nothing was heard of the engine")
    }


def test_every_line_of_every_row_can_be_carried_out():
    rows = [row for batteries in ROWS.values() for rows in batteries.values() for row in rows]
    assert all(step_of(line) for row in rows for line in row.lines)
    assert len(rows) > 100
