"""What is missing between two stages is told by their names; what lies somewhere is not missing."""

from engines.service.stages import StageCounts


def test_what_waits_is_no_gap():
    counts = StageCounts(
        offered=9,
        in_ring=2,
        sequenced=7,
        matched=7,
        told=20,
        unsynced=5,
        trailed=15,
        bundled=15,
        in_bundles=3,
        published=12,
    )
    assert counts.gaps() == {}


def test_each_loss_has_its_place():
    counts = StageCounts(
        offered=9,
        in_ring=1,
        sequenced=7,
        matched=6,
        told=20,
        unsynced=4,
        trailed=15,
        bundled=14,
        in_bundles=1,
        published=10,
    )
    assert counts.gaps() == {
        "ring to sequence": 1, "sequence to match": 1, "match to trail": 1, "trail to bundles": 1, "bundles to publishing": 3,
    }  # fmt: skip


def test_all_counts_are_given_by_name():
    assert StageCounts(told=3).as_dict()["told"] == 3
