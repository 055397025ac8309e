"""An episode from bytes: any are taken, zeros are the plainest, and another byte changes little."""

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.capabilities import OF_ANY_ACCOUNT
from harness.base.records import NONE, Command, CommandKind, Flag, OrderType, Side, TimeInForce, command_rows
from harness.flows._episode import COMMAND_BYTES, COMMANDS_MAX, STRANGER, episode
from harness.flows._odd import MOST, among, odd_prices, odd_quantities
from harness.flows._swarm import FEATURES, HEADER_BYTES, TIFS, TYPES, center, swarm_of
from harness.flows.explored import INSTRUMENTS, ExploredFlow

MARKET = ExploredFlow().market()
PLAIN = Command(
    number=0, order=1, target=0, price=32, stop=NONE, qty=1, min_qty=NONE, display=NONE, expiry_ns=NONE, due_ns=NONE,
    sent_ns=NONE, instrument=1, account=1, session=1, kind=CommandKind.NEW, type=OrderType.LIMIT, tif=TimeInForce.DAY,
    side=Side.BUY, flags=Flag.NONE,
)  # fmt: skip
ALL_ON = b"\xff\xff\xff"
ALL_ACTS = sum(
    1 << at for at, (name, _) in enumerate(FEATURES) if name in {*TYPES, *TIFS, "cancel", "reduce", "replace"}
)


def rows(data, first=1):
    return command_rows(episode(data, MARKET, first))


def header(features=ALL_ACTS, rest=b"\0\0\2\0\2"):
    return features.to_bytes(3, "little") + rest


@settings(deadline=None)
@given(st.binary(max_size=HEADER_BYTES + 60 * COMMAND_BYTES), st.integers(1, 2**40))
def test_any_bytes_give_an_episode_that_ends_by_canceling_all(data, first):
    commands = rows(data, first)
    assert len(commands) == 1 + max(len(data) - HEADER_BYTES, 0) // COMMAND_BYTES
    last = commands[-1]
    assert (last.kind, last.account, last.instrument, last.side) == (CommandKind.MASS_CANCEL, 0, 0, Side.NONE)
    assert all(command.kind in {1, 2, 3, 4} and command.session == 1 for command in commands)


def test_zeros_are_plain_orders_with_ids_of_their_places():
    assert rows(bytes(HEADER_BYTES + 2 * COMMAND_BYTES))[:-1] == [PLAIN, PLAIN._replace(order=2)]
    assert rows(bytes(HEADER_BYTES + COMMAND_BYTES), first=500)[0].order == 500
    assert len(rows(b"")) == 1


def test_more_bytes_than_an_episode_has_are_not_looked_at():
    assert len(rows(bytes(10_000))) == COMMANDS_MAX + 1


@settings(deadline=None)
@given(st.binary(min_size=40 * COMMAND_BYTES, max_size=40 * COMMAND_BYTES), st.integers(0, 39), st.integers(0, 255))
def test_another_price_byte_changes_nothing_before_it_and_no_other_field_of_its_command(body, place, byte):
    at = place * COMMAND_BYTES + 2
    changed = body[:at] + bytes([byte]) + body[at + 1 :]
    before, after = rows(header() + body), rows(header() + changed)
    assert before[:place] == after[:place]
    assert before[place]._replace(price=NONE) == after[place]._replace(price=NONE)


def test_a_price_that_changes_a_little_leaves_the_other_commands_as_they_were():
    body = b"".join(bytes([17 * at % 256, at, 3, at, 0, 0, at, 0]) for at in range(40))
    near = body[: 5 * COMMAND_BYTES + 2] + b"\4" + body[5 * COMMAND_BYTES + 3 :]
    before, after = rows(header() + body), rows(header() + near)
    assert before != after
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= 4


