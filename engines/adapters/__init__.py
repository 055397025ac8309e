"""The socket of the adapters: how gonogo talks to an engine.

A new adapter is one file here with the public name `ENGINE`: a callable that takes a `harness.port.EngineSetup` and gives a
`harness.port.Engine`. It forwards; it may keep a translation of ids and symbols, never book, quantity or order status.
"""
