"""Blocks are mirrored only when enough of the validators that the operator knows, or their successors, sealed
them: on a real node whose blocks are sealed on the way.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chain.errors import BlockNotSealed, MalformedAnswer
from chain.node import ChainNode
from chain.proof.qbft import HashRule
from indexer.feed import MirrorFeed
from indexer.models import ValidatorSet
from indexer.queries import balance, position, sealed_from, validator_set_at
from indexer.rebuild import rebuild
from indexer.sealing import Proofs
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror, clean_digests
from tests.support.chain import Actor, DeployedLedger
from tests.support.following import following, until
from tests.support.market import Trade
from tests.support.mirror import CNY
from tests.support.proxy import Proxy, proxy_of
from tests.support.sealing import Sealed, SealingNode
from tests.support.seals import Validators

HELD = 1_000_000
FOUR, FIVE, OTHERS = Validators(4), Validators(5), Validators(4, first=50)
FIFTH = next(address for address in FIVE.addresses if address not in FOUR.addresses)
QUORUM = Sealed(FOUR, 3)
SEALS = Proofs(receipts=True, validators=FOUR.addresses)
VOTE = 12
"""Number of the block whose proposer votes for the fifth, who seals from the next on."""


def vote_on(validator: str, *, add: bool) -> list[bytes]:
    return [bytes.fromhex(validator[2:]), b"\xff" if add else b""]


def joined_by_the_fifth(number: int) -> Sealed:
    if number == VOTE:
        return Sealed(FOUR, 3, vote=vote_on(FIFTH, add=True))
    return Sealed(FIVE, 4) if number > VOTE else QUORUM


@dataclass
class Sealers:
    """The node behind a proxy that seals, and a client of it."""

    ledger: DeployedLedger
    bank: Actor
    node: SealingNode
    proxy: Proxy
    client: ChainNode

    async def told(self, terms: Callable[[int], Sealed]) -> int:
        """Blocks are sealed by these terms from now on; the answer is the head."""
        self.node = SealingNode(self.ledger.node.url, terms)
        self.proxy.lie = self.node
        return await self.node.learn()

    async def mint(self, amount: int) -> None:
        """A new block, sealed as the others."""
        await self.ledger.mint(self.bank, CNY, amount)
        await self.node.learn()


@pytest.fixture
async def sealers(ledger: DeployedLedger) -> AsyncIterator[Sealers]:
    bank = (await Trade.open(ledger)).bank
    async with proxy_of(ledger.node.url) as proxy:
        client = await ChainNode.connect(proxy.url, ledger.book, hash_rule=HashRule.QBFT)
        async with client:
            made = Sealers(ledger, bank, SealingNode(ledger.node.url, lambda _: QUORUM), proxy, client)
            await made.told(lambda _: QUORUM)
            yield made


async def sets(mirror: Mirror) -> list[tuple[int, int, str]]:
    async with mirror.read() as session:
        rows = (await session.scalars(select(ValidatorSet).order_by(ValidatorSet.first_block))).all()
    return [(row.first_block, row.last_block, row.addresses) for row in rows]


async def test_blocks_that_enough_validators_sealed_are_mirrored_and_on_record(
    mirror: Mirror, sealers: Sealers, tmp_path: Path
) -> None:
    await MirrorWorker(sealers.client, mirror.engine, proofs=SEALS).catch_up()
    first, head = sealers.ledger.book.deployed_block, await sealers.client.block_number()
    assert await sets(mirror) == [(first, head, " ".join(FOUR.addresses))]
    async with mirror.read() as session:
        assert await balance(session, sealers.bank.address, CNY) == HELD
        assert await validator_set_at(session, head) is not None
        assert await validator_set_at(session, head + 1) is None
        assert await validator_set_at(session, first - 1) is None
    assert await mirror.digests() == await clean_digests(sealers.client, tmp_path)


def sealed_by_two_from(number: int) -> Callable[[int], Sealed]:
    return lambda block: Sealed(FOUR, 2) if block >= number else QUORUM


async def test_a_block_with_too_few_seals_is_where_the_mirror_waits(mirror: Mirror, sealers: Sealers) -> None:
    await sealers.told(sealed_by_two_from(VOTE))
    with pytest.raises(BlockNotSealed, match=f"block {VOTE}: 2 of 4 validators sealed, 3 have to"):
        await MirrorWorker(sealers.client, mirror.engine, proofs=SEALS).catch_up()
    async with mirror.read() as session:
        here = await position(session)
        assert here is not None
        assert here.block_number < VOTE
    head = await sealers.told(lambda _: QUORUM)
    await MirrorWorker(sealers.client, mirror.engine, proofs=SEALS).catch_up()
    assert [row[:2] for row in await sets(mirror)] == [(sealers.ledger.book.deployed_block, head)]


async def test_validators_are_followed_through_their_votes_and_over_a_restart(
    mirror: Mirror, sealers: Sealers
) -> None:
    head = await sealers.told(joined_by_the_fifth)
    for through in (VOTE, head):
        worker = MirrorWorker(sealers.client, mirror.engine, proofs=SEALS)
        await worker.catch_up(through)
    assert await sets(mirror) == [
        (sealers.ledger.book.deployed_block, VOTE, " ".join(FOUR.addresses)),
        (VOTE + 1, head, " ".join(FIVE.addresses)),
    ]
    await sealers.mint(1)
    await worker.catch_up()
    assert [row[:2] for row in await sets(mirror)][1:] == [(VOTE + 1, head + 1)]
    async with mirror.read() as session:
        assert await sealed_from(session) == sealers.ledger.book.deployed_block


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (
            lambda number: Sealed(OTHERS, 4) if number > VOTE else QUORUM,
            "sealed by others",
        ),
        (lambda number: Sealed(FIVE, 5) if number > VOTE else QUORUM, "sealed by others"),
        (lambda _: Sealed(FIVE, 5), "sealed by others"),
        (lambda _: Sealed(FOUR, 4, listed=()), "a contract keeps them"),
        (lambda _: Sealed(OTHERS, 4, listed=FOUR.addresses), "no validators"),
    ],
)
async def test_blocks_of_validators_that_nobody_voted_for_are_refused(
    mirror: Mirror, sealers: Sealers, terms: Callable[[int], Sealed], why: str
) -> None:
    await sealers.told(terms)
    with pytest.raises(BlockNotSealed, match=why):
        await MirrorWorker(sealers.client, mirror.engine, proofs=SEALS).catch_up()


async def test_a_node_that_forges_a_sealed_block_is_refused(mirror: Mirror, sealers: Sealers) -> None:
    def forged(method: str, result: Any) -> Any:
        told = sealers.node(method, result)
        if method == "eth_getBlockByNumber" and told is not None and int(told["number"], 16) > VOTE:
            return told | {"stateRoot": "0x" + "ab" * 32}
        return told

    sealers.proxy.lie = forged
    with pytest.raises(MalformedAnswer, match="block hash: expected"):
        await MirrorWorker(sealers.client, mirror.engine, proofs=SEALS).catch_up()


async def test_the_next_node_is_asked_for_a_block_without_enough_seals(
    mirror: Mirror, sealers: Sealers
) -> None:
    async with proxy_of(sealers.ledger.node.url) as second:
        second.lie = sealers.node
        urls = [sealers.proxy.url, second.url]
        client = await ChainNode.connect(urls, sealers.ledger.book, hash_rule=HashRule.QBFT)
        head = await sealers.told(sealed_by_two_from(VOTE))
        async with client:
            feed = MirrorFeed()
            async with following(MirrorWorker(client, mirror.engine, feed=feed, proofs=SEALS)):
                await feed.wait_for_block(head, 30)
                await until(lambda: feed.trouble is None)


async def test_whoever_waits_is_told_that_a_block_is_not_sealed(mirror: Mirror, sealers: Sealers) -> None:
    await sealers.told(sealed_by_two_from(VOTE))
    feed = MirrorFeed()
    async with following(MirrorWorker(sealers.client, mirror.engine, feed=feed, proofs=SEALS)):
        await until(lambda: feed.trouble == "chain.block_not_sealed")


async def test_what_was_mirrored_without_a_check_stays_off_the_record(
    mirror: Mirror, sealers: Sealers
) -> None:
    """The trusted validators are asked for again after it."""
    head = await sealers.told(joined_by_the_fifth)
    await MirrorWorker(sealers.client, mirror.engine, proofs=SEALS).catch_up(VOTE - 2)
    await MirrorWorker(sealers.client, mirror.engine).catch_up(VOTE + 2)
    with pytest.raises(BlockNotSealed, match=f"block {VOTE + 3}: sealed by others"):
        await MirrorWorker(sealers.client, mirror.engine, proofs=SEALS).catch_up()
    known = Proofs(receipts=True, validators=FIVE.addresses)
    await MirrorWorker(sealers.client, mirror.engine, proofs=known).catch_up()
    checked = [row[:2] for row in await sets(mirror)]
    assert checked == [(sealers.ledger.book.deployed_block, VOTE - 2), (VOTE + 3, head)]
    async with mirror.read() as session:
        assert await validator_set_at(session, VOTE) is None
        assert await sealed_from(session) == VOTE + 3


async def test_another_branch_takes_its_validators_along(mirror: Mirror, sealers: Sealers) -> None:
    """One branch lets the fifth in, the other does not; both are sealed."""
    head = await sealers.told(joined_by_the_fifth)
    worker = MirrorWorker(sealers.client, mirror.engine, finality_blocks=head, proofs=SEALS)
    for through in range(VOTE - 3, head + 1):
        await worker.catch_up(through)
    await sealers.told(lambda _: QUORUM)
    await worker.catch_up()
    first = sealers.ledger.book.deployed_block
    assert await sets(mirror) == [(first, head, " ".join(FOUR.addresses))]
    async with mirror.read() as session:
        assert await balance(session, sealers.bank.address, CNY) == HELD


async def test_a_rebuilt_mirror_checks_all_seals_again(mirror: Mirror, sealers: Sealers) -> None:
    head = await sealers.told(joined_by_the_fifth)
    await MirrorWorker(sealers.client, mirror.engine).catch_up()
    made = await rebuild(sealers.client, mirror.url, proofs=SEALS)
    assert made.differences == ()
    assert [row[1] for row in await sets(mirror)] == [VOTE, head]
