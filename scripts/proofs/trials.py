"""One mutant after the other against the tests, and what was found out before.

Results are kept in contracts/cache/mutants.jsonl for as long as they are true. All of them depend on the
contracts. A mutant that was killed stays killed while the file of the test that failed, and what that file
imports, are what they were; one that survived or hung is tried again when any test changes.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Final, Literal, NamedTuple

import msgspec

from chain.compile import CONTRACTS, read_sources
from scripts.proofs.mutants import Mutant
from scripts.proofs.scratch import FORGE, compile_apart, forge, scratch

RESULTS: Final = CONTRACTS / "cache" / "mutants.jsonl"
_QUICK: Final = (
    "AttacksDe.*|AttacksStaleTest|CancelTest|ClaimsTest|DefaultTest|ExportsTest|ForcedMovesTest|IssuanceTest"
    "|Ledger.+Test|LensTest|PledgesTest|RightsTest"
)
"""What notices two mutants of three, in half a second."""
_SLOW: Final = "BatchesTest|ChargesTest|ExposureTest|PausesTest|RecoveryAttacksTest|TransitionsTest"
"""Nine tenths of the time, and alone in noticing few mutants."""
_LEFT_OUT: Final = "Gas|Invariants|Access|PowerlessTest"
"""Random walks, figures, and what reads compiled ABIs, which the copy has not."""
_COMPILED: Final = """#!/bin/sh
[ "$1" = --version ] && echo "{version}"
"""
"""Once all is compiled forge only asks for the version, at every start, and node is slow to say it."""
_LIMIT_SECONDS: Final = 600
_NO_MUTANT: Final = 1 << 64
_IMPORT: Final = re.compile(r'from "(\.{1,2}/[^"]+)"')
_FAILING: Final = re.compile(r"Encountered \d+ failing tests? in (\S+?):")

Verdict = Literal["killed", "survived", "hung"]


class MutationError(Exception):
    """The tests could not be run, or fail without any mutant."""


class Round(NamedTuple):
    """A run of forge. A later one is asked about those mutants only that the ones before did not notice."""

    options: tuple[str, str]
    settings: Mapping[str, str]


_FEW_CASES: Final = {"FOUNDRY_FUZZ_RUNS": "4", "FOUNDRY_GAS_LIMIT": str(10**9)}
ROUNDS: Final = (
    Round(("--match-contract", _QUICK), _FEW_CASES),
    Round(("--no-match-contract", f"{_LEFT_OUT}|{_SLOW}|{_QUICK}"), _FEW_CASES),
    # every test, as foundry.toml says
    Round(("--no-match-contract", _LEFT_OUT), {}),
)


class Tried(msgspec.Struct, frozen=True):
    """A mutant that was tried. `contracts` and `tests` are hashes of what the verdict depends on."""

    contracts: str
    tests: str
    file: str
    line: int
    column: int
    change: str
    verdict: Verdict
    by: str = ""
    """The file of the test that failed."""

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Which mutant it was, whatever its number is."""
        return self.file, self.line, self.column, self.change


class Suite:
    """The files of the Solidity tests, by path from contracts/."""

    def __init__(self, root: Path = CONTRACTS) -> None:
        folder = root / "test"
        found = sorted([*folder.rglob("*.sol"), *folder.rglob("*.csv")])
        texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}
        self._texts = {name: text for name, text in texts.items() if not name.startswith("test/symbolic/")}
        settings = tomllib.loads((root / "foundry.toml").read_text("utf-8"))
        self._cases = settings["profile"]["mutants"]["fuzz"]

    def hash_all(self) -> str:
        """Of every file, and of how many cases a fuzz test has."""
        return _hash([self._texts, self._cases])

    def hash_of(self, file: str) -> str:
        """Of that file, all of ours that it imports, and the tables that tests read; empty if it is gone."""
        if file not in self._texts:
            return ""
        names = {name for name in self._texts if name.endswith(".csv")}
        pending = [file]
        while pending:
            name = pending.pop()
            if name in names or name not in self._texts:
                continue
            names.add(name)
            pending += [
                os.path.normpath(f"{name}/../{target}") for target in _IMPORT.findall(self._texts[name])
            ]
        return _hash({name: self._texts[name] for name in names})


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


class Results:
    """What is known of mutants, kept in a file."""

    def __init__(self, contracts: Mapping[str, str], tests: Suite, path: Path = RESULTS) -> None:
        self._contracts = _hash(dict(contracts))
        self._tests = tests
        self._path = path
        rows = path.read_bytes().splitlines() if path.exists() else []
        known = (msgspec.json.decode(row, type=Tried) for row in rows)
        self._known = {one.place: one for one in known if self._holds(one)}

    def get(self, mutant: Mutant) -> Tried | None:
        """What was found out, if it is still true."""
        return self._known.get((mutant.file, mutant.line, mutant.column, mutant.change))

    def add(self, mutant: Mutant, verdict: Verdict, by: str) -> Tried:
        """Keep it."""
        tests = self._tests.hash_of(by) if by else self._tests.hash_all()
        place = (mutant.file, mutant.line, mutant.column, mutant.change)
        one = Tried(self._contracts, tests, *place, verdict, by)
        self._known[one.place] = one
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(one) + b"\n")
        return one

    def _holds(self, one: Tried) -> bool:
        tests = self._tests.hash_of(one.by) if one.by else self._tests.hash_all()
        return one.contracts == self._contracts and one.tests == tests


