"""A deployment that exists only as an address book."""

import pytest

from chain.address_book import AddressBook, ContractEntry
from chain.text import checksum
from tests.support.abi_values import ABI_FOLDER

DEV_CHAIN = 1_337_000_001


def entry(number: int) -> ContractEntry:
    return ContractEntry(address=checksum(number.to_bytes(20)), code_hash="0x" + "00" * 32)


@pytest.fixture
def book() -> AddressBook:
    names = sorted(path.stem for path in ABI_FOLDER.glob("*.json") if path.stem != "Cash")
    return AddressBook(
        chain_id=DEV_CHAIN,
        genesis_hash="0x" + "11" * 32,
        deployed_block=1,
        build="test",
        contracts={name: entry(0xA0 + index) for index, name in enumerate(names)},
        cash={156: entry(0xC0), 978: entry(0xC1)},
    )
