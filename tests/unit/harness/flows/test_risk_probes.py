"""The probes run into every control; their plays do not disturb each other, and what an engine lacks is left out."""

import numpy as np

from harness.base.capabilities import STAGE_CONTROLS, Capabilities, Conventions
from harness.base.controls import Rate
from harness.base.records import CommandKind, OrderType
from harness.base.seeds import Seed
from harness.flows.risk_probes import PROBES, RiskProbes
from harness.oracle.exposure.operators import KINDS
from tests.fakes.told import SERVICE


def drawn(flow=None, seed=1):
    return np.concatenate(list((flow or RiskProbes()).batches(Seed(seed))))


def test_every_control_of_a_service_is_probed():
    assert {probe.control for probe in PROBES} == {*STAGE_CONTROLS}
    assert {*RiskProbes().notes().provokes} == {*STAGE_CONTROLS} - {"limit_change"}


def test_a_seed_gives_the_same_commands_and_another_interleaves_them_otherwise():
    assert (drawn() == drawn()).all()
    assert not (drawn()["order"] == drawn(seed=2)["order"]).all()
    assert sorted(drawn()["kind"]) == sorted(drawn(seed=2)["kind"])


def test_each_play_names_accounts_and_instruments_of_its_own():
    traded = drawn()
    traded = traded[(traded["kind"] == CommandKind.NEW) & (traded["account"] > 9)]
    assert (traded["account"] // 10 == traded["instrument"] // 10).all()
    declared = {instrument.id for instrument in RiskProbes().instruments()}
    assert {*traded["instrument"].tolist()} <= declared


def test_new_orders_have_ids_of_their_own():
    commands = drawn()
    orders = commands["order"][np.isin(commands["kind"], (CommandKind.NEW, CommandKind.REPLACE))]
    assert len(np.unique(orders)) == len(orders)


def test_what_it_declares_names_each_account_once_and_windows_that_hold_a_burst():
    controls = RiskProbes().controls()
    rates = [account.messages for account in controls.accounts if account.messages != Rate()]
    assert {rate.window_ns for rate in rates} == {300_000, 3_600_000_000_000}
    accounts = {account.account for account in controls.accounts}
    strangers = {account for account in drawn()["account"].tolist() if account} - accounts
    assert all(account % 10 == 9 for account in strangers)


def test_half_of_the_rounds_are_about_selling():
    first, second = RiskProbes(rounds=2).batches(Seed(1))
    assert len(first) == len(second)
    assert np.count_nonzero(first["side"] == 0) == np.count_nonzero(second["side"] == 1)


def test_orders_come_over_four_sessions_and_operators_over_their_own():
    commands = drawn()
    asked = np.isin(commands["kind"], tuple(KINDS))
    assert {*commands["session"][~asked].tolist()} == {1, 2, 3, 4}
    assert {*commands["session"][asked].tolist()} == {0, 1}
    assert np.count_nonzero(commands["session"][asked]) == RiskProbes().rounds


def test_controls_that_an_engine_leaves_out_are_not_probed_and_named():
    capabilities = Capabilities(
        commands=SERVICE.commands, types=("limit", "market"), tifs=SERVICE.tifs, controls=("position", "kill")
    )
    flow = RiskProbes().fitted(capabilities, Conventions())
    assert flow.notes().provokes == ("position", "kill")
    assert set(flow.notes().not_tested) == {
        f"control {control}" for control in {*STAGE_CONTROLS} - {"position", "kill"}
    }
    commands = drawn(flow)
    assert 0 < len(commands) < len(drawn())
    assert not np.isin(
        commands["type"][commands["kind"] == CommandKind.NEW], (OrderType.STOP, OrderType.STOP_LIMIT)
    ).any()
    assert not (commands["flags"] > 0).any()
