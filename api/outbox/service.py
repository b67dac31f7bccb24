"""What other folders ask of the outbox: put an operation in, read one."""

from collections.abc import Awaitable, Callable, Iterable

from sqlmodel import select

from api.db import ReadSession
from api.ids import new_id, now_ms
from api.outbox.models import Lane, Operation, OperationKind
from api.work import UnitOfWork
from chain.calls import Call
from domain.ids import ZERO_ADDRESS, Digest, PartyAddress

Followup = Callable[[UnitOfWork, Operation], Awaitable[None]]
"""Runs in the transaction that marks an operation `done` or `failed` (look at `operation.state`).

It may change its folder's rows, set `operation.result` (what the client is shown as the outcome) and enqueue
more.
"""


async def enqueue(
    work: UnitOfWork,
    *,
    lane: Lane,
    kind: OperationKind,
    call: Call,
    subject_ref: str,
    digest: Digest | None = None,
    visible_to: Iterable[PartyAddress] = (),
) -> Operation:
    """Put a call in the outbox, in the caller's transaction; the sender wakes when that commits.

    The caller's own party sees the operation, and so do the parties of `visible_to`.
    """
    now = now_ms()
    seen_by = {*visible_to, work.caller.party} - {ZERO_ADDRESS}
    operation = Operation(
        id=new_id("op"),
        kind=kind,
        lane=lane,
        subject_ref=subject_ref,
        digest=digest,
        visible_to=sorted(seen_by),
        to=call.to,
        data="0x" + call.data.hex(),
        created_ms=now,
        updated_ms=now,
    )
    work.session.add(operation)
    await work.session.flush()
    work.started.append(operation.id)
    return operation


async def find(session: ReadSession, operation_id: str) -> Operation | None:
    """The operation of an id."""
    return await session.get(Operation, operation_id)


async def find_by_digest(session: ReadSession, digest: Digest) -> Operation | None:
    """The operation that carries an intent."""
    return (await session.execute(select(Operation).where(Operation.digest == digest))).scalar_one_or_none()
