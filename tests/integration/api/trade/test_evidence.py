"""Each event that a trace names can be proven without the node, the mirror or us."""

import json

import pytest
from sqlalchemy import insert

from chain.errors import ProofMismatch
from chain.proof.evidence import TrustedHash, read_evidence, verify_log_evidence
from indexer.changes import sql_table
from indexer.db import make_engine
from indexer.models import Archive
from tests.support.stack import Market, ok, refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def hop_event(market: Market) -> dict[str, int]:
    """The place of the event behind the last hop of a deal."""
    issued = await market.issue()
    await market.assign(issued["lot_id"], market.first, market.second, "4000.00")
    path = f"/v1/receivables/{issued['receivable_id']}/trace?serial=0"
    event: dict[str, int] = ok(await market.auditor.get(path), 200)["path"][-1]["event"]
    return event


async def test_the_event_behind_a_hop_is_proven_by_a_block_hash_alone(market: Market) -> None:
    event = await hop_event(market)
    path = f"/v1/events/{event['block_number']}/{event['log_index']}/evidence"
    answer = ok(await market.auditor.get(path), 200)
    header = await market.system.ledger.client.header(event["block_number"])
    assert header is not None
    assert answer["block_hash"] == header.hash
    evidence = read_evidence(json.dumps(answer["evidence"]))
    proven = verify_log_evidence(evidence, TrustedHash(header.hash))
    assert answer["name"] == "LotMoved"
    assert (proven.transaction_hash, proven.address) == (event["tx_hash"], answer["contract"].lower())
    with pytest.raises(ProofMismatch):
        verify_log_evidence(evidence, TrustedHash(header.parent_hash))


async def test_only_auditors_get_the_proof_of_a_block(market: Market) -> None:
    event = await hop_event(market)
    path = f"/v1/events/{event['block_number']}/{event['log_index']}/evidence"
    assert (await market.second.http.get(path)).status_code == 403


@pytest.mark.parametrize("place", ["999999999/0", "0/0", "1/99999"])
async def test_an_event_that_is_not_mirrored_has_no_proof(market: Market, place: str) -> None:
    refusal(await market.auditor.get(f"/v1/events/{place}/evidence"), 404, "not-found")


async def test_an_event_that_was_archived_is_said_to_be_so(market: Market) -> None:
    engine = make_engine(market.system.application.settings.mirror_database_url.get_secret_value())
    where = {"first_block": 888_000_000, "through_block": 888_999_999}
    async with engine.begin() as connection:
        told = {"events": 1, "sha256": "00", "archived_ms": 1}
        await connection.execute(insert(sql_table(Archive)).values(**where, **told))
    await engine.dispose()
    refusal(await market.auditor.get("/v1/events/888000007/0/evidence"), 410, "event-archived")
    refusal(await market.auditor.get("/v1/events/889000000/0/evidence"), 404, "not-found")
