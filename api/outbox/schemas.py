"""Operations as clients see them."""

from typing import Annotated, Any

from pydantic import Field

from api.http.schemas import View, instant_ms
from api.outbox.models import Operation, OperationState


class OperationView(View):
    """How far an operation has come; `done` means that its effect is on the ledger and in every answer of the
    API.
    """

    id: Annotated[str, Field(examples=["op_01k5zq3v8e2m4n6p8r0s2t4v6w"])]
    kind: Annotated[str, Field(examples=["finance"])]
    state: OperationState
    subject_ref: str
    tx_hash: str | None
    block_number: int | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    created_at: str

    @classmethod
    def of(cls, operation: Operation) -> "OperationView":
        return cls(
            id=operation.id,
            kind=operation.kind,
            state=OperationState(operation.state),
            subject_ref=operation.subject_ref,
            tx_hash=operation.tx_hash,
            block_number=operation.block_number,
            result=operation.result,
            problem=operation.problem,
            created_at=instant_ms(operation.created_ms),
        )
