"""One receiver: told of one event after the other, the next only when the last was taken.

The position moves when the receiver has answered 2xx, and not before. A process that dies in between leaves
it where it was, and the next one sends the event again, under the same id.
"""

import asyncio
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

import httpcore
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from api.auth.caller import Caller, Scope
from api.auth.service import is_live
from api.db import Databases
from api.events.reading import REORGANISED, LedgerEvent
from api.http.schemas import instant_ms
from api.ids import new_id, now_ms
from api.stream.hub import Hub
from api.webhooks import repository
from api.webhooks.models import DisabledBecause, Webhook, WebhookAttempt, WebhookState
from api.webhooks.patience import has_had_enough, pause_ms
from api.webhooks.signing import Sealer, SecretUnreadable, headers
from api.webhooks.targets import Line
from domain.ids import PartyAddress
from indexer.branches import Mark, UnknownMark
from indexer.feed import Bell

TEST: Final = "Test"
GONE: Final = 410
PATIENCE_S: Final = 5.0
KEPT_UP_MS: Final = 30_000
"""How often the position moves past events that are not for this receiver: what is read again is nothing."""

_ERROR_PAUSE_S: Final = 1.0
_FAULT_PAUSE_S: Final = 30.0
_CONTENT: Final = {"content-type": "application/json", "user-agent": "Tallystick-Webhooks/1"}
_LOG: Final = structlog.get_logger("api.webhooks")


