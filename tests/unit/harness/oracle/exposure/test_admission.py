"""All controls that speak against a command are told, in the order of the rules."""

from harness.base.capabilities import Conventions
from harness.base.controls import AccountControls, FirmControls, InstrumentControls, Rate
from harness.base.reasons import Reason
from harness.base.records import CommandKind
from harness.oracle.exposure.admission import content
from harness.oracle.exposure.following import Exposure
from tests.fakes.history import BUY, SELL, new, replace
from tests.fakes.told import BOUNDS, SERVICE, Told, held

EVERYTHING = held(
    AccountControls(
        account=1, firm=1, long_max=4, exposure_max=400, loss_max=1, messages=Rate(most=1), duplicates=Rate(most=1), repeats=Rate(most=1),
        restricted=(1,),
    ),
    FirmControls(firm=1, long_max=4, exposure_max=400, messages=Rate(most=1)),
    InstrumentControls(instrument=1, qty_step=5, static_price=200, static_ticks=10, restricted=True),
)  # fmt: skip
BOTH = ["position", "exposure"]


def followed(told, controls=EVERYTHING):
    exposure = Exposure(BOUNDS, Conventions(), SERVICE, controls)
    commands = {command.number: command for command in told.commands}
    for event in told.events:
        exposure.turn_to(event)
        exposure.follow(commands[event.command], event)
    return exposure


def bought():
    """Account 1 took from another what has lost since, was killed, and its instrument halted."""
    told = Told().takes(new(1, SELL, 100, 4, account=8)).takes(new(2, BUY, 100, 4), (1, 100, 4))
    told.takes(new(3, SELL, 90, 1, account=8)).takes(new(4, BUY, 90, 1, account=9), (3, 90, 1))
    return told.asks(CommandKind.KILL_ACCOUNT, account=1).halts()


def test_all_that_hold_are_told_in_their_order():
    broken = followed(bought()).broken(new(5, BUY, 100, 4))
    assert [one.control for one in broken] == [
        "kill", "repeats", "halt", "restricted", "restricted", "messages", "messages", "qty_step", "static_price", "duplicates",
        *("position", "position", "exposure", "exposure", "loss"),
    ]  # fmt: skip
    assert [one.reason for one in dict.fromkeys(broken)][-3:] == [
        Reason.RISK_EXPOSURE, Reason.RISK_EXPOSURE, Reason.RISK_LOSS,
    ]  # fmt: skip


def test_what_could_not_become_an_order_is_held_back_by_its_sender_alone():
    broken = followed(bought()).broken(new(5, BUY, 100, 0))
    assert [one.control for one in broken] == [
        "kill", "repeats", "halt", "restricted", "restricted", "messages", "messages", "loss",
    ]  # fmt: skip


def test_each_says_what_stood_what_came_and_the_limit():
    said = {one.control: one.said for one in followed(bought()).broken(new(5, BUY, 100, 4))}
    assert said["position"] == "firm 1 could be long 4 lots of instrument 1, and 4 come; at most 4"
    assert said["exposure"] == "the exposure of firm 1 is 400, and 400 come; at most 400"
    assert said["loss"] == "account 1 lost 40; nothing more from 1 on"
    assert said["messages"] == "firm 1 sent 1 messages within its window; at most 1"
    assert said["duplicates"] == "account 1 entered 1 of this content within its window; at most 1"
    assert said["static_price"] == "100 lies 100 ticks from the static price 200; at most 10"
    assert said["qty_step"] == "4 lots are no multiple of 5"
    assert said["restricted"] == "instrument 1 is restricted for all"


def test_an_account_that_is_not_declared_has_no_sums():
    assert [one.control for one in followed(Told(), held()).broken(new(5, BUY, 100, 4, account=7))] == ["accounts"]


def test_a_replace_is_no_duplicate():
    controls = held(AccountControls(account=1, duplicates=Rate(most=1)))
    exposure = followed(Told().takes(new(1, BUY, 100, 4)), controls)
    assert exposure.broken(replace(1, 2, 100, 4)) == ()
    assert [one.control for one in exposure.broken(new(2, BUY, 100, 4))] == ["duplicates"]


def test_ids_and_times_in_force_are_no_content():
    assert content(new(1, BUY, 100, 4)) == content(new(2, BUY, 100, 4, 2, session=3))
    for other in (new(1, SELL, 100, 4), new(1, BUY, 101, 4), new(1, BUY, 100, 5), new(1, BUY, 100, 4, instrument=2)):
        assert content(other) != content(new(1, BUY, 100, 4))
