"""`make mutants`: which faults in the ledger the Solidity tests notice.

All mutants are compiled once (scripts/proofs/mutants.py); then the tests run once for each, those of the
ledger first, until one fails. `--sample N` takes N of them, always the same for a seed. Results are kept in
contracts/cache/mutants.jsonl as long as neither contracts nor tests change, so an interrupted run goes on
where it was. A survivor that is no fault stands in contracts/mutation-exceptions.json with the reason; any
other makes the run fail.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from chain.compile import CONTRACTS, find_compiler, read_sources
from chain.errors import CompileError
from scripts.proofs.mutants import MUTANTS, SWITCH, Mutant, Mutation
from scripts.proofs.scratch import compile_apart, forge, scratch
from scripts.proofs.syntax import Node, parse, request

FILES: Final = (
    "src/ledger/Debts.sol",
    "src/ledger/Entitlement.sol",
    "src/ledger/LateInterest.sol",
    "src/ledger/Ledger.sol",
    "src/ledger/LedgerStore.sol",
    "src/ledger/LotWords.sol",
    "src/ledger/Shares.sol",
    "src/ledger/Titles.sol",
    "src/modules/Settlement.sol",
)
EXCEPTIONS: Final = CONTRACTS / "mutation-exceptions.json"
RESULTS: Final = CONTRACTS / "cache" / "mutants.jsonl"
_FIRST: Final = (
    "Ledger|Settlement|Claim|Default|Entitlement|Exposure|Forced|Cancel|Enforcement|Charges|NeverTrapped"
)
"""Contracts whose tests are about the ledger."""
_LEFT_OUT: Final = "Gas|Invariants|AccessTest|PowerlessTest"
"""Random walks, figures, and what reads compiled ABIs, which the copy has not."""
_LIMIT_SECONDS: Final = 240
_NO_MUTANT: Final = 1 << 64

Verdict = Literal["killed", "survived", "hung"]


class MutationError(Exception):
    """The tests could not be run, or fail without any mutant."""


class Excused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that survives because it is no fault. Where it stands is said to the column."""

    file: str
    line: int
    column: int
    change: str
    reason: str


class Tried(msgspec.Struct, frozen=True):
    """A mutant that was tried, under the hash of what it was tried on."""

    key: str
    number: int
    file: str
    line: int
    column: int
    change: str
    verdict: Verdict


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


def key_of(sources: Mapping[str, str]) -> str:
    """Of everything that a verdict depends on."""
    folder = CONTRACTS / "test"
    tests = {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.sol"))}
    tests = {name: text for name, text in tests.items() if not name.startswith("symbolic")}
    return hashlib.sha256(json.dumps([dict(sources), tests], sort_keys=True).encode()).hexdigest()[:16]


def try_one(folder: Path, number: int) -> tuple[Verdict, str]:
    """Whether the tests notice that mutant, those of the ledger asked first, and what forge said."""
    said = ""
    for option in ("--match-contract", "--no-match-contract"):
        contracts = _FIRST if option == "--match-contract" else f"{_FIRST}|{_LEFT_OUT}"
        command = [str(folder / "node_modules/.bin/forge"), "test", "--fail-fast", option, contracts]
        command += ["--block-prevrandao", f"0x{number:064x}", "--code-size-limit", str(10**7)]
        environment = {**os.environ, "FOUNDRY_PROFILE": "mutants"}
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            said, _ = process.communicate(timeout=_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "hung", said
        if process.returncode:
            return "killed", said
    return "survived", said


def run(chosen: Sequence[Mutant], sources: Mapping[str, str], results: Path = RESULTS) -> list[Tried]:
    """Every chosen mutant tried, now or before. Raises MutationError."""
    key = key_of(sources)
    tried = {one.number: one for one in _read(results) if one.key == key}
    left = [one for one in chosen if one.number not in tried]
    if left:
        with scratch(sources) as folder:
            compile_apart(folder)
            _build(folder)
            _check_unchanged(folder)
            for count, mutant in enumerate(left, 1):
                verdict, said = try_one(folder, mutant.number)
                if verdict == "killed" and "[FAIL" not in said:
                    raise MutationError(said[-3000:])
                shutil.rmtree(folder / "cache" / "fuzz", ignore_errors=True)
                one = _tried(key, mutant, verdict)
                tried[mutant.number] = one
                with results.open("ab") as file:
                    file.write(msgspec.json.encode(one) + b"\n")
                sys.stderr.write(
                    f"{count}/{len(left)} {verdict:8} {mutant.file}:{mutant.line} {mutant.change}\n"
                )
    return [tried[one.number] for one in chosen]


def _tried(key: str, one: Mutant, verdict: Verdict) -> Tried:
    return Tried(key, one.number, one.file, one.line, one.column, one.change, verdict)


def _read(results: Path) -> list[Tried]:
    rows = results.read_bytes().splitlines() if results.exists() else []
    return [msgspec.json.decode(row, type=Tried) for row in rows]


def _build(folder: Path) -> None:
    built = forge(folder, "build", profile="mutants")
    if built.returncode:
        raise MutationError((built.stdout + built.stderr)[-3000:])


def _check_unchanged(folder: Path) -> None:
    verdict, said = try_one(folder, _NO_MUTANT)
    if verdict != "survived":
        raise MutationError(f"the tests fail without any mutant: {said[-3000:]}")


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