@dataclass(frozen=True, slots=True)
class Means:
    """What all couriers of a process share."""

    databases: Databases
    hub: Hub
    sealer: Sealer
    any_target: bool
    give_up_days: int
    delivered: Callable[[str], None] = lambda _event_id: None
    """Told between a receiver's 2xx and the moving of the position, for tests that kill the process there."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a request came to."""

    at_ms: int
    took_ms: int
    status: int | None
    error: str | None

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Courier:
    """Runs while its webhook has something to be done for; `changed` rings when a command has changed it."""

    def __init__(self, webhook_id: str, means: Means) -> None:
        self._id = webhook_id
        self._means = means
        self._line = Line(any_target=means.any_target)
        self._position: str | None = None
        self._mark: Mark | None = None
        self._kept_up_ms = now_ms()
        self.changed = Bell()

    async def run(self) -> None:
        """Until the webhook is paused, disabled or deleted, or this is cancelled.

        Whatever goes wrong with one webhook stays with it.
        """
        async with self._line:
            with self._means.hub.following():
                while True:
                    try:
                        if not await self._step():
                            return
                    except (DBAPIError, NoConnectionInTime) as error:
                        _LOG.warning("webhook_waits", webhook=self._id, error=type(error).__name__)
                        await asyncio.sleep(_ERROR_PAUSE_S)
                    except Exception:  # noqa: BLE001  # the others must not wait for what only this one meets
                        _LOG.exception("webhook_fault", webhook=self._id)
                        await asyncio.sleep(_FAULT_PAUSE_S)

    async def _step(self) -> bool:
        count = self.changed.count
        webhook = await self._load()
        if webhook is None:
            return False
        if webhook.test_id is not None:
            await self._test(webhook, webhook.test_id)
            return True
        if webhook.state != WebhookState.ACTIVE:
            return False
        if webhook.sees_all and not await is_live(self._means.databases, webhook.key_id):
            await self._disable(webhook, DisabledBecause.KEY_ENDED)
            return False
        wait_ms = (webhook.next_attempt_ms or 0) - now_ms()
        if wait_ms > 0:
            await self.changed.after(count, wait_ms / 1000)
            return True
        await self._tell_next(webhook, count)
        return True

    async def _tell_next(self, webhook: Webhook, count: int) -> None:
        """What has come since, or nothing after a while."""
        types = None if webhook.types is None else frozenset(webhook.types)
        mark = self._mark_of(webhook)
        try:
            batch = await self._next(mark, count, types)
        except UnknownMark:
            await self._disable(webhook, DisabledBecause.POSITION_UNKNOWN)
            return
        if batch is None:
            return
        caller = _caller_of(webhook)
        for event in batch.events:
            body = None if _is_unwanted(event, types) else event.encoded_for(caller)
            if body is not None and not await self._tell(webhook, event, body):
                return
        self._mark = batch.through
        await self._keep_up(webhook)

    async def _next(self, mark: Mark, count: int, types: Collection[str] | None) -> Any:
        """The hub's batch; None when the webhook has changed or nothing came."""
        asking = asyncio.ensure_future(self._means.hub.after(mark, PATIENCE_S, types))
        changing = asyncio.ensure_future(self.changed.after(count, PATIENCE_S))
        try:
            await asyncio.wait({asking, changing}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else None
        finally:
            asking.cancel()
            changing.cancel()

    async def _tell(self, webhook: Webhook, event: LedgerEvent, body: bytes) -> bool:
        """Whether the receiver has taken it and the position has moved on."""
        present = await self._load()
        if present is None or present.changed_ms != webhook.changed_ms:
            return False
        outcome = await self._post(present, event.id, body)
        if outcome is None:
            return False
        if not outcome.taken:
            await self._failed(present, event.id, event.type, outcome)
            return False
        self._means.delivered(event.id)
        position = str(event.mark)
        async with self._means.databases.writing() as session:
            moved = await repository.move(
                session,
                present,
                position=position,
                failures=0,
                failing_since_ms=None,
                next_attempt_ms=None,
                last_error=None,
                delivered_ms=outcome.at_ms,
            )
            await _record(session, self._id, event.id, event.type, outcome)
        if moved:
            self._position, self._mark, self._kept_up_ms = position, event.mark, now_ms()
        return moved

    async def _post(self, webhook: Webhook, message_id: str, body: bytes) -> _Outcome | None:
        """None where the secret cannot be read any more."""
        try:
            live = self._secrets(webhook)
        except SecretUnreadable:
            await self._disable(webhook, DisabledBecause.UNREADABLE)
            return None
        at_ms, started = now_ms(), time.perf_counter()
        signed = headers(live, message_id, at_ms // 1000, body)
        status, error = None, None
        try:
            status = await self._line.post(webhook.url, _CONTENT | signed, body)
            if not 200 <= status < 300:
                error = f"answered {status}"
        except TimeoutError:
            error = "no answer in time"
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as problem:
            error = f"{type(problem).__name__}: {problem}"[:200]
        except UnicodeError:
            error = "the name is none"
        return _Outcome(at_ms, round((time.perf_counter() - started) * 1000), status, error)

    async def _failed(self, webhook: Webhook, event_id: str, event_type: str, outcome: _Outcome) -> None:
        since_ms = webhook.failing_since_ms or outcome.at_ms
        failures = webhook.failures + 1
        given_up = has_had_enough(since_ms, outcome.at_ms, self._means.give_up_days)
        reason = DisabledBecause.GONE if outcome.status == GONE else DisabledBecause.FAILED_TOO_LONG
        disabled = given_up or outcome.status == GONE
        async with self._means.databases.writing() as session:
            await repository.move(
                session,
                webhook,
                failures=failures,
                failing_since_ms=since_ms,
                next_attempt_ms=None if disabled else outcome.at_ms + pause_ms(failures),
                last_error=outcome.error,
                **({"state": WebhookState.DISABLED, "reason": reason} if disabled else {}),
            )
            await _record(session, self._id, event_id, event_type, outcome)
        said = _LOG.error if disabled else _LOG.warning
        said("webhook_failed", webhook=self._id, message=event_id, failures=failures, disabled=disabled)

    async def _test(self, webhook: Webhook, test_id: str) -> None:
        """Once, whatever comes of it."""
        document = {"id": test_id, "type": TEST, "timestamp": instant_ms(now_ms()), "data": {}}
        outcome = await self._post(webhook, test_id, json.dumps(document).encode())
        async with self._means.databases.writing() as session:
            await repository.move(session, webhook, test_id=None)
            if outcome is not None:
                await _record(session, self._id, test_id, TEST, outcome)

    async def _keep_up(self, webhook: Webhook) -> None:
        if now_ms() - self._kept_up_ms < KEPT_UP_MS or self._mark is None:
            return
        position = str(self._mark)
        present = await self._load()
        if present is None or present.changed_ms != webhook.changed_ms:
            return
        async with self._means.databases.writing() as session:
            if await repository.move(session, present, position=position):
                self._position, self._kept_up_ms = position, now_ms()

    async def _disable(self, webhook: Webhook, reason: DisabledBecause) -> None:
        async with self._means.databases.writing() as session:
            await repository.move(session, webhook, state=WebhookState.DISABLED, reason=reason, test_id=None)
        _LOG.error("webhook_disabled", webhook=self._id, reason=reason)

    async def _load(self) -> Webhook | None:
        async with self._means.databases.reading() as session:
            return await session.get(Webhook, self._id)

    def _mark_of(self, webhook: Webhook) -> Mark:
        """Where we are: further on than the row while nothing that came was for this receiver."""
        if self._mark is None or webhook.position != self._position:
            self._position, self._mark = webhook.position, Mark.parse(webhook.position)
        return self._mark

    def _secrets(self, webhook: Webhook) -> list[str]:
        """Those that sign now. Raises SecretUnreadable."""
        sealed = [webhook.secret]
        if webhook.old_secret is not None and (webhook.old_secret_until_ms or 0) > now_ms():
            sealed.append(webhook.old_secret)
        return [self._means.sealer.open(one, webhook.id) for one in sealed]


def _caller_of(webhook: Webhook) -> Caller:
    """Whose eyes the receiver has."""
    scopes = {Scope.READ, Scope.AUDIT} if webhook.sees_all else {Scope.READ}
    return Caller(webhook.key_id, PartyAddress(webhook.party), frozenset(scopes))


def _is_unwanted(event: LedgerEvent, types: Collection[str] | None) -> bool:
    return types is not None and event.type not in types and event.type != REORGANISED


async def _record(session: Any, webhook_id: str, event_id: str, event_type: str, outcome: _Outcome) -> None:
    session.add(
        WebhookAttempt(
            id=new_id("att"),
            webhook_id=webhook_id,
            event_id=event_id,
            event_type=event_type,
            at_ms=outcome.at_ms,
            took_ms=outcome.took_ms,
            status=outcome.status,
            error=outcome.error,
        )
    )
    await session.flush()
