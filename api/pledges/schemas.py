"""Pledges as their two sides ask for them."""

from typing import Annotated

from pydantic import Field

from api.http.samples import sampled
from api.http.schemas import Body, MoneyBody, PartyId
from api.receivables.agreements import AgreementHash
from api.receivables.ids import LotIdText

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class PledgeBody(Body):
    """Pledge a lot of one's own for a loan: `advance` is paid out at once, the pledgee is paid first up to
    `secured`.
    """

    model_config = sampled(
        lot_id="201326593",
        pledgee="0x52908400098527886E0F7030069857D2E4169EE7",
        secured={"amount": "10000.00", "currency": "EUR"},
        advance={"amount": "9500.00", "currency": "EUR"},
        agreement_sha256=_HASH,
    )

    lot_id: LotIdText
    pledgee: PartyId
    secured: MoneyBody
    advance: MoneyBody | None = None
    agreement_sha256: AgreementHash


class ReleaseBody(Body):
    """Lower what a pledge secures, or lift it if `secured` is left out; against a repayment, or none."""

    model_config = sampled(
        secured={"amount": "4000.00", "currency": "EUR"},
        repayment={"amount": "6000.00", "currency": "EUR"},
        agreement_sha256=_HASH,
    )

    secured: MoneyBody | None = None
    repayment: MoneyBody | None = None
    agreement_sha256: AgreementHash


class RealisationBody(Body):
    """Sell a pledged lot, to the pledgee itself or another: what is still secured goes to the pledgee, the
    rest to the owner.
    """

    model_config = sampled(
        buyer="0x52908400098527886E0F7030069857D2E4169EE7",
        price={"amount": "9800.00", "currency": "EUR"},
        agreement_sha256=_HASH,
    )

    buyer: Annotated[PartyId, Field(description="The caller's party, or another that signs as well.")]
    price: MoneyBody
    agreement_sha256: AgreementHash
