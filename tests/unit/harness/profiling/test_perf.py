"""What perf tells of its samples, as stacks."""

from __future__ import annotations

import pytest

from harness.profiling import perf

TOLD = """\
engine
\t    55d0a1b2c189 match(Order const&) (/opt/engine/bin/engine)
\t    55d0a1b2c200 main (/opt/engine/bin/engine)

engine
\t    55d0a1b2c1aa match(Order const&) (/opt/engine/bin/engine)
\t    55d0a1b2c200 main (/opt/engine/bin/engine)

io thread
\tffffffff81a0 do_syscall_64 ([kernel.kallsyms])
\t    7f00aa11bb22 [unknown] (/usr/lib/libssl.so.3 (deleted))
\t    7f00aa11bb33 [unknown] ([unknown])

"""


def test_samples_are_turned_round_and_counted_by_thread():
    assert perf.stacks(TOLD.splitlines(keepends=True)) == {
        ("engine", "main", "match(Order const&)"): 2,
        ("io thread", "[unknown]", "[libssl.so.3 (deleted)]", "do_syscall_64"): 1,
    }


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("(anonymous namespace)::f(int) const", "(anonymous namespace)::f(int) const"),
        ("std::function<void (int)>::operator()(int) const", "std::function<void (int)>::operator()(int) const"),
        ("core::ops::{{closure}}", "core::ops::{{closure}}"),
        ("main.(*Book).Match", "main.(*Book).Match"),
    ],
)
def test_names_of_any_language_are_read_whole(symbol, name):
    told = f"engine\n\t    55d0 {symbol} (/opt/my engine/bin)\n\n"
    assert perf.stacks(told.splitlines()) == {("engine", name): 1}


def test_a_last_sample_without_its_empty_line_counts():
    assert perf.stacks(["engine\n", "\t 55d0 main (/bin/e)\n"]) == {("engine", "main"): 1}


def test_a_sample_without_frames_is_the_thread_alone():
    assert perf.stacks(["engine\n", "\n", "\n", "engine\n", "\n"]) == {("engine",): 2}


def test_a_frame_in_another_form_stays_as_it_is():
    assert perf.stacks(["engine\n", "\t something else\n"]) == {("engine", "something else"): 1}


def test_nothing_told_is_nothing_seen():
    assert perf.stacks([]) == {}


def test_perf_that_fails_is_no_profile(tmp_path):
    program = tmp_path / "perf"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(ValueError, match="perf script ended with 3"):
        perf.read(str(program), tmp_path / "samples")


def test_perf_that_does_not_come_to_an_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(perf, "TELL_S", 0.1)
    program = tmp_path / "perf"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    with pytest.raises(ValueError, match="killed by signal 9"):
        perf.read(str(program), tmp_path / "samples")
