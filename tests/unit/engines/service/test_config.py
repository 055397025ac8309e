"""The example is the default and says all there is; every mistake of a file is told at once, with its place."""

import tomllib

import pytest

from engines.service.config import DEFAULT, ServiceConfig, read_config
from harness.base.controls import AccountControls, FirmControls, InstrumentControls, Rate
from harness.base.errors import SetupError

LEAST = """
[[instruments]]
id = 1
symbol = "ONE"
[[ports]]
number = 1
username = "a"
password = "b"
account = 7
"""


def told(tmp_path, text):
    path = tmp_path / "service.toml"
    path.write_text(text)
    with pytest.raises(SetupError) as error:
        read_config(path)
    return str(error.value)


def test_the_example_is_whole_and_says_every_default(tmp_path):
    (tmp_path / "least.toml").write_text(LEAST)
    example, least = read_config(), read_config(tmp_path / "least.toml")
    for name in ("service", "journal", "bundles", "listeners", "sessions", "engine"):
        assert getattr(example, name) == getattr(least, name)
    raw = tomllib.loads(DEFAULT.read_text())
    for name in set(ServiceConfig.model_fields) - {"instruments"}:
        tables, has = raw[name], getattr(example, name)
        tables, has = (tables, has[0]) if isinstance(tables, list) else ([tables], has)
        assert {word for table in tables for word in table} == type(has).model_fields.keys()


def test_every_mistake_is_told_at_once_with_its_place(tmp_path):
    said = told(
        tmp_path,
        LEAST + "messages_per_s = 0\nnickname = 1\n[journal]\nsyncs = 'often'\n[sessions]\nidle_ms = 'long'\n",
    )
    for line in (
        "journal.syncs: Input should be 'batch', 'interval' or 'none' (came: 'often')",
        "sessions.idle_ms",
        "ports.0.messages_per_s: Input should be greater than or equal to 1 (came: 0)",
        "ports.0.nickname: Extra inputs are not permitted",
    ):
        assert line in said


def test_an_instrument_says_what_is_wrong_with_it(tmp_path):
    said = told(
        tmp_path, LEAST.replace('symbol = "ONE"', 'symbol = "ONE"\nprice_step = 0') + '[[instruments]]\nsymbol = "B"\n'
    )
    assert "instruments.0: price_step of ONE is 0" in said
    assert "instruments.1: id is missing" in said
    assert "there is no 'tick'; there are: id, symbol, tick_1e9" in told(
        tmp_path, LEAST.replace("id = 1", "id = 1\ntick = 5")
    )
    assert "there is no 'collar'" in told(tmp_path, LEAST.replace("id = 1", "id = 1\nrisk = { collar = 1 }"))


def test_what_does_not_fit_together_is_told_together(tmp_path):
    port = LEAST[LEAST.index("[[ports]]") :]
    instrument = '[[instruments]]\nid = 1\nsymbol = "TOO LONG FOR OUCH"\n'
    said = told(tmp_path, LEAST + port.replace('"a"', '"A"') + instrument)
    for part in (
        "2 instruments have the id 1",
        "2 ports have the number 1",
        "2 logins have the username A",
        "'TOO LONG FOR OUCH'",
    ):
        assert part in said
    two = '[[instruments]]\nid = 2\nsymbol = "ONE"\n'
    assert "instruments 1 and 2 are both ONE" in told(tmp_path, LEAST + two)


def test_a_file_that_is_not_there_or_no_toml_is_told(tmp_path):
    with pytest.raises(SetupError, match="cannot read the configuration"):
        read_config(tmp_path / "none.toml")
    assert "is no valid TOML" in told(tmp_path, "[[[")


def test_replaces_are_those_of_ouch():
    conventions = read_config().configuration().conventions
    assert (conventions.replace_quantity, conventions.replace_keeps_place) == ("total", "never")


def test_controls_are_read_and_part_of_what_the_engine_is(tmp_path):
    (tmp_path / "service.toml").write_text(LEAST + "[[controls.accounts]]\naccount = 7\nmessages = { most = 5 }\n")
    (tmp_path / "least.toml").write_text(LEAST)
    configuration = read_config(tmp_path / "service.toml").configuration()
    assert configuration.controls.accounts[0].messages == Rate(most=5)
    assert configuration.identity() != read_config(tmp_path / "least.toml").configuration().identity()


def test_the_example_names_every_control():
    raw = tomllib.loads(DEFAULT.read_text())["controls"]
    said = raw["accounts"][0].keys(), raw["firms"][0].keys(), raw["instruments"][0].keys()
    kinds = AccountControls, FirmControls, InstrumentControls
    assert said == tuple(dict.fromkeys(kind.__struct_fields__).keys() for kind in kinds)


def test_every_mistake_of_the_controls_is_told_at_once(tmp_path):
    said = told(
        tmp_path,
        LEAST
        + "[[controls.accounts]]\naccount = 7\nlong = 5\nlong_max = -1\nmessages = { most = 'many' }\n"
        + "[[controls.instruments]]\ninstrument = 1\nqty_step = 0\n[[controls.firms]]\nexposure_max = 1\n",
    )
    for part in (
        "controls.accounts.0: there is no 'long'; there are: account, firm, long_max",
        "messages: most: Expected `int`, got `str`",
        "controls.instruments.0: qty_step of instrument 1 is 0",
        "controls.firms.0: firm is missing",
    ):
        assert part in said


def test_controls_that_hold_nobody_are_told_together(tmp_path):
    said = told(
        tmp_path,
        LEAST
        + "[[controls.accounts]]\naccount = 8\nrestricted = [3]\n" * 2
        + "[[controls.instruments]]\ninstrument = 2\nstatic_ticks = 5\n[[controls.firms]]\nfirm = 4\n",
    )
    for part in (
        "2 controls are of account 8",
        "controls name instrument 2, which there is not",
        "controls name instrument 3, which there is not",
        "port 1 trades for account 7, which has no controls",
        "controls are of firm 4, of which no account is",
        "instrument 2 has static_ticks and no static_price",
    ):
        assert part in said


@pytest.mark.parametrize("wrong", ['protocol = "operator"', 'person = "Ann"'])
def test_an_operators_port_names_a_person_and_no_other_does(tmp_path, wrong):
    account = "account = 7\n" if "person" in wrong else ""
    assert "an operator's port names the person" in told(tmp_path, LEAST.replace("account = 7\n", account + wrong))
