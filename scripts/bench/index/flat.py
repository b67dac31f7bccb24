"""The flat load: one event of seven words, again and again.

What each event holds follows from its number, here and in contracts/bench/src/FlatLoad.sol alike, so what a
mirror must hold in the end is known without reading the chain.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from chain import abi
from chain.keccak import keccak

IDS: Final = 10_000
PARTIES: Final = 200
SIGNATURE: Final = "Recorded(uint64,address,bytes32,uint64,uint64,uint40,uint16)"


class Recorded(abi.Event, frozen=True, gc=False):
    """The event: three indexed words, four others."""

    CODEC: ClassVar[abi.EventCodec] = abi.EventCodec(
        keccak(SIGNATURE.encode()).hex(),
        ("uint64", "address", "bytes32"),
        ("uint64", "uint64", "uint40", "uint16"),
        static=True,
    )
    TOPIC0: ClassVar[bytes] = CODEC.topic0

    id: int
    party: abi.Address
    evidence: abi.Bytes32
    amount: int
    seq: int
    due: int
    currency: int


@dataclass(frozen=True, slots=True)
class Size:
    """How many events, and how many of them in a block."""

    events: int
    events_a_block: int = 50

    @property
    def blocks(self) -> int:
        """Blocks that have events."""
        return -(-self.events // self.events_a_block)


@dataclass(frozen=True, slots=True)
class Content:
    """What a mirror of the load holds: facts by their number and the sums of their places, both projections
    whole. Parties are lower-case 0x text.
    """

    facts: tuple[int, int, int]
    latest: dict[int, tuple[str, int]]
    totals: dict[str, int]


def expected(size: Size, first_block: int) -> Content:
    """The content, from arithmetic alone; the events begin in `first_block`."""
    latest: dict[int, tuple[str, int]] = {}
    totals: dict[str, int] = {}
    blocks = indexes = 0
    for number in range(size.events):
        party = f"0x{0xA11CE0000 + number * 31 % PARTIES:040x}"
        amount = 1 + number * 104_729 % 1_000_000
        latest[1 + number * 7_919 % IDS] = (party, amount)
        totals[party] = totals.get(party, 0) + amount
        blocks += first_block + number // size.events_a_block
        indexes += number % size.events_a_block
    return Content((size.events, blocks, indexes), latest, totals)
