"""The end of an operation: its state, its follow-ups and what they find, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

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

Followups = Mapping[OperationKind, Sequence[Followup]]


@dataclass(frozen=True, slots=True)
class Finisher:
    """Brings operations to their end, once each, and tells who waits."""

    resources: Resources
    outbox: Outbox
    followups: Followups

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
        try:
            started = await self._commit(operation_id, state, found)
        except Exception:  # noqa: BLE001  # whatever a follow-up does wrong must not hold up other operations
            # It is tried again at the next step.
            _LOG.exception("follow-up failed", operation=operation_id)
            return
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
