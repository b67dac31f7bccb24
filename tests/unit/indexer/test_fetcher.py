"""Ranges adapt to the node and never leave a block out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.bindings import cash
from chain.errors import NodeError
from indexer.fetcher import BLOCKS_MAX, LOGS_WANTED, Fetcher
from tests.support.mirror import CNY, FakeNode, address_book, log_of

BOOK = address_book()
TRANSFER = log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), 1)


def node_with(blocks: int, logs: int = 0, range_max: int = 1_000_000) -> FakeNode:
    node = FakeNode(BOOK, range_max)
    for _ in range(blocks):
        node.mine(*[TRANSFER] * logs)
    return node


async def all_numbers(fetcher: Fetcher, last: int) -> list[int]:
    numbers: list[int] = []
    while len(numbers) < last:
        fetched = await fetcher.fetch(len(numbers) + 1, last)
        numbers += [header.number for header in fetched.headers]
    return numbers


@given(blocks=st.integers(1, 300), range_max=st.integers(1, 80))
async def test_every_block_is_fetched_once_whatever_the_node_takes(blocks: int, range_max: int) -> None:
    node = node_with(blocks, range_max=range_max)
    assert await all_numbers(Fetcher(node), blocks) == list(range(1, blocks + 1))


async def test_a_node_that_refuses_gets_half_the_range() -> None:
    node = node_with(40, range_max=10)
    await Fetcher(node).fetch(1, 40)
    assert node.asked == [(1, 40), (1, 20), (1, 10)]


async def test_one_block_that_cannot_be_had_is_an_error_and_not_a_gap() -> None:
    node = node_with(3, range_max=0)
    fetcher = Fetcher(node)
    with pytest.raises(NodeError):
        await fetcher.fetch(1, 3)
    node.range_max = 5
    assert (await fetcher.fetch(1, 3)).headers[0].number == 1


async def test_empty_blocks_make_ranges_grow_to_the_limit() -> None:
    node = node_with(BLOCKS_MAX + 1000)
    await all_numbers(Fetcher(node), BLOCKS_MAX + 1000)
    sizes = [last - first + 1 for first, last in node.asked]
    assert sizes[:3] == [50, 500, BLOCKS_MAX]


async def test_dense_blocks_keep_a_batch_near_the_wanted_number_of_logs() -> None:
    node = node_with(300, logs=200)
    fetcher = Fetcher(node)
    await fetcher.fetch(1, 300)
    assert len((await fetcher.fetch(51, 300)).logs) == LOGS_WANTED
