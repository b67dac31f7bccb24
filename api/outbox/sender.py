"""Runs the lanes: each wakes at once when a command commits, and looks by itself now and then."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from api.outbox.lane import LaneSender
from api.outbox.waiting import Outbox
from chain.errors import ChainError

POLL_UNDER_WAY_S: Final = 0.05
POLL_IDLE_S: Final = 0.5
BACK_OFF_S: Final = 1.0

_LOG: Final = structlog.get_logger("api.outbox")


async def run_sender(lanes: Sequence[LaneSender], outbox: Outbox) -> None:
    """Send until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for lane in lanes:
            tasks.create_task(_run_lane(lane, outbox.sleeper()))


async def _run_lane(lane: LaneSender, work: asyncio.Event) -> None:
    while True:
        work.clear()
        try:
            pause_s = POLL_UNDER_WAY_S if await lane.step() else POLL_IDLE_S
        except (ChainError, DBAPIError) as error:
            _LOG.warning("lane pauses", error=str(error))
            pause_s = BACK_OFF_S
        try:
            async with asyncio.timeout(pause_s):
                await work.wait()
        except TimeoutError:
            continue
