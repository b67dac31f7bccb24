"""From logs to a batch: what does not fit stops the mirror, and hostile bytes do not."""

import msgspec
import pytest

from chain.bindings import access_manager, cash
from chain.logs import BlockRange
from indexer.errors import Reorganised, UnreadableFact
from indexer.models import CashBalance, CashMovement, ChainEvent, FunctionRole, RoleGrant
from indexer.projector import Projector
from indexer.queries.position import Position
from indexer.store import Batch
from indexer.store.shapes import shape
from tests.support.mirror import CNY, FakeNode, address, address_book, block_hash, log_of, word

BOOK = address_book()
BEFORE = Position(0, block_hash(0, 0), 0)
CASH = BOOK.cash_address(CNY)
MANAGER = BOOK.address("AccessManager")


def party(number: int) -> bytes:
    return number.to_bytes(20)


async def range_of(node: FakeNode) -> BlockRange:
    return await node.logs(1, await node.block_number())


def events_of(batch: Batch) -> list[dict[str, object]]:
    columns = shape(ChainEvent).columns
    return [dict(zip(columns, event, strict=True)) for event in batch.events]


async def test_a_batch_has_every_block_every_event_and_ends_at_the_last_block() -> None:
    node = FakeNode(BOOK)
    node.mine()
    node.mine(
        log_of(CASH, cash.CashMinted, party(1), bytes(32), 70),
        log_of(CASH, cash.Transfer, bytes(20), party(1), 70),
    )
    batch = await Projector(BOOK).project(BEFORE, await range_of(node))
    assert [number for number, *_ in batch.blocks] == [1, 2]
    first, second = events_of(batch)
    assert [(event["log_index"], event["name"]) for event in (first, second)] == [
        (0, "CashMinted"),
        (1, "Transfer"),
    ]
    assert first["contract"] == CASH
    assert first["topic3"] is None
    assert batch.through.block_hash == block_hash(2, 0)
    (balance,) = batch.changes.sums[CashBalance].values()
    assert (balance["currency"], balance["amount_minor"]) == (CNY, 70)
    assert len(batch.changes.inserts[CashMovement]) == 1


async def test_a_range_that_does_not_continue_the_mirror_stops_it() -> None:
    node = FakeNode(BOOK)
    node.mine()
    with pytest.raises(Reorganised, match="tally index rebuild"):
        await Projector(BOOK).project(Position(0, block_hash(0, 1), 0), await range_of(node))


async def test_an_event_that_no_abi_of_ours_has_stops_the_mirror_with_the_way_out() -> None:
    node = FakeNode(BOOK)
    known = log_of(CASH, cash.Transfer, bytes(20), party(1), 70)
    node.mine(msgspec.structs.replace(known, topics=(word(0xBAD), *known.topics[1:])))
    with pytest.raises(UnreadableFact, match=r"block 1, log 0: .*tally index rebuild"):
        await Projector(BOOK).project(BEFORE, await range_of(node))


async def test_words_that_no_contract_of_ours_would_emit_stop_the_mirror() -> None:
    node = FakeNode(BOOK)
    known = log_of(CASH, cash.Transfer, bytes(20), party(1), 70)
    node.mine(msgspec.structs.replace(known, data="0x"))
    with pytest.raises(UnreadableFact):
        await Projector(BOOK).project(BEFORE, await range_of(node))


async def test_administrative_events_become_facts_and_roles_a_projection() -> None:
    node = FakeNode(BOOK)
    node.mine(
        log_of(MANAGER, access_manager.RoleGranted, 2**64 - 1, party(9), 60, 100, True),
        log_of(MANAGER, access_manager.TargetFunctionRoleUpdated, party(8), 7, b"\x01\x02\x03\x04"),
        log_of(MANAGER, access_manager.RoleGuardianChanged, 1, 2),
    )
    batch = await Projector(BOOK).project(BEFORE, await range_of(node))
    assert [event["name"] for event in events_of(batch)] == [
        "RoleGranted",
        "TargetFunctionRoleUpdated",
        "RoleGuardianChanged",
    ]
    (grant,) = batch.changes.puts[RoleGrant].values()
    assert (grant["role"], grant["account"]) == (2**64 - 1, address(9))
    (role,) = batch.changes.puts[FunctionRole].values()
    assert role["selector"] == "0x01020304"


@pytest.mark.parametrize("label", ["\x00", "a\x00b", "￿", "x" * 10_000])
async def test_hostile_text_in_an_event_is_kept_as_hexadecimal(label: str) -> None:
    node = FakeNode(BOOK)
    node.mine(log_of(MANAGER, access_manager.RoleLabel, 1, label))
    batch = await Projector(BOOK).project(BEFORE, await range_of(node))
    assert events_of(batch)[0]["name"] == "RoleLabel"
    assert "\x00" not in events_of(batch)[0]["data"]


async def test_text_that_is_no_utf8_does_not_stop_the_mirror() -> None:
    node = FakeNode(BOOK)
    good = log_of(MANAGER, access_manager.RoleLabel, 1, "abc")
    node.mine(msgspec.structs.replace(good, data=good.data.replace("616263", "ff00fe")))
    batch = await Projector(BOOK).project(BEFORE, await range_of(node))
    assert events_of(batch)[0]["name"] == "RoleLabel"
