"""The socket of the adapters: how gonogo talks to an engine.

A new adapter is one file here, or anywhere with its path given to `--engine`, with the public name `ENGINE`: a callable that takes a
`harness.port.EngineSetup` and gives a `harness.port.Engine`. It forwards; it may keep a translation of ids and symbols, never book,
quantity or order status.

An engine that speaks JSON lines, OUCH or FIX needs none of its own, only an `engine.toml` (`harness/engine_file.py`); what starts it as a process and
leaves nothing of it is `_program.py`, for any adapter. One that logs in over a further wire is a client of that wire for `_wired.py`.

`docs/adapters.md` shows a whole one. The contract is `harness/port.py` (the calls), `harness/base/records.py` (which events follow
which command) and `docs/matching-rules.md` (when).
"""
