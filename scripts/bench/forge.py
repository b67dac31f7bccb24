"""Measures the ledger by its own gas test, and the token models of `contracts/bench`, which are installed
when they are first asked for.
"""

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from chain.compile import CONTRACTS
from chain.files import exclusive
from scripts import screen
from scripts.exits import ExitCode, Failure

MODELS: Final = CONTRACTS / "bench"
CACHE: Final = CONTRACTS / "cache"
"""Where the tests of the ledger may write, beside their snapshot."""
TIMEOUT_S: Final = 300

_NPM_CI: Final = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
_MANIFESTS: Final = ("package.json", "package-lock.json")


def install_models() -> None:
    """Bring the packages of the token models into a node_modules of their own, once. Raises Failure."""
    stamp = MODELS / "node_modules" / ".tallystick.stamp"
    wanted = hashlib.sha256(b"".join((MODELS / name).read_bytes() for name in _MANIFESTS)).hexdigest()
    with exclusive(CACHE / "bench.lock"):
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        _say("installing the token models to compare with into contracts/bench/node_modules ...")
        failing = "the token models cannot be installed"
        _run(_NPM_CI, MODELS, {}, code=ExitCode.MISSING, failing=failing)
        stamp.write_text(wanted)


def measure_ledger(rows: Path) -> None:
    """Have the ledger's gas test write its rows to a file in CACHE, not to the snapshot. Raises Failure."""
    _say("measuring the ledger ...")
    _forge("default", "Gas", {"GAS_SNAPSHOT_PATH": str(rows)})


def measure_models(folder: Path) -> None:
    """Run the token models and have one file of figures for each written to a folder. Raises Failure."""
    _say("measuring the token models ...")
    _forge("bench", "TokenModels", {"FOUNDRY_SNAPSHOTS": str(folder)})


def _forge(profile: str, contract: str, environment: Mapping[str, str]) -> None:
    forge = CONTRACTS / "node_modules" / ".bin" / "forge"
    settings = {**environment, "FOUNDRY_PROFILE": profile, "FORGE_SNAPSHOT_EMIT": "true"}
    command = [str(forge), "test", "--match-contract", contract]
    with exclusive(CACHE / "bench.lock"):
        failing = f"{contract} cannot be measured"
        _run(command, CONTRACTS, settings, code=ExitCode.DIFFERS, failing=failing)


def _run(
    command: Sequence[str], folder: Path, settings: Mapping[str, str], *, code: ExitCode, failing: str
) -> None:
    program = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError as error:
        reason = f"{failing}: {program} is not there, run `make setup`"
        raise Failure(ExitCode.MISSING, reason, rule="bench", place=program) from error
    except subprocess.TimeoutExpired as error:
        reason = f"{failing}: no end after {TIMEOUT_S} s"
        raise Failure(code, reason, rule="bench", place=program) from error
    if done.returncode != 0:
        screen.notices().print(done.stdout, markup=False)
        raise Failure(code, f"{failing}, see above", rule="bench", place=program)


def _say(what: str) -> None:
    screen.notices().print(f"bench gas: {what}", markup=False)
