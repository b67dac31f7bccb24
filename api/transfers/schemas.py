"""Assignments as clients ask for them."""

from typing import Annotated

from pydantic import Field

from api.http.samples import sampled
from api.http.schemas import Body, MoneyBody, PartyId
from api.receivables.ids import LotIdText


class TradeEvidence(Body):
    """The trade behind a hop; its text stays off the ledger, which keeps only a salted commitment to it."""

    kind: Annotated[str, Field(min_length=1, max_length=40, examples=["purchase-contract"])]
    reference: Annotated[str, Field(min_length=1, max_length=140, examples=["PC-2026-031"])]
    text: Annotated[str, Field(max_length=500)] = ""
    sha256: Annotated[
        str | None, Field(pattern=r"^[0-9a-f]{64}$", description="Of the document's bytes.")
    ] = None


class AssignmentBody(Body):
    """Pass `amount` of a lot on to another party; the receiver has to accept."""

    model_config = sampled(
        lot_id="201326593",
        to="0x52908400098527886E0F7030069857D2E4169EE7",
        amount={"amount": "12345.67", "currency": "EUR"},
        evidence={"kind": "purchase-contract", "reference": "PC-2026-031"},
    )

    lot_id: LotIdText
    to: PartyId
    amount: MoneyBody
    evidence: TradeEvidence
