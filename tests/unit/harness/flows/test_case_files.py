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


@pytest.mark.parametrize(
    ("limits", "where"),
    [
        ("{ price_step = 0 }", "limits, price_step"),
        ("{ accounts = [1, 10] }", "limits, accounts 2"),
        ("{ order_qty_max = 0 }", "limits, order_qty_max"),
        ("{ collar = 5 }", "limits, collar"),
    ],
)
def test_limits_that_are_none_are_told(tmp_path, limits, where):
    folder = folder_with(tmp_path, a=GOOD.replace("left =", f"limits = {limits}\nleft ="))
    with pytest.raises(SetupError, match=f"case one, {where}: "):
        read_cases(folder)


def test_limits_and_conventions_are_read(tmp_path):
    more = 'limits = { price_step = 5, accounts = [0, 9] }\nwhen = { stop_order = ["time"] }\nleft ='
    (case,) = read_cases(folder_with(tmp_path, a=GOOD.replace("left =", more)))
    assert (case.limits.price_step, case.limits.accounts, case.limits.collar_ticks) == (5, (0, 9), None)
    assert (case.when.stop_order, case.when.stop_trigger) == (("time",), ())
