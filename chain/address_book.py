"""Where a deployment lives: the one file that says which chain and which contracts are ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec

from chain.errors import AddressBookError
from chain.files import write_atomically

FORMAT = 1


class ContractEntry(msgspec.Struct, frozen=True):
    """`code_hash` is the keccak of the code that the chain holds at `address`, as 0x text."""

    address: str
    code_hash: str


class AddressBook(msgspec.Struct, frozen=True):
    """Addresses are checksummed text. `contracts` is by contract name, `cash` by ISO 4217 number.

    `build` identifies the sources and settings that the contracts were compiled from.
    """

    chain_id: int
    genesis_hash: str
    deployed_block: int
    build: str
    contracts: dict[str, ContractEntry]
    cash: dict[int, ContractEntry]
    format: int = FORMAT

    def address(self, contract: str) -> str:
        """Address of a contract that exists once. Raises AddressBookError."""
        try:
            return self.contracts[contract].address
        except KeyError as error:
            raise AddressBookError(
                f"no contract {contract} in the address book", values={"contract": contract}
            ) from error

    def cash_address(self, currency: int) -> str:
        """Address of the cash of a currency (ISO 4217 number). Raises AddressBookError."""
        try:
            return self.cash[currency].address
        except KeyError as error:
            raise AddressBookError(
                f"no cash of currency {currency} in the address book", values={"currency": currency}
            ) from error

    def entries(self) -> Iterator[tuple[str, ContractEntry]]:
        """(contract name, entry) of every contract; each currency's cash is a `Cash`."""
        yield from self.contracts.items()
        for entry in self.cash.values():
            yield "Cash", entry

    def addresses(self) -> tuple[str, ...]:
        """All addresses, in the order of `entries`: what the indexer asks logs of."""
        return tuple(entry.address for _, entry in self.entries())

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises AddressBookError where the file is missing or is not one of ours."""
        try:
            book = msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError) as error:
            raise AddressBookError(f"cannot read the address book {path.name}: {error}") from error
        if book.format != FORMAT:
            raise AddressBookError(f"{path.name} has format {book.format}, expected {FORMAT}")
        return book

    def write(self, path: Path) -> None:
        """Replace the file in one step: a reader sees the old book or the new one."""
        write_atomically(path, msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
