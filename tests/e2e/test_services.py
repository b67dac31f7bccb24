"""The parts of the system as processes of their own, set up as the containers are."""

import asyncio
import json
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chain.signers import LocalSigner
from tests.support.tally import Process, last_json, tally

pytestmark = pytest.mark.slow

PARTY = {
    "name": "宁波海曙精密铸造有限公司",
    "country": "CN",
    "identifiers": [{"scheme": "USCC", "value": "91330203MA2AFX7T0B"}],
    "roles": ["supplier"],
    "kyb_until": "2099-12-31",
    "thresholds": {},
}


async def test_deployed_once_the_parts_admit_a_party_together_and_end_at_ctrl_c(
    environment: dict[str, str], tmp_path: Path
) -> None:
    await asyncio.to_thread(_play, environment, tmp_path)


def _play(environment: dict[str, str], folder: Path) -> None:
    first, again = tally("deploy", **environment), tally("deploy", **environment)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "deployed already" in again.stderr
    with ExitStack() as stack:
        verbs = (("api",), ("sender",), ("index", "run"))
        running = [
            stack.enter_context(Process(folder / f"{verb[-1]}.log", *verb, **environment)) for verb in verbs
        ]
        url = f"http://127.0.0.1:{environment['TALLY_API_PORT']}"
        _wait_until_ready(url)
        _admit(url, json.loads((folder / "keys" / "office-api-keys.json").read_text())["registrar"])
        doctor, check = tally("doctor", **environment), tally("index", "check", "--json", **environment)
        assert doctor.returncode == 0, doctor.stdout + doctor.stderr
        assert check.returncode == 0, check.stderr
        assert last_json(check)["differences"] == []
        assert [process.interrupt() for process in running] == [130, 130, 130]
    rebuilt = tally("index", "rebuild", "--json", **environment)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert last_json(rebuilt)["differing_tables"] == []
    _archive(environment, folder / "archive")


def _archive(environment: dict[str, str], folder: Path) -> None:
    """A chain of some blocks has no span that is full."""
    when = {"block": ("--before-block", "1000"), "day": ("--before", "2099-01-01")}
    for before in when.values():
        done = tally("index", "archive", "--to", folder, *before, "--json", **environment)
        assert (done.returncode, last_json(done)) == (0, {"archived": []}), done.stderr
    both = tally("index", "archive", "--to", folder, *when["block"], *when["day"], **environment)
    assert (both.returncode, "either" in both.stderr) == (2, True)
    restored = tally("index", "restore", "--from", folder, **environment)
    assert (restored.returncode, restored.stdout) == (0, "nothing restored\n"), restored.stderr
    proven = tally("index", "prove", "--from", folder, **environment)
    assert (proven.returncode, "no archive in this folder" in proven.stderr) == (1, True)


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + 60
    answer: dict[str, Any] = {}
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(f"{url}/readyz", trust_env=False).json()
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if answer["ready"]:
            return
        time.sleep(0.2)
    pytest.fail(f"not ready: {answer}")


def _admit(url: str, key: str) -> None:
    signer = {"address": LocalSigner.generate().address, "powers": ["accept"], "expires_at": 4_000_000_000}
    answer = httpx.post(
        f"{url}/v1/parties",
        json={**PARTY, "signers": [signer]},
        headers={"authorization": f"Bearer {key}", "idempotency-key": uuid4().hex, "prefer": "wait=20"},
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "done"
