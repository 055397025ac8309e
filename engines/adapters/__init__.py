"""The socket of the adapters: how gonogo talks to an engine.

A new adapter is one file here, or anywhere with its path given to `--engine`, with the public name `ENGINE`: a callable that takes a
`harness.port.EngineSetup` and gives a `harness.port.Engine`. It forwards; it may keep a translation of ids and symbols, never book,
quantity or order status.

`docs/adapters.md` shows a whole one. The contract is `harness/port.py` (the calls), `harness/base/records.py` (which events follow
which command) and `docs/matching-rules.md` (when).
"""
