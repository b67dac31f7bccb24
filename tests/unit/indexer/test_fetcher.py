"""Ranges adapt to the node and never leave a block out."""

from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.bindings import cash
from chain.errors import NodeError
from chain.logs import BlockRange
from indexer.fetcher import AHEAD, BLOCKS_MAX, LOGS_WANTED, Fetcher
from tests.support.mirror import CNY, FakeNode, address_book, log_of

BOOK = address_book()
TRANSFER = log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), 1)


def node_with(blocks: int, logs: int = 0, range_max: int = 1_000_000) -> FakeNode:
    node = FakeNode(BOOK, range_max)
    for _ in range(blocks):
        node.mine(*[TRANSFER] * logs)
    return node


async def all_numbers(fetcher: Fetcher, last: int) -> list[int]:
    return [header.number async for blocks in fetcher.stream(1, last) for header in blocks.headers]


async def first_of(fetcher: Fetcher, first: int, last: int) -> BlockRange:
    async with aclosing(fetcher.stream(first, last)) as ranges:
        return await anext(ranges)


@given(blocks=st.integers(1, 300), range_max=st.integers(1, 80))
async def test_every_block_is_fetched_once_whatever_the_node_takes(blocks: int, range_max: int) -> None:
    node = node_with(blocks, range_max=range_max)
    assert await all_numbers(Fetcher(node.logs), blocks) == list(range(1, blocks + 1))


async def test_a_node_that_refuses_gets_half_the_range() -> None:
    node = node_with(40, range_max=10)
    assert await all_numbers(Fetcher(node.logs), 40) == list(range(1, 41))
    assert node.asked == [(1, 40), (1, 20), (1, 10), (11, 20), (21, 40), (21, 30), (31, 40)]


async def test_one_block_that_cannot_be_had_is_an_error_and_not_a_gap() -> None:
    node = node_with(3, range_max=0)
    fetcher = Fetcher(node.logs)
    with pytest.raises(NodeError):
        await all_numbers(fetcher, 3)
    node.range_max = 5
    assert await all_numbers(fetcher, 3) == [1, 2, 3]


async def test_empty_blocks_make_ranges_grow_to_the_limit() -> None:
    node = node_with(6 * BLOCKS_MAX)
    await all_numbers(Fetcher(node.logs), 6 * BLOCKS_MAX)
    sizes = [last - first + 1 for first, last in node.asked]
    assert sizes[: AHEAD + 1] == [50] * AHEAD + [100]
    assert max(sizes) == BLOCKS_MAX


async def test_dense_blocks_keep_a_batch_near_the_wanted_number_of_logs() -> None:
    node = node_with(300, logs=200)
    fetcher = Fetcher(node.logs)
    await first_of(fetcher, 1, 50)
    logs = len((await first_of(fetcher, 51, 300)).logs)
    assert LOGS_WANTED - 200 < logs <= LOGS_WANTED
