"""The end of an operation: its state, its follow-ups and what they find, in one transaction."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import structlog

from api.auth.caller import SYSTEM
from api.http.problems import Problem
from api.ids import now_ms
from api.outbox.models import FINAL_STATES, Operation, OperationKind, OperationState
from api.outbox.service import Followup
from api.outbox.waiting import Outbox
from api.work import Resources, unit_of_work
from domain.ids import Digest
from indexer import queries

_LOG: Final = structlog.get_logger("api.outbox")

RETRY_S: Final = (0.1, 60.0)
"""The first and the longest pause before a follow-up that failed is tried again."""

Followups = Mapping[OperationKind, Sequence[Followup]]


@dataclass(frozen=True, slots=True)
class _Pause:
    """`until` is a reading of the monotonic clock."""

    length_s: float
    until: float

    @classmethod
    def after(cls, before: "_Pause | None") -> Self:
        length_s = RETRY_S[0] if before is None else min(2 * before.length_s, RETRY_S[1])
        return cls(length_s, time.monotonic() + length_s)


@dataclass(frozen=True, slots=True)
class Finisher:
    """Brings operations to their end, once each, and tells who waits."""

    resources: Resources
    outbox: Outbox
    followups: Followups
    _pauses: dict[str, _Pause] = field(default_factory=dict)

    async def done(self, operation_id: str, **found: Any) -> None:
        """The mirror has the effect; `found` are columns to set with it (`tx_hash`, `block_number`)."""
        await self._finish(operation_id, OperationState.DONE, found)

    async def failed(self, operation_id: str, problem: Problem, *, keeps_nonce: bool) -> None:
        """There is no effect. A nonce that no block has used becomes free again."""
        found: dict[str, Any] = {"problem": problem.document()}
        if not keeps_nonce:
            found |= {"nonce": None, "sender": None}
        await self._finish(operation_id, OperationState.FAILED, found)

    async def done_by_others(self, operation: Operation) -> bool:
        """Whether the intent has taken effect through another relayer; then this operation is done too."""
        if operation.digest is None:
            return False
        async with self.resources.databases.mirror() as mirror:
            use = await queries.intent_use(mirror, Digest(operation.digest))
        if use is None:
            return False
        await self.done(operation.id, tx_hash=use.tx_hash, block_number=use.block_number)
        return True

    async def _finish(self, operation_id: str, state: OperationState, found: Mapping[str, Any]) -> None:
        pause = self._pauses.get(operation_id)
        if pause is not None and time.monotonic() < pause.until:
            return
        try:
            started = await self._commit(operation_id, state, found)
        except Exception:  # noqa: BLE001  # whatever a follow-up does wrong must not hold up other operations
            pause = self._pauses[operation_id] = _Pause.after(pause)
            _LOG.exception("follow-up failed", operation=operation_id, again_in_s=pause.length_s)
            return
        self._pauses.pop(operation_id, None)
        self.outbox.announce(operation_id)
        if started:
            self.outbox.wake()

    async def _commit(self, operation_id: str, state: OperationState, found: Mapping[str, Any]) -> list[str]:
        """Ids of the operations that the follow-ups started."""
        async with unit_of_work(self.resources, SYSTEM) as work:
            operation = await work.session.get_one(Operation, operation_id, with_for_update=True)
            if operation.state not in FINAL_STATES:
                for name, value in found.items():
                    setattr(operation, name, value)
                operation.state = state
                operation.updated_ms = now_ms()
                for followup in self.followups.get(OperationKind(operation.kind), ()):
                    await followup(work, operation)
        return work.started
