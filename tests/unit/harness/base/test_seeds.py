"""Sub-streams: reproducible, and independent of each other's use."""

from harness.base.seeds import Seed


def draws(seed: Seed, name: str) -> list[int]:
    return seed.stream(name).integers(0, 2**32, 8).tolist()


def test_the_same_name_gives_the_same_draws():
    assert draws(Seed(7), "prices") == draws(Seed(7), "prices")


def test_names_roots_and_branches_all_part_the_streams():
    seed = Seed(7)
    streams = [
        draws(seed, "a"),
        draws(seed, "b"),
        draws(Seed(8), "a"),
        draws(seed.branch("x"), "a"),
        draws(seed.branch("y"), "a"),
    ]
    assert len({tuple(stream) for stream in streams}) == len(streams)


def test_a_branch_is_known_by_its_path():
    assert draws(Seed(7).branch("x").branch("y"), "a") == draws(Seed(7, ("x", "y")), "a")