def test_a_cancel_names_the_order_so_far_back():
    on = 1 << [name for name, _ in FEATURES].index("cancel")
    buy, cancels = bytes(COMMAND_BYTES), bytes([255, 0, 0, 0, 0, 0, 2, 0])
    commands = rows(header(on) + 4 * buy + cancels + cancels + buy)
    assert [command.target for command in commands[4:6]] == [2, 3]
    assert commands[6].order == 7
    assert rows(header(on) + cancels)[0].kind == CommandKind.NEW, "where nothing is there to be named"


def test_all_that_may_be_live_is_canceled_where_there_is_no_mass_cancel():
    market = MARKET._replace(offered=MARKET.offered - {"mass_cancel"})
    commands = command_rows(episode(bytes(HEADER_BYTES + 3 * COMMAND_BYTES), market))
    assert [command.target for command in commands if command.kind == CommandKind.CANCEL] == [1, 2, 3]
    none = MARKET._replace(offered=frozenset({"day"}))
    assert len(episode(bytes(HEADER_BYTES + 3 * COMMAND_BYTES), none)) == 3


def test_where_a_mass_cancel_is_of_one_account_none_is_of_all():
    market = MARKET._replace(offered=MARKET.offered - {OF_ANY_ACCOUNT})
    on = 1 << [name for name, _ in FEATURES].index("mass")
    body = b"".join(bytes([255, 0, 0, 0, 0, 0, target, 0]) for target in range(8))
    sent = [row for row in command_rows(episode(header(on) + body, market)) if row.kind == CommandKind.MASS_CANCEL]
    assert len(sent) == 8
    assert {row.account for row in sent} == {1}
    anybody = [row for row in rows(header(on) + body) if row.kind == CommandKind.MASS_CANCEL]
    assert {row.account for row in anybody} == {0, 1}


def test_strangers_and_nobody_come_only_where_they_are_on():
    body = bytes([0, 0b1101]) + bytes(6) + bytes([0, 0b1111]) + bytes(6) + bytes([0, 0xE1]) + bytes(6)
    assert [row.account for row in rows(header(0) + body)[:3]] == [1, 1, 1]
    odd = rows(ALL_ON + bytes(5) + body)
    assert [row.account for row in odd[:2]] == [STRANGER, 0]
    assert odd[2].instrument == STRANGER


def test_the_swarm_is_what_the_bits_say_and_the_engine_offers():
    swarm = swarm_of(ALL_ON + bytes(5), MARKET)
    assert swarm.on == {name for name, _ in FEATURES}
    less = swarm_of(ALL_ON + bytes(5), MARKET._replace(offered=frozenset({"day", "cancel"})))
    assert less.on == {name for name, need in FEATURES if need in {"", "cancel"}}
    assert set(less.acts) == {"limit", "cancel", "reduce"}
    assert less.tifs == (TimeInForce.DAY, TimeInForce.DAY)
    many = swarm_of(bytes(3) + bytes([3, 255, 0, 0, 0]), MARKET)
    assert (many.accounts, len(many.instruments)) == (4, 4)


def test_odd_values_lie_at_both_sides_of_every_bound():
    narrow, below, held, wide = INSTRUMENTS
    assert {0, 1, 32, 33, -1, NONE, MOST} <= set(odd_quantities(narrow, 32))
    assert {39, 40, 41} <= set(odd_quantities(held, 400)), "the limit of quantity"
    assert {49, 50, 51} <= set(odd_quantities(held, 400)), "20,000 by value"
    assert {2**22 - 1, 2**22, 2**22 + 1} <= set(odd_quantities(wide, -(2**40)))
    assert {511, 512, 513, 487, 488, 489} <= set(odd_prices(held))
    assert {-41, -40, 40, 41, 1, NONE} <= set(odd_prices(below))
    assert [among((1, 2, 3), byte) for byte in (255, 254, 253, 252)] == [1, 2, 3, 1]
    assert [center(one) for one in INSTRUMENTS] == [32, 0, 500, 0]
