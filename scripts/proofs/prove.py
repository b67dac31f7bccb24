"""`make prove`: what halmos proves about the contracts for every value, a row for each property.

Each property is a function of contracts/test/symbolic. With `--refute` each formula is broken in a copy of
the contracts instead, as said in contracts/test/symbolic/refutations.json, and every property has to fail
under one of them: a proof that cannot fail proves nothing.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from chain.compile import CONTRACTS, REPOSITORY, read_sources
from scripts.proofs.scratch import scratch

HALMOS: Final = REPOSITORY / ".venv-halmos" / "bin"
PROOFS: Final = CONTRACTS / "test" / "symbolic"
REFUTATIONS: Final = PROOFS / "refutations.json"
_LIMIT_SECONDS: Final = 600
_OVERFLOW_LEFT_OUT: Final = frozenset({"LateInterest"})
"""Where the solvers do not decide whether something overflows; the proofs say so."""
_WORDS: Final = {0: "proved", 1: "refuted", 2: "not decided in time"}


class ProofError(Exception):
    """halmos said nothing that can be read."""


class Result(msgspec.Struct, frozen=True):
    """What halmos found out about one property; `time` is in seconds: all, the paths, the solver."""

    name: str
    exitcode: int
    time: tuple[float, float, float]

    @property
    def title(self) -> str:
        """The name without arguments and prefix."""
        return self.name.split("(")[0].removeprefix("check_")

    @property
    def word(self) -> str:
        """What is said of it."""
        return _WORDS.get(self.exitcode, f"failed (halmos {self.exitcode})")


class Report(msgspec.Struct, frozen=True):
    """What halmos writes about a run, by source and contract."""

    test_results: dict[str, list[Result]] = {}

    def results(self) -> list[Result]:
        """All, in halmos's order."""
        return [result for results in self.test_results.values() for result in results]


class Refutation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A formula broken, and the properties that have to fail then."""

    file: str
    old: str
    new: str
    proofs: tuple[str, ...]


Prover = Callable[[Path, str, str], list[Result]]


def subjects() -> list[str]:
    """What there are proofs about: each file is named after it, each contract in it ends with `Proof`."""
    return sorted(path.name.removesuffix(".t.sol") for path in PROOFS.glob("*.t.sol"))


def run_halmos(folder: Path, subject: str, properties: str = ".*") -> list[Result]:
    """The results of one subject, for the properties that match. Raises ProofError."""
    with TemporaryDirectory(prefix="tallystick-") as scrap:
        answer = Path(scrap) / "answer.json"
        run = subprocess.run(
            _command(subject, properties, answer),
            cwd=folder,
            env={
                **os.environ,
                "FOUNDRY_PROFILE": "symbolic",
                "PATH": f"{CONTRACTS / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}",
                "TMPDIR": scrap,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        results = msgspec.json.decode(answer.read_bytes(), type=Report).results() if answer.exists() else []
    if not results:
        raise ProofError((run.stdout + run.stderr)[-3000:])
    return results


def _command(subject: str, properties: str, answer: Path) -> list[str]:
    solver = [str(HALMOS / "python"), str(Path(__file__).with_name("solver.py"))]
    command = [str(HALMOS / "halmos"), "--no-status", "--forge-build-out", "out/symbolic"]
    # no sum or product may overflow either
    command += ["--panic-error-codes", "0x01" if subject in _OVERFLOW_LEFT_OUT else "*"]
    command += ["--solver-command", shlex.join(solver), "--solver-threads", "2"]
    command += ["--solver-timeout-assertion", f"{_LIMIT_SECONDS}s", "--json-output", str(answer)]
    return [*command, "--contract", f"{subject}Proof", "--match-test", properties]


def prove(chosen: Sequence[str], prover: Prover = run_halmos) -> Iterator[tuple[str, Result]]:
    """Each property of the subjects with what was found out about it. Raises ProofError."""
    for subject in chosen:
        for result in prover(CONTRACTS, subject, ".*"):
            yield subject, result


def read_refutations(path: Path = REFUTATIONS) -> dict[str, list[Refutation]]:
    """The committed ways to break the formulas, by subject."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, list[Refutation]])


def unrefuted(subject: str, broken: Iterable[Refutation], prover: Prover = run_halmos) -> Iterator[str]:
    """The properties that no broken formula makes fail. Raises ProofError, ValueError (a missing formula)."""
    sources = read_sources()
    left = set(_properties(subject))
    for item in broken:
        if sources[item.file].count(item.old) != 1:
            raise ValueError(f"{item.file} does not have this once: {item.old}")
        changed = {**sources, item.file: sources[item.file].replace(item.old, item.new)}
        with scratch(changed) as folder:
            wanted = "|".join(item.proofs)
            results = prover(folder, subject, rf"^check_({wanted})\(")
        left -= {result.title for result in results if result.exitcode == 1}
    yield from sorted(left)


def _properties(subject: str) -> list[str]:
    source = (PROOFS / f"{subject}.t.sol").read_text("utf-8")
    return [part.split("(")[0] for part in source.split("function check_")[1:]]


def _main_prove(chosen: Sequence[str]) -> int:
    proved = total = 0
    for subject, result in prove(chosen):
        total += 1
        proved += result.exitcode == 0
        sys.stdout.write(f"{subject:12} {result.title:72} {result.word:>20} {result.time[0]:7.1f} s\n")
        sys.stdout.flush()
    sys.stdout.write(f"{proved} of {total} properties proved\n")
    return 0 if proved == total else 1


def _main_refute(chosen: Sequence[str]) -> int:
    failures = 0
    for subject in chosen:
        left = list(unrefuted(subject, read_refutations().get(subject, [])))
        failures += len(left)
        count = len(_properties(subject))
        sys.stdout.write(
            f"{subject:12} {count - len(left)} of {count} properties fail when their formula is broken\n"
        )
        sys.stdout.write("".join(f"  never failed: {name}\n" for name in left))
        sys.stdout.flush()
    return 1 if failures else 0


def main(arguments: Sequence[str]) -> int:
    """Arguments: `--refute`, subjects (else all). Exit code 1 if a property is not proved, or never fails."""
    chosen = [name for name in arguments if name != "--refute"] or subjects()
    try:
        return _main_refute(chosen) if "--refute" in arguments else _main_prove(chosen)
    except (ProofError, ValueError) as error:
        sys.stderr.write(f"prove: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
