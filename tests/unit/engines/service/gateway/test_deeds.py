"""Each thing that an operator did is told once, with whose doing it was, of what, and what came of it."""

import pytest

from engines.service.gateway.deeds import Deeds, keep_persons
from engines.service.gateway.ids import parties_of
from harness.base.controls import LimitCode
from harness.base.errors import SetupError
from harness.base.reasons import Reason
from harness.base.records import CommandKind, Event, EventKind, command_rows, commands_of, empty_commands, events_of

ABSENT = command_rows(empty_commands(1))[0]


class Log:
    def __init__(self):
        self.lines = []

    def say(self, event, level="info", **fields):
        self.lines.append({"event": event, "level": level, **fields})


def told(asked, *answers):
    log = Log()
    deeds = Deeds({5: "Ann Example"}, log.say)
    deeds.ask(5, commands_of([ABSENT._replace(order=5 << 32 | 3, **one) for one in asked]))
    events = events_of([Event(**({"order": 5 << 32 | 3, "command": 9} | one)) for one in answers])
    deeds.tell(events, parties_of(events))
    return log.lines


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        (
            {"kind": CommandKind.KILL_ACCOUNT, "account": 12}, {"kind": EventKind.DONE, "qty": 4},
            {"did": "kill", "of": "account 12", "answer": "done", "canceled": 4},
        ),
        (
            {"kind": CommandKind.ENABLE, "target": 2}, {"kind": EventKind.DONE, "qty": 0},
            {"did": "enable", "of": "firm 2", "answer": "done"},
        ),
        (
            {"kind": CommandKind.HALT, "instrument": 4}, {"kind": EventKind.HALTED},
            {"did": "halt", "of": "instrument 4", "answer": "done"},
        ),
        (
            {"kind": CommandKind.LIMIT, "account": 1, "type": LimitCode.LONG_MAX, "qty": 7}, {"kind": EventKind.DONE, "qty": 0},
            {"did": "limit", "of": "account 1", "limit": "long_max", "to": 7, "answer": "done"},
        ),
        (
            {"kind": CommandKind.LIMIT, "type": 99, "qty": 7}, {"kind": EventKind.REJECTED, "reason": Reason.INVALID_TERMS},
            {"did": "limit", "of": "all", "limit": "99", "to": 7, "answer": "invalid terms", "level": "warning"},
        ),
        (
            {"kind": CommandKind.MASS_CANCEL}, {"kind": EventKind.DONE, "qty": 0},
            {"did": "mass cancel", "of": "all", "answer": "done", "canceled": 0},
        ),
    ],
)  # fmt: skip
def test_what_was_asked_for_and_what_came_of_it(asked, answer, said):
    common = {"event": "operator", "level": "info", "person": "Ann Example", "command": 9}
    assert told([asked], answer) == [common | said]


def test_answers_belong_to_what_was_asked_in_its_order():
    asked = [{"kind": CommandKind.HALT, "instrument": 4}, {"kind": CommandKind.RESUME, "instrument": 4}]
    canceled = {"kind": EventKind.CANCELED, "order": 1 << 32 | 3}
    of_others = {"kind": EventKind.REJECTED, "order": 1 << 32 | 3}
    lines = told(asked, canceled, {"kind": EventKind.HALTED}, of_others, {"kind": EventKind.RESUMED})
    assert [line["did"] for line in lines] == ["halt", "resume"]


def test_a_breaker_is_nobodys_doing():
    lines = told([], {"kind": EventKind.HALTED, "order": 0, "instrument": 4}, {"kind": EventKind.RESUMED, "order": 0})
    assert [(line["event"], line["by"], line["instrument"]) for line in lines] == [
        ("halted", "breaker", 4),
        ("resumed", "breaker", 0),
    ]


def test_an_answer_to_what_was_asked_before_the_start_is_passed_over():
    assert told([], {"kind": EventKind.DONE}) == []


def test_the_number_of_a_person_is_never_another_s(tmp_path):
    keep_persons(tmp_path, {5: "Ann Example"})
    keep_persons(tmp_path, {5: "Ann Example", 6: "Bob"})
    with pytest.raises(SetupError, match="port 6 was that of Bob and is now to be Eve's"):
        keep_persons(tmp_path, {6: "Eve"})
