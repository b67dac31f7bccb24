"""All couriers of the service: in one process at a time, whichever has the lock."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from api.webhooks import repository
from api.webhooks.courier import Courier, Means
from indexer.errors import MirrorLocked
from indexer.lock import exclusive

LOOK_S: Final = 0.5
"""How soon a command on a webhook is seen, whichever process took it."""

STAND_BY_S: Final = 2.0
FORGET_EVERY: Final = 600
_LOCK_KEY: Final = 0x7461_6C6C_7900_0003
_LOG: Final = structlog.get_logger("api.webhooks")


class Office:
    """`run` sends what there is to send while no other process does."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def run(self) -> None:
        """Until cancelled."""
        writer = self._means.databases.writer
        while True:
            try:
                async with exclusive(
                    writer, "webhooks.lock", _LOCK_KEY, "another process sends webhooks"
                ) as still_held:
                    _LOG.info("sending_webhooks")
                    await self._send(still_held)
            except MirrorLocked:
                await asyncio.sleep(STAND_BY_S)
            except (DBAPIError, NoConnectionInTime) as error:
                _LOG.warning("webhooks_wait", error=type(error).__name__)
                await asyncio.sleep(STAND_BY_S)

    async def _send(self, still_held: Callable[[], Awaitable[None]]) -> None:
        couriers: dict[str, tuple[Courier, asyncio.Task[None]]] = {}
        seen: dict[str, int] = {}
        rounds = 0
        try:
            while True:
                await still_held()
                async with self._means.databases.reading() as session:
                    awake = await repository.awake(session)
                for webhook_id, changed_ms in awake.items():
                    known = couriers.get(webhook_id)
                    if known is None or known[1].done():
                        courier = Courier(webhook_id, self._means)
                        couriers[webhook_id] = courier, asyncio.create_task(courier.run())
                    elif seen.get(webhook_id) != changed_ms:
                        known[0].changed.ring()
                for webhook_id in couriers.keys() - awake.keys():
                    couriers[webhook_id][0].changed.ring()
                if rounds % FORGET_EVERY == 0:
                    await self._forget(list(awake))
                seen, rounds = awake, rounds + 1
                couriers = {key: pair for key, pair in couriers.items() if not pair[1].done()}
                await asyncio.sleep(LOOK_S)
        finally:
            tasks = [task for _, task in couriers.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _forget(self, webhooks: list[str]) -> None:
        for webhook_id in webhooks:
            async with self._means.databases.writing() as session:
                await repository.forget_attempts(session, webhook_id)
