import msgspec
import pytest
from msgspec.structs import replace

from chain.errors import ProofError, ProofMalformed, ProofMismatch, SealsInsufficient
from chain.proof.evidence import (
    LogEvidence,
    ProvenLog,
    TrustedHash,
    TrustedValidators,
    log_evidence,
    read_evidence,
    verify_log_evidence,
)
from chain.proof.headers import BlockHeader
from chain.proof.qbft import HashRule
from tests.support.blocks import ADDRESS, hashed, made_block, made_log, made_receipt
from tests.support.seals import Validators, sealed

BLOCK, RECEIPTS = made_block(
    [
        made_receipt([made_log(hashed(index), data=f"0x{index:02x}")] * (index % 3), kind=f"0x{index % 5}")
        for index in range(140)
    ]
)
TRUST = TrustedHash(BLOCK.hash)
LOGS = [log for receipt in RECEIPTS for log in receipt.logs]
EVIDENCE = log_evidence(BLOCK, RECEIPTS, 100)
FOUR = Validators(4)


@pytest.mark.parametrize("index", [0, 1, 2, 100, len(LOGS) - 1])
def test_evidence_of_a_log_proves_its_words_and_its_place(index: int) -> None:
    text = msgspec.json.encode(log_evidence(BLOCK, RECEIPTS, index))
    assert verify_log_evidence(read_evidence(text), TRUST) == ProvenLog(
        address=ADDRESS,
        topics=LOGS[index].topics,
        data=LOGS[index].data,
        block_number=7,
        block_hash=BLOCK.hash,
        timestamp=1_700_000_007,
        transaction_index=int(LOGS[index].transaction_index, 16),
        log_index=index,
    )


def test_evidence_ends_at_the_validators_who_signed() -> None:
    receipts = [made_receipt([made_log(hashed(1))])]
    block = sealed(FOUR, [FOUR.key(address) for address in FOUR.addresses[1:]], receipts=receipts)
    counted = [replace(receipts[0], cumulative_gas_used=hex(21_000))]
    evidence = read_evidence(msgspec.json.encode(log_evidence(block, counted, 0, HashRule.QBFT)))
    proven = verify_log_evidence(evidence, TrustedValidators(frozenset(FOUR.addresses)))
    assert (proven.topics, proven.sealers) == ((hashed(1),), FOUR.addresses[1:])
    assert verify_log_evidence(evidence, TrustedHash(block.hash)).sealers == ()
    with pytest.raises(ProofMismatch, match="validators"):
        verify_log_evidence(evidence, TrustedValidators(frozenset(Validators(5).addresses)))
    other = replace(evidence, header=replace(evidence.header, state_root=hashed("other")))
    with pytest.raises(SealsInsufficient):
        verify_log_evidence(other, TrustedValidators(frozenset(FOUR.addresses)))
    with pytest.raises(ProofMismatch, match="block hash"):
        verify_log_evidence(replace(evidence, hash_rule=HashRule.ETHEREUM), TrustedHash(block.hash))


def test_another_block_is_refused() -> None:
    with pytest.raises(ProofMismatch, match=f"block 7: block hash: expected {hashed('other')}, found 0x"):
        verify_log_evidence(EVIDENCE, TrustedHash(hashed("other")))


@pytest.mark.parametrize(
    "field", [name for name in BlockHeader.__struct_fields__ if getattr(BLOCK, name) is not None]
)
def test_any_changed_field_of_the_header_is_refused(field: str) -> None:
    text = getattr(BLOCK, field)
    other = "0x12" if text == "0x" else text[:-1] + ("1" if text[-1] != "1" else "2")
    with pytest.raises(ProofMismatch, match="block hash"):
        verify_log_evidence(replace(EVIDENCE, header=replace(EVIDENCE.header, **{field: other})), TRUST)


def test_any_changed_or_missing_node_is_refused() -> None:
    nodes = EVIDENCE.receipt_nodes
    for place, node in enumerate(nodes):
        others = (*nodes[:place], *nodes[place + 1 :])
        wrong = node[:-1] + ("1" if node[-1] != "1" else "2")
        for changed in (others, (*others, wrong)):
            with pytest.raises(ProofMismatch, match="expected the node"):
                verify_log_evidence(replace(EVIDENCE, receipt_nodes=changed), TRUST)


def test_the_number_of_a_log_cannot_be_changed() -> None:
    proven = verify_log_evidence(replace(EVIDENCE, log_index=99), TRUST)
    assert (proven.log_index, proven.topics) == (99, LOGS[99].topics)
    with pytest.raises(ProofMismatch):
        verify_log_evidence(replace(EVIDENCE, log_index=len(LOGS)), TRUST)
    with pytest.raises(ProofMalformed, match="no number of a log"):
        verify_log_evidence(replace(EVIDENCE, log_index=-1), TRUST)


@pytest.mark.parametrize("index", [-1, len(LOGS)])
def test_there_is_no_evidence_of_a_log_that_is_not_there(index: int) -> None:
    with pytest.raises(ProofMismatch, match="logs: expected more than"):
        log_evidence(BLOCK, RECEIPTS, index)


def test_there_is_no_evidence_from_receipts_of_another_block() -> None:
    with pytest.raises(ProofMismatch, match="receipts root"):
        log_evidence(BLOCK, RECEIPTS[:-1], 0)
    with pytest.raises(ProofMismatch, match="block hash"):
        log_evidence(replace(BLOCK, hash=hashed("other")), RECEIPTS, 0)


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"hashRule": "other"}, {"header": None}, {"logIndex": "1"}, {"more": 1}]
)
def test_an_object_of_another_form_is_refused(change: dict[str, object]) -> None:
    told = msgspec.to_builtins(EVIDENCE) | change
    with pytest.raises(ProofMalformed, match="no evidence of a log"):
        read_evidence(msgspec.json.encode(told))


@pytest.mark.parametrize("node", ["", "0x1", "12", "0xzz"])
def test_nodes_that_are_no_data_are_refused(node: str) -> None:
    with pytest.raises(ProofError):
        verify_log_evidence(replace(EVIDENCE, receipt_nodes=(*EVIDENCE.receipt_nodes, node)), TRUST)


def test_evidence_is_plain_json_that_comes_back_the_same() -> None:
    text = msgspec.json.encode(EVIDENCE)
    assert msgspec.json.decode(text)["hashRule"] == "ethereum"
    assert read_evidence(text) == EVIDENCE
    assert isinstance(EVIDENCE, LogEvidence)
