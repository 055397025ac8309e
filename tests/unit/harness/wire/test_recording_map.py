"""The column map of a recording: what may stand in it, and that every mistake in one is told at once."""

import pytest

from harness.base.errors import SetupError
from harness.base.records import Side
from harness.wire.recording import Action
from harness.wire.recording_map import read_map

WHOLE = """
schema = 1
file = "day.csv"
symbol = "ABC"
delimiter = ";"
header = ["when", "what", "side", "px", "qty", "order", "tx"]

[time]
column = "when"
unit = "iso8601"

[action]
column = "what"
add = ["NEW", "N"]
cancel = ["DEL"]
trade = ["EXE"]
ignore = ["HB"]

[side]
column = "side"
buy = ["b"]
sell = ["s"]
none = ["-"]

[price]
column = "px"

[size]
column = "qty"
implied_decimals = 4
none = ["NA"]

[id]
column = "order"
kind = "text"

[event]
column = "tx"
"""


def written(folder, text):
    path = folder / "map.toml"
    path.write_text(text)
    return path


def test_a_whole_map(tmp_path):
    told = read_map(written(tmp_path, WHOLE))
    assert told.columns() == ["when", "what", "side", "px", "qty", "order", "tx"]
    assert told.action.meanings() == {
        "NEW": Action.ADD, "N": Action.ADD, "DEL": Action.CANCEL, "EXE": Action.TRADE, "HB": None,
    }  # fmt: skip
    assert told.side.meanings() == {"": Side.NONE, "-": Side.NONE, "b": Side.BUY, "s": Side.SELL}
    assert (told.file.name, told.symbol, told.id.kind, told.size.implied_decimals) == ("day.csv", "ABC", "text", 4)


def test_every_mistake_is_told_at_once_with_what_came(tmp_path):
    text = WHOLE
    for right, wrong in (
        ("schema = 1", "schema = 2"), ('"iso8601"', '"min"'), ('";"', '";;"'), ("decimals = 4", "decimals = 10"),
        ('[event]\ncolumn = "tx"', '[event]\ncolumn = "tx"\nlast_bit = 64'), ('kind = "text"', 'kind = "words"'), ('buy = ["b"]', "buy = []"),
        ('["DEL"]', '["NEW"]'), ('[price]\ncolumn = "px"', "[price]\ncolum = 3"),
    ):  # fmt: skip
        assert right in text
        text = text.replace(right, wrong)
    with pytest.raises(SetupError) as told:
        read_map(written(tmp_path, text))
    lines = str(told.value).splitlines()
    assert "the recording's map" in lines[0]
    assert "map.toml" in lines[0]
    places = {line.split(":")[0].strip() for line in lines[1:]}
    assert places == {
        "schema", "time.unit", "action", "side.buy", "price.column", "price.colum", "size.implied_decimals", "id.kind",
        "event.last_bit", "delimiter",
    }  # fmt: skip
    said = "\n".join(lines)
    assert "'ns', 'us', 'ms', 's' or 'iso8601' (came: 'min')" in said
    assert "action: each word can mean one thing only, and once; twice: 'NEW'" in said


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('"order", "tx"]', '"order"]', "header does not name 'tx'"),
        ('sell = ["s"]', 'sell = ["s", "b"]', "twice: 'b'"),
        ('none = ["-"]', 'none = ["s"]', "twice: 's'"),
        ('file = "day.csv"\n', "", "file: Field required"),
        ("[id]", "[ids]", "id: Field required"),
        ('";"', '"\\n"', "delimiter"),
        ("schema = 1", "schema = ", "is no valid TOML"),
    ],
)
def test_a_single_mistake(tmp_path, right, wrong, message):
    with pytest.raises(SetupError) as told:
        read_map(written(tmp_path, WHOLE.replace(right, wrong)))
    assert message in str(told.value)


def test_a_map_that_is_not_there(tmp_path):
    with pytest.raises(SetupError, match=r"cannot read the recording's map .*gone.toml"):
        read_map(tmp_path / "gone.toml")
