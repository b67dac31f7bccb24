"""What the flat load holds follows from arithmetic, the same as the contract's."""

import re

from eth_abi.abi import encode
from eth_hash.auto import keccak

from chain.compile import CONTRACTS
from scripts.bench.index.flat import IDS, PARTIES, SIGNATURE, Recorded, Size, expected

SOURCE = (CONTRACTS / "bench" / "src" / "FlatLoad.sol").read_text()


def test_the_event_is_the_one_that_the_contract_declares() -> None:
    declared = re.search(r"event (\w+)\((.*?)\);", SOURCE, re.DOTALL)
    assert declared
    words = [line.split() for line in declared[2].strip().split(",")]
    assert f"{declared[1]}({','.join(word[0] for word in words)})" == SIGNATURE
    assert [word[-1] for word in words] == list(Recorded.__struct_fields__)
    assert [word[-1] for word in words if "indexed" in word] == ["id", "party", "evidence"]
    assert keccak(SIGNATURE.encode()) == Recorded.TOPIC0


def test_the_event_has_seven_words_and_nothing_dynamic() -> None:
    values = (7, bytes(19) + b"\x05", b"e" * 32, 100, 1, 1_800_000_000, 156)
    indexed = [
        encode([kind], [value])
        for kind, value in zip(("uint64", "address", "bytes32"), values[:3], strict=True)
    ]
    data = encode(["uint64", "uint64", "uint40", "uint16"], values[3:])
    assert len(b"".join(indexed) + data) == 7 * 32
    topics = ["0x" + topic.hex() for topic in (Recorded.TOPIC0, *indexed)]
    event = Recorded.decode(topics, "0x" + data.hex())
    assert tuple(getattr(event, name) for name in event.__struct_fields__) == values


def test_as_many_ids_and_parties_as_the_contract_has() -> None:
    assert f"IDS = {IDS:_};" in SOURCE
    assert f"PARTIES = {PARTIES};" in SOURCE
    content = expected(Size(2 * IDS), first_block=2)
    assert len(content.latest) == IDS
    assert len(content.totals) == PARTIES
    assert min(content.latest) == 1


def test_facts_are_told_by_their_number_and_their_places() -> None:
    content = expected(Size(events=7, events_a_block=3), first_block=10)
    assert content.facts == (7, 10 * 3 + 11 * 3 + 12, (0 + 1 + 2) * 2)
    assert sum(content.totals.values()) == sum(1 + number * 104_729 % 1_000_000 for number in range(7))


def test_the_last_event_of_an_id_is_what_counts() -> None:
    """Event 0 and event 10,000 are of the same id."""
    first, second = expected(Size(IDS), first_block=2), expected(Size(IDS + 1), first_block=2)
    assert first.latest[1] == (f"0x{0xA11CE0000:040x}", 1)
    assert second.latest[1] == (f"0x{0xA11CE0000:040x}", 1 + IDS * 104_729 % 1_000_000)
    assert {**second.latest, 1: first.latest[1]} == first.latest


def test_the_last_block_may_have_fewer_events() -> None:
    assert [Size(events).blocks for events in (1, 50, 51, 100_000)] == [1, 1, 2, 2_000]
