"""The trace of a receivable or of one of its serials, and the proof of each event behind it."""

from typing import Annotated, Final

from fastapi import Path, Query, Request

from api.auth.caller import Scope
from api.deps import Read, application_of, needs
from api.evidence import service
from api.evidence.schemas import EventProofView, TraceView
from api.http.routing import router
from api.receivables.ids import to_receivable_id

ROUTER: Final = router("/receivables", "evidence")

EVENTS: Final = router("/events", "evidence")

SerialQuery = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{1,18}$",
        description="One serial, counted from 0 in minor units; the whole tree if left out.",
        examples=["0"],
    ),
]
_READERS: Final = needs(
    Scope.READ, Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY, Scope.AUDIT
)


@ROUTER.get("/{receivable_id}/trace", dependencies=[_READERS])
async def get_trace(receivable_id: str, read: Read, serial: SerialQuery = None) -> TraceView:
    """From the invoices to the final payee: every hop with its cause, evidence and transaction."""
    number = int(serial) if serial is not None else None
    return await service.trace(read, to_receivable_id(receivable_id), number)


@EVENTS.get("/{block_number}/{log_index}/evidence", dependencies=[needs(Scope.AUDIT)])
async def get_event_evidence(
    request: Request,
    read: Read,
    block_number: Annotated[int, Path(ge=0, lt=2**63)],
    log_index: Annotated[int, Path(ge=0, lt=2**63)],
) -> EventProofView:
    """Everything that proves a mirrored event without a node: `python -m chain.proof` checks it.

    For auditors: a block's proof shows what else was in the block.
    """
    return await service.prove(read, application_of(request).client, block_number, log_index)
