"""An engine behind a wire: what it said comes first and then why it is gone, whose first reason stays; a start that fails leaves nothing connected."""

import msgspec
import numpy as np
import pytest

from engines.adapters._wired import Wired, offered
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.errors import EngineDiedError, EngineError, EngineStartError, MisspokeError
from harness.base.records import EVENT, Channel, Event, empty_commands, event_rows, events_of
from harness.engine_file import EngineFile, Start, Verify, to_json
from harness.port import Spoken

FILE = EngineFile.model_validate({
    "schema": 1, "name": "wired", "adapter": "ouch", "endpoints": {"orders": "127.0.0.1:7001", "copy": "127.0.0.1:7002"},
    "session": [{"username": "COPY", "endpoint": "copy"}, {"account": 5, "username": "FIVE"}, {"account": 3, "username": "THREE"}],
})  # fmt: skip
INSTRUMENTS = (Instrument(id=1, symbol="ONE"),)


class Client:
    """Says what it is given to say, and fails where it is told to; its own sender."""

    def __init__(self):
        self.says = []
        self.fails = None
        self.is_open = False

    def open(self):
        self.is_open = True
        self._fail()

    def open_for(self, account):
        self._fail()

    def session(self):
        return self

    def send(self, commands):
        self._fail()
        return len(commands)

    def hear(self, wait_ns):
        self._fail()

    def told(self):
        told, self.says = self.says, []
        return events_of(told) if told else np.zeros(0, EVENT)

    def counters(self):
        return {"commands_said": 4}

    def close(self):
        self.is_open = False

    def _fail(self):
        if self.fails:
            raise self.fails


class Engine(Wired):
    """Has all clients that it ever made; the next one fails as it is told."""

    capabilities = Capabilities()
    conventions = Conventions()

    def __init__(self):
        super().__init__(FILE, "ouch", INSTRUMENTS)
        self.made = []
        self.next_fails = None

    def made_client(self, venue):
        self.made.append(Client())
        self.made[-1].fails = self.next_fails
        return self.made[-1]


@pytest.fixture
def engine():
    made = Engine()
    made.start()
    return made


def test_what_it_said_before_it_failed_comes_first_and_then_the_first_reason(engine):
    (client,) = engine.made
    sender = engine.session(5)
    client.says, client.fails = [Event(order=7)], MisspokeError("that is no message")
    assert engine.poll(0)["order"].tolist() == [7]
    client.fails = EngineDiedError("it is gone")
    for call in (
        lambda: engine.poll(0),
        lambda: sender.send(empty_commands(1)),
        lambda: engine.session(5),
        engine.counters,
    ):
        with pytest.raises(MisspokeError, match="the engine failed: that is no message"):
            call()


def test_what_is_heard_without_an_event_tells_the_failure_at_once(engine):
    engine.made[0].fails = EngineDiedError("it is gone")
    with pytest.raises(EngineDiedError, match="the engine failed: it is gone"):
        engine.poll(0)


def test_a_session_that_does_not_open_later_is_a_death_and_no_failed_start(engine):
    assert engine.session(5).send(empty_commands(3)) == 3
    engine.made[0].fails = EngineStartError("no login")
    with pytest.raises(EngineDiedError, match="the engine failed: no login"):
        engine.session(3)


def test_a_start_that_fails_leaves_nothing_connected_and_the_next_one_may_do():
    engine = Engine()
    with pytest.raises(EngineDiedError, match="the engine was not started"):
        engine.poll(0)
    engine.next_fails = EngineStartError("no login")
    with pytest.raises(EngineStartError, match="no login"):
        engine.start()
    assert not engine.made[0].is_open
    with pytest.raises(EngineDiedError, match="the engine was stopped"):
        engine.session(5)
    engine.next_fails = None
    engine.start()
    assert engine.counters() == {"commands_said": 4}


def test_a_reset_is_a_new_start_where_one_is_offered(engine):
    engine.made[0].fails = EngineDiedError("it is gone")
    with pytest.raises(EngineDiedError):
        engine.poll(0)
    engine.reset()
    assert [client.is_open for client in engine.made] == [False, True]
    assert len(engine.poll(0)) == 0
    engine.capabilities = msgspec.structs.replace(engine.capabilities, reset="none")
    with pytest.raises(EngineError, match="no reset"):
        engine.reset()
    assert len(engine.made) == 2


def test_accounts_are_found_by_their_logins_and_have_the_doors(engine):
    assert [engine.login_of(account) for account in (3, 4, 5)] == [(2, FILE.session[2]), None, (1, FILE.session[1])]
    assert [(door.protocol, door.address, door.login.username) for door in engine.doors()] == [
        ("ouch", ("127.0.0.1", 7001), "FIVE"),
        ("ouch", ("127.0.0.1", 7001), "THREE"),
    ]


def test_others_join_by_a_file_with_the_logins_of_their_accounts(engine):
    engine.capabilities = Capabilities(channels=("order", "drop_copy"))
    joined = EngineFile.model_validate_json(to_json(engine.joining((3, 4))))
    assert (joined.adapter, joined.ways, joined.endpoints) == ("ouch", [], FILE.endpoints)
    assert [(login.account, login.username) for login in joined.session] == [(3, "THREE")]
    assert (joined.capabilities.channels, joined.instrument) == (("order",), list(INSTRUMENTS))
    assert [client.is_open for client in engine.made] == [True], "whoever hears the drop copy goes on"
    with pytest.raises(EngineError, match="none of the accounts 4, 6"):
        engine.joining((4, 6))


def test_who_has_no_drop_copy_leaves_the_sessions_to_those_that_join(engine):
    engine.joining((5,))
    assert [client.is_open for client in engine.made] == [False, False]
    assert len(engine.poll(0)) == 0


def test_what_others_heard_gets_the_numbers_of_here_and_a_drop_copy_their_ids(engine):
    copy, order = Channel.DROP_COPY, Channel.ORDER
    heard = [
        Event(order=(2 << 32) + 1, maker=(1 << 32) + 2, account=2, channel=copy),
        Event(order=(7 << 32) + 1, account=7, channel=copy),
        Event(order=90, account=3, channel=order, session=1),
    ]
    sent = (Spoken(1, 3, np.array([0, 90], np.uint64)), Spoken(2, 5, np.array([0, 50, 51], np.uint64)))
    copied, strange, on_session = event_rows(engine.renamed(events_of(heard), sent))
    assert (copied.order, copied.maker, copied.account) == (90, 51, 3)
    assert (strange.order, strange.account) == ((7 << 32) + 1, 7), "of those that nobody sent nothing else is known"
    assert (on_session.order, on_session.session) == (90, 2)


def test_what_is_offered_is_said_by_the_file_or_else_by_the_wire_and_what_there_is_to_start():
    alone, copied = Capabilities(types=("limit",)), Capabilities(types=("limit", "stop"))
    told = offered(FILE, alone, copied)
    assert (told.types, told.reset, told.durable) == (copied.types, "none", False)
    traded = FILE.model_copy(
        update={"session": FILE.session[1:], "start": Start(command=["engine"]), "verify": Verify(command=["look"])}
    )
    told = offered(traded, alone, copied)
    assert (told.types, told.reset, told.durable) == (alone.types, "restart", True)
    assert offered(FILE.model_copy(update={"capabilities": alone}), copied, copied) is alone
