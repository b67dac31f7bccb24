import json
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain import typed_data
from chain.address_book import AddressBook
from chain.errors import AddressBookError
from chain.text import word_bytes
from domain.ids import Digest, LotId, PartyAddress
from domain.intents import Assign, Redeem
from tests.support.intents import INTENTS

PARTY = PartyAddress("0x2222222222222222222222222222222222222222")
WORD = Digest("0x" + "33" * 32)
VECTORS = json.loads((Path(__file__).parent / "typed_data_vectors.json").read_text("utf-8"))
ASSIGN = Assign(PARTY, PARTY, LotId(16_777_217), 3, 400_00, WORD, 1_800_000_000, 2**64 - 1)


def test_a_message_is_what_a_wallet_needs(book: AddressBook) -> None:
    assert typed_data.typed_data(ASSIGN, book) == {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Assign": [
                {"name": "owner", "type": "address"},
                {"name": "to", "type": "address"},
                {"name": "lot", "type": "uint64"},
                {"name": "seq", "type": "uint24"},
                {"name": "amount", "type": "uint64"},
                {"name": "evidence", "type": "bytes32"},
                {"name": "deadline", "type": "uint40"},
                {"name": "salt", "type": "uint64"},
            ],
        },
        "primaryType": "Assign",
        "domain": {
            "name": "Tallystick Transfers",
            "version": "1",
            "chainId": book.chain_id,
            "verifyingContract": book.address("Transfers"),
        },
        "message": {
            "owner": PARTY,
            "to": PARTY,
            "lot": 16_777_217,
            "seq": 3,
            "amount": 400_00,
            "evidence": WORD,
            "deadline": 1_800_000_000,
            "salt": "18446744073709551615",
        },
    }


def test_the_digest_is_that_of_eip_712_by_hand(book: AddressBook) -> None:
    type_hash = keccak(
        b"Assign(address owner,address to,uint64 lot,uint24 seq,uint64 amount,bytes32 evidence,"
        b"uint40 deadline,uint64 salt)"
    )
    struct = keccak(
        type_hash
        + encode(
            ["address", "address", "uint64", "uint24", "uint64", "bytes32", "uint40", "uint64"],
            [PARTY, PARTY, 16_777_217, 3, 400_00, word_bytes(WORD), 1_800_000_000, 2**64 - 1],
        )
    )
    domain_type = keccak(
        b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    )
    domain = keccak(
        domain_type
        + keccak(b"Tallystick Transfers")
        + keccak(b"1")
        + encode(["uint256", "address"], [book.chain_id, book.address("Transfers")])
    )
    assert word_bytes(typed_data.digest(ASSIGN, book)) == keccak(b"\x19\x01" + domain + struct)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["message"]["primaryType"] for vector in VECTORS])
def test_known_messages_keep_their_types_and_digests(vector: dict[str, Any]) -> None:
    message = vector["message"]
    kind = next(kind for kind in INTENTS if kind.__name__ == message["primaryType"])
    assert typed_data.digest_of(message) == vector["digest"]
    assert message["types"][kind.__name__] == typed_data.fields_of(kind)


def test_every_intent_has_a_known_message() -> None:
    assert {vector["message"]["primaryType"] for vector in VECTORS} == {kind.__name__ for kind in INTENTS}


@pytest.mark.parametrize("kind", INTENTS, ids=[kind.__name__ for kind in INTENTS])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_message_survives_json_with_the_same_digest(
    book: AddressBook, kind: type[Any], data: st.DataObject
) -> None:
    intent = data.draw(INTENTS[kind])
    message = json.loads(json.dumps(typed_data.typed_data(intent, book)))
    assert typed_data.digest_of(message) == typed_data.digest(intent, book)


@pytest.mark.parametrize("kind", INTENTS, ids=[kind.__name__ for kind in INTENTS])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_number_is_beyond_what_a_browser_holds_exactly(
    book: AddressBook, kind: type[Any], data: st.DataObject
) -> None:
    message = typed_data.typed_data(data.draw(INTENTS[kind]), book)["message"]
    numbers = [value for value in message.values() if isinstance(value, int)]
    assert all(number < 1 << 53 for number in numbers)


def test_each_currency_has_a_contract_of_its_own(book: AddressBook) -> None:
    redeem = Redeem(PARTY, 978, 1, WORD, 1, 1)
    assert typed_data.verifying_contract(redeem, book) == book.cash_address(978)
    with pytest.raises(AddressBookError, match="currency 840"):
        typed_data.digest(Redeem(PARTY, 840, 1, WORD, 1, 1), book)
