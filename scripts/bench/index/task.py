"""What a runner is told and what it answers, as JSON between two processes."""

import sys
from pathlib import Path
from typing import Self

import msgspec

from chain.address_book import AddressBook


class Task(msgspec.Struct, frozen=True):
    """`database` is an SQLAlchemy URL, of an empty database; a runner without one gets an empty text.

    `book` is the file of the address book; `through` the last block to be read; the last `finality_blocks`
    may still go away. With `verify` every block is to be proven.
    """

    rpc_url: str
    book: str
    through: int
    database: str = ""
    finality_blocks: int = 0
    verify: bool = False

    @classmethod
    def given(cls) -> Self:
        """The task of this process, from its command line."""
        return msgspec.json.decode(sys.argv[1], type=cls)

    def read_book(self) -> AddressBook:
        """The contracts it is about."""
        return AddressBook.read(Path(self.book))

    def as_text(self) -> str:
        """For the command line of a runner."""
        return msgspec.json.encode(self).decode()


class Answer(msgspec.Struct, frozen=True):
    """`seconds` by stage; a runner with one stage calls it `all`.

    `amount_minor` is the sum of all amounts, said by a runner that leaves no database to look into; `fields`
    is how many a check compared.
    """

    seconds: dict[str, float]
    amount_minor: int | None = None
    fields: int | None = None

    def say(self) -> None:
        """As the last line of standard output."""
        sys.stdout.write(msgspec.json.encode(self).decode() + "\n")
        sys.stdout.flush()
