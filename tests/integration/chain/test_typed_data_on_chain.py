"""Digests computed here are those that the deployed contracts compute, for whatever an intent may hold."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain import typed_data
from chain.bindings import cash, exports, financing, issuance, parties, pledges, settlement, transfers
from chain.calls import Call, bound
from chain.text import word_text
from domain.intents import (
    Assign,
    Buyback,
    Cancel,
    Export,
    Finance,
    Issue,
    Mandate,
    Pay,
    Pledge,
    Realise,
    Redeem,
    Release,
    Revoke,
    SetSigner,
    SetThreshold,
    VetoRecovery,
)
from tests.support.chain import DeployedLedger
from tests.support.intents import INTENTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

HASHES: dict[type[Any], Any] = {
    Issue: lambda intent: issuance.encode_hash_issue(bound(issuance.Issue, intent)),
    Cancel: lambda intent: issuance.encode_hash_cancel(bound(issuance.Cancel, intent)),
    Assign: lambda intent: transfers.encode_hash_assign(bound(transfers.Assign, intent)),
    Finance: lambda intent: financing.encode_hash_finance(bound(financing.Finance, intent)),
    Buyback: lambda intent: financing.encode_hash_buyback(bound(financing.Buyback, intent)),
    Mandate: lambda intent: financing.encode_hash_mandate(bound(financing.Mandate, intent)),
    Pledge: lambda intent: pledges.encode_hash_pledge(bound(pledges.Pledge, intent)),
    Release: lambda intent: pledges.encode_hash_release(bound(pledges.Release, intent)),
    Realise: lambda intent: pledges.encode_hash_realise(bound(pledges.Realise, intent)),
    Export: lambda intent: exports.encode_hash_export(bound(exports.Export, intent)),
    Pay: lambda intent: settlement.encode_hash_pay(bound(settlement.Pay, intent)),
    Redeem: lambda intent: cash.encode_hash_redeem(bound(cash.Redeem, intent)),
    Revoke: lambda intent: parties.encode_hash_revoke(bound(parties.Revoke, intent)),
    SetSigner: lambda intent: parties.encode_hash_set_signer(bound(parties.SetSigner, intent)),
    SetThreshold: lambda intent: parties.encode_hash_set_threshold(bound(parties.SetThreshold, intent)),
    VetoRecovery: lambda intent: parties.encode_hash_veto_recovery(bound(parties.VetoRecovery, intent)),
}


@pytest.mark.parametrize("kind", INTENTS, ids=[kind.__name__ for kind in INTENTS])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_our_digest_is_the_contracts(
    deployed: DeployedLedger, kind: type[Any], data: st.DataObject
) -> None:
    intent = data.draw(INTENTS[kind])
    target = typed_data.verifying_contract(intent, deployed.book)
    found = await deployed.client.call(Call(target, HASHES[kind](intent)), "latest")
    assert word_text(found) == typed_data.digest(intent, deployed.book)


async def test_every_intent_is_compared() -> None:
    assert HASHES.keys() == INTENTS.keys()
