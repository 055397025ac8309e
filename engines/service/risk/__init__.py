"""The controls of `docs/risk-rules.md` as kernels in front of the reference engine: judged, matched and counted in one call a batch."""
