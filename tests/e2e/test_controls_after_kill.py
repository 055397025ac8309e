"""Killed between two orders, a service knows when it is back what every control had counted, and what operators had shut."""

import signal

from tests.fakes.held_cases import PLAYS, held_config, number_of
from tests.fakes.held_desks import Addresses, Others, Play
from tests.fakes.judged_folder import judged
from tests.fakes.serving import serving

SHUT = number_of("order quantity, by new", "json")


def where(service):
    return Addresses(service.address, service.json_address)


def played(service, plays, steps, others):
    """So many steps of each play, or all that are left."""
    for play in plays:
        play.connect(where(service)).go(others, steps and min(steps, play.left))
        play.leave()


def test_after_kill_9_in_the_middle_of_every_case_no_limit_is_overshot(tmp_path):
    config = held_config(snapshots={"every_commands": 50})
    plays = [Play(*one) for one in PLAYS if number_of(*one) != SHUT]
    for first, steps in ((1, 2), (1_000, 1), (2_000, None)):
        with serving(tmp_path, config) as service:
            with Others(where(service), first) as others:
                played(service, plays, steps, others)
            assert service.end(signal.SIGKILL) == -signal.SIGKILL
    assert [play.left for play in plays] == [0] * len(plays)
    assert '"event": "kept"' in (tmp_path / "log").read_text()
    facts = judged(tmp_path / "data", config)
    assert facts["risk_limits"].seen > 2 * len(plays)
    assert {name: (found.findings, found.unknown) for name, found in facts.items()} == dict.fromkeys(facts, ((), ""))


def test_what_operators_did_stands_after_kill_9(tmp_path):
    config = held_config()
    play = Play("order quantity, by new", "json")
    scope = {"account": SHUT}
    with serving(tmp_path, config) as service:
        with Others(where(service)) as others:
            assert play.connect(where(service)).new() == ""
            others.ask("kill_account", **scope)
            others.ask("limit", order_type="limit", qty=1, **scope)
            play.leave()
        service.end(signal.SIGKILL)
    with serving(tmp_path, config) as service:
        with Others(where(service)) as others:
            assert play.connect(where(service)).new() == "risk_disabled"
            others.ask("enable", **scope)
            assert [play.new(), play.new()] == ["", "risk_position"]
            play.leave()
        assert service.end(signal.SIGTERM) == 0
