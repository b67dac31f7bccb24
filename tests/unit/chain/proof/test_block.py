from collections.abc import Callable

import pytest
from msgspec.structs import replace

from chain.errors import ProofError, ProofMismatch
from chain.logs import RawLog
from chain.proof.block import verify_block
from chain.proof.headers import Block
from chain.proof.receipts import WireLog, WireReceipt, bloom_text
from tests.support.blocks import ADDRESS, hashed, made_block, made_log, made_receipt

OTHER = "0x" + "0e" * 20
ADDRESSES = frozenset({ADDRESS})

BLOCK, RECEIPTS = made_block(
    [
        made_receipt([made_log(hashed(1), hashed(2), data="0x1234"), made_log(address=OTHER)]),
        made_receipt(status="0x0"),
        made_receipt([made_log(data="0x" + "ab" * 100)], kind="0x0"),
    ]
)


def test_logs_of_the_wanted_addresses_come_back_in_their_places() -> None:
    first, last = verify_block(BLOCK, RECEIPTS, ADDRESSES)
    assert first == RawLog(
        ADDRESS, (hashed(1), hashed(2)), "0x1234", 7, BLOCK.hash, BLOCK.transactions[0], 0, 0
    )
    assert (last.transaction_index, last.log_index, last.transaction_hash) == (2, 2, BLOCK.transactions[2])
    (other,) = verify_block(BLOCK, RECEIPTS, frozenset({OTHER}))
    assert (other.address, other.log_index) == (OTHER, 1)


def test_a_block_without_transactions_is_proven() -> None:
    block, receipts = made_block([])
    assert verify_block(block, receipts, ADDRESSES) == ()


def test_addresses_in_another_case_are_found() -> None:
    receipt = made_receipt([made_log("0x" + "AB" * 32, data="0xCD", address="0x" + "C0" * 20)])
    (log,) = verify_block(*made_block([receipt]), ADDRESSES)
    assert (log.address, log.topics, log.data) == (ADDRESS, ("0x" + "ab" * 32,), "0xcd")


def other(text: str) -> str:
    """The same kind of text with another value."""
    return "0x12" if text == "0x" else text[:-1] + ("1" if text[-1] != "1" else "2")


def changed(value: object) -> object:
    if isinstance(value, str):
        return other(value)
    if isinstance(value, tuple):
        return value[:-1] if value else (hashed("one more"),)
    raise AssertionError(f"no way to change {value!r}")


@pytest.mark.parametrize(
    "field", [name for name in Block.__struct_fields__ if getattr(BLOCK, name) is not None]
)
def test_any_changed_field_of_the_block_is_refused(field: str) -> None:
    block = replace(BLOCK, **{field: changed(getattr(BLOCK, field))})
    with pytest.raises(ProofMismatch, match=r"block \d+: (block hash|receipts): expected"):
        verify_block(block, RECEIPTS, ADDRESSES)


@pytest.mark.parametrize("index", range(len(RECEIPTS)))
@pytest.mark.parametrize("field", WireReceipt.__struct_fields__)
def test_any_changed_field_of_a_receipt_is_refused(index: int, field: str) -> None:
    receipts = list(RECEIPTS)
    value = getattr(receipts[index], field)
    new = RECEIPTS[0].logs[:1] if field == "logs" and not value else changed(value)
    receipts[index] = replace(receipts[index], **{field: new})
    with pytest.raises(ProofError, match="block 7"):
        verify_block(BLOCK, receipts, ADDRESSES)


@pytest.mark.parametrize("field", WireLog.__struct_fields__)
@pytest.mark.parametrize("position", [0, 1])
def test_any_changed_field_of_a_log_is_refused(field: str, position: int) -> None:
    logs = list(RECEIPTS[0].logs)
    logs[position] = replace(logs[position], **{field: changed(getattr(logs[position], field))})
    with pytest.raises(ProofMismatch, match="block 7"):
        verify_block(BLOCK, [replace(RECEIPTS[0], logs=tuple(logs)), *RECEIPTS[1:]], ADDRESSES)


def without_a_log(receipts: list[WireReceipt]) -> list[WireReceipt]:
    """A receipt that lost its log, with the bloom it then has."""
    return [*receipts[:2], replace(receipts[2], logs=(), logs_bloom=bloom_text(0))]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda receipts: receipts[:-1], "block 7: receipts: expected 3, found 2"),
        (lambda receipts: [*receipts, receipts[-1]], "block 7: receipts: expected 3, found 4"),
        (lambda receipts: [receipts[1], receipts[0], receipts[2]], "block 7, receipt 0: place: expected"),
        (without_a_log, "block 7: receipts root: expected 0x"),
        (lambda _: [], "block 7: receipts: expected 3, found 0"),
    ],
)
def test_receipts_that_are_not_the_blocks_are_refused(
    change: Callable[[list[WireReceipt]], list[WireReceipt]], why: str
) -> None:
    with pytest.raises(ProofMismatch, match=why):
        verify_block(BLOCK, change(list(RECEIPTS)), ADDRESSES)


def test_a_header_with_a_bloom_that_its_receipts_do_not_have_is_refused() -> None:
    block, receipts = made_block([made_receipt([made_log(hashed(1))])], logs_bloom=bloom_text(1))
    with pytest.raises(ProofMismatch, match="block 7: logs bloom: expected 0x0"):
        verify_block(block, receipts, ADDRESSES)


def test_a_header_with_a_root_that_its_receipts_do_not_have_is_refused() -> None:
    block, receipts = made_block([made_receipt()], receipts_root=hashed("other"))
    with pytest.raises(ProofMismatch, match=f"receipts root: expected {hashed('other')}, found 0x") as caught:
        verify_block(block, receipts, ADDRESSES)
    assert caught.value.values["where"] == "block 7"
