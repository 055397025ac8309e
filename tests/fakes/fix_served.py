"""The bundled service behind FIX 4.4, told in an engine.toml, on the instruments of a scenario: the accounts that its flow uses, and the drop copy."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from engines.adapters.fix import CONVENTIONS, COPIED
from harness.base.capabilities import CONTROLS
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.engine_file import EngineFile
from harness.flows import first_commands
from tests.fakes.described import serving
from tests.fakes.toml import as_toml

FIRM, SEED, COMMANDS = "TEST", 1, 2_000
SELF_TRADE = "cancel_newest"
CAPABILITIES = msgspec.structs.replace(COPIED, controls=CONTROLS, reset="restart")
"""What the adapter knows of it by itself, and that the service enforces the limits of its instruments."""


def behind_fix(folder: Path, scenario: str) -> EngineChoice:
    """An engine for this scenario; its configuration lies in the folder."""
    instruments = [msgspec.to_builtins(one) for one in plugs.scenario(scenario).flow.instruments()]
    names = {account: f"P{number}" for number, account in enumerate(_accounts(scenario), 1)}
    config = folder / "service.toml"
    config.write_text(as_toml({
        "service": {"firm": FIRM}, "engine": {"self_trade": SELF_TRADE}, "controls": {"accounts": []}, "instruments": instruments,
        "ports": [
            {"number": number, "username": name, "password": name, "account": account, "protocol": "fix"}
            for number, (account, name) in enumerate(names.items(), 1)
        ],
        "drop_copies": [{"username": "COPY", "password": "COPY"}],
    }))  # fmt: skip
    command = serving(config, "--fix", "{port_fix}", "--ouch", "{port_ouch}")
    file = EngineFile.model_validate({
        "schema": 1, "name": "served", "adapter": "fix",
        "endpoints": {"orders": "127.0.0.1:{port_fix}", "copy": "127.0.0.1:{port_ouch}"},
        "start": {"command": command, "timeout_s": 120, "ready": {"stdout": "^ready: OUCH on"}},
        "session": [
            *({"username": name, "password": name, "account": account, "target": FIRM} for account, name in names.items()),
            {"username": "COPY", "password": "COPY", "endpoint": "copy"},
        ],
        "instrument": instruments,
        "capabilities": msgspec.to_builtins(CAPABILITIES),
        "conventions": {"self_trade": SELF_TRADE, "replace_quantity": "total", "replace_keeps_place": "never"},
    })  # fmt: skip
    return EngineChoice("served.toml", "fix", file=file)


def _accounts(scenario: str) -> list[int]:
    """Those that the first commands are of, drawn from `SEED`."""
    value = plugs.scenario(scenario)
    flow = value.flow.fitted(CAPABILITIES, CONVENTIONS)
    commands = first_commands(flow.batches(Seed(SEED).branch(scenario)), COMMANDS)
    return [account for account in np.unique(commands["account"]).tolist() if account]
