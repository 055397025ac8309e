"""A clock that a test turns by hand: waiting arrives at once."""


class FakeClock:
    """Time stands still until somebody waits or `pass_ns` is called; every look costs `tick_ns`."""

    def __init__(self, tick_ns: int = 0) -> None:
        self.time_ns = 0
        self._tick_ns = tick_ns

    def now_ns(self) -> int:
        self.time_ns += self._tick_ns
        return self.time_ns

    def wait_until(self, due_ns: int) -> None:
        self.time_ns = max(self.time_ns, due_ns)

    def pass_ns(self, ns: int) -> None:
        self.time_ns += ns
