"""Every rule of matching as rows of a table: what stands in the book, what comes, and what the engine says."""

import pytest

from tests.fakes.plain_session import book, engine, says

RULES = [
    ("best price first", "S 102x5 #1; S 101x5 #2; S 103x5 #3", "B 103x7 #9",
     "accepted #9, 103 x 7; trade #9 with #2 at 101 x 5, 2 left; trade #9 with #1 at 102 x 2, 0 left"),
    ("best price first, selling", "B 98x5 #1; B 99x5 #2; B 97x5 #3", "S 97x7 #9",
     "accepted #9, 97 x 7; trade #9 with #2 at 99 x 5, 2 left; trade #9 with #1 at 98 x 2, 0 left"),
    ("then time", "S 100x5 #3; S 100x5 #1; S 100x5 #2", "B 100x11 #9",
     ("accepted #9, 100 x 11; trade #9 with #3 at 100 x 5, 6 left; trade #9 with #1 at 100 x 5, 1 left; "
     "trade #9 with #2 at 100 x 1, 0 left")),
    ("at the maker's price", "S 100x5 #1", "B 105x5 #9", "accepted #9, 105 x 5; trade #9 with #1 at 100 x 5, 0 left"),
    ("not beyond the limit", "S 100x5 #1; S 101x5 #2", "B 100x6 #9",
     "accepted #9, 100 x 6; trade #9 with #1 at 100 x 5, 1 left; rested #9 at 100, 1 left"),
    ("no trade through a gap", "S 101x5 #1", "B 100x5 #9", "accepted #9, 100 x 5; rested #9 at 100, 5 left"),
    ("a part of a maker keeps its place", "S 100x5 #1; S 100x5 #2; B 100x2 #3", "B 100x4 #9",
     "accepted #9, 100 x 4; trade #9 with #1 at 100 x 3, 1 left; trade #9 with #2 at 100 x 1, 0 left"),
    ("what is left rests at the back", "S 100x2 #1; B 100x1 #2 a2; B 100x4 #3", "S 100x3 #9",
     "accepted #9, 100 x 3; trade #9 with #3 at 100 x 3, 0 left"),
    ("good till cancel rests", "", "B 100x5 #9 gtc", "accepted #9, 100 x 5; rested #9 at 100, 5 left"),
    ("post-only rests", "S 101x1 #1", "B 100x5 #9 post", "accepted #9, 100 x 5; rested #9 at 100, 5 left"),
    ("what is left of an IOC goes", "S 100x2 #1; S 101x9 #2", "B 100x5 #9 ioc",
     "accepted #9, 100 x 5; trade #9 with #1 at 100 x 2, 3 left; canceled 3 of #9 (ioc remainder), 0 left"),
    ("a filled IOC says no more", "S 100x5 #1", "B 100x5 #9 ioc",
     "accepted #9, 100 x 5; trade #9 with #1 at 100 x 5, 0 left"),
    ("an IOC into nothing", "", "S 100x5 #9 ioc", "accepted #9, 100 x 5; canceled 5 of #9 (ioc remainder), 0 left"),
    ("a market order trades at any price", "S 100x2 #1; S 1000x2 #2", "B x4 #9 market",
     "accepted #9, x 4; trade #9 with #1 at 100 x 2, 2 left; trade #9 with #2 at 1000 x 2, 0 left"),
    ("what is left of a market order goes", "B 100x2 #1", "S x4 #9 market gtc",
     "accepted #9, x 4; trade #9 with #1 at 100 x 2, 2 left; canceled 2 of #9 (market remainder), 0 left"),
    ("a market IOC too", "", "S x4 #9 market ioc", "accepted #9, x 4; canceled 4 of #9 (market remainder), 0 left"),
    ("FOK over several makers", "S 100x2 #1; S 101x2 #2; S 102x2 #3", "B 102x5 #9 fok",
     ("accepted #9, 102 x 5; trade #9 with #1 at 100 x 2, 3 left; trade #9 with #2 at 101 x 2, 1 left; "
     "trade #9 with #3 at 102 x 1, 0 left")),
    ("FOK fills exactly", "S 100x5 #1", "B 100x5 #9 fok",
     "accepted #9, 100 x 5; trade #9 with #1 at 100 x 5, 0 left"),
    ("FOK one short", "S 100x2 #1; S 101x2 #2; S 102x9 #3", "B 101x5 #9 fok",
     "accepted #9, 101 x 5; canceled 5 of #9 (fok not fillable), 0 left"),
    ("a market FOK one short", "S 100x2 #1", "B x3 #9 market fok",
     "accepted #9, x 3; canceled 3 of #9 (fok not fillable), 0 left"),
    ("a market FOK", "S 100x3 #1", "B x3 #9 market fok", "accepted #9, x 3; trade #9 with #1 at 100 x 3, 0 left"),
    ("instruments are apart", "S 10x10 #1 i2", "B 10x10 #9", "accepted #9, 10 x 10; rested #9 at 10, 10 left"),
    ("prices below 0", "S -20x10 #1 i2; S -30x10 #2 i2", "B -25x10 #9 i2",
     "accepted #9, -25 x 10; trade #9 with #2 at -30 x 10, 0 left"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "line", "said"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_rule(given, line, said):
    plain = engine()
    says(plain, given)
    assert says(plain, line) == said


OWN = "S 100x2 #1; S 100x3 #2 a2; S 101x4 #3; S 102x9 #4 a2"
"""What account 1 meets when it buys: its own orders 1 and 3 between those of account 2."""
SELF_TRADE = [
    ("none", "B 101x6 #9",
     ("accepted #9, 101 x 6; trade #9 with #1 at 100 x 2, 4 left; trade #9 with #2 at 100 x 3, 1 left; "
     "trade #9 with #3 at 101 x 1, 0 left")),
    ("cancel_newest", "B 101x6 #9", "accepted #9, 101 x 6; canceled 6 of #9 (self trade), 0 left"),
    ("cancel_newest", "B 101x6 #9 a2",
     "accepted #9, 101 x 6; trade #9 with #1 at 100 x 2, 4 left; canceled 4 of #9 (self trade), 0 left"),
    ("cancel_oldest", "B 101x6 #9",
     ("accepted #9, 101 x 6; canceled 2 of #1 (self trade), 0 left; trade #9 with #2 at 100 x 3, 3 left; "
     "canceled 4 of #3 (self trade), 0 left; rested #9 at 101, 3 left")),
    ("cancel_both", "B 101x6 #9",
     "accepted #9, 101 x 6; canceled 2 of #1 (self trade), 0 left; canceled 6 of #9 (self trade), 0 left"),
    ("decrement", "B 101x4 #9",
     ("accepted #9, 101 x 4; canceled 2 of #1 (self trade), 0 left; canceled 2 of #9 (self trade), 2 left; "
     "trade #9 with #2 at 100 x 2, 0 left")),
    ("decrement", "B 101x1 #9",
     "accepted #9, 101 x 1; canceled 1 of #1 (self trade), 1 left; canceled 1 of #9 (self trade), 0 left"),
    ("decrement", "B 101x7 #9 ioc",
     ("accepted #9, 101 x 7; canceled 2 of #1 (self trade), 0 left; canceled 2 of #9 (self trade), 5 left; "
     "trade #9 with #2 at 100 x 3, 2 left; canceled 2 of #3 (self trade), 2 left; "
     "canceled 2 of #9 (self trade), 0 left")),
    ("none", "B 101x9 #9 fok",
     ("accepted #9, 101 x 9; trade #9 with #1 at 100 x 2, 7 left; trade #9 with #2 at 100 x 3, 4 left; "
     "trade #9 with #3 at 101 x 4, 0 left")),
    ("cancel_oldest", "B 102x12 #9 fok",
     ("accepted #9, 102 x 12; canceled 2 of #1 (self trade), 0 left; trade #9 with #2 at 100 x 3, 9 left; "
     "canceled 4 of #3 (self trade), 0 left; trade #9 with #4 at 102 x 9, 0 left")),
    ("cancel_oldest", "B 101x4 #9 fok", "accepted #9, 101 x 4; canceled 4 of #9 (fok not fillable), 0 left"),
    *[(mode, "B 102x3 #9 fok", "accepted #9, 102 x 3; canceled 3 of #9 (fok not fillable), 0 left")
      for mode in ("cancel_newest", "cancel_both", "decrement")],
    *[(mode, "B 102x2 #9 fok a2", "accepted #9, 102 x 2; trade #9 with #1 at 100 x 2, 0 left")
      for mode in ("cancel_newest", "cancel_both", "decrement")],
    *[(mode, "B 102x3 #9 fok a2", "accepted #9, 102 x 3; canceled 3 of #9 (fok not fillable), 0 left")
      for mode in ("cancel_newest", "cancel_both", "decrement")],
]  # fmt: skip


@pytest.mark.parametrize(("mode", "line", "said"), SELF_TRADE)
def test_self_trade_prevention(mode, line, said):
    plain = engine(self_trade=mode)
    says(plain, OWN)
    assert says(plain, line) == said


@pytest.mark.parametrize("mode", ["cancel_newest", "cancel_oldest", "cancel_both", "decrement"])
def test_account_0_is_nobody_in_particular(mode):
    plain = engine(self_trade=mode)
    says(plain, "S 100x5 #1 a0")
    assert says(plain, "B 100x5 #9 a0 fok") == "accepted #9, 100 x 5; trade #9 with #1 at 100 x 5, 0 left"


@pytest.mark.parametrize(
    ("given", "line", "said"),
    [
        ("S 100x2 #1; S 101x3 #2", "B 101x9 #9 min5",
         "trade #9 with #1 at 100 x 2, 7 left; trade #9 with #2 at 101 x 3, 4 left; rested #9 at 101, 4 left"),
        ("S 100x2 #1; S 102x3 #2", "B 101x9 #9 min5", "canceled 9 of #9 (min qty not reached), 0 left"),
        ("S 100x2 #1; S 102x3 #2", "B x6 #9 market min5",
         ("trade #9 with #1 at 100 x 2, 4 left; trade #9 with #2 at 102 x 3, 1 left; "
         "canceled 1 of #9 (market remainder), 0 left")),
        ("S 100x2 #1", "B 100x4 #9 ioc min2", "trade #9 with #1 at 100 x 2, 2 left; canceled 2 of #9 (ioc remainder), 0 left"),
        ("S 100x2 #1", "B 100x4 #9 ioc min3", "canceled 4 of #9 (min qty not reached), 0 left"),
        ("S 100x4 #1", "B 100x4 #9 min4", "trade #9 with #1 at 100 x 4, 0 left"),
        ("", "B 101x9 #9 min1", "canceled 9 of #9 (min qty not reached), 0 left"),
    ],
)  # fmt: skip
def test_a_minimum_quantity_trades_at_entry_or_not_at_all(given, line, said):
    plain = engine()
    says(plain, given)
    before = book(plain)
    assert says(plain, line).split("; ", 1)[1] == said
    assert "trade" in said or book(plain) == before


@pytest.mark.parametrize(
    ("mode", "line", "reached"),
    [
        ("none", "B 101x9 #9 min9", True),
        ("cancel_newest", "B 101x9 #9 min1", False),
        ("cancel_newest", "B 101x9 #9 min2 a2", True),
        ("cancel_newest", "B 101x9 #9 min3 a2", False),
        ("cancel_oldest", "B 101x9 #9 min3", True),
        ("cancel_oldest", "B 101x9 #9 min4", False),
        ("decrement", "B 101x9 #9 min1", False),
    ],
)
def test_a_minimum_quantity_is_counted_as_for_fok(mode, line, reached):
    plain = engine(self_trade=mode)
    says(plain, OWN)
    assert ("min qty not reached" not in says(plain, line)) == reached


def test_a_minimum_quantity_holds_at_entry_only():
    plain = engine()
    says(plain, "S 100x2 #1; B 100x5 #2 min2")
    assert says(plain, "replace #2 #2 101x5") == "replaced #2 at 101, 5 left; rested #2 at 101, 5 left"


def test_what_a_decrement_leaves_of_a_maker_keeps_its_place():
    plain = engine(self_trade="decrement")
    says(plain, "S 100x5 #1; S 100x5 #2; B 100x3 #3")
    assert book(plain) == "S100 #1x2; S100 #2x5"


def test_a_killed_fok_changes_nothing():
    plain = engine(self_trade="cancel_oldest")
    says(plain, OWN)
    before = book(plain)
    says(plain, "B 102x13 #9 fok")
    assert book(plain) == before


def test_a_replaced_order_that_loses_its_place_meets_its_own_account_like_a_new_one():
    plain = engine(self_trade="cancel_newest")
    says(plain, "S 100x5 #1; B 99x3 #2")
    assert says(plain, "replace #2 #2 100x3") == "replaced #2 at 100, 3 left; canceled 3 of #2 (self trade), 0 left"
    assert book(plain) == "S100 #1x5"
