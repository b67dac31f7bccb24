"""Help is there at once, because a verb imports what it needs when it is used."""

import resource
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


def test_help_takes_less_than_a_third_of_a_second() -> None:
    assert min(_seconds_of_help() for _ in range(3)) < 0.3


def _seconds_of_help() -> float:
    """Of the processor, since a busy machine makes the clock on the wall say anything."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "scripts.tally", "--help"], cwd=ROOT, capture_output=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
