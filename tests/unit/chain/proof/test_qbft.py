from collections.abc import Sequence
from typing import Any

import pytest
import rlp as other_rlp
from coincurve import PrivateKey
from msgspec.structs import replace

from chain.errors import ProofMalformed, ProofMismatch, SealsInsufficient
from chain.proof.block import verify_block, verify_hash
from chain.proof.headers import Block
from chain.proof.qbft import (
    HashRule,
    Sealing,
    Vote,
    block_hash,
    follow,
    quorum,
    read_extra_data,
    read_sealing,
    require_succession,
    sealers,
    verify_seals,
)
from tests.support.blocks import hashed, made_log, made_receipt, placed
from tests.support.seals import VANITY, Validators, address_of, extra_data, sealed

FOUR = Validators(4)
STRANGER = PrivateKey((99).to_bytes(32, "big"))
NEWCOMER = address_of(STRANGER)
RULES = [HashRule.QBFT, HashRule.IBFT2]
ADD = dict.fromkeys(RULES, b"\xff")
DROP = {HashRule.QBFT: b"", HashRule.IBFT2: b"\0"}


def keys(validators: Validators, count: int) -> list[PrivateKey]:
    return [validators.key(address) for address in validators.addresses[:count]]


@pytest.mark.parametrize(
    ("validators", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (10, 7), (15, 10)]
)
def test_two_thirds_of_the_validators_rounded_up_are_a_quorum(validators: int, needed: int) -> None:
    assert quorum(validators) == needed


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("round_", [0, 1, 0x80, 0xFEDCBA])
def test_a_block_sealed_by_enough_is_proven(rule: HashRule, round_: int) -> None:
    block = sealed(FOUR, keys(FOUR, 3), rule=rule, round_=round_)
    verify_hash(block, rule)
    assert verify_seals(block, FOUR.addresses, rule) == FOUR.addresses[:3]
    assert verify_seals(block, {address.upper().replace("0X", "0x") for address in FOUR.addresses}, rule)


@pytest.mark.parametrize("rule", RULES)
def test_the_parts_of_the_extra_data_are_read(rule: HashRule) -> None:
    vote = [bytes.fromhex(NEWCOMER[2:]), ADD[rule]]
    block = sealed(FOUR, keys(FOUR, 4), rule=rule, vote=vote, round_=3)
    extra = read_extra_data(block, rule)
    assert (extra.vanity, extra.validators, extra.round) == (VANITY, FOUR.addresses, 3)
    assert extra.vote == Vote(NEWCOMER, add=True)
    assert len(extra.seals) == 4
    drop = replace(block, extra_data=extra_data(rule, FOUR.addresses, [vote[0], DROP[rule]]))
    assert read_extra_data(drop, rule).vote == Vote(NEWCOMER, add=False)


@pytest.mark.parametrize("rule", RULES)
def test_seals_and_round_are_not_in_the_block_hash(rule: HashRule) -> None:
    few, many = sealed(FOUR, keys(FOUR, 3), rule=rule), sealed(FOUR, keys(FOUR, 4), rule=rule, round_=5)
    assert few.extra_data != many.extra_data
    assert block_hash(few, rule) == block_hash(many, rule)
    assert block_hash(few, HashRule.ETHEREUM) != block_hash(few, rule)


@pytest.mark.parametrize("rule", RULES)
def test_a_seal_of_another_round_is_somebody_elses(rule: HashRule) -> None:
    block = sealed(FOUR, keys(FOUR, 3), rule=rule, round_=1)
    seals = read_extra_data(block, rule).seals
    moved = replace(block, extra_data=extra_data(rule, FOUR.addresses, round_=2, seals=seals))
    with pytest.raises(SealsInsufficient, match="no validators"):
        verify_seals(moved, FOUR.addresses, rule)


@pytest.mark.parametrize("rule", RULES)
def test_the_genesis_block_is_hashed_as_it_is(rule: HashRule) -> None:
    block = sealed(FOUR, [], rule=rule, number=0)
    assert block_hash(block, rule) == block_hash(block, HashRule.ETHEREUM)
    assert read_extra_data(block, rule).validators == FOUR.addresses


