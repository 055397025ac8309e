"""What one episode of the explored flow may do: features that are on or off by the bits of its first bytes.

Leaving features out finds more than mixing all of them all the time: cancels keep a book from growing deep, and an order type that is
sent seldom is seldom met by its own kind (Groce, Zhang, Eide, Chen, Regehr, "Swarm testing", ISSTA 2012). Bytes of zero are the
plainest episode, so that whoever shrinks bytes arrives there: day limit orders of one account on one instrument at one price.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.base.capabilities import Instrument
from harness.base.records import NONE, TimeInForce

HEADER_BYTES = 8
"""Three of features, then one each of accounts, instruments, width, lean and quantities."""
FEATURES = (
    ("market", "market"), ("stop", "stop"), ("stop_limit", "stop_limit"),
    ("ioc", "ioc"), ("fok", "fok"), ("gtc", "gtc"), ("post_only", "post_only"), ("min_qty", "min_qty"),
    ("cancel", "cancel"), ("reduce", "cancel"), ("replace", "replace"), ("same", "replace"), ("mass", "mass_cancel"),
    ("odd_prices", ""), ("odd_quantities", ""), ("odd_stops", "stop"), ("odd_terms", ""),
    ("used_ids", ""), ("ids_from_one", ""), ("high_ids", ""),
    ("stale", "cancel"), ("others", ""), ("strangers", ""), ("nobody", ""),
)  # fmt: skip
"""Each feature and what the engine must offer for it.

Acts and terms have the names of the page; `same` replaces an order by what it is. `odd` is what lies at a bound, just beyond it, or is
absent; terms are odd that contradict each other. Ids are used again, begin at one again, or are the highest there are. Orders that are named may be `stale` (any that was sent, or
none that was), or those of `others`; accounts, instruments and sides may be `strangers`, accounts `nobody`, who has no self-trades.
"""
ACTS = (
    ("limit", 12), ("market", 2), ("stop", 3), ("stop_limit", 3),
    ("cancel", 4), ("reduce", 3), ("replace", 6), ("same", 1), ("mass", 1),
)  # fmt: skip
"""How often each act is drawn beside the others that are on; limit orders always are."""
TYPES = ("limit", "market", "stop", "stop_limit")
TIFS = ("day", "gtc", "ioc", "fok")
WIDTHS = (1, 2, 3, 5, 8, 16, 40, 0)
"""How many prices a side's orders have; 0: as many as a byte tells apart, from bound to bound."""
SPANS = (1, 2, 4, 12, 40, 0)
"""The same of quantities, from the least on."""
ACCOUNTS_MAX = 4


class Market(NamedTuple):
    """Where an episode happens."""

    instruments: tuple[Instrument, ...]
    offered: frozenset[str]
    """What the engine offers, in the words of its capabilities."""


class Swarm(NamedTuple):
    """What one episode may do."""

    on: frozenset[str]
    acts: tuple[str, ...]
    """Each as often as it is to be drawn beside the others."""
    tifs: tuple[int, ...]
    accounts: int
    instruments: tuple[Instrument, ...]
    width: int
    lean: int
    """By how many prices buys lie lower and sells higher: how seldom they meet."""
    span: int


def swarm_of(header: bytes, market: Market) -> Swarm:
    """The swarm that the bytes tell, without what the engine does not offer."""
    bits = int.from_bytes(header[:3], "little")
    on = frozenset(
        name for at, (name, need) in enumerate(FEATURES) if bits >> at & 1 and (not need or need in market.offered)
    )
    accounts, instruments, width, lean, span = header[3:HEADER_BYTES]
    first, count = instruments % len(market.instruments), instruments // 64 + 1
    ticks = WIDTHS[width % len(WIDTHS)]
    return Swarm(
        on=on,
        acts=tuple(name for name, share in ACTS for _ in range(share) if name == "limit" or name in on),
        tifs=_tifs(on, market.offered),
        accounts=1 + accounts % ACCOUNTS_MAX,
        instruments=(market.instruments[first:] + market.instruments[:first])[:count],
        width=ticks,
        lean=ticks * (lean % 4) // 8,
        span=SPANS[span % len(SPANS)],
    )


def center(instrument: Instrument) -> int:
    """The price around which the orders of an instrument lie."""
    if instrument.risk.reference_price != NONE:
        return instrument.risk.reference_price
    return (instrument.price_min + instrument.price_max) // 2 // instrument.price_step * instrument.price_step


def _tifs(on: frozenset[str], offered: frozenset[str]) -> tuple[int, ...]:
    """Day orders, twice as often as each other that is on; where day is not offered, the first that is."""
    plain = next((name for name in TIFS if name in offered), TIFS[0])
    names = (plain, plain, *(name for name in TIFS if name in on and name != plain))
    return tuple(int(TimeInForce[name.upper()]) for name in names)
