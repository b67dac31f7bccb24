"""Buy-backs as their two sides ask for them."""

from api.http.samples import sampled
from api.http.schemas import Body, MoneyBody
from api.receivables.agreements import AgreementHash
from api.receivables.ids import LotIdText


class BuyBackBody(Body):
    """Bank or seller: the seller takes a lot that was sold with recourse back, whole, for `price`."""

    model_config = sampled(
        lot_id="201326593",
        price={"amount": "9800.00", "currency": "EUR"},
        agreement_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )

    lot_id: LotIdText
    price: MoneyBody
    agreement_sha256: AgreementHash