@pytest.mark.parametrize(
    ("signers", "why"),
    [
        ([], r"block 7: 0 of 4 validators sealed, 3 have to"),
        (keys(FOUR, 2), r"block 7: 2 of 4 validators sealed, 3 have to"),
        ([*keys(FOUR, 2), keys(FOUR, 1)[0]], "block 7: a validator sealed twice"),
        ([*keys(FOUR, 4), keys(FOUR, 1)[0]], "block 7: a validator sealed twice"),
        ([*keys(FOUR, 3), STRANGER], f"block 7: sealed by .*{NEWCOMER}.*, no validators"),
    ],
)
@pytest.mark.parametrize("rule", RULES)
def test_seals_that_are_not_enough_are_refused(
    rule: HashRule, signers: Sequence[PrivateKey], why: str
) -> None:
    with pytest.raises(SealsInsufficient, match=why) as caught:
        verify_seals(sealed(FOUR, signers, rule=rule), FOUR.addresses, rule)
    assert caught.value.code == "chain.proof_seals"
    assert caught.value.values["validators"] == list(FOUR.addresses)


def test_any_changed_field_of_a_sealed_header_loses_its_seals() -> None:
    block = sealed(FOUR, keys(FOUR, 3))
    for field, value in {
        "receipts_root": hashed("other"),
        "state_root": hashed("other"),
        "parent_hash": hashed("other"),
        "timestamp": "0x1",
        "number": "0x8",
        "miner": NEWCOMER,
    }.items():
        with pytest.raises(SealsInsufficient, match="no validators"):
            verify_seals(replace(block, **{field: value}), FOUR.addresses, HashRule.QBFT)


@pytest.mark.parametrize("trusted", [Validators(3), Validators(5), Validators(4, first=2)])
def test_another_set_of_validators_is_refused(trusted: Validators) -> None:
    with pytest.raises(ProofMismatch, match="block 7: validators: expected"):
        verify_seals(sealed(FOUR, keys(FOUR, 4)), trusted.addresses, HashRule.QBFT)


def test_validators_kept_in_a_contract_are_those_that_the_reader_trusts() -> None:
    block = sealed(FOUR, keys(FOUR, 3), listed=())
    assert verify_seals(block, FOUR.addresses, HashRule.QBFT) == FOUR.addresses[:3]
    with pytest.raises(SealsInsufficient):
        verify_seals(block, Validators(2).addresses, HashRule.QBFT)
    with pytest.raises(SealsInsufficient, match="0 of 0"):
        verify_seals(sealed(FOUR, [], listed=()), (), HashRule.QBFT)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([VANITY, [], [], b""], "4 items"),
        ([VANITY, [], [], b"", [], b""], "6 items"),
        ([VANITY[1:], [], None, None, []], "vanity of 31 bytes"),
        ([VANITY, [b"\1" * 19], None, None, []], "address of 19 bytes"),
        ([VANITY, [], [b"\1" * 20, b"\1"], None, []], "the vote is none"),
        ([VANITY, [], [b"\1" * 20], None, []], "the vote is none"),
        ([VANITY, [], [b"\1" * 20, []], None, []], "the vote is none"),
        ([VANITY, [], None, b"\0", []], "leading zeros|round of 1 bytes"),
        ([VANITY, [], None, None, [b"\1" * 64]], "seal of 64 bytes"),
        ([VANITY, b"", None, None, []], "list has to be"),
    ],
)
def test_extra_data_of_another_form_is_refused(rule: HashRule, items: list[Any], why: str) -> None:
    defaults = {2: [] if rule is HashRule.QBFT else b"", 3: b"" if rule is HashRule.QBFT else bytes(4)}
    filled = [defaults[place] if item is None else item for place, item in enumerate(items)]
    block = replace(sealed(FOUR, []), extra_data="0x" + other_rlp.encode(filled).hex())
    with pytest.raises(ProofMalformed, match=why):
        read_extra_data(block, rule)


@pytest.mark.parametrize("seal", [bytes(65), b"\xff" * 64 + b"\0", b"\1" * 64 + b"\x1b"])
def test_bytes_that_are_no_signature_are_refused(seal: bytes) -> None:
    block = replace(sealed(FOUR, []), extra_data=extra_data(HashRule.QBFT, FOUR.addresses, seals=[seal]))
    with pytest.raises(ProofMalformed, match=r"block 7: 0x.* is no signature"):
        sealers(block, HashRule.QBFT)


def test_a_header_by_the_rule_of_ethereum_has_no_seals() -> None:
    with pytest.raises(ProofMalformed, match="has no seals"):
        verify_seals(sealed(FOUR, keys(FOUR, 4)), FOUR.addresses, HashRule.ETHEREUM)


