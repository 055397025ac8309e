"""One history out of several: every command and event once, in the numbers of the whole, and no event before what it can be of."""

import tempfile
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.errors import EvidenceError
from harness.base.records import Channel, Event, EventKind, commands_of, events_of
from harness.evidence.history import History
from harness.evidence.journal import Journal
from harness.load import merging
from harness.load.crew import LoadError
from harness.load.merging import Source, merge
from tests.fakes.history import new

SENDERS, COPY = range(3), 3
UNSENT = 3
"""In place of a sender: nobody came to send it."""
S = 1_000_000_000


class Said(NamedTuple):
    """An event of a sender's own session or of the drop copy, with a mark of its own."""

    received_ns: int
    command: int
    """In the whole; 0: it names none."""
    mark: int


@dataclass
class Part:
    """What one sender leaves, or a drop copy: commands as (number in the whole, when sent), and events as they came."""

    sent: list[tuple[int, int]]
    said: list[Said]

    def left(self, folder, source, *, segment_commands=3):
        """Write it as the sender does, numbered from 1, and tell of it as a source of the whole."""
        numbers = [number for number, _ in self.sent]
        here = {number: at for at, number in enumerate(numbers, 1)} | {0: 0}
        out = Journal(folder / str(source), segment_commands=segment_commands)
        rest = list(self.said)
        # Nothing goes out before it is due, and what is due later may go out sooner.
        due_ns = [min(sent_ns for _, sent_ns in self.sent[at:]) for at in range(len(self.sent))]
        for at, (number, sent_ns) in enumerate(self.sent, 1):
            out.commands(commands_of([new(number, 0, 100, 1, number=at, sent_ns=sent_ns, due_ns=due_ns[at - 1])]))
            then_ns = due_ns[at] if at < len(self.sent) else S
            out.events(_events([one for one in rest if one.received_ns < then_ns], here, source))
            rest = [one for one in rest if one.received_ns >= then_ns]
        out.events(_events(rest, here, source))
        out.close()
        return Source(out.folder, np.array(numbers, np.int64) if source != COPY else None, _moved)


def _events(said, here, source):
    channel = Channel.DROP_COPY if source == COPY else Channel.ORDER
    return events_of([
        Event(command=here[one.command], engine_seq=one.mark, received_ns=one.received_ns, session=source, kind=EventKind.ACCEPTED, channel=channel)
        for one in said
    ])  # fmt: skip


def _moved(events):
    events["session"] += 10
    return events


class Merged(NamedTuple):
    """What came out: commands and events each with the stretch of the history in which they stand."""

    commands: list[tuple[int, int, int]]
    """(stretch, number, when sent)."""
    events: list[tuple[int, int, Said]]
    """(stretch, session, what)."""
    counted: list[int]
    """The numbers of the commands that were counted."""


def merged(parts, stretch, margin_ns=0):
    counted = []
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "STRETCH", stretch)
        sources = [part.left(Path(folder), source) for source, part in enumerate(parts)]
        with closing(Journal(Path(folder) / "out", segment_commands=1)) as out:
            merge(sources, out, lambda commands: counted.extend(commands["number"].tolist()), margin_ns)
        commands, events = [], []
        for at, segment in enumerate(History(Path(folder) / "out" / "history", fresh=True).segments()):
            # The builder gave each order the number of its command in the whole.
            assert segment.commands["order"].tolist() == segment.commands["number"].tolist()
            commands += [(at, row["number"], row["sent_ns"]) for row in segment.commands]
            events += [
                (at, row["session"], Said(*(int(row[name]) for name in ("received_ns", "command", "engine_seq"))))
                for row in segment.events
            ]
    return Merged(commands, events, counted)


