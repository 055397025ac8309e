"""What ends a connection of FIX beside its session, and what does not; the session: tests/contract/test_wire_batteries.py."""

from contextlib import suppress

from harness.wire.fix_tags import Kind, Tag
from tests.fakes.fix_client import FixClient, fix_config, new
from tests.fakes.fix_talk import told
from tests.fakes.served import served


def test_a_port_that_logs_on_again_takes_over(tmp_path):
    with served(tmp_path, fix_config()) as service, FixClient(service.fix_address) as old:
        old.log_on()
        with FixClient(service.fix_address, number=2) as new_one:
            assert new_one.log_on().number() == 2
            assert old.rest() == []
            new_one.say("D", *new("a"))
            assert told(new_one.hear(1), Tag.EXEC_TYPE) == [("8", "0")]
    assert any("logged in again" in end for end in service.ends_of_connections())


def test_who_does_not_log_on_is_closed(tmp_path):
    with served(tmp_path, fix_config(login_ms=1)) as service, FixClient(service.fix_address) as client:
        assert client.rest() == []


def test_who_reads_too_slowly_is_closed(tmp_path):
    config = fix_config()
    config["ports"] = [one | {"waiting_bytes_max": 10_000} for one in config["ports"]]
    with served(tmp_path, config) as service:
        with FixClient(service.fix_address, receive_bytes=4_096) as client:
            client.log_on()
            with suppress(ConnectionError):
                while not service.ends_of_connections():
                    client.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "x" * 1_000))
        (end,) = service.ends_of_connections()
    assert end.startswith("FIXA: a slow reader: ")


def test_garbage_is_no_message_and_no_end(tmp_path):
    with served(tmp_path, fix_config()) as service, FixClient(service.fix_address) as client:
        client.log_on()
        client.socket.sendall(b"GET / HTTP/1.1\r\n\x01")
        client.say(Kind.TEST_REQUEST, (Tag.TEST_REQ_ID, "x"))
        assert told(client.hear(1), Tag.TEST_REQ_ID) == [("0", "x")]


def test_who_is_connected_when_the_service_ends_is_logged_out_and_goes_on_where_it_was(tmp_path):
    with served(tmp_path, fix_config()) as service, FixClient(service.fix_address) as client:
        client.log_on()
        client.say("D", *new("a"))
        client.hear(1)
        service.end()
        assert told(client.rest(), Tag.MSG_SEQ_NUM, Tag.TEXT) == [("5", "3", "the service ends")]
    with served(tmp_path, fix_config()) as service, FixClient(service.fix_address, number=3) as client:
        assert client.log_on().number() == 4
