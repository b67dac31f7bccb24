import msgspec
import pytest
from eth_hash.auto import keccak
from msgspec.structs import replace

from chain.errors import MalformedAnswer, ProofMalformed
from chain.proof.headers import Block, BlockHeader, header_hash, header_of, read_block
from tests.support.blocks import hashed, made_block, made_log, made_receipt
from tests.support.seals import rlp_of

FORKS = {
    "paris": [],
    "london": ["base_fee_per_gas"],
    "shanghai": ["base_fee_per_gas", "withdrawals_root"],
    "cancun": [
        "base_fee_per_gas",
        "withdrawals_root",
        "blob_gas_used",
        "excess_blob_gas",
        "parent_beacon_block_root",
    ],
}
FORKS["prague"] = [*FORKS["cancun"], "requests_hash"]
OPTIONAL = FORKS["prague"]


def block_of(fork: str) -> Block:
    block, _ = made_block(
        [made_receipt([made_log(hashed(1))])], base_fee_per_gas="0x7", requests_hash=hashed("requests")
    )
    return replace(block, **{name: None for name in OPTIONAL if name not in FORKS[fork]})


@pytest.mark.parametrize("fork", FORKS)
def test_a_header_of_every_fork_has_the_hash_of_its_fields(fork: str) -> None:
    header = header_of(block_of(fork))
    assert header_hash(header) == keccak(rlp_of(header, b""))


@pytest.mark.parametrize("fork", FORKS)
def test_every_field_is_in_the_hash(fork: str) -> None:
    header = header_of(block_of(fork))
    known = {header_hash(header)}
    for name in BlockHeader.__struct_fields__:
        text = getattr(header, name)
        if text is None:
            continue
        last = "1" if text.endswith("0") else "0"
        changed = "0x12" if text == "0x" else text[:-1] + last
        known.add(header_hash(replace(header, **{name: changed})))
    assert len(known) == 1 + 15 + len(FORKS[fork])


@pytest.mark.parametrize("missing", OPTIONAL[:-1])
def test_a_field_of_a_later_fork_does_not_come_without_those_before(missing: str) -> None:
    with pytest.raises(ProofMalformed, match="block 7: a field of a later fork"):
        header_hash(replace(block_of("prague"), **{missing: None}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parent_hash", "0x12"),
        ("miner", "0x" + "00" * 19),
        ("logs_bloom", "0x" + "00" * 255),
        ("nonce", "0x0"),
        ("number", "seven"),
        ("extra_data", "0x1"),
        ("state_root", "0x" + " " * 64),
        ("timestamp", "-0x1"),
        ("base_fee_per_gas", ""),
    ],
)
def test_text_that_is_no_field_is_refused(field: str, value: str) -> None:
    with pytest.raises(ProofMalformed):
        header_hash(replace(block_of("cancun"), **{field: value}))


def test_an_answer_is_read_with_what_a_node_adds_to_it() -> None:
    block = block_of("cancun")
    told = msgspec.to_builtins(block) | {
        "size": "0x200",
        "uncles": [],
        "totalDifficulty": None,
        "withdrawals": [],
    }
    assert read_block(msgspec.json.encode(told)) == block
    assert read_block(b"null") is None


@pytest.mark.parametrize("answer", [b"1", b"{}", b"[]"])
def test_an_answer_that_is_no_block_is_refused(answer: bytes) -> None:
    with pytest.raises(MalformedAnswer, match="no block"):
        read_block(answer)


def test_transactions_in_full_are_refused() -> None:
    told = msgspec.to_builtins(block_of("cancun")) | {"transactions": [{"hash": hashed(1)}]}
    with pytest.raises(MalformedAnswer, match="no block"):
        read_block(msgspec.json.encode(told))
