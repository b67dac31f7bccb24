import msgspec
import pytest
import rlp as other_rlp
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chain.errors import MalformedAnswer, ProofMalformed, ProofMismatch
from chain.proof.receipts import (
    TYPES,
    WireLog,
    WireReceipt,
    bloom_text,
    decode_logs,
    encode_receipt,
    logs_bloom,
    read_receipts,
)
from tests.support.blocks import ADDRESS, hashed, made_block, made_log, made_receipt

words = st.binary(min_size=32, max_size=32).map(lambda word: "0x" + word.hex())
logs = st.builds(
    lambda address, topics, data: made_log(*topics, data="0x" + data.hex(), address="0x" + address.hex()),
    st.binary(min_size=20, max_size=20),
    st.lists(words, max_size=4),
    st.binary(max_size=300),
)


def raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def bloom_by_the_book(receipt: WireReceipt) -> bytes:
    """Three bits of each address and topic, as the yellow paper sets them."""
    bloom = bytearray(256)
    for log in receipt.logs:
        for text in (log.address, *log.topics):
            digest = keccak(raw(text))
            for pair in (digest[0:2], digest[2:4], digest[4:6]):
                bit = int.from_bytes(pair, "big") % 2048
                bloom[255 - bit // 8] |= 1 << bit % 8
    return bytes(bloom)


def encoded_by_the_book(receipt: WireReceipt) -> bytes:
    fields = [
        int(receipt.status, 16),
        int(receipt.cumulative_gas_used, 16),
        bloom_by_the_book(receipt),
        [[raw(log.address), [raw(topic) for topic in log.topics], raw(log.data)] for log in receipt.logs],
    ]
    kind = int(receipt.type, 16)
    return (bytes([kind]) if kind else b"") + bytes(other_rlp.encode(fields))


receipts = st.builds(
    lambda logs, kind, status, gas: replace(made_receipt(logs, kind, status), cumulative_gas_used=hex(gas)),
    st.lists(logs, max_size=5),
    st.sampled_from(list(TYPES)),
    st.sampled_from(["0x0", "0x1"]),
    st.integers(0, 2**40),
)


@given(receipts)
def test_receipts_are_encoded_by_the_book(receipt: WireReceipt) -> None:
    encoded = encode_receipt(receipt)
    assert encoded == encoded_by_the_book(receipt)
    assert [(log.address, log.topics, log.data) for log in decode_logs(encoded)] == [
        (log.address, log.topics, log.data) for log in receipt.logs
    ]


@pytest.mark.parametrize("data", ["0x00", "0x7f", "0x80", "0xff", "0x" + "ab" * 55, "0x" + "ab" * 56])
def test_data_of_every_header_is_encoded_by_the_book(data: str) -> None:
    receipt = replace(made_receipt([made_log(hashed(1), data=data)]), cumulative_gas_used="0x5208")
    assert encode_receipt(receipt) == encoded_by_the_book(receipt)


@pytest.mark.parametrize(
    ("kind", "status"), [("0x5", "0x1"), ("0x7e", "0x1"), ("2", "0x1"), ("0x2", "0x2"), ("0x2", "0x01")]
)
def test_a_receipt_that_nobody_told_us_how_to_hash_is_refused(kind: str, status: str) -> None:
    (receipt,) = made_block([made_receipt()])[1]
    with pytest.raises(ProofMalformed, match=r"block 7, receipt 0x0: type .* is no receipt that we know"):
        encode_receipt(replace(receipt, type=kind, status=status))


def test_another_bloom_is_refused_with_block_and_receipt() -> None:
    (receipt,) = made_block([made_receipt([made_log(hashed(1))])])[1]
    with pytest.raises(ProofMismatch, match="block 7, receipt 0x0: logs bloom: expected 0x") as caught:
        encode_receipt(replace(receipt, logs_bloom=bloom_text(0)))
    assert caught.value.code == "chain.proof_mismatch"
    assert caught.value.values["found"] == bloom_text(0)


@pytest.mark.parametrize(
    "log",
    [
        made_log(data="0x1"),
        made_log(data="12"),
        made_log(data="0x1 "),
        made_log(data="0x1 2 "),
        made_log(data="0xzz"),
        made_log(data="0x\N{FULLWIDTH DIGIT ONE}2"),
    ],
)
def test_data_that_is_not_hexadecimal_is_refused(log: WireLog) -> None:
    with pytest.raises(ProofMalformed):
        encode_receipt(replace(made_receipt([log]), cumulative_gas_used="0x1"))


def test_half_a_byte_of_one_log_does_not_make_up_for_half_a_byte_of_another() -> None:
    halves = [made_log(data="0x123"), made_log(data="0x4")]
    with pytest.raises(ProofMalformed, match="is no data"):
        encode_receipt(replace(made_receipt(halves), cumulative_gas_used="0x1"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", ADDRESS[:-2]),
        ("address", ADDRESS + "00"),
        ("address", ADDRESS[2:] + "00"),
        ("topics", (hashed(1)[:-2],)),
        ("topics", (hashed(1)[2:] + "00",)),
        ("topics", (hashed(1)[:-1] + " ",)),
    ],
)
def test_words_of_the_wrong_length_are_refused(field: str, value: object) -> None:
    log = replace(made_log(hashed(1)), **{field: value})
    with pytest.raises(ProofMalformed):
        encode_receipt(replace(made_receipt([log]), cumulative_gas_used="0x1"))


@pytest.mark.parametrize("gas", ["", "0x", "0xzz", "-0x1", "1.5"])
def test_gas_that_is_no_number_is_refused(gas: str) -> None:
    with pytest.raises(ProofMalformed):
        encode_receipt(replace(made_receipt(), cumulative_gas_used=gas))


def test_an_answer_is_read_with_what_a_node_adds_to_it() -> None:
    block, receipts = made_block([made_receipt([made_log(hashed(1), data="0x12")], kind="0x0")])
    (told,) = msgspec.to_builtins(receipts)
    told |= {"from": ADDRESS, "to": None, "contractAddress": None, "revertReason": "0x"}
    del told["type"]  # as nodes do that are older than types
    told["logs"][0]["removed"] = False
    assert read_receipts(msgspec.json.encode([told])) == receipts
    assert block.transactions == (receipts[0].transaction_hash,)


@pytest.mark.parametrize("answer", [b"null", b"{}", b'[{"logs":[]}]', b"[1]"])
def test_an_answer_that_is_no_list_of_receipts_is_refused(answer: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        read_receipts(answer)


@pytest.mark.parametrize(
    "encoded",
    [
        other_rlp.encode([1, 2, bytes(256)]),
        other_rlp.encode([1, 2, bytes(256), [[bytes(20), []]]]),
        b"\x05" + other_rlp.encode([1, 2, bytes(256), []]),
        other_rlp.encode([1, 2, bytes(256), b"logs"]),
        b"",
    ],
)
def test_bytes_that_are_no_receipt_are_refused(encoded: bytes) -> None:
    with pytest.raises(ProofMalformed):
        decode_logs(encoded)


def test_a_bloom_has_three_bits_for_each_word() -> None:
    log = made_log(hashed(1), hashed(2))
    assert bloom_text(logs_bloom([log])) == "0x" + bloom_by_the_book(made_receipt([log])).hex()
    assert bloom_text(logs_bloom([])) == "0x" + "00" * 256
