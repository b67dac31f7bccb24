"""A copy of the contracts to change: nothing that a proof does to the sources reaches the real ones."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from chain.compile import CONTRACTS

FORGE = Path("node_modules/.bin/forge")
_LINKED = ("node_modules", "foundry.toml", "solc.mjs", "snapshots")


@contextmanager
def scratch(sources: Mapping[str, str]) -> Iterator[Path]:
    """A folder as contracts/ with these sources of our own instead, until the end of the block."""
    with TemporaryDirectory(prefix="tallystick-") as name:
        folder = Path(name)
        for linked in _LINKED:
            (folder / linked).symlink_to(CONTRACTS / linked)
        # copied: through a link a test would import the real sources
        shutil.copytree(CONTRACTS / "test", folder / "test")
        for file, content in sources.items():
            if file.startswith("src/"):
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_text(content, "utf-8")
        yield folder


def compile_apart(folder: Path) -> None:
    """From now on forge compiles there as solc_apart.mjs says."""
    compiler = folder / "solc.mjs"
    compiler.rename(folder / "solc_plain.mjs")
    shutil.copy(Path(__file__).with_name("solc_apart.mjs"), compiler)


def forge(
    folder: Path, *arguments: str, profile: str, limit_seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run forge there under a profile of foundry.toml; what it says is the caller's to read."""
    return subprocess.run(
        [str(folder / FORGE), *arguments],
        cwd=folder,
        env={**os.environ, "FOUNDRY_PROFILE": profile},
        capture_output=True,
        text=True,
        check=False,
        timeout=limit_seconds,
    )
