"""The plain engine behind a readable stage of pre-trade controls, as `docs/risk-rules.md` tells them: the healthy twin of the risk specimens."""
