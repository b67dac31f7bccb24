"""The proofs against a real node: blocks of every shape, and the state behind them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from eth_hash.auto import keccak
from msgspec.structs import replace

from chain import devnode
from chain.devnode import DevNode
from chain.errors import ProofMismatch
from chain.proof.accounts import AccountProof, read_account_proof, verify_account
from chain.proof.block import verify_block, verify_hash
from chain.proof.evidence import TrustedHash, log_evidence, read_evidence, verify_log_evidence
from chain.proof.headers import read_block
from chain.proof.qbft import HashRule
from chain.proof.transactions import encode_transaction, verify_transactions
from chain.reader import LedgerReader
from domain.parties import Role
from tests.support.chain import DeployedLedger, fresh_ledger
from tests.support.emitter import LOGS_A_CALL, Caller
from tests.support.life import life
from tests.support.trade import CNY, Trade
from tests.support.workout import Workout

pytestmark = pytest.mark.asyncio(loop_scope="session")

RECEIPTS = 300
AMOUNT_BIT, SERIALS = 85, (1 << 53) - 1  # of a lot's word
STORAGE = json.loads((Path(__file__).parents[3] / "contracts/snapshots/storage.json").read_text())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def caller() -> AsyncIterator[Caller]:
    async with DevNode() as node:
        caller = Caller(node.url, node.chain_id)
        await caller.deploy()
        yield caller
        await caller.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def prague_caller() -> AsyncIterator[Caller]:
    """A chain of the fork that knows set-code transactions and requests."""
    with pytest.MonkeyPatch.context() as patch:
        arguments = devnode._arguments
        patch.setattr(
            devnode,
            "_arguments",
            lambda *given: ["prague" if word == "cancun" else word for word in arguments(*given)],
        )
        async with DevNode() as node:
            caller = Caller(node.url, node.chain_id)
            await caller.deploy()
            yield caller
            await caller.close()


def words(*first: int) -> bytes:
    return b"".join(keccak(bytes([number])) for number in first) + b"some more data"


async def test_an_empty_block_is_proven(caller: Caller) -> None:
    block, receipts = await caller.block(await caller.mine())
    assert (block.transactions, receipts) == ((), ())
    assert verify_block(block, receipts, frozenset()) == ()


async def test_three_hundred_receipts_in_a_block_are_proven(caller: Caller) -> None:
    await caller.send([caller.signed(2, words(1, index % 200)) for index in range(RECEIPTS)])
    block, receipts = await caller.block(await caller.mine())
    logs = verify_block(block, receipts, {caller.contract})
    assert [log.log_index for log in logs] == list(range(RECEIPTS * LOGS_A_CALL))
    assert [log.transaction_index for log in logs[::LOGS_A_CALL]] == list(range(RECEIPTS))
    for index in (0, 1, 400, RECEIPTS * LOGS_A_CALL - 1):
        text = msgspec.json.encode(log_evidence(block, receipts, index))
        proven = verify_log_evidence(read_evidence(text), TrustedHash(block.hash))
        log = logs[index]
        assert (proven.log_index, proven.transaction_index) == (log.log_index, log.transaction_index)
        assert (proven.address, proven.topics, proven.data) == (log.address, log.topics, log.data)


@pytest.mark.parametrize("count", [1, 2, 16, 17, 127, 128, 129])
async def test_any_number_of_receipts_is_proven(caller: Caller, count: int) -> None:
    await caller.send([caller.signed(2, words(index % 5)) for index in range(count)])
    block, receipts = await caller.block(await caller.mine())
    assert len(verify_block(block, receipts, {caller.contract})) == count * LOGS_A_CALL


async def test_reverted_transactions_creations_and_old_types_share_a_block(caller: Caller) -> None:
    reverted = b"\xff" + words(9)
    await caller.send(
        [
            caller.signed(0, words(1)),
            caller.signed(1, words(2)),
            caller.signed(2, reverted),
            caller.signed(0, b"\x60\x00", create=True),
            caller.signed(2, words(3)),
            caller.signed(2, words(4)),
        ]
    )
    block, receipts = await caller.block(await caller.mine())
    assert {receipt.type for receipt in receipts} == {"0x0", "0x1", "0x2"}
    assert [receipt.status for receipt in receipts].count("0x0") == 1
    assert len(verify_block(block, receipts, {caller.contract})) == 4 * LOGS_A_CALL
    assert verify_block(block, receipts, {"0x" + "11" * 20}) == ()
    transactions = verify_transactions(block, await caller.transactions(int(block.number, 16)))
    text = msgspec.json.encode(log_evidence(block, receipts, 4, transactions=transactions))
    proven = verify_log_evidence(read_evidence(text), TrustedHash(block.hash))
    assert proven.transaction_hash == block.transactions[proven.transaction_index]


async def test_a_block_with_a_blob_transaction_is_proven(caller: Caller) -> None:
    await caller.send([caller.signed(3, words(1)), caller.signed(2, words(2))])
    block, receipts = await caller.block(await caller.mine())
    assert [receipt.type for receipt in receipts] == ["0x3", "0x2"]
    assert len(verify_block(block, receipts, {caller.contract})) == 2 * LOGS_A_CALL
    # anvil's transactions root has the blobs in it, against EIP-4844: only the hashes can be compared
    told = [encode_transaction(one) for one in await caller.transactions(int(block.number, 16))]
    assert tuple("0x" + keccak(one).hex() for one in told) == block.transactions


async def test_a_block_of_the_prague_fork_with_a_set_code_is_proven(
    prague_caller: Caller,
) -> None:
    await prague_caller.send([prague_caller.signed(4, words(1)), prague_caller.signed(2, words(2))])
    block, receipts = await prague_caller.block(await prague_caller.mine())
    assert block.requests_hash is not None
    assert {receipt.type for receipt in receipts} == {"0x2", "0x4"}
    assert len(verify_block(block, receipts, {prague_caller.contract})) == 2 * LOGS_A_CALL
    told = await prague_caller.transactions(int(block.number, 16))
    assert len(verify_transactions(block, told)) == 2


async def test_a_whole_life_of_receivables_is_proven_block_by_block() -> None:
    async with fresh_ledger() as ledger:
        await life(await Workout.open(ledger))
        head = await ledger.client.head()
        caller = Caller(ledger.node.url, ledger.node.chain_id)
        addresses = frozenset(address.lower() for address in ledger.book.addresses())
        proven = []
        parent = None
        for number in range(head.number + 1):
            block, receipts = await caller.block(number)
            assert parent in {None, block.parent_hash}
            parent = block.hash
            proven += verify_block(block, receipts, addresses)
            verify_transactions(block, await caller.transactions(number))
        await caller.close()
        found = await ledger.client.logs(0, head.number)
        assert len(proven) > 100
        assert tuple(proven) == found.logs


@dataclass(frozen=True)
class State:
    """The state of a chain at a block, asked of the node with proofs."""

    ledger: DeployedLedger
    block: int

    async def proof(self, address: str, *slots: int) -> tuple[str, AccountProof]:
        """The state root and the node's proof of an account and words of its storage."""
        caller = Caller(self.ledger.node.url, self.ledger.node.chain_id)
        keys = [f"0x{slot:064x}" for slot in slots]
        header, proof = await caller.ask(
            ("eth_getBlockByNumber", hex(self.block), False), ("eth_getProof", address, keys, hex(self.block))
        )
        await caller.close()
        block = read_block(header)
        assert block is not None
        verify_hash(block, HashRule.ETHEREUM)
        return block.state_root, read_account_proof(proof)

    async def words(self, address: str, *slots: int) -> list[int]:
        """The proven words."""
        return list(verify_account(*await self.proof(address, *slots)).words.values())


