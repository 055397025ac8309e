"""The limits and required checks of each use, read from TOML; every mistake is told at once, with what is allowed."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from harness.base.comparison import METRICS
from harness.base.limits import Limit, parse_limit
from harness.base.written import Strict, read_written

SCHEMA = 1
GATE = "gate_0"
QUIET_HOST = "quiet_host"
"""The check of the machine itself: its limits say when a broken limit on times is nobody's fault, so they count without being required."""
BUILT_IN = Path(__file__).with_name("policy.toml")


class Known(BaseModel):
    """What a policy may speak of: the checks there are and the metrics that each measures, with their units."""

    model_config = ConfigDict(frozen=True)
    checks: frozenset[str]
    metrics: dict[str, tuple[str, str]]
    """Metric name -> (check, unit)."""


class Peak(Strict):
    """The busiest second that there was, as whoever goes live has it on record; the scenario `twice_the_peak` drives at twice of it."""

    commands_per_s: Annotated[float, Field(gt=0, le=1e9)]
    """Of what came in: orders, changes and cancels. What an engine answers is its own, and is not asked for."""
    source: Annotated[str, Field(min_length=1)]
    """Which record says so, and of which time: a peak of six months and one of five years are two figures."""


class Use(Strict):
    """What one use demands."""

    about: str = ""
    required: list[str]
    where_it_applies: list[str] = []
    """Checks that are required of a run to which they apply, such as one over a wire, and of no other."""
    limits: dict[str, list[str]] = {}
    least: dict[str, Annotated[int, Field(ge=1)]] = {}
    peak: Peak | None = None
    """None: nobody has stated one, and nothing is driven by it."""

    @field_validator("required")
    @classmethod
    def _known_checks(cls, names: list[str], info: ValidationInfo) -> list[str]:
        _all_known(names, _known(info).checks, "check")
        if not set(names) - {GATE}:
            raise ValueError(f"nothing but {GATE} is required, so any engine that answers would be GO")
        return list(dict.fromkeys((GATE, *names)))

    @field_validator("where_it_applies")
    @classmethod
    def _known_too(cls, names: list[str], info: ValidationInfo) -> list[str]:
        _all_known(names, _known(info).checks, "check")
        return names

    @field_validator("least")
    @classmethod
    def _known_least(cls, least: dict[str, int], info: ValidationInfo) -> dict[str, int]:
        _all_known(least, _known(info).checks, "check")
        return least

    @field_validator("limits")
    @classmethod
    def _known_limits(cls, limits: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
        metrics = _known(info).metrics
        _all_known(limits, metrics, "metric")
        for metric, texts in limits.items():
            unit = metrics[metric][1]
            for text in texts:
                if (limit := parse_limit(text)).unit != unit:
                    raise ValueError(f"{metric} is measured in {unit}, but {text!r} limits {limit.unit}")
        return limits

    @model_validator(mode="after")
    def _limits_decide(self, info: ValidationInfo) -> Use:
        metrics = _known(info).metrics
        asked = (*self.required, *self.where_it_applies, QUIET_HOST)
        idle = [metric for metric in self.limits if metrics[metric][0] not in asked]
        if idle:
            wanted = ", ".join(sorted({metrics[metric][0] for metric in idle}))
            raise ValueError(f"limits on {', '.join(idle)} decide nothing unless {wanted} is required")
        return self

    def limits_of(self, metric: str) -> list[Limit]:
        """The limits on one metric."""
        return [parse_limit(text) for text in self.limits.get(metric, [])]


class Waiver(Strict):
    """A finding that somebody accepted, for one use, until a day."""

    finding: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    use: str
    owner: Annotated[str, Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1)]
    expires: dt.date


class Compare(Strict):
    """What `gonogo compare` allows a build to be worse than the one before."""

    budget_pct: dict[str, Annotated[float, Field(gt=0, le=1000)]] = {}
    """By metric; what is not named is told and decides nothing."""

    @field_validator("budget_pct")
    @classmethod
    def _known_figures(cls, budgets: dict[str, float]) -> dict[str, float]:
        _all_known(budgets, METRICS, "figure of a comparison")
        return budgets


class Policy(Strict):
    """A whole policy file."""

    schema_: Annotated[int, Field(alias="schema", ge=1, le=SCHEMA)]
    default_use: str
    use: Annotated[dict[str, Use], Field(min_length=1)]
    waiver: list[Waiver] = []
    compare: Compare | None = None
    """None: the built-in policy's."""

    @model_validator(mode="after")
    def _uses_exist(self) -> Policy:
        _all_known([self.default_use, *(waiver.use for waiver in self.waiver)], self.use, "use")
        return self


class LoadedPolicy(BaseModel):
    """A policy with the bytes that it was read from: they are stored with the run."""

    model_config = ConfigDict(frozen=True)
    policy: Policy
    source: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.source).hexdigest()


def read_policy(path: Path, known: Known) -> LoadedPolicy:
    """Read a policy file.

    Raises:
        SetupError: it is missing, no TOML, or says something that cannot be; the message tells every mistake.
    """
    policy, source = read_written(path, Policy, "policy", known)
    return LoadedPolicy(policy=policy, source=source)


def _known(info: ValidationInfo) -> Known:
    if not isinstance(info.context, Known):
        raise TypeError("a policy is validated against the checks and metrics there are")
    return info.context


def _all_known(names: Any, known: Any, what: str) -> None:
    strange = [name for name in names if name not in known]
    if strange:
        raise ValueError(f"no {what} is named {', '.join(map(repr, strange))}; there are: {', '.join(sorted(known))}")
