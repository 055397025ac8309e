"""What a run says of itself: run.json and one scenario.json a scenario."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.controls import NO_CONTROLS, Controls
from harness.base.ending import Ending
from harness.base.judgement import EngineIdentity
from harness.base.notes import FlowNotes
from harness.base.records import NONE
from harness.base.shortfall import Shortfall

RUN_SCHEMA = 2
"""Version of run.json, scenario.json and the facts. 1: first. 2: a history may be bounded: index.jsonl tells what was dropped, and
scenario.json how the commands can be drawn again."""

Status: TypeAlias = Literal["finished", "interrupted", "engine failed", "bound reached", "generator failed"]


class HostRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The machine that a run was made on; empty, 0, None or NONE where it does not tell."""

    cpu: str
    cores: int
    memory_bytes: int
    governor: str
    """Of all cores; several where they differ."""
    kernel: str
    python: str
    load_1min: float
    """The load average of the last minute when the run began: what others were doing."""
    timer_ns: int
    """The smallest step seen of the monotonic clock."""
    timer_resolution_ns: int = NONE
    """What the system says of that clock."""
    clock_source: str = ""
    """What the kernel counts time by."""
    sleeps: int = 0
    """How many short sleeps were timed before the first scenario."""
    sleep_late_p50_ns: int = NONE
    """How much later than asked they woke, half of them and 99 of 100."""
    sleep_late_p99_ns: int = NONE
    smt: bool | None = None
    """Whether two threads share a core."""
    turbo: bool | None = None
    """Whether a core may go faster than its base frequency while heat allows."""
    virtual: bool | None = None
    """Whether it is a virtual machine."""
    container: bool | None = None
    quota_cores: float = 0.0
    """How many cores' time the container may use of each period; 0: as much as there is, or not told."""
    gonogo_cores: tuple[int, ...] = ()
    """The cores that gonogo may run on."""


class HostUse(msgspec.Struct, frozen=True, kw_only=True):
    """What the machine did while a scenario was driven; None, NONE or empty where it does not tell."""

    wall_ns: int
    """From when the engine was up to the end of the drive: what the shares are of."""
    steal: float | None = None
    """The share of all cores' time that the machine below this virtual one gave to others."""
    throttled: float | None = None
    """The share of the periods of the container's quota in which it was used up."""
    cpu_stall: float | None = None
    """The share of the time in which somebody who was ready to run waited for a core, gonogo and the engine among them."""
    io_stall: float | None = None
    """The share of the time in which somebody waited for a disk."""
    memory_stall: float | None = None
    """The share of the time in which somebody waited for memory."""
    preempted: int = NONE
    """How often a thread of gonogo lost its core to somebody else."""
    frequency_khz_low: int = NONE
    """Of all cores, at the beginning and at the end."""
    frequency_khz_high: int = NONE
    engine_cores: tuple[int, ...] = ()
    """The cores that the engine may run on; empty where it has no process of its own here."""


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of run.json."""

    schema: int = RUN_SCHEMA
    id: str
    name: str
    """The profile or the scenario that was asked for."""
    started_utc: str
    """When it began, ISO 8601 with the Z of UTC."""
    wall_s: float
    gonogo: str
    """gonogo's own version."""
    seed: int
    use: str
    """The use that decides the exit code."""
    engine: EngineIdentity
    adapter: str
    asked: str = ""
    """What names the engine on the command line: a bundled one's name, or the path of its engine.toml or adapter file."""
    reproduce: str = ""
    """The options of the command line with which `gonogo run SCENARIO` drives the same engine in the same way."""
    capabilities: Capabilities
    host: HostRecord
    scenarios: tuple[str, ...]
    """The scenarios that left evidence, in the order they ran."""
    planned: tuple[str, ...]
    """The scenarios that were to run."""
    left_out: dict[str, str]
    """The scenarios that could not run here, and why: they are "not tested"."""
    status: Status
    generator: str = ""
    """Why its commands were not sent as they were to be, by no fault of the engine; empty if they were."""

    @property
    def ended(self) -> str:
        """How it ended, in words."""
        return f"{self.status}: {self.generator}" if self.generator else self.status


