import asyncio
import time

import msgspec
import pytest

from chain import calls
from chain.address_book import AddressBook, ContractEntry
from chain.bindings import ledger
from chain.bindings.codes import Rights
from chain.calls import Call
from chain.client import LedgerClient
from chain.errors import (
    AlreadyKnown,
    ContractReverted,
    MalformedAnswer,
    NodeRejected,
    NodeUnavailable,
    NonceTooLow,
    WrongChain,
)
from chain.fees import ZERO_FEES
from chain.signers import LocalSigner
from chain.tx import ChainNonces, Receipt, Transaction
from domain.ids import LotId, ReceivableId
from domain.parties import Role
from tests.support.chain import DeployedLedger, random_word

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOBODY_LISTENS = "http://127.0.0.1:1"


async def receipt_of(client: LedgerClient, transaction_hash: str) -> Receipt:
    async with asyncio.timeout(5):
        while (receipt := await client.receipt(transaction_hash)) is None:  # noqa: ASYNC110  # HTTP has no event
            await asyncio.sleep(0.01)
    return receipt


async def refused_book(deployed: DeployedLedger, book: AddressBook) -> str:
    with pytest.raises(WrongChain) as caught:
        await LedgerClient.connect(deployed.node.url, book)
    return str(caught.value)


async def test_another_chain_id_is_refused(deployed: DeployedLedger) -> None:
    book = msgspec.structs.replace(deployed.book, chain_id=1)
    assert "chain id" in await refused_book(deployed, book)


async def test_a_chain_that_was_reset_is_refused(deployed: DeployedLedger) -> None:
    book = msgspec.structs.replace(deployed.book, genesis_hash="0x" + "00" * 32)
    assert "genesis hash" in await refused_book(deployed, book)


async def test_other_code_at_an_address_of_ours_is_refused(deployed: DeployedLedger) -> None:
    right = deployed.book.contracts["Ledger"]
    wrong = ContractEntry(address=right.address, code_hash="0x" + "00" * 32)
    book = msgspec.structs.replace(deployed.book, contracts={**deployed.book.contracts, "Ledger": wrong})
    assert f"code at {right.address}" in await refused_book(deployed, book)


async def test_a_node_that_is_not_there_is_unavailable(deployed: DeployedLedger) -> None:
    with pytest.raises(NodeUnavailable):
        await LedgerClient.connect(NOBODY_LISTENS, deployed.book)
    async with LedgerClient(NOBODY_LISTENS, deployed.book) as client:
        with pytest.raises(NodeUnavailable):
            await client.head()


async def test_a_node_that_does_not_answer_in_time_is_unavailable(deployed: DeployedLedger) -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, LedgerClient(url, deployed.book, timeout_s=0.1) as client:
        started = time.perf_counter()
        with pytest.raises(NodeUnavailable):
            await client.block_number()
        with pytest.raises(NodeUnavailable):
            await client.header(1)
        assert time.perf_counter() - started < 1


async def test_a_refused_command_has_the_name_and_values_of_the_contract(deployed: DeployedLedger) -> None:
    error = await deployed.refusal(calls.flag_overdue(deployed.book, ReceivableId(999)))
    assert (error.name, error.values) == ("LedgerUnknownReceivable", {"receivable": 999})
    with pytest.raises(ContractReverted, match="LedgerUnknownReceivable"):
        await deployed.client.estimate_gas(
            calls.flag_overdue(deployed.book, ReceivableId(999)), deployed.relayer.address
        )


async def test_a_command_without_the_role_is_refused_by_the_access_manager(deployed: DeployedLedger) -> None:
    error = await deployed.refusal(calls.pause(deployed.book.address("Ledger"), Rights.PAY))
    assert error.name == "AccessManagedUnauthorized"
    assert error.values == {"caller": deployed.relayer.address}


async def test_of_many_calls_the_first_that_reverts_is_named(deployed: DeployedLedger) -> None:
    target = deployed.book.address("Ledger")
    count = Call(target, ledger.encode_receivable_count())
    unknown = Call(target, ledger.encode_lot_of(LotId(77)))
    head = await deployed.client.block_number()
    assert len(await deployed.client.call_many([count, count], head)) == 2
    with pytest.raises(ContractReverted, match="LedgerUnknownLot"):
        await deployed.client.call_many([count, unknown], head)


async def test_a_block_that_does_not_exist_yet_cannot_be_asked(deployed: DeployedLedger) -> None:
    call = Call(deployed.book.address("Ledger"), ledger.encode_receivable_count())
    with pytest.raises(NodeRejected):
        await deployed.client.call(call, 10**6)
    assert await deployed.client.header(10**6) is None
    with pytest.raises((MalformedAnswer, NodeRejected)):
        await deployed.client.logs(10**6, 10**6 + 1)


async def test_a_transaction_is_followed_from_nonce_to_receipt(deployed: DeployedLedger) -> None:
    client, sender = deployed.client, LocalSigner.generate()
    assert await client.nonces(sender.address) == ChainNonces(0, 0)
    transaction = Transaction(deployed.book.chain_id, 0, sender.address, b"", 21_000, ZERO_FEES)
    signed = await sender.sign_transaction(transaction)
    assert await client.receipt(signed.hash) is None
    assert not await client.in_pool(signed.hash)
    before = await client.block_number()
    assert await client.send_raw_transaction(signed.raw) == signed.hash
    receipt = await receipt_of(client, signed.hash)
    assert receipt.block_number == before + 1
    assert receipt.succeeded
    assert receipt.gas_used == 21_000
    assert await client.nonces(sender.address) == ChainNonces(1, 1)
    with pytest.raises(NonceTooLow):
        await client.send_raw_transaction(signed.raw)


async def test_a_transaction_that_waits_in_the_pool_is_known_there(deployed: DeployedLedger) -> None:
    client, sender = deployed.client, LocalSigner.generate()
    transaction = Transaction(deployed.book.chain_id, 1, sender.address, b"", 21_000, ZERO_FEES)
    signed = await sender.sign_transaction(transaction)
    await client.send_raw_transaction(signed.raw)
    assert await client.in_pool(signed.hash)
    with pytest.raises(AlreadyKnown):
        await client.send_raw_transaction(signed.raw)
    assert await client.nonces(sender.address) == ChainNonces(0, 0)


async def test_bytes_that_are_no_transaction_are_refused(deployed: DeployedLedger) -> None:
    with pytest.raises(NodeRejected):
        await deployed.client.send_raw_transaction(b"\x02\xc0")


async def test_logs_come_with_the_headers_of_their_blocks(deployed: DeployedLedger) -> None:
    before = await deployed.client.head()
    await deployed.admit("somebody", Role.SUPPLIER)
    head = await deployed.client.head()
    found = await deployed.client.logs(before.number, head.number)
    assert [header.number for header in found.headers] == list(range(before.number, head.number + 1))
    assert found.headers[-1].hash == head.hash
    assert found.headers[-1].timestamp == head.timestamp
    assert {log.block_number for log in found.logs} == {head.number}
    assert all(log.address == deployed.book.address("Parties").lower() for log in found.logs)


async def test_an_old_block_is_read_as_it_was(deployed: DeployedLedger) -> None:
    before = await deployed.client.block_number()
    party = await deployed.admit("late", Role.SUPPLIER)
    call = calls.mint(deployed.book, 156, party.address, 5, random_word())
    settlement_bank = deployed.governance["settlement_bank"].address
    with pytest.raises(ContractReverted, match=r"Parties(NotActive|Unknown)"):
        await deployed.client.simulate(call, settlement_bank, before)
    await deployed.client.simulate(call, settlement_bank)