def test_a_sealed_block_is_proven_with_its_receipts() -> None:
    receipts = [made_receipt([made_log(hashed(1))])]
    block = sealed(FOUR, keys(FOUR, 3), receipts=receipts)
    counted = [replace(receipt, cumulative_gas_used=hex(21_000)) for receipt in receipts]
    (log,) = verify_block(block, placed(block, counted), {receipts[0].logs[0].address}, HashRule.QBFT)
    assert log.block_hash == block.hash
    with pytest.raises(ProofMismatch, match="block hash"):
        verify_block(block, placed(block, counted), frozenset())


def run(*sets: Validators, votes: Sequence[Any] = ()) -> list[Block]:
    """Consecutive blocks, each sealed by three quarters of its own validators."""
    blocks: list[Block] = []
    for place, validators in enumerate(sets):
        blocks.append(
            sealed(
                validators,
                keys(validators, quorum(len(validators.addresses))),
                number=7 + place,
                vote=votes[place] if place < len(votes) else None,
                **({"parent_hash": blocks[-1].hash} if blocks else {}),
            )
        )
    return blocks


def vote_on(validator: str, *, add: bool) -> list[bytes]:
    return [bytes.fromhex(validator[2:]), ADD[HashRule.QBFT] if add else DROP[HashRule.QBFT]]


FIVE = Validators(5)
FIFTH = next(address for address in FIVE.addresses if address not in FOUR.addresses)


def test_validators_are_followed_through_votes() -> None:
    blocks = run(
        FOUR, FOUR, FIVE, FIVE, FOUR, votes=[None, vote_on(FIFTH, add=True), None, vote_on(FIFTH, add=False)]
    )
    assert follow(blocks, FOUR.addresses, HashRule.QBFT) == FOUR.addresses
    assert follow(blocks[:-1], FOUR.addresses, HashRule.QBFT) == FIVE.addresses
    assert follow(blocks[:1], FOUR.addresses, HashRule.QBFT) == FOUR.addresses


@pytest.mark.parametrize(
    ("blocks", "why"),
    [
        (run(FOUR, FIVE), "block 8: validators"),
        (run(FOUR, FIVE, votes=[vote_on(NEWCOMER, add=True)]), "block 8: validators"),
        (run(FOUR, FIVE, votes=[vote_on(FIFTH, add=False)]), "block 8: validators"),
        (run(FOUR, Validators(4, first=2), votes=[vote_on(FIFTH, add=True)]), "block 8: validators"),
        (run(FOUR, FOUR)[::-1], "block 7: parent hash"),
        ([run(FOUR)[0], *run(FOUR, FOUR, FOUR)[2:]], "block 9: parent hash"),
    ],
)
def test_a_run_of_other_blocks_or_unvoted_validators_is_refused(blocks: list[Block], why: str) -> None:
    with pytest.raises(ProofMismatch, match=why):
        follow(blocks, FOUR.addresses, HashRule.QBFT)


def test_a_run_is_refused_where_a_block_lacks_seals() -> None:
    first, second = run(FOUR, FOUR)
    bare = replace(second, extra_data=extra_data(HashRule.QBFT, FOUR.addresses))
    with pytest.raises(SealsInsufficient, match="block 8"):
        follow([first, bare], FOUR.addresses, HashRule.QBFT)


def test_a_header_says_who_its_validators_are_and_who_come_next_should_its_vote_decide() -> None:
    vote = vote_on(FIFTH, add=True)
    sealing = read_sealing(sealed(FOUR, keys(FOUR, 3), vote=vote), HashRule.QBFT)
    assert sealing == Sealing(FOUR.addresses, FIVE.addresses)
    require_succession(sealing, Sealing(FOUR.addresses, FOUR.addresses), 8)
    require_succession(sealing, Sealing(FIVE.addresses, FIVE.addresses), 8)
    with pytest.raises(SealsInsufficient, match="block 8: sealed by others"):
        require_succession(sealing, Sealing(FIVE.addresses[1:], FOUR.addresses), 8)


def test_a_header_that_lists_no_validators_says_nothing_of_them() -> None:
    with pytest.raises(SealsInsufficient, match="a contract keeps them"):
        read_sealing(sealed(FOUR, keys(FOUR, 4), listed=()), HashRule.QBFT)


def test_a_header_that_too_few_of_its_validators_sealed_says_nothing_of_them() -> None:
    with pytest.raises(SealsInsufficient, match="2 of 4"):
        read_sealing(sealed(FOUR, keys(FOUR, 2)), HashRule.QBFT)
