"""The samples of the API's description are bodies that the API takes."""

import pytest

from api.buybacks import schemas as buybacks
from api.financing import schemas as financing
from api.http.schemas import Body
from api.invoices import schemas as invoices
from api.mandates import schemas as mandates
from api.parties import schemas as parties
from api.pledges import schemas as pledges
from api.settlement import schemas as settlement
from api.transfers import schemas as transfers

SAMPLED = [
    invoices.SubmissionBody,
    invoices.RejectionBody,
    parties.SignerBody,
    parties.ThresholdBody,
    buybacks.BuyBackBody,
    mandates.MandateBody,
    pledges.PledgeBody,
    pledges.ReleaseBody,
    pledges.RealisationBody,
    transfers.AssignmentBody,
    financing.QuoteRequestBody,
    financing.QuoteBody,
    financing.AcceptanceBody,
    settlement.PaymentBody,
    settlement.ClaimBody,
    settlement.RedemptionBody,
    settlement.CashCreditBody,
]


@pytest.mark.parametrize("body", SAMPLED, ids=lambda body: body.__name__)
def test_a_sample_is_taken_as_it_stands(body: type[Body]) -> None:
    (sample,) = body.model_json_schema()["examples"]
    assert body.model_validate(sample).model_dump(mode="json", exclude_unset=True).keys() == sample.keys()
