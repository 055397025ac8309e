"""Folders as registries."""

import pytest

from harness.base import discover
from harness.base.errors import SetupError


def test_names_are_file_names_without_private_ones(tmp_path, monkeypatch):
    package = tmp_path / "plugged_in"
    package.mkdir()
    for name in ("__init__", "beta", "alpha", "_helper"):
        (package / f"{name}.py").write_text(f'"""About {name}."""\nTHING = "{name}"\n')
    monkeypatch.syspath_prepend(tmp_path)
    assert discover.names("plugged_in") == ("alpha", "beta")
    assert discover.about("plugged_in", "beta") == "About beta."
    assert discover.load("plugged_in", "beta", "THING") == "beta"


def test_a_file_by_path_is_a_plug(tmp_path):
    (tmp_path / "mine.py").write_text("THING = 5\n")
    assert discover.load("harness.checks", str(tmp_path / "mine.py"), "THING") == 5


def test_errors_say_what_there_is(tmp_path):
    with pytest.raises(SetupError, match=r"no check named 'nothing'; there are: .*gate_0"):
        discover.load("harness.checks", "nothing", "CHECK")
    with pytest.raises(SetupError, match="no file"):
        discover.load("harness.checks", str(tmp_path / "gone.py"), "CHECK")
    (tmp_path / "bare.py").write_text("")
    with pytest.raises(SetupError, match="no public name CHECK"):
        discover.load("harness.checks", str(tmp_path / "bare.py"), "CHECK")
