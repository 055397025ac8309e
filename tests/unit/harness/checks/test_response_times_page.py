"""docs/response-times.md is held to the checks: it names every figure of theirs, and the limit that there is."""

from __future__ import annotations

from pathlib import Path

from harness.checks import fairness, latency
from harness.checks._counted import ANSWERED_LATE_NS, SENT_LATE_NS
from harness.checks.fairness import MOST, SLOW
from harness.compose import plugs

PAGE = (Path(__file__).parents[4] / "docs" / "response-times.md").read_text(encoding="utf-8")


def test_it_names_every_figure():
    assert [one.name for one in (*latency.CHECK.metrics, *fairness.CHECK.metrics) if f"`{one.name}`" not in PAGE] == []


def test_it_tells_the_bounds_that_are_kept():
    assert f"| sent late | more than {SENT_LATE_NS // 10**6} ms after" in PAGE
    assert f"| answered late | more than {ANSWERED_LATE_NS // 10**9} s after" in PAGE
    assert f"At most {MOST} accounts" in PAGE
    assert (SLOW, "slowest twentieth" in PAGE) == (0.95, True)


def test_it_tells_the_built_in_limit():
    uses = plugs.policy(None).policy.use
    limited = {
        name: use.limits["fairness.worst_account"]
        for name, use in uses.items()
        if "fairness.worst_account" in use.limits
    }
    assert limited == {"matching_venue": ["<3"], "broker_gateway": ["<3"]}
    assert 'The built-in limit of `matching_venue` and `broker_gateway` is `"fairness.worst_account" = ["<3"]`' in PAGE
    assert not any("latency.closed_loop" in use.limits for use in uses.values())
