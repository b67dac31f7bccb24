"""Where an embedded system keeps its state."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

PRIVATE: Final = 0o600
_OURS: Final = frozenset({"chain", "keys", "address_book", "mirror", "app", "secrets", "api-keys", "playing"})
"""Names, without endings, of all that is kept in a folder."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One system's files; everything that is secret can be read by its owner only."""

    root: Path

    @classmethod
    def at(cls, path: Path) -> Self:
        """The folder of a path, whatever the current folder will be."""
        return cls(path.resolve())

    @property
    def chain_state(self) -> Path:
        """The development chain."""
        return self.root / "chain" / "state.json"

    @property
    def address_book(self) -> Path:
        """Which chain and which contracts are ours."""
        return self.root / "address_book.json"

    @property
    def mirror_url(self) -> str:
        """The database that the indexer writes."""
        return f"sqlite+aiosqlite:///{self.root / 'mirror.db'}"

    @property
    def app_url(self) -> str:
        """The database that the API writes."""
        return f"sqlite+aiosqlite:///{self.root / 'app.db'}"

    @property
    def keystore(self) -> Path:
        """Keys of lanes, offices and people."""
        return self.root / "keys"

    @property
    def secrets(self) -> Path:
        """Password of the keystore, secret of the fingerprints, API keys of the offices."""
        return self.root / "secrets.json"

    @property
    def api_keys(self) -> Path:
        """API keys of the story's people, for trying things out."""
        return self.root / "api-keys.json"

    @property
    def playing(self) -> Path:
        """There while the first start plays the story."""
        return self.root / "playing"

    def set_aside(self) -> Path:
        """Move everything of ours into a folder beside it, whose path is returned; nothing is deleted."""
        numbers = (self.root / f"interrupted-{number}" for number in range(1, 1_000))
        aside = next(path for path in numbers if not path.exists())
        aside.mkdir(mode=0o700)
        for path in self.root.iterdir():
            if path.name.partition(".")[0] in _OURS:
                path.rename(aside / path.name)
        return aside

    def make(self) -> None:
        """Create the folder, closed to others."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_private(path: Path, document: Any) -> None:
    """Write JSON that only its owner can read, in one step."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