class FlowRecipe(msgspec.Struct, frozen=True, kw_only=True):
    """A flow as data: with the run's seed it gives the same commands again."""

    plug: str
    """The name of the flow's file."""
    settings: str
    """Its settings, as fitted to the engine, in JSON."""


class PeakRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The stated peak that a rate is a multiple of."""

    times: float
    commands_per_s: float
    source: str
    """Where the figure is from, in the words of the policy."""


class ProcessesRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Which processes were the engine's, whose figures samples.csv holds beside those of gonogo itself."""

    whose: Literal["own", "found", "inside", "unknown"]
    """Started by gonogo, found where the engine listens, gonogo's own since the engine works inside it, or not known."""
    why: str = ""
    """Why they are not known, in words."""

    def words(self) -> str:
        """What is to be known of those figures."""
        told = {
            "own": "of the processes that gonogo started as the engine, and of all that these started",
            "found": "of the process that listens at the engine's endpoint, and of all that it started",
            "inside": "of gonogo together with the engine, which works inside it",
            "unknown": f"none of the engine's processes: {self.why}",
        }
        return told[self.whose]


class ProfileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What came of profiling the engine's processes; the stacks that were seen are in profile.collapsed."""

    by: tuple[str, ...]
    """The programs that were at work meanwhile."""
    samples: int
    rate_hz: int
    """How often each of them looked."""
    processes: int = 0
    """Of how many programs of the engine samples were taken, each with all that it started: more than one where it was started anew; 0 in a run of before."""
    missing: str = ""
    """Why there are no samples, or not of all of it, and how to get them; empty where nothing is missing."""


class ScenarioRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of scenario.json."""

    schema: int = RUN_SCHEMA
    name: str
    about: str
    source: str = ""
    """What names the scenario on the command line, where that is not its name: the path of its file."""
    instrument: str
    flow: str
    """The flow with its settings, in words."""
    pacing: str
    """The pacing with its settings, in words."""
    rate_per_s: float
    """What the pacing asked for on average; 0 where commands went out as fast as the engine took them."""
    peak: PeakRecord | None = None
    """Of a scenario that goes by a stated peak, that peak."""
    commands: int
    """How many commands were sent."""
    duration_ns: int
    """From the scenario's first due time to its last event."""
    status: Status
    short: Shortfall | None = None
    """What of its time was not driven since its commands came to their end before."""
    started: bool
    failure: str
    """What the engine failed with, in words; empty if it did not."""
    cut: bool = False
    """Whether commands were under way when it ended, and their answers were not waited for."""
    generator: str = ""
    """Why its commands were not sent as they were to be, by no fault of the engine; empty if they were."""
    ending: Ending | None = None
    """How the engine ended when it was told to; None where nothing says. The fills that it kept then are in kept.fills."""
    conventions: Conventions
    instruments: tuple[Instrument, ...]
    controls: Controls = NO_CONTROLS
    """What the engine held accounts, firms and instruments to beside."""
    notes: FlowNotes
    checks: tuple[str, ...]
    """The checks that judge it."""
    others_cpu: float = 0.0
    """The share of all cores' time that other processes used meanwhile."""
    idle_cpu: float = 1.0
    """The share of all cores' time that nobody used meanwhile."""
    host: HostUse | None = None
    """What else the machine did meanwhile; None in a run of before that was recorded. There, what others used holds steal too."""
    settings: dict[str, int]
    """The instrument's own settings, such as how often the flow was repeated."""
    warm_up_ns: int = 0
    """What was due so soon after the first command is timed by no check."""
    history_bytes: int = 0
    """What its history may weigh on disk while a judge beside the run drops what it has folded; 0: nothing is dropped."""
    beside: str = ""
    """What became of the judge beside the run, where it did not live to the end."""
    recipe: FlowRecipe | None = None
    """How the commands can be drawn again; None where the seed alone does not give them."""
    processes: ProcessesRecord | None = None
    """Which processes were the engine's; None where it did not start, and in a run of before, whose samples are gonogo's own alone."""
    profile: ProfileRecord | None = None
    """Of a run that was profiled: who sampled the engine meanwhile, which takes time of the machine; None where nobody did."""