@st.composite
def loads(draw):
    """A load by three senders whose clocks agree, each as late as it is, with a drop copy: a part for each."""
    parts, copied, marks = [Part([], []) for _ in SENDERS], [], iter(range(1, 10**6))
    due_ns, took = 0, st.integers(0, 12)
    for number in range(1, draw(st.integers(0, 40)) + 1):
        due_ns += draw(st.integers(0, 3))
        sender = draw(st.integers(0, UNSENT))
        if sender == UNSENT:
            continue
        sent, said = parts[sender].sent, parts[sender].said
        sent_ns = due_ns + draw(st.integers(0, 15))
        sent.append((number, sent_ns))
        for named in draw(st.lists(st.booleans(), max_size=2)):
            said.append(Said(sent_ns + draw(took), number if named else 0, next(marks)))
        if draw(st.booleans()):
            copied.append(Said(sent_ns + draw(took), 0, next(marks)))
    for part in (*parts, copy := Part([], copied)):
        part.said.sort(key=lambda one: one.received_ns)
    return [*parts, copy]


@settings(deadline=None, max_examples=60)
@given(parts=loads(), stretch=st.integers(1, 12))
def test_it_is_the_history_that_one_sender_would_have_left(parts, stretch):
    out = merged(parts, stretch)
    assert [(number, sent_ns) for _, number, sent_ns in out.commands] == sorted(chain(*(part.sent for part in parts)))
    assert sorted(out.counted) == [number for _, number, _ in out.commands]
    for source, part in enumerate(parts):
        # Each source's events in their order: each once, with the command that it names, and with what the whole calls its session.
        assert [said for _, session, said in out.events if session == source + 10] == part.said
    assert len(out.events) == sum(len(part.said) for part in parts)
    stands = {number: at for at, number, _ in out.commands}
    assert all(stands[said.command] <= at for at, _, said in out.events if said.command)
    for at, _, said in out.events:
        later = [sent_ns for stretch, _, sent_ns in out.commands if stretch > at]
        assert said.received_ns < min(later, default=S), "what was sent before it stands before it"


def test_events_stand_as_they_came_whoever_heard_them():
    parts = [
        Part([(1, 0), (3, 10)], [Said(5, 1, 1), Said(30, 3, 2)]),
        Part([(2, 5)], [Said(20, 2, 3)]),
        Part([], []),
        Part([], [Said(4, 0, 4), Said(20, 0, 5), Said(40, 0, 6)]),
    ]
    assert [said.mark for _, _, said in merged(parts, 10).events] == [4, 1, 3, 5, 2, 6]


def test_what_nobody_came_to_send_is_a_gap():
    parts = [Part([(2, 0), (900, 10)], [Said(5, 2, 1)]), Part([(41, 5)], [Said(6, 41, 2)])]
    out = merged(parts, 16)
    assert [number for _, number, _ in out.commands] == [2, 41, 900]
    assert [said for _, _, said in out.events] == [Said(5, 2, 1), Said(6, 41, 2)]


def test_events_wait_for_a_sender_that_was_late():
    """The first command of the whole went out last, so all stands behind it, in the order in which it came."""
    parts = [Part([(1, 100)], [Said(101, 1, 1)]), Part([(2, 0), (3, 1)], [Said(2, 2, 2), Said(150, 3, 3)])]
    assert [said.mark for _, _, said in merged(parts, 1).events] == [2, 1, 3]


@pytest.mark.parametrize(("margin_ns", "first"), [(0, 0), (3, 1), (50, 1)], ids=["one clock", "two", "two, with room"])
def test_what_a_copy_tells_of_a_command_stands_behind_it_though_its_clock_is_behind_the_senders(margin_ns, first):
    """The copy's clock is 3 behind that of who sent the second command, and told of it at once."""
    parts = [
        Part([(1, 0), (2, 10)], []),
        Part([], []),
        Part([], []),
        Part([], [Said(5, 0, 1), Said(10 - 3, 0, 2), Said(40, 0, 3)]),
    ]
    out = merged(parts, 1, margin_ns)
    stands = {said.mark: at for at, _, said in out.events}
    assert stands[2] == first
    assert [said.mark for _, _, said in out.events] == [1, 2, 3]


def test_it_ends_whatever_the_times_of_events_are(monkeypatch):
    """What was never sent is told at the end, with a time of its own or none."""
    monkeypatch.setattr(merging, "MOST", 4)
    said = [*(Said(100 + at, 0, 1 + at) for at in range(3)), *(Said(-(2**63), 0, 4 + at) for at in range(6))]
    out = merged([Part([(1, 0)], said)], 4)
    assert sorted(said.mark for _, _, said in out.events) == list(range(1, 10))


