"""Another account moves the order; it cannot cancel it."""

from engines.specimens.replace_ignores_the_owner import ReplaceIgnoresTheOwner
from tests.fakes.plain_session import INSTRUMENTS, says


def test_a_stranger_replaces():
    engine = ReplaceIgnoresTheOwner(INSTRUMENTS)
    says(engine, "B 100x5 #1")
    assert says(engine, "replace #1 #2 100x4 a2") == "replaced #1 by #2 at 100, 4 left"
    assert says(engine, "cancel #2 a2; replace #9 #9 100x4") == (
        "cancel rejected #2 (not owner); replace rejected #9 (unknown order)"
    )
