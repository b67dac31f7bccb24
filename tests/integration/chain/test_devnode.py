import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from chain.compile import REPOSITORY
from chain.devnode import DevNode, DevNodeSettings
from chain.errors import DevNodeError
from chain.fees import ZERO_FEES
from chain.networks import is_dev_chain
from chain.rpc import parse
from chain.signers import LocalSigner
from chain.tx import Transaction
from domain.rules import LedgerParameter
from tests.support.chain import deploy_on

STORY_BEGINS = 1_600_000_000


def alive(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return status != "Z"


def pid_of(node: DevNode) -> int:
    assert node._process is not None
    return node._process.pid


async def mine(node: DevNode, blocks: int = 1) -> None:
    for _ in range(blocks):
        await node._call(("evm_mine",))


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while alive(pid):  # noqa: ASYNC110  # a process that is no child gives no sign
            await asyncio.sleep(0.02)


async def test_a_node_starts_quickly_on_a_chain_and_port_of_its_own() -> None:
    started = time.perf_counter()
    async with DevNode() as one, DevNode() as other:
        assert time.perf_counter() - started < 5
        assert is_dev_chain(one.chain_id)
        assert is_dev_chain(other.chain_id)
        assert one.chain_id != other.chain_id
        assert one.url != other.url


async def test_nothing_is_left_after_the_end() -> None:
    async with DevNode() as node:
        assert node._watchdog is not None
        pids = [pid_of(node), node._watchdog.pid]
        assert all(alive(pid) for pid in pids)
    assert not any(alive(pid) for pid in pids)
    await node.stop()


async def test_the_clock_begins_where_the_story_does_and_only_goes_forward() -> None:
    async with DevNode(DevNodeSettings(timestamp=STORY_BEGINS)) as node:
        assert (await node.head()).timestamp == STORY_BEGINS
        await node.set_time(STORY_BEGINS + 86_400)
        assert (await node.head()).timestamp == STORY_BEGINS + 86_400
        await mine(node)
        assert 0 <= (await node.head()).timestamp - STORY_BEGINS - 86_400 <= 2
        await node.set_time((await node.head()).timestamp)
        with pytest.raises(DevNodeError, match="cannot go back"):
            await node.set_time(STORY_BEGINS)


async def test_blocks_are_free() -> None:
    async with DevNode() as node:
        await mine(node)
        (raw,) = await node._call(("eth_getBlockByNumber", "latest", False))
        assert json.loads(bytes(raw))["baseFeePerGas"] == "0x0"


async def test_a_chain_goes_on_where_it_stopped(tmp_path: Path) -> None:
    settings = DevNodeSettings(state_file=tmp_path / "chain.json", timestamp=STORY_BEGINS)

    async def rules_and_genesis() -> tuple[list[object], object]:
        (first, logs) = await node._call(
            ("eth_getBlockByNumber", "0x0", False),
            ("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": book.address("Rulebook")}),
        )
        return parse(logs, list[object]), parse(first, dict[str, object])["hash"]

    async with DevNode(settings) as node:
        book, _ = await deploy_on(node)
        await node.set_time(STORY_BEGINS + 10 * 86_400)
        head, chain_id, before = await node.head(), node.chain_id, await rules_and_genesis()
        assert len(before[0]) > len(LedgerParameter)
    async with DevNode(settings) as node:
        assert node.chain_id == chain_id == book.chain_id
        assert await node.head() == head
        assert await rules_and_genesis() == before
        await mine(node)
        after = await node.head()
        assert after.parent_hash == head.hash
        assert 0 <= after.timestamp - head.timestamp <= 2


async def test_a_chain_that_is_stopped_often_keeps_its_one_first_block(tmp_path: Path) -> None:
    state = tmp_path / "chain.json"
    firsts = set()
    for start in range(5):
        async with DevNode(DevNodeSettings(state_file=state)) as node:
            if start == 0:
                await mine(node, 3)
            (raw,) = await node._call(("eth_getBlockByNumber", "0x0", False))
            firsts.add(parse(raw, dict[str, object])["hash"])
            assert (await node.head()).number == 3
        await asyncio.sleep(1)  # a first block of another second would be another block
    assert len(firsts) == 1
    numbers = [int(block["header"]["number"], 16) for block in json.loads(state.read_text())["blocks"]]
    assert sorted(numbers) == [0, 1, 2, 3]


