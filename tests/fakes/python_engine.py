"""Examples of engines that are Python objects: the plain engine, called once a command or with whole arrays; and the reference engine."""

from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES, CONVENTIONS
from harness.base.records import commands_of, event_rows


class Batches:
    version = "0.1"
    capabilities = CAPABILITIES

    def __init__(self, setup):
        self.conventions = setup.conventions or CONVENTIONS
        self.engine = PlainEngine(setup.instruments, self.conventions)
        self.submit_batch = self.engine.submit

    def snapshot(self):
        return self.engine.tell.engine_seq, self.engine.snapshot()

    def counters(self):
        return {"events": self.engine.tell.engine_seq}


class Single(Batches):
    """The same, called once a command."""

    def __init__(self, setup):
        super().__init__(setup)
        self.submit_batch = None

    def submit(self, command):
        return event_rows(self.engine.submit(commands_of([command])))


class InWords(Single):
    """The same, which knows nothing of gonogo's types."""

    capabilities = {name: getattr(CAPABILITIES, name) for name in CAPABILITIES.__struct_fields__}

    def submit(self, command):
        return [event._asdict() for event in super().submit(command)]

    def snapshot(self):
        engine_seq, rows = super().snapshot()
        return engine_seq, rows.tolist()


class Reference:
    """The reference engine."""

    version = "0.1"
    capabilities = CAPABILITIES

    def __init__(self, setup):
        # Its kernels are loaded for whom they are meant alone.
        from engines.reference.engine import ReferenceEngine

        self.conventions = setup.conventions or CONVENTIONS
        self.engine = ReferenceEngine(setup.instruments, self.conventions)
        self.submit_batch = self.engine.submit

    def snapshot(self):
        return self.engine.engine_seq, self.engine.snapshot()

    def counters(self):
        return self.engine.counters()
