"""What must be true, worked out a second time: it shares no code with any engine.

`model` says what an engine that obeys the rules would have done with the commands alone. `ledger` keeps the live orders that the
engine itself told of. Both ask `refusals` which reasons speak against a command. They are slow and plain on purpose, import
`harness.base` only, and say in their docstrings what they assume. `verifier` holds an engine to the same rules once more, in kernels,
for histories too long for them, and shares no code with them either. Checks use them; they know of no check.
"""
