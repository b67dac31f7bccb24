"""`make mutants`: which faults in the ledger the Solidity tests notice.

All mutants are compiled once (scripts/proofs/mutants.py); then the tests run for each, the quick ones first,
until one fails (scripts/proofs/trials.py, which keeps the results too). `--sample N` takes N of them, always
the same for a seed. A survivor that is no fault stands in contracts/mutation-exceptions.json with the reason;
any other makes the run fail.
"""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from chain.compile import CONTRACTS, find_compiler, read_sources
from chain.errors import CompileError
from scripts.proofs.mutants import MUTANTS, SWITCH, Mutant, Mutation
from scripts.proofs.syntax import Node, parse, request
from scripts.proofs.trials import MutationError, Tried, run

FILES: Final = (
    "src/ledger/Debts.sol",
    "src/ledger/Entitlement.sol",
    "src/ledger/LateInterest.sol",
    "src/ledger/Ledger.sol",
    "src/ledger/LedgerStore.sol",
    "src/ledger/LotIds.sol",
    "src/ledger/LotWords.sol",
    "src/ledger/Shares.sol",
    "src/ledger/Slots.sol",
    "src/ledger/Titles.sol",
    "src/modules/Settlement.sol",
    "src/rights/ModuleRights.sol",
)
"""All that the ledger and Settlement are made of."""
EXCEPTIONS: Final = CONTRACTS / "mutation-exceptions.json"


class Excused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that survives because it is no fault. Where it stands is said to the column."""

    file: str
    line: int
    column: int
    change: str
    reason: str


def mutate() -> tuple[dict[str, str], list[Mutant]]:
    """The sources with all mutants that are well typed, and these. Raises CompileError."""
    sources = read_sources()
    trees = parse(sources)
    without: frozenset[int] = frozenset()
    while True:
        mutation = Mutation(trees, without)
        written = {file: mutation.file(file, sources[file], trees[file]) for file in FILES}
        changed = {**sources, **written, MUTANTS: SWITCH}
        wrong = frozenset(_ill_typed(changed))
        if not wrong:
            return changed, mutation.mutants
        without |= wrong


def _ill_typed(sources: Mapping[str, str]) -> Iterable[int]:
    """The mutant at which each of the compiler's errors begins. Raises CompileError for an error outside."""
    run = subprocess.run(
        [str(find_compiler()), "--standard-json"],
        input=json.dumps(request(sources)),
        capture_output=True,
        text=True,
        check=True,
    )
    for error in json.loads(run.stdout).get("errors", []):
        if error["severity"] == "error":
            yield _mutant_at(sources, error)


def _mutant_at(sources: Mapping[str, str], error: Node) -> int:
    place = error.get("sourceLocation") or {"file": "", "start": 0, "end": 0}
    text = sources.get(place["file"], "").encode()
    # the location may be the whole choice, begin in it, or lie in what was chosen
    inside = text[max(0, place["start"] - len("(Mutants.on(")) : place["end"]]
    before = text[: place["start"]]
    for found in (inside.partition(b"Mutants.o")[2], before.rpartition(b"Mutants.o")[2]):
        digits = found.partition(b"(")[2].partition(b")")[0]
        if digits.isdigit():
            return int(digits)
    raise CompileError(str(error.get("formattedMessage")))


def table(tried: Sequence[Tried]) -> str:
    """A row for each file and one for all."""
    rows = [f"{'file':32} {'mutants':>8} {'killed':>8} {'survived':>9} {'score':>8}"]
    groups = {
        file: [one for one in tried if one.file == file] for file in sorted({one.file for one in tried})
    }
    for name, group in [*groups.items(), ("all", tried)]:
        killed = sum(one.verdict != "survived" for one in group)
        score = f"{killed * 1000 // len(group) / 10:.1f} %" if group else "-"
        rows.append(f"{name:32} {len(group):>8} {killed:>8} {len(group) - killed:>9} {score:>8}")
    return "\n".join(rows)


def unexplained(tried: Iterable[Tried], excused: Iterable[Excused]) -> list[Tried]:
    """Survivors that nobody gave a reason for."""
    known = {(one.file, one.line, one.column, one.change) for one in excused}
    survivors = (one for one in tried if one.verdict == "survived")
    return [one for one in survivors if (one.file, one.line, one.column, one.change) not in known]


def read_excused(path: Path = EXCEPTIONS) -> list[Excused]:
    """The committed reasons."""
    return msgspec.json.decode(path.read_bytes(), type=list[Excused])


def sample(mutants: Sequence[Mutant], size: int | None, seed: int) -> list[Mutant]:
    """So many of them, shuffled by the seed: a larger sample holds every smaller one. All without a size."""
    shuffled = list(mutants)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - not a secret
    return shuffled[:size]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when a mutant survives without a reason, or when the tests fail without one."""
    parser = argparse.ArgumentParser(
        prog="mutation", description="Which faults in the ledger the tests notice."
    )
    parser.add_argument("--sample", type=int, help="take so many mutants instead of all")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    given = parser.parse_args(arguments)
    try:
        sources, mutants = mutate()
        chosen = sample(mutants, given.sample, given.seed)
        sys.stderr.write(f"mutants: {len(mutants)}, {len(chosen)} of them are tried; compiling ...\n")
        tried = run(chosen, sources)
    except (CompileError, MutationError) as error:
        sys.stderr.write(f"mutants: {error}\n")
        return 1
    sys.stdout.write(f"{table(tried)}\n")
    left = unexplained(tried, read_excused())
    sys.stdout.write("".join(f"survived: {one.file}:{one.line}: {one.change}\n" for one in left))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
