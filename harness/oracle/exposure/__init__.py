"""The controls that need memory, worked out a second time from what a service told: `docs/risk-rules.md` in plain integers.

It follows commands and the events that answer them, as `harness/oracle/ledger.py` does: what the service told is what its refusals must agree
with, so it goes on speaking after the service did something wrong. It shares no code with any engine. `following` is the way in:
`windows` and `sums` hold what is counted, `holders` the limits, `asked` what a command would add, `operators` what people may ask,
`breakers` when an instrument must halt.

Assumes that events come in the order in which the service did its work, and that each tells the stamp of its command.
"""
