"""Policies: every mistake at once, with what is allowed."""

import datetime as dt

import pytest

from harness.base.errors import SetupError
from harness.policy import BUILT_IN, GATE, QUIET_HOST, Known, read_policy

KNOWN = Known(
    checks=frozenset({GATE, "price_time", "latency"}),
    metrics={"latency.response": ("latency", "ns"), "rejects.unexplained": ("reject_cause", "share")},
)
GOOD = """
schema = 1
default_use = "venue"
[use.venue]
required = ["price_time", "latency"]
[use.venue.limits]
"latency.response" = ["p(99)<10ms", "max<1s"]
[use.venue.least]
price_time = 100
[[waiver]]
finding = "a1b2c3d4"
use = "venue"
owner = "Ada"
reason = "known"
expires = 2027-01-31
"""


def read(tmp_path, text):
    path = tmp_path / "policy.toml"
    path.write_text(text)
    return read_policy(path, KNOWN)


def test_a_policy_is_read_with_gate_0_required_of_every_use(tmp_path):
    loaded = read(tmp_path, GOOD)
    use = loaded.policy.use["venue"]
    assert use.required == [GATE, "price_time", "latency"]
    assert [limit.stat for limit in use.limits_of("latency.response")] == ["p(99)", "max"]
    assert use.least == {"price_time": 100}
    assert loaded.policy.waiver[0].expires == dt.date(2027, 1, 31)
    assert loaded.source == GOOD.encode()
    assert len(loaded.sha256) == 64


def test_a_use_may_state_the_busiest_second_and_where_that_is_on_record(tmp_path):
    assert read(tmp_path, GOOD).policy.use["venue"].peak is None
    stated = "price_time = 100\n[use.venue.peak]\ncommands_per_s = 40_000\nsource = 'gateway log, May to October'"
    peak = read(tmp_path, GOOD.replace("price_time = 100", stated)).policy.use["venue"].peak
    assert (peak.commands_per_s, peak.source) == (40_000, "gateway log, May to October")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"latency.response"', '"latency.imagined"', r"use\.venue\.limits: no metric is named 'latency\.imagined'; there are: latency\.response"),
        ('["price_time", "latency"]', '["price_tim"]', r"use\.venue\.required: no check is named 'price_tim'; there are: gate_0"),
        ("p(99)<10ms", "p(99)<10/s", "measured in ns, but"),
        ('"latency.response" = ["p(99)<10ms", "max<1s"]', '"rejects.unexplained" = ["<1"]', "measured in share, but '<1' limits 1"),
        ("p(99)<10ms", "quick", "is not a limit"),
        ('["price_time", "latency"]', '["price_time"]', "decide nothing unless latency is required"),
        ("price_time = 100", 'price_time = "many"', r"use\.venue\.least\.price_time: .*integer.*'many'"),
        ("price_time = 100", "price_time = 100\n[use.venue.peak]\ncommands_per_s = 0\nsource = 'log'", r"use\.venue\.peak\.commands_per_s: .*greater than 0"),
        ("price_time = 100", "price_time = 100\n[use.venue.peak]\ncommands_per_s = 9.5", r"use\.venue\.peak\.source: "),
        ("price_time = 100", "price_time = 0", "greater than or equal to 1"),
        ('["price_time", "latency"]', "[]", "nothing but gate_0 is required"),
        ('["price_time", "latency"]', '["gate_0"]', "nothing but gate_0 is required"),
        ("price_time = 100", "imagined = 100", "no check is named 'imagined'"),
        ('default_use = "venue"', 'default_use = "moon"', "no use is named 'moon'"),
        ('use = "venue"', 'use = "moon"', "no use is named 'moon'"),
        ('"a1b2c3d4"', '"nonsense"', r"waiver\.0\.finding"),
        ('owner = "Ada"', 'owner = ""', r"waiver\.0\.owner"),
        ("expires = 2027-01-31", "", r"waiver\.0\.expires: Field required"),
        ("schema = 1", "schema = 2", "less than or equal to 1"),
        ("[use.venue]", "[use.venue]\nrequires = []", r"use\.venue\.requires: Extra inputs"),
        ("schema = 1", "schema = 1\nschema = 1", "no valid TOML.*line 3"),
        ("price_time = 100", "price_time = 100\nprice_time = 200", "no valid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_is_allowed(tmp_path, old, new, said):
    assert old in GOOD
    with pytest.raises(SetupError, match=said):
        read(tmp_path, GOOD.replace(old, new, 1))


def test_every_mistake_is_told_at_once(tmp_path):
    bad = (
        GOOD.replace("p(99)<10ms", "quick")
        .replace("price_time = 100", 'price_time = "many"')
        .replace('owner = "Ada"', "owner = 5")
    )
    with pytest.raises(SetupError) as told:
        read(tmp_path, bad)
    for place in ("use.venue.limits", "use.venue.least.price_time", "waiver.0.owner"):
        assert place in str(told.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SetupError, match=r"gone\.toml"):
        read_policy(tmp_path / "gone.toml", KNOWN)


def test_the_built_in_policy_has_four_uses_and_the_limits_that_are_the_same_for_all():
    from harness.compose import plugs

    loaded = plugs.policy(None)
    assert BUILT_IN.is_file()
    assert list(loaded.policy.use) == ["matching_venue", "broker_gateway", "market_analytics", "research"]
    venue = loaded.policy.use["matching_venue"]
    assert venue.limits["throughput.sustained"] == [">=10000/s"]
    assert venue.limits["latency.response"][0] == "p(99)<10ms"
    assert all(use.required[0] == GATE for use in loaded.policy.use.values())


def test_what_is_required_where_it_applies_must_be_a_check(tmp_path):
    def asks(check):
        return read(tmp_path, GOOD.replace("required =", f'where_it_applies = ["{check}"]\nrequired ='))

    assert asks("latency").policy.use["venue"].where_it_applies == ["latency"]
    only_there = GOOD.replace(
        'required = ["price_time", "latency"]', 'required = ["price_time"]\nwhere_it_applies = ["latency"]'
    )
    assert read(tmp_path, only_there).policy.use["venue"].limits["latency.response"], "a limit decides there too"
    with pytest.raises(SetupError, match="no check is named 'wires'"):
        asks("wires")


def test_limits_on_the_machine_count_without_being_required(tmp_path):
    """They say when a broken limit on times is nobody's fault; whoever requires the check accepts no other machine."""
    known = KNOWN.model_copy(
        update={"checks": KNOWN.checks | {QUIET_HOST}, "metrics": KNOWN.metrics | {"host.steal": (QUIET_HOST, "share")}}
    )
    path = tmp_path / "policy.toml"
    path.write_text(GOOD.replace('"latency.response" =', '"host.steal" = ["<1%"]\n"latency.response" ='))
    assert read_policy(path, known).policy.use["venue"].limits["host.steal"] == ["<1%"]
