"""The archive: a file of blocks with their events for each span, and a manifest beside it.

`events-FIRST-THROUGH.jsonl.gz` has a line for each block: number, hash, time in seconds, and its events. The
parent of a block is the block on the line before, of the first one `parent_hash` of the manifest. The
manifest, `events-FIRST-THROUGH.json`, has the hash of the lines and the hash of the manifest before it, so
that one value, the hash of the newest manifest, stands for all events since the deployment. A span has the
same files, byte for byte, whichever database it comes from.
"""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec

from indexer.changes import Row
from indexer.errors import ArchiveRefused

FORMAT: Final = 1
_LEVEL: Final = 6


class BlockLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A block; `events` are rows of `ChainEvent` without its number."""

    number: int
    hash: str
    time_s: int
    events: list[list[int | str | None]]

    def rows(self) -> Iterator[Row]:
        """Rows of `ChainEvent`, by column."""
        return ((self.number, *event) for event in self.events)


class Manifest(msgspec.Struct, frozen=True):
    """What is in the file of a span, and of which chain; `previous` is empty in the first."""

    chain_id: int
    genesis_hash: str
    ledger: str
    first_block: int
    through_block: int
    parent_hash: str
    last_hash: str
    events: int
    lines_sha256: str
    previous: str
    format: int = FORMAT

    @property
    def name(self) -> str:
        """Of both files, without what comes after the dot."""
        return f"events-{self.first_block:012}-{self.through_block:012}"

    def encoded(self) -> bytes:
        """As it is in its file."""
        return msgspec.json.format(msgspec.json.encode(self)) + b"\n"

    @property
    def sha256(self) -> str:
        """What the next manifest and the mirror say of it."""
        return hashlib.sha256(self.encoded()).hexdigest()


_LINE: Final = msgspec.json.Decoder(BlockLine)


class Writer:
    """Lines into a file that has another name until it is whole."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._file = gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=_LEVEL, mtime=0)
        self._digest = hashlib.sha256()
        self.events = 0

    def add(self, lines: list[BlockLine]) -> None:
        """Blocks that follow. Blocking."""
        text = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        self._digest.update(text)
        self._file.write(text)
        self.events += sum(len(line.events) for line in lines)

    def finish(self) -> str:
        """On the disk when this returns: the hash of the lines."""
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        return self._digest.hexdigest()


@contextmanager
def writing(folder: Path) -> Iterator[tuple[Writer, Path]]:
    """A writer and its draft, which is gone afterwards unless it was renamed."""
    draft = folder / f".draft-{os.getpid()}"
    try:
        with draft.open("wb") as raw:
            yield Writer(raw), draft
    finally:
        draft.unlink(missing_ok=True)


def publish(folder: Path, manifest: Manifest, draft: Path) -> None:
    """The lines, then the manifest that makes them count: a kill in between leaves lines nobody reads."""
    draft.replace(folder / f"{manifest.name}.jsonl.gz")
    told = folder / f".manifest-{os.getpid()}"
    with told.open("wb") as file:
        file.write(manifest.encoded())
        file.flush()
        os.fsync(file.fileno())
    told.replace(folder / f"{manifest.name}.json")
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def manifests(folder: Path) -> list[Manifest]:
    """All of a folder, by block. Raises ArchiveRefused where they are not a chain."""
    found = [_read_manifest(path) for path in sorted(folder.glob("events-*.json"))]
    previous = ""
    for place, manifest in enumerate(found):
        if manifest.previous != previous:
            raise ArchiveRefused(f"{manifest.name} does not follow the manifest before it")
        if place and manifest.first_block != found[place - 1].through_block + 1:
            raise ArchiveRefused(f"blocks are missing before {manifest.name}")
        previous = manifest.sha256
    return found


def read(folder: Path, manifest: Manifest) -> Iterator[BlockLine]:
    """The blocks of a span. Raises ArchiveRefused, before the last of them at the latest, where the file is
    not what its manifest says. Blocking.
    """
    digest = hashlib.sha256()
    number, events = manifest.first_block, 0
    try:
        with gzip.open(folder / f"{manifest.name}.jsonl.gz") as file:
            for text in file:
                digest.update(text)
                line = _LINE.decode(text)
                if line.number != number:
                    raise ArchiveRefused(f"{manifest.name} has block {line.number} in the place of {number}")
                number, events = number + 1, events + len(line.events)
                if line.number == manifest.through_block:
                    digest.update(file.read())
                    _require(manifest, events, line.hash, digest.hexdigest())
                yield line
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise ArchiveRefused(f"{manifest.name} cannot be read: {error}") from error
    if number != manifest.through_block + 1:
        raise ArchiveRefused(f"{manifest.name} ends before block {number}")


def _require(manifest: Manifest, events: int, last_hash: str, lines_sha256: str) -> None:
    said = (manifest.events, manifest.last_hash, manifest.lines_sha256)
    if (events, last_hash, lines_sha256) != said:
        raise ArchiveRefused(f"{manifest.name} is not what its manifest says")


def _read_manifest(path: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise ArchiveRefused(f"{path.name} cannot be read: {error}") from error
    if manifest.format != FORMAT or f"{manifest.name}.json" != path.name:
        raise ArchiveRefused(f"{path.name} is of another format, or was renamed")
    return manifest
