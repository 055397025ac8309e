"""The start bench: a child that answers is right, one that does not is not, and the cold one compiles again."""

from harness.bench.start import _first_answer


def test_a_child_that_answers_is_right(tmp_path):
    turn = _first_answer("plain", tmp_path / "cache", empty=False)
    assert turn.right
    assert turn.elapsed_ns > 0


def test_a_child_that_cannot_answer_is_not(tmp_path):
    assert not _first_answer("nothing", tmp_path / "cache", empty=False).right


def test_a_cold_start_finds_nothing_compiled(tmp_path):
    left = tmp_path / "cache" / "old"
    left.mkdir(parents=True)
    _first_answer("plain", tmp_path / "cache", empty=True)
    assert not left.exists()
