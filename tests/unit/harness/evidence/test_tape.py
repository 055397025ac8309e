"""tape.json: read back as it was, told in words, and refused in words."""

import json

import msgspec
import pytest

from harness.base.capabilities import Conventions
from harness.base.controls import NO_CONTROLS, AccountControls, Controls
from harness.base.errors import EvidenceError
from harness.base.records import NONE, CommandKind, command_rows
from harness.evidence.store import write_json
from harness.evidence.tape import StoredTape, read_tape, told
from tests.fakes.every_term import LIMITED, every_term
from tests.fakes.history import BUY, IOC, POST_ONLY, cancel, mass_cancel, new
from tests.fakes.taped import tape_of
from tests.fakes.told import asked


def stored(rows):
    return StoredTape(
        finding="a1b2c3d4", engine="plain", check="model", kind="answer", title="t", expected="e", got="g",
        conventions=Conventions(self_trade="decrement"), instruments=LIMITED, commands=told(tape_of(rows)),
    )  # fmt: skip


def written(folder, rows):
    write_json(folder / "tape.json", stored(rows))
    return json.loads((folder / "tape.json").read_text())


def test_it_is_read_back_as_it_was(tmp_path):
    rows = every_term(500, seed=1)
    rows += [new(2**64 - 1, 7, 2**62, -(2**62), 99, type=88, flags=66)._replace(kind=77, number=501)]
    written(tmp_path, rows)
    for place in (tmp_path, tmp_path / "tape.json"):
        again = read_tape(place)
        assert again == stored(rows)
        assert command_rows(again.records()) == rows


def test_a_command_tells_what_is_set_and_in_words(tmp_path):
    commands = written(tmp_path, [new(1, BUY, 100, 5, IOC, flags=POST_ONLY), cancel(1), mass_cancel()])["commands"]
    assert commands == [
        {
            "kind": "new", "order": 1, "side": "buy", "type": "limit", "tif": "ioc", "flags": ["post_only"], "price": 100, "qty": 5,
            "account": 1, "instrument": 1, "session": 1,
        },
        {"kind": "cancel", "order": 1, "target": 1, "account": 1, "instrument": 1, "session": 1},
        {"kind": "mass_cancel"},
    ]  # fmt: skip


def test_what_nobody_set_is_absent(tmp_path):
    data = written(tmp_path, [new(1, BUY, 100, 5)])
    data["commands"] = [{"kind": "cancel", "target": 4}]
    (tmp_path / "tape.json").write_text(json.dumps(data))
    (row,) = command_rows(read_tape(tmp_path).records())
    assert (row.kind, row.target, row.qty, row.side, row.number) == (CommandKind.CANCEL, 4, NONE, 255, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "sell"}, "a command of the tape has 'sell'; there are: new, cancel"),
        ({"flags": ["iceberg"]}, "has 'iceberg'; there are: none, post_only"),
        ({"prize": 5}, "prize"),
        ({"price": "5"}, "price"),
    ],
)
def test_a_command_that_is_none_is_named(tmp_path, change, said):
    data = written(tmp_path, [new(1, BUY, 100, 5)])
    data["commands"][0] |= change
    (tmp_path / "tape.json").write_text(json.dumps(data))
    with pytest.raises(EvidenceError, match=said):
        read_tape(tmp_path).records()


def test_a_newer_tape_and_none_at_all_are_refused(tmp_path):
    data = written(tmp_path, [])
    (tmp_path / "tape.json").write_text(json.dumps(data | {"schema": 2}))
    with pytest.raises(EvidenceError, match="schema 2"):
        read_tape(tmp_path)
    with pytest.raises(EvidenceError, match="cannot read"):
        read_tape(tmp_path / "gone.json")


def test_controls_are_part_of_it_and_an_older_tape_has_none(tmp_path):
    data = written(tmp_path, [asked(CommandKind.LIMIT, account=1, type=10, qty=5)])
    assert read_tape(tmp_path).records()["type"].tolist() == [10]
    del data["controls"]
    (tmp_path / "tape.json").write_text(json.dumps(data))
    assert read_tape(tmp_path).controls == NO_CONTROLS
    held = Controls(accounts=(AccountControls(account=1, long_max=5),))
    write_json(tmp_path / "tape.json", msgspec.structs.replace(stored([]), controls=held))
    assert read_tape(tmp_path).controls == held
