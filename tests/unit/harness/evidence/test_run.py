"""How a run ended, in words."""

import msgspec
import pytest

from harness.evidence.archive import Archive
from tests.fakes.run_folder import Made, write


@pytest.mark.parametrize(
    ("status", "generator", "words"),
    [
        ("finished", "", "finished"),
        (
            "generator failed",
            "worker 1 of 2 was killed by signal 9",
            "generator failed: worker 1 of 2 was killed by signal 9",
        ),
    ],
)
def test_why_the_generator_failed_stands_beside(status, generator, words, tmp_path):
    run = msgspec.structs.replace(Archive(write(tmp_path, Made())).run, status=status, generator=generator)
    assert run.ended == words