def test_what_names_a_command_stands_behind_it_whatever_its_time_is():
    out = merged([Part([(1, 0), (2, 50)], [Said(10, 2, 1), Said(60, 1, 2)])], 1)
    assert [(at, said.mark) for at, _, said in out.events] == [(1, 1), (1, 2)]


def test_a_copy_is_taken_a_stretch_at_a_time_however_long_it_is(tmp_path, monkeypatch):
    """It has no commands that would end a segment."""
    monkeypatch.setattr(merging, "STRETCH", 4)
    copy, taken = Part([], [Said(at, 0, at + 1) for at in range(10)]).left(tmp_path, COPY), []

    def noted(events):
        taken.append(len(events))
        return events

    with closing(Journal(tmp_path / "out")) as out:
        merge([copy._replace(of_whole=noted)], out, lambda commands: None)
    assert taken == [4, 4, 2]
    assert out.received == 10


@pytest.mark.parametrize("behind", [SENDERS[0], COPY], ids=["a sender's", "the copy's"])
def test_events_of_an_engine_that_is_far_behind_are_merged_a_part_at_a_time(behind, tmp_path, monkeypatch):
    """All of them came once all was sent."""
    monkeypatch.setattr(merging, "STRETCH", 4)
    monkeypatch.setattr(merging, "MOST", 8)
    parts = {0: Part([(1, 0), (2, 1)], []), COPY: Part([], [])}
    parts[behind].said.extend(Said(at, 2 if behind == 0 else 0, at) for at in range(10, 110))
    parts[0 if behind == COPY else COPY].said.extend(Said(at, 0, 100 + at) for at in (10, 60, 109))
    taken = []

    class Noted(Journal):
        def events(self, records):
            taken.append(records["received_ns"].tolist())
            super().events(records)

    with closing(Noted(tmp_path / "out")) as out:
        merge([part.left(tmp_path, source) for source, part in parts.items()], out, lambda commands: None)
    assert [*chain(*taken)] == sorted([*range(10, 110), 10, 60, 109])
    assert max(map(len, taken)) <= 8 + 3


@pytest.mark.parametrize("received_ns", [2**62, 2**63 - 1])
@pytest.mark.parametrize("behind", [SENDERS[0], COPY], ids=["a sender's", "the copy's"])
def test_an_event_that_never_comes_ends_it(behind, received_ns):
    parts = {0: Part([(1, 0)], [Said(5, 1, 1)]), COPY: Part([], [])}
    parts[behind].said.append(Said(received_ns, 0, 2))
    with pytest.raises(LoadError, match="later than anything can"):
        merged([parts[0], Part([], []), Part([], []), parts[COPY]], 4)


def test_a_number_beyond_all_is_told(tmp_path):
    """What is below 0 stands above all others, too."""
    source = Part([(1, 0)], []).left(tmp_path, 0)._replace(numbers=np.array([-1], np.int64))
    with closing(Journal(tmp_path / "out")) as out, pytest.raises(LoadError, match="beyond merging"):
        merge([source], out, lambda commands: None)


def test_a_gap_takes_no_longer_the_wider_it_is():
    """A round for each of its stretches would be 10**17 of them."""
    parts = [Part([(2, 0), (10**18, 10)], [Said(5, 2, 1), Said(20, 10**18, 2)])]
    out = merged(parts, 16)
    assert [number for _, number, _ in out.commands] == [2, 10**18]
    assert [said.mark for _, _, said in out.events] == [1, 2]


def test_nothing_sent_is_nothing_merged():
    assert merged([Part([], []), Part([], [])], 4) == Merged([], [], [])


def test_a_damaged_part_is_told(tmp_path):
    source = Part([(number, number) for number in range(1, 10)], []).left(tmp_path, 0)
    (source.folder / "history" / "000002.commands").write_bytes(b"")
    with closing(Journal(tmp_path / "out")) as out, pytest.raises(EvidenceError, match=r"000002\.commands"):
        merge([source], out, lambda commands: None)