async def test_killing_the_node_loses_a_few_seconds_at_most(tmp_path: Path) -> None:
    settings = DevNodeSettings(state_file=tmp_path / "chain.json", state_interval_s=1)
    async with DevNode(settings) as node:
        await mine(node, 5)
        await asyncio.sleep(1.5)
        os.kill(pid_of(node), signal.SIGKILL)
        await until_gone(pid_of(node))
    async with DevNode(settings) as node:
        assert (await node.head()).number == 5


async def test_a_state_that_was_cut_off_gives_way_to_the_last_good_one(tmp_path: Path) -> None:
    settings = DevNodeSettings(state_file=tmp_path / "chain.json")
    async with DevNode(settings) as node:
        await mine(node, 3)
        chain_id = node.chain_id
    async with DevNode(settings) as node:
        await mine(node, 3)
    state = tmp_path / "chain.json"
    state.write_bytes(state.read_bytes()[:-100])
    async with DevNode(settings) as node:
        assert node.chain_id == chain_id
        assert (await node.head()).number == 3


async def test_a_state_that_nobody_can_read_is_not_replaced_by_a_new_chain(tmp_path: Path) -> None:
    settings = DevNodeSettings(state_file=tmp_path / "chain.json")
    async with DevNode(settings) as node:
        await mine(node)
    (tmp_path / "chain.json").write_text("{")
    with pytest.raises(DevNodeError, match=r"cannot read the chain in chain\.json"):
        await DevNode(settings).start()
    assert (tmp_path / "chain.json").read_text() == "{"


async def test_a_state_is_used_by_one_node_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chain.devnode.LOCK_TIMEOUT_S", 0.2)
    settings = DevNodeSettings(state_file=tmp_path / "chain.json")
    async with DevNode(settings):
        with pytest.raises(DevNodeError, match="another node"):
            await DevNode(settings).start()
    async with DevNode(settings):
        pass


async def test_a_port_that_is_taken_is_reported() -> None:
    async with DevNode() as node:
        port = int(node.url.rpartition(":")[2])
        with pytest.raises(DevNodeError, match=r"ended|in use"):
            await DevNode(DevNodeSettings(port=port)).start()
        await mine(node)


PARENT = """
import asyncio, sys
from pathlib import Path
from chain.devnode import DevNode, DevNodeSettings

async def main() -> None:
    node = DevNode(DevNodeSettings(state_file=Path(sys.argv[1])))
    await node.start()
    await node.set_time((await node.head()).timestamp + 7)
    print(node._process.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_the_node_ends_with_its_parent_and_keeps_its_state(tmp_path: Path) -> None:
    state = tmp_path / "chain.json"
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(state), stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    assert parent.stdout is not None
    node_pid = int(await parent.stdout.readline())
    assert alive(node_pid)
    parent.kill()
    await parent.wait()
    await until_gone(node_pid)
    async with DevNode(DevNodeSettings(state_file=state)) as node:
        assert (await node.head()).number == 1


async def test_many_transactions_at_once_are_all_mined() -> None:
    async with DevNode() as node:
        sender = LocalSigner.generate()
        signed = [
            await sender.sign_transaction(
                Transaction(node.chain_id, nonce, sender.address, b"", 5_000_000, ZERO_FEES)
            )
            for nonce in range(100)
        ]
        await node._call(*(("eth_sendRawTransaction", "0x" + one.raw.hex()) for one in signed))
        async with asyncio.timeout(5):
            while await pending(node) != 0:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        (count,) = await node._call(("eth_getTransactionCount", sender.address, "latest"))
        assert parse(count, str) == "0x64"


async def pending(node: DevNode) -> int:
    (status,) = await node._call(("txpool_status",))
    return sum(int(count, 16) for count in parse(status, dict[str, str]).values())