def variable(contract: str, name: str) -> int:
    """The slot of a variable, from the snapshot of the storage."""
    (slot,) = (
        int(place.split(":")[0])
        for place, what in STORAGE[contract]["storage"].items()
        if what.split(",")[0].endswith(f" {name}")
    )
    return slot


def entry(contract: str, mapping: str, key: int) -> int:
    """The slot of an entry, where Solidity puts it."""
    return int.from_bytes(keccak(key.to_bytes(32) + variable(contract, mapping).to_bytes(32)))


async def test_cash_and_lots_are_proven_against_the_state_root(deployed: DeployedLedger) -> None:
    trade = Trade(deployed)
    core = await deployed.admit("core", Role.DEBTOR)
    first, second = [await deployed.admit(name, Role.SUPPLIER) for name in ("first", "second")]
    await deployed.mint(core, CNY, 700_00)
    issued = await trade.issue(core, first, 500_00)
    moved = await trade.assign(first, second, issued.lot, 200_00)
    state = State(deployed, (await deployed.client.head()).number)
    reader = LedgerReader(deployed.client, state.block)

    supply, *balances = await state.words(
        deployed.book.cash_address(CNY),
        variable("Cash", "totalSupply"),
        *(entry("Cash", "balanceOf", int(party.address, 16)) for party in (core, first)),
    )
    assert supply == await reader.cash_supply(CNY)
    assert balances == [700_00, 0]

    lots = [entry("Ledger", "_lots", lot) for lot in (issued.lot, moved.child, moved.child + 1)]
    *proven, absent = await state.words(deployed.book.address("Ledger"), *lots)
    assert [word >> AMOUNT_BIT & SERIALS for word in proven] == [300_00, 200_00]
    assert absent == 0


async def test_an_account_that_is_not_there_is_proven_to_be_absent(deployed: DeployedLedger) -> None:
    state = State(deployed, (await deployed.client.head()).number)
    account = verify_account(*await state.proof("0x" + "1234" * 10, 0))
    assert not account.exists
    assert (account.balance, account.nonce, account.code_hash) == (0, 0, keccak(b""))
    assert account.words == {0: 0}


async def test_a_changed_answer_about_an_account_is_refused(deployed: DeployedLedger) -> None:
    state = State(deployed, (await deployed.client.head()).number)
    cash = deployed.book.cash_address(CNY)
    root, proof = await state.proof(cash, variable("Cash", "totalSupply"))
    (stored,) = proof.storage_proof
    changes: dict[str, object] = {
        "balance": "0x1",
        "nonce": "0x2",
        "code_hash": "0x" + "00" * 32,
        "storage_hash": "0x" + "00" * 32,
        "address": "0x" + "11" * 20,
        "account_proof": proof.account_proof[:-1],
        "storage_proof": (replace(stored, value="0x1"),),
    }
    for field, value in changes.items():
        with pytest.raises(ProofMismatch):
            verify_account(root, replace(proof, **{field: value}))
    with pytest.raises(ProofMismatch):
        verify_account(root, replace(proof, storage_proof=(replace(stored, proof=stored.proof[:-1]),)))
    with pytest.raises(ProofMismatch):
        verify_account("0x" + "11" * 32, proof)
