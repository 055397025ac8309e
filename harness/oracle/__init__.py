"""What must be true, worked out a second time: it shares no code with any engine.

`model` says what an engine that obeys the rules would have done with the commands alone. `ledger` says, from what the engine
itself told, for which reasons a command may be refused. Both are slow and plain on purpose, import `harness.base` only, and say
in their docstrings what they assume. Checks use them; they know of no check.
"""
