"""Intents as clients see and sign them."""

from typing import Annotated, Any

from pydantic import Field

from api.http.schemas import Body, View, instant
from api.intents.models import IntentRecord, IntentState
from api.outbox.schemas import OperationView


class SummaryLine(View):
    """One line of what is signed, in words: shown to a person before the signature."""

    label: str
    label_zh: str
    value: str


class RequirementView(View):
    """How far one party is: `have` of `need` signatures for a power."""

    party: str
    power: str
    have: int
    need: int
    signers: list[str]


class IntentView(View):
    """An intent to sign. `typed_data` is the argument of `eth_signTypedData_v4`; `operation` is set when
    complete.
    """

    digest: str
    kind: str
    state: IntentState
    subject_ref: str
    typed_data: dict[str, Any]
    summary: list[SummaryLine]
    signatures: list[RequirementView]
    expires_at: str
    operation_id: str | None
    operation: OperationView | None

    @classmethod
    def of(
        cls,
        record: IntentRecord,
        *,
        state: IntentState,
        typed_data: dict[str, Any],
        signatures: list[RequirementView],
        operation: OperationView | None,
    ) -> "IntentView":
        return cls(
            digest=record.digest,
            kind=record.kind,
            state=state,
            subject_ref=record.subject_ref,
            typed_data=typed_data,
            summary=[SummaryLine(**line) for line in record.summary],
            signatures=signatures,
            expires_at=instant(record.expires_s),
            operation_id=record.operation_id,
            operation=operation,
        )


class SignatureBody(Body):
    """A signature over the intent's digest, 65 bytes (r, s, v) as hexadecimal."""

    signature: Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{130}$", examples=["0x" + "5c" * 64 + "1b"])]
