"""`tally up`: started, stopped, resumed, killed and resumed; nothing of it is left running."""

import json
import re
import shutil
import stat
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.tally import ROOT, Process, alive

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for child processes in /proc"),
]

UP = "Ctrl-C ends it"
Starter = Callable[[], Process]


@pytest.fixture
def start(tmp_path: Path) -> Starter:
    invoices = tmp_path / "invoices"
    invoices.mkdir()
    # one that is financed, so that there are fees, and one that is not
    for name in ("02-donghai-motors.xml", "05-donghai-small.xml"):
        shutil.copy(ROOT / "scripts" / "samples" / name, invoices)

    def starter() -> Process:
        number = len(list(tmp_path.glob("*.log")))
        arguments = ("--data", tmp_path / "data", "--port", "0", "--invoices", invoices)
        return Process(tmp_path / f"{number}.log", "up", *arguments)

    return starter


def _url(output: str) -> str:
    found = re.search(r"API +(http://[\d.:]+)/v1", output)
    assert found
    return found[1]


def _wait_until_gone(pids: set[int]) -> set[int]:
    deadline = time.monotonic() + 20
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive(pids)


def _fees_received(data: Path, output: str) -> list[dict[str, str]]:
    """What the settlement bank, which received all fees, has in cash."""
    people = json.loads((data / "api-keys.json").read_text()).values()
    bank = next(member for member in people if "settlement bank" in member["parts"])
    key = next(iter(bank["people"].values()))["api_key"]
    answer = httpx.get(
        f"{_url(output)}/v1/balances", headers={"authorization": f"Bearer {key}"}, trust_env=False
    )
    balances: list[dict[str, str]] = answer.json()
    return balances


def _credit(data: Path, output: str, reference: str) -> int:
    secrets = json.loads((data / "secrets.json").read_text())
    party = next(iter(json.loads((data / "api-keys.json").read_text()).values()))["id"]
    amount = {"amount": "5.00", "currency": "CNY"}
    answer = httpx.post(
        f"{_url(output)}/v1/cash-credits",
        headers={
            "authorization": f"Bearer {secrets['settlement_key']}",
            "idempotency-key": reference,
            "prefer": "wait=20",
        },
        json={"party": party, "amount": amount, "credit_ref": reference},
        timeout=30,
        trust_env=False,
    )
    return answer.status_code


def test_it_stops_at_ctrl_c_with_all_it_started_and_goes_on_where_it_was(
    start: Starter, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with start() as first:
        output = first.wait_for(UP)
        before, children = _fees_received(data, output), first.descendants()
        assert len(children) >= 1
        assert httpx.get(f"{_url(output)}/docs", trust_env=False).status_code == 200
        assert first.interrupt() == 130
    assert _wait_until_gone(children) == set()
    for name in ("api-keys.json", "secrets.json"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    with start() as second:
        output = second.wait_for(UP)
        assert "Admission" not in output
        assert _fees_received(data, output) == before
        assert httpx.get(f"{_url(output)}/readyz", trust_env=False).json()["ready"] is True
        assert _credit(data, output, "AFTER-RESUME") == 201
        assert second.interrupt() == 130


def test_after_kill_9_of_everything_and_a_chain_that_lost_its_last_blocks_it_recovers(
    start: Starter, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with start() as first:
        first.wait_for(UP)
        assert first.interrupt() == 130
    old_chain = (data / "chain" / "state.json").read_bytes()
    with start() as second:
        output = second.wait_for(UP)
        assert [_credit(data, output, f"LOST-{number}") for number in range(3)] == [201] * 3
        children = second.descendants()
        second.kill_everything()
    assert _wait_until_gone(children) == set()
    (data / "chain" / "state.json").write_bytes(old_chain)
    for newer in (data / "chain").glob("*.good.json"):
        newer.write_bytes(old_chain)
    with start() as third:
        output = third.wait_for(UP)
        assert "rebuilding it" in output
        assert "3 transactions that the chain had lost were sent again" in output
        assert _credit(data, output, "AFTER-CRASH") == 201
        assert third.interrupt() == 130


def test_a_first_start_that_was_killed_half_way_is_set_aside_and_begins_again(
    start: Starter, tmp_path: Path
) -> None:
    with start() as first:
        first.wait_for("Admission")
        first.kill_everything()
    with start() as second:
        output = second.wait_for(UP)
        assert "the first start was interrupted" in output
        assert (tmp_path / "data" / "interrupted-1" / "address_book.json").exists()
        assert second.interrupt() == 130


def test_two_at_once_in_one_folder_are_refused(start: Starter) -> None:
    with start() as first:
        first.wait_for(UP)
        with start() as second:
            deadline = time.monotonic() + 60
            while "another node is using" not in second.output and time.monotonic() < deadline:
                time.sleep(0.1)
            assert "another node is using" in second.output
        assert first.interrupt() == 130
