import stat
from pathlib import Path

import pytest

from chain.address_book import AddressBook
from chain.errors import AddressBookError
from tests.support.abi_values import ABI_FOLDER


def test_a_book_is_read_as_it_was_written(book: AddressBook, tmp_path: Path) -> None:
    path = tmp_path / "deployments" / "dev.json"
    book.write(path)
    assert AddressBook.read(path) == book
    assert [file.name for file in path.parent.iterdir()] == ["dev.json"]
    assert stat.S_ISREG(path.stat().st_mode)


def test_contracts_are_listed_by_name(book: AddressBook) -> None:
    names = {entry.address: name for name, entry in book.entries()}
    assert names[book.address("Ledger")] == "Ledger"
    assert names[book.cash_address(978)] == "Cash"
    assert set(book.addresses()) == set(names)
    assert set(names.values()) == {path.stem for path in ABI_FOLDER.glob("*.json")}
    assert list(names.values()).count("Cash") == 2


def test_what_is_not_in_the_book_is_named(book: AddressBook) -> None:
    with pytest.raises(AddressBookError, match="no contract Escrow"):
        book.address("Escrow")
    with pytest.raises(AddressBookError, match="currency 840"):
        book.cash_address(840)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"chain_id": "x"}'], ids=["empty", "bare", "list", "type"]
)
def test_a_file_that_is_no_book_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.json"
    path.write_bytes(content)
    with pytest.raises(AddressBookError, match=r"book\.json"):
        AddressBook.read(path)


def test_a_missing_file_and_another_format_are_refused(book: AddressBook, tmp_path: Path) -> None:
    with pytest.raises(AddressBookError, match="cannot read"):
        AddressBook.read(tmp_path / "none.json")
    path = tmp_path / "book.json"
    book.write(path)
    path.write_text(path.read_text("utf-8").replace('"format": 1', '"format": 2'), "utf-8")
    with pytest.raises(AddressBookError, match="format 2"):
        AddressBook.read(path)