def run(chosen: Sequence[Mutant], sources: Mapping[str, str]) -> list[Tried]:
    """Every chosen mutant tried, now or before. Raises MutationError."""
    results = Results(read_sources(), Suite())
    left = [one for one in chosen if results.get(one) is None]
    sys.stderr.write(f"mutants: {len(chosen)} chosen, {len(left)} not known yet\n")
    if left:
        with scratch(sources) as folder:
            _build(folder)
            with _copies(folder) as folders:
                try_all(folders, left, results)
    return list(_all_known(chosen, results))


@contextmanager
def _copies(folder: Path) -> Iterator[list[Path]]:
    """That folder and others like it, one for each processor: forge writes its cache at every run."""
    with TemporaryDirectory(prefix="tallystick-") as name:
        more = [Path(name) / str(number) for number in range(1, os.cpu_count() or 1)]
        for copy in more:
            shutil.copytree(folder, copy, symlinks=True)
        yield [folder, *more]


def try_all(folders: Sequence[Path], left: Sequence[Mutant], results: Results) -> None:
    """A verdict on each, kept as soon as it is there: first those that the quick tests notice."""
    for asked in ROUNDS:
        unnoticed: list[Mutant] = []
        for count, (mutant, verdict, said) in enumerate(try_round(folders, left, asked), 1):
            where = f"{count}/{len(left)} {mutant.file}:{mutant.line}:{mutant.column} {mutant.change}"
            if verdict == "survived" and asked is not ROUNDS[-1]:
                unnoticed.append(mutant)
                sys.stderr.write(f"{where} not noticed yet\n")
                continue
            one = results.add(mutant, verdict, failing(said) if verdict == "killed" else "")
            sys.stderr.write(f"{where} {verdict} {one.by}\n")
        left = unnoticed


def try_round(
    folders: Sequence[Path], mutants: Sequence[Mutant], asked: Round
) -> Iterator[tuple[Mutant, Verdict, str]]:
    """What a round says of each, one at a time in each folder."""
    free: SimpleQueue[Path] = SimpleQueue()
    for folder in folders:
        free.put(folder)

    def try_next(mutant: Mutant) -> tuple[Mutant, Verdict, str]:
        folder = free.get()
        try:
            return mutant, *try_one(folder, mutant.number, asked)
        finally:
            free.put(folder)

    with ThreadPoolExecutor(len(folders)) as pool:
        try:
            yield from pool.map(try_next, mutants)
        finally:
            pool.shutdown(cancel_futures=True)


def _all_known(chosen: Sequence[Mutant], results: Results) -> Iterator[Tried]:
    for mutant in chosen:
        one = results.get(mutant)
        if one is None:
            raise MutationError(f"no verdict on {mutant.file}:{mutant.line} {mutant.change}")
        yield one


def try_one(folder: Path, number: int, asked: Round) -> tuple[Verdict, str]:
    """Whether the tests of a round notice that mutant, and what forge said."""
    command = [str(folder / FORGE), "test", "--fail-fast", "--threads", "1", *asked.options]
    command += ["--block-prevrandao", f"0x{number:064x}", "--code-size-limit", str(10**7)]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "FOUNDRY_PROFILE": "mutants", **asked.settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = process.communicate(timeout=_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "hung", ""
    finally:
        # forge would begin with the case that another mutant failed
        shutil.rmtree(folder / "cache" / "fuzz", ignore_errors=True)
    return ("killed" if process.returncode else "survived"), said


def failing(said: str) -> str:
    """The file of the test that failed. Raises MutationError if none did."""
    found = _FAILING.search(said)
    if found is None:
        raise MutationError(said[-3000:])
    return found[1]


def _build(folder: Path) -> None:
    compile_apart(folder)
    built = forge(folder, "build", profile="mutants")
    if built.returncode:
        raise MutationError((built.stdout + built.stderr)[-3000:])
    _forget_the_compiler(folder / "solc.mjs")
    for asked in ROUNDS:
        verdict, said = try_one(folder, _NO_MUTANT, asked)
        if verdict != "survived":
            raise MutationError(f"the tests fail without any mutant: {said[-3000:]}")


def _forget_the_compiler(compiler: Path) -> None:
    asked = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True)
    compiler.write_text(_COMPILED.format(version=asked.stdout), "utf-8")
