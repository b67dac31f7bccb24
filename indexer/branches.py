"""Positions that stay right when the chain takes another way: `epoch:block:log`.

The epoch of a block is the number of the last reorganisation that put it where it is, 0 if none did. So a
position names one event of one branch for good, and of a position that a reader kept it can be said whether
its branch is still the mirror's, and if not, where it was left.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from typing_extensions import override

LOG_MAX = (1 << 63) - 1

_TEXT = re.compile(r"(\d{1,9}):(\d{1,18})(?::(\d{1,18}))?", re.ASCII)


class UnknownMark(ValueError):
    """A position that this mirror has never given out."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a reader has read: through a log of a block, or, without `log`, through the whole block."""

    epoch: int
    block_number: int
    log_index: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Orders marks of one branch."""
        return self.block_number, LOG_MAX if self.log_index is None else self.log_index

    @override
    def __str__(self) -> str:
        through = f"{self.epoch}:{self.block_number}"
        return through if self.log_index is None else f"{through}:{self.log_index}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` made. Raises UnknownMark."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise UnknownMark("expected epoch:block:log, or epoch:block for a whole block")
        epoch, block, log = match.groups()
        return cls(int(epoch), int(block), None if log is None else int(log))


@dataclass(frozen=True, slots=True)
class Turn:
    """A reorganisation: blocks after `block_number` were replaced. `found_ms` is the indexer's clock."""

    epoch: int
    block_number: int
    found_ms: int


class Branches:
    """All reorganisations of a mirror, in the order of their epochs."""

    def __init__(self, turns: Sequence[Turn] = ()) -> None:
        self._turns = tuple(turns)
        # Of turns that a later one went behind, nothing is left: the rest rises in block and epoch.
        self._standing: list[Turn] = []
        for turn in self._turns:
            while self._standing and self._standing[-1].block_number >= turn.block_number:
                self._standing.pop()
            self._standing.append(turn)
        self._blocks = [turn.block_number for turn in self._standing]

    @property
    def last(self) -> Turn | None:
        """The newest reorganisation."""
        return self._turns[-1] if self._turns else None

    def mark(self, block_number: int, log_index: int | None = None) -> Mark:
        """The position of a block that the mirror has, or of a log in it."""
        return Mark(self._epoch_of(block_number), block_number, log_index)

    def left_at(self, mark: Mark) -> Mark | None:
        """The last block that a reader at `mark` may keep; None while all it has read is still there.

        Raises UnknownMark for a position that was never given out.
        """
        epoch = self._epoch_of(mark.block_number)
        if epoch == mark.epoch:
            return None
        newest = self._turns[-1].epoch if self._turns else 0
        if mark.epoch > min(epoch, newest):
            raise UnknownMark(f"block {mark.block_number} is of epoch {epoch}")
        first = next(turn for turn in self._standing if turn.epoch > mark.epoch)
        return self.mark(first.block_number)

    def _epoch_of(self, block_number: int) -> int:
        place = bisect_left(self._blocks, block_number)
        return self._standing[place - 1].epoch if place else 0
