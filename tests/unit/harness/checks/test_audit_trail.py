"""What was told and is not kept, or kept otherwise, twice, or told to nobody, is found; what cannot be compared is no evidence."""

import msgspec
import numpy as np
import pytest

from harness.base.ending import FILL, Ending
from harness.base.records import NONE
from harness.checks import audit_trail
from harness.checks.audit_trail import CHECK
from harness.evidence.fold import applies
from tests.fakes.history import ALL, BUY, SELL, accepted, folded, info, new, numbered, segments, trade

DURABLE = msgspec.structs.replace(ALL, durable=True)
COMMANDS = numbered([new(1, SELL, 100, 5), new(2, BUY, 100, 2), new(3, BUY, 100, 3, account=2)])
TOLD = [
    *map(accepted, COMMANDS),
    trade(COMMANDS[1], 1, 100, 2, 0, match=1),
    trade(COMMANDS[2], 1, 100, 3, 0, match=2),
]
KEPT = [(1, 100, 2), (2, 100, 3)]


def facts(kept, told=TOLD, **about):
    fills = None if kept is None else np.array(kept, FILL)
    ending = Ending(verified=True, fills=None if fills is None else len(fills))
    run = info(**({"capabilities": DURABLE, "ending": ending, "kept": lambda: fills} | about))
    return folded(CHECK.start(run), segments(COMMANDS, told, size=2))


def found(kept, **about):
    return [(one.kind, one.first_command, one.orders, one.count) for one in facts(kept, **about).findings]


def test_what_was_told_is_kept():
    told = facts(KEPT[::-1])
    assert (told.findings, told.seen, told.unknown) == ((), 2, "")


@pytest.mark.parametrize(
    ("kept", "wanted"),
    [
        (KEPT[:1], [("not_kept", 3, (3, 1), 1)]),
        (KEPT[1:], [("not_kept", 2, (2, 1), 1)]),
        ([], [("not_kept", 2, (2, 1), 2)]),
        ([(1, 100, 2), (2, 101, 3)], [("differs", 3, (3, 1), 1)]),
        ([(1, 100, 2), (2, 100, 4)], [("differs", 3, (3, 1), 1)]),
        ([*KEPT, (1, 100, 2)], [("twice", 0, (), 1)]),
        ([*KEPT, (3, 99, 1)], [("never_told", 0, (), 1)]),
    ],
)
def test_what_is_not_as_it_was_told_is_found(kept, wanted):
    assert found(kept) == wanted


def test_what_one_side_leaves_out_is_no_difference():
    assert found([(1, NONE, 2), (2, 100, NONE)]) == []


def test_a_fill_that_each_side_is_told_by_itself_is_one_fill():
    assert found(KEPT, told=[*TOLD, TOLD[-1]]) == []


def test_of_a_run_that_was_cut_short_a_fill_may_have_been_told_later():
    assert found([*KEPT, (3, 99, 1)], interrupted=True) == []
    assert found(KEPT[:1], interrupted=True) == [("not_kept", 3, (3, 1), 1)]


def test_damage_is_told_also_where_no_fills_are():
    (finding,) = facts(None, ending=Ending(verified=True, damaged="exit code 1")).findings
    assert (finding.kind, finding.got) == ("damaged", "exit code 1")


@pytest.mark.parametrize("ending", [None, Ending(), Ending(verified=True)])
def test_what_was_not_looked_at_or_cannot_be_compared_is_no_evidence(ending):
    told = facts(None, ending=ending)
    assert (told.seen, told.findings) == (0, ())


def test_more_fills_than_are_remembered_are_unknown(monkeypatch):
    monkeypatch.setattr(audit_trail, "MOST", 1)
    assert facts(KEPT).unknown == "more than 1 fills were told: too many to be compared"


def test_it_is_about_engines_that_keep_what_they_told():
    assert applies(CHECK.needs, info(capabilities=DURABLE))
    assert not applies(CHECK.needs, info())
