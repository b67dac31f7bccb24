"""Help is there at once, because a verb imports what it needs when it is used."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = ("web3", "sqlalchemy", "fastapi", "lxml", "eth_account", "pydantic", "httpx")


def _imported_by_help() -> set[str]:
    code = (
        "import sys; sys.argv = ['tally', '--help']\n"
        "from scripts.tally import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_imports_nothing_heavy() -> None:
    assert [name for name in HEAVY if name in _imported_by_help()] == []
