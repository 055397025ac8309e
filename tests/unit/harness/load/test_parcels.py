"""A part on its way: it arrives as it was left, and what is damaged, out of turn or no part of a load is refused."""

import msgspec
import pytest

from harness.load import parcels
from harness.load.crew import LoadError
from harness.load.messages import Chunk, Leaf
from harness.load.parcels import Unpacking, leaves, piece

LEFT = {
    "history/000001.commands": bytes(range(256)) * 5,
    "history/000001.events.part": b"",
    "history/index.jsonl": b"{}\n",
    "numbers.npy": b"n" * 512,
    "spoken.npz": b"s",
}


@pytest.fixture
def part(tmp_path, monkeypatch):
    """A part as a worker leaves it, whose longest file takes several pieces."""
    monkeypatch.setattr(parcels, "CHUNK_BYTES", 512)
    folder = tmp_path / "left"
    for name, body in LEFT.items() | {("engine.log", b"no part of it"), ("history/notes", b"neither")}:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    return folder


def sent(part, left, change=lambda chunk: chunk):
    return [change(piece(part, left, wanted)) for wanted in Unpacking(part.parent / "asked", left).wanted()]


def unpacked(folder, left, chunks):
    unpacking = Unpacking(folder, left)
    try:
        for chunk in chunks:
            unpacking.take(chunk)
    finally:
        unpacking.close()


def test_it_arrives_as_it_was_left_and_nothing_else_does(part, tmp_path):
    left = leaves(part)
    chunks = sent(part, left)
    unpacked(tmp_path / "came", left, chunks)
    assert len(chunks) == 3 + 0 + 1 + 1 + 1
    assert max(len(chunk.body) for chunk in chunks) == 512
    came = tmp_path / "came"
    assert {str(path.relative_to(came)): path.read_bytes() for path in came.rglob("*") if path.is_file()} == LEFT


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda one: msgspec.structs.replace(one, body=bytes(len(one.body))),
            r"000001\.commands of a worker arrived damaged",
        ),
        (lambda one: msgspec.structs.replace(one, body=one.body[:-1]), "another length"),
        (lambda one: msgspec.structs.replace(one, body=one.body + b"x"), "another length"),
        (lambda one: msgspec.structs.replace(one, offset_bytes=512), "not the next"),
        (lambda one: msgspec.structs.replace(one, file=3), "not the next"),
    ],
    ids=["changed", "cut", "longer", "out of turn", "of another file"],
)
def test_what_is_not_as_it_was_announced_is_refused(change, why, part, tmp_path):
    left = leaves(part)
    with pytest.raises(LoadError, match=why):
        unpacked(tmp_path / "came", left, sent(part, left, change))


def test_more_than_was_asked_for_is_refused(part, tmp_path):
    left = leaves(part)[-1:]
    unpacking, (chunk,) = Unpacking(tmp_path / "came", left), sent(part, left)
    unpacking.take(chunk)
    with pytest.raises(LoadError, match="not the next"):
        unpacking.take(Chunk(file=0, offset_bytes=0, body=b"s"))


@pytest.mark.parametrize(
    "name", ["../numbers.npy", "/etc/passwd", "history/../../x", "history/1.commands", "load.json", "numbers.npy\n", ""]
)
def test_a_worker_cannot_name_a_place_to_write_to(name, tmp_path):
    with pytest.raises(LoadError, match="no part of a load"):
        Unpacking(tmp_path / "came", (Leaf(name=name, size_bytes=1, blake2b=""),))
    assert not (tmp_path / "came").exists()


def leaf(size_bytes, name="numbers.npy"):
    return Leaf(name=name, size_bytes=size_bytes, blake2b="")


@pytest.mark.parametrize(
    ("left", "why"),
    [
        ((leaf(1), leaf(1)), "twice"),
        ((leaf(-1),), "below 0"),
        ((leaf(parcels.MOST_BYTES), leaf(1, "spoken.npz")), "more than 3 GiB"),
        (tuple(leaf(1, f"history/{at:06d}.events") for at in range(parcels.MOST_FILES + 1)), "too many"),
    ],
    ids=["twice", "negative", "too long", "too many"],
)
def test_what_has_no_bound_is_refused(left, why, tmp_path):
    with pytest.raises(LoadError, match=why):
        Unpacking(tmp_path / "came", left)


def test_a_file_that_was_never_announced_is_not_given(part):
    from harness.load.messages import Wanted

    with pytest.raises(IndexError):
        piece(part, leaves(part), Wanted(file=99, offset_bytes=0))
