"""Killed between a receiver's 2xx and the checkpoint: the next process sends that event again, under the same
id, and nothing is left out; and two processes do not send at once.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.integration.api.webhooks.test_webhooks import amounts, credit, subscribe, taken
from tests.support.api import System
from tests.support.receiver import Receiver


async def start(system: System, kill_at: int) -> asyncio.subprocess.Process:
    settings = system.application.settings
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[4]),
        "TALLY_APP_DATABASE_URL": settings.app_database_url.get_secret_value(),
        "TALLY_MIRROR_DATABASE_URL": settings.mirror_database_url.get_secret_value(),
        "TALLY_RPC_URL": settings.rpc_url.get_secret_value(),
        "TALLY_ADDRESS_BOOK": str(settings.address_book),
        "TALLY_WEBHOOK_ANY_TARGET": "true",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.courier_child",
        str(kill_at),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while await process.stdout.readline() != b"sending\n":
            assert process.returncode is None
    return process


async def test_killed_before_the_checkpoint_the_event_comes_again_under_its_id(
    system: System, receiver: Receiver
) -> None:
    member = await system.admit("Member")
    telling = system.tasks[0]
    telling.cancel()
    await asyncio.wait({telling})
    await subscribe(member, receiver.url)
    for amount in (1_00, 2_00, 3_00):
        await credit(system, member, amount)
    await system.caught_up()
    first = await start(system, 2)
    async with asyncio.timeout(30):
        assert await first.wait() == -signal.SIGKILL
    assert amounts(receiver.received) == ["1.00", "2.00"]
    second = await start(system, 0)
    third = await start(system, 0)
    try:
        received = await taken(receiver, 4)
        assert amounts(received) == ["1.00", "2.00", "2.00", "3.00"]
        assert received[1].id == received[2].id
        assert received[1].body == received[2].body
        await asyncio.sleep(1)
        assert len(receiver.received) == 4
    finally:
        for process in (second, third):
            process.kill()
            await process.wait()
