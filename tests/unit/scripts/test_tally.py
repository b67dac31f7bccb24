"""Help is there at once, because a verb imports what it needs when it is used."""

import subprocess
import sys
import time
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


def test_help_is_there_in_a_third_of_a_second() -> None:
    fastest = min(_seconds_of_help() for _ in range(5))
    assert fastest < 0.3


def _seconds_of_help() -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "scripts.tally", "--help"], cwd=ROOT, capture_output=True, check=True
    )
    return time.perf_counter() - started
