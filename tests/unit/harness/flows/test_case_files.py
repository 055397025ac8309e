"""Files of cases that are wrong are told of whole."""

import pytest

from harness.base.errors import SetupError
from harness.flows._case_files import read_cases
from tests.fakes.case_folder import GOOD, folder_with


def test_everything_wrong_is_told_at_once(tmp_path):
    wrong = GOOD.replace("new buy 100 x 5 #1", "new by 100 x 5 #1").replace('why = "b"', 'wy = "b"')
    worse = (
        GOOD.replace('"5 of #1"', '"5 lots of #1"').replace("rested #1", "rests #1").replace("schema = 1", "schema = 2")
    )
    folder = folder_with(tmp_path, a=wrong, b=worse, c="[[case", d=GOOD, e=GOOD)
    with pytest.raises(SetupError) as told:
        read_cases(folder)
    lines = str(told.value).split("\n")[1:]
    assert [line.split(f"{folder}/")[1].split(": ")[0] for line in lines] == [
        "a.toml, case one, why", "a.toml, case one, step 1, do", "a.toml, case one, wy",
        "b.toml, schema", "b.toml, case one, step 1, expect 2", "b.toml, case one, left 1",
        "c.toml is no TOML", "e.toml, case one, name",
    ]  # fmt: skip
    assert "came 'new by 100 x 5 #1'; wanted one of: new buy|sell" in lines[1]


def test_a_folder_without_cases(tmp_path):
    with pytest.raises(SetupError, match="there is no hand-made case"):
        read_cases(tmp_path)
