from dataclasses import fields
from typing import Any, get_args

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak

from chain.address_book import AddressBook
from chain.bindings.tables import EVENTS
from chain.errors import DecodeError, UnknownEvent
from chain.logs import RawLog
from chain.text import checksum
from chain.translate import ADMINISTRATIVE, Translator
from domain import events
from domain.parties import PartyStatus
from domain.receivable import Cause
from tests.support.abi_values import canonical, entries

ADDRESS = b"\x0a" * 20
WORD = b"\x0b" * 32
EXAMPLES = {
    "address": ADDRESS,
    "bytes32": WORD,
    "bool": True,
    "bytes": b"\x01\x02",
    "string": "text",
    "bytes4": b"1234",
}


def log_of(book: AddressBook, contract: str, entry: dict[str, Any], **values: object) -> RawLog:
    def value(parameter: dict[str, Any]) -> object:
        return values.get(parameter["name"], EXAMPLES.get(parameter["type"], 1))

    kinds = ",".join(canonical(parameter) for parameter in entry["inputs"])
    indexed = [parameter for parameter in entry["inputs"] if parameter["indexed"]]
    plain = [parameter for parameter in entry["inputs"] if not parameter["indexed"]]
    topics = [keccak(f"{entry['name']}({kinds})".encode())]
    topics += [encode([parameter["type"]], [value(parameter)]) for parameter in indexed]
    data = encode([parameter["type"] for parameter in plain], [value(parameter) for parameter in plain])
    address = next(known.address for name, known in book.entries() if name == contract)
    return raw_log(address, topics, data)


def raw_log(address: str, topics: list[bytes], data: bytes) -> RawLog:
    return RawLog(
        address=address.lower(),
        topics=tuple("0x" + topic.hex() for topic in topics),
        data="0x" + data.hex(),
        block_number=5,
        block_hash="0x05",
        transaction_hash="0x06",
        transaction_index=0,
        log_index=2,
    )


def entry_of(name: str) -> tuple[str, dict[str, Any]]:
    return next((contract, entry) for contract, entry in entries("event") if entry["name"] == name)


@pytest.mark.parametrize(
    ("contract", "entry"),
    entries("event"),
    ids=[f"{contract}.{entry['name']}" for contract, entry in entries("event")],
)
def test_every_event_of_every_contract_is_translated(
    book: AddressBook, contract: str, entry: dict[str, Any]
) -> None:
    event = Translator(book).translate(log_of(book, contract, entry))
    if entry["name"] in ADMINISTRATIVE:
        assert event is None
        return
    assert type(event).__name__ == entry["name"]
    assert event is not None
    for field in fields(event):
        value = getattr(event, field.name)
        assert value in (1, True, checksum(ADDRESS), "0x" + WORD.hex(), b"\x01\x02")


def test_every_event_of_domain_is_one_of_the_contracts() -> None:
    emitted = {binding.__name__ for by_topic in EVENTS.values() for binding in by_topic.values()}
    assert {kind.__name__ for kind in get_args(events.Event)} == emitted - ADMINISTRATIVE


def test_codes_become_the_enums_of_domain(book: AddressBook) -> None:
    moved = Translator(book).translate(log_of(book, *entry_of("LotMoved"), cause=2))
    changed = Translator(book).translate(log_of(book, *entry_of("PartyChanged"), status=2))
    assert isinstance(moved, events.LotMoved)
    assert moved.cause is Cause.FINANCE
    assert isinstance(changed, events.PartyChanged)
    assert changed.status is PartyStatus.SUSPENDED


def test_a_code_that_domain_does_not_know_is_refused(book: AddressBook) -> None:
    with pytest.raises(DecodeError, match="77 is no Cause"):
        Translator(book).translate(log_of(book, *entry_of("LotMoved"), cause=77))


def test_an_unknown_topic_of_our_contract_is_loud(book: AddressBook) -> None:
    translator = Translator(book)
    with pytest.raises(UnknownEvent, match="Ledger has no event") as caught:
        translator.translate(raw_log(book.address("Ledger"), [WORD], b""))
    assert caught.value.values["block"] == 5
    with pytest.raises(UnknownEvent, match="no event"):
        translator.translate(raw_log(book.address("Ledger"), [], b""))


def test_an_event_of_another_contract_of_ours_is_unknown_too(book: AddressBook) -> None:
    _, entry = entry_of("LotMoved")
    log = log_of(book, "Ledger", entry)
    with pytest.raises(UnknownEvent, match="Parties has no event"):
        Translator(book).translate(raw_log(book.address("Parties"), [bytes.fromhex(log.topics[0][2:])], b""))


def test_a_log_of_somebody_else_is_refused(book: AddressBook) -> None:
    with pytest.raises(UnknownEvent, match="no contract of ours"):
        Translator(book).translate(raw_log(checksum(ADDRESS), [WORD], b""))


def test_words_that_are_too_short_are_refused(book: AddressBook) -> None:
    log = log_of(book, *entry_of("LotMoved"))
    topics = [bytes.fromhex(topic[2:]) for topic in log.topics]
    with pytest.raises(DecodeError):
        Translator(book).translate(raw_log(log.address, topics, bytes.fromhex(log.data[2:])[:-1]))


def test_bytes_with_a_nul_pass_unchanged(book: AddressBook) -> None:
    event = Translator(book).translate(log_of(book, *entry_of("ClaimFailed"), reason=b"\x00\xff\x00"))
    assert isinstance(event, events.ClaimFailed)
    assert event.reason == b"\x00\xff\x00"
