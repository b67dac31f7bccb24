"""`python -m scripts.proofs.coverage`: lines and branches of the contracts that the tests reach.

A branch is one outcome, true or false, of one condition: of `if`, loops and `?:`, and of each part of `&&`
and `||`. Only tests that name what they reach count: profile.coverage of foundry.toml leaves random walks and
gas out. What cannot be reached stands in contracts/coverage-exceptions.json with the reason.
"""

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from chain.compile import CONTRACTS, read_sources
from chain.errors import CompileError
from scripts.proofs.probes import PROBES, Instrument, Probe
from scripts.proofs.scratch import compile_apart, forge, scratch
from scripts.proofs.syntax import parse

EXCEPTIONS = CONTRACTS / "coverage-exceptions.json"
_OURS = "src/"
_LIMIT_SECONDS = 1800


class CoverageError(Exception):
    """The tests could not be run or did not pass."""


class Unreachable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An outcome of a condition that no test can bring about, by the text of the condition."""

    file: str
    code: str
    outcome: str
    reason: str


@dataclass
class Covered:
    """One file: line → whether it ran, and every outcome of its conditions with whether it came."""

    lines: dict[int, bool] = field(default_factory=dict)
    branches: list[tuple[Probe, str, bool]] = field(default_factory=list)

    def missed_lines(self) -> list[int]:
        """The lines that never ran."""
        return sorted(line for line, hit in self.lines.items() if not hit)

    def missed_branches(self) -> list[tuple[Probe, str]]:
        """The outcomes that never came."""
        return [(probe, outcome) for probe, outcome, hit in self.branches if not hit]


def read_lcov(text: str) -> dict[str, dict[int, int]]:
    """Hit counts by file and line."""
    hits: dict[str, dict[int, int]] = {}
    lines: dict[int, int] = {}
    for row in text.splitlines():
        kind, _, value = row.partition(":")
        if kind == "SF":
            lines = hits.setdefault(value, {})
        elif kind == "DA":
            line, count = value.split(",")[:2]
            lines[int(line)] = int(count)
    return hits


def judge(probes: Sequence[Probe], hits: Mapping[int, int]) -> dict[str, Covered]:
    """What was covered of each file, by the hit counts of the lines of PROBES."""
    found: dict[str, Covered] = defaultdict(Covered)
    for probe in probes:
        covered = found[probe.file]
        for line, outcome in zip(probe.lines, probe.outcomes, strict=True):
            hit = hits.get(line, 0) > 0
            if outcome == "run":
                covered.lines[probe.line] = hit and covered.lines.get(probe.line, True)
            else:
                covered.branches.append((probe, outcome, hit))
    return dict(sorted(found.items()))


def measure() -> dict[str, Covered]:
    """Run the tests over a copy of the contracts with probes. Raises CompileError, CoverageError."""
    everything = read_sources()
    trees = parse(everything)
    instrument = Instrument()
    written = {
        file: instrument.file(file, source, trees[file])
        for file, source in everything.items()
        if file.startswith(_OURS)
    }
    with scratch({**written, PROBES: instrument.library}) as folder:
        compile_apart(folder)
        report = folder / "lcov.info"
        options = ["--report", "lcov", "--report-file", str(report)]
        if failure := _run(folder, options):
            raise CoverageError(failure)
        return judge(instrument.probes, read_lcov(report.read_text("utf-8"))[PROBES])


def _run(folder: Path, options: Sequence[str]) -> str:
    """Nothing, or why it failed."""
    run = forge(folder, "coverage", *options, profile="coverage", limit_seconds=_LIMIT_SECONDS)
    said = run.stdout + run.stderr
    failed = dict.fromkeys(line for line in said.splitlines() if "[FAIL" in line)
    return ("\n".join(failed) or said[-3000:]) if run.returncode else ""


def table(covered: Mapping[str, Covered]) -> str:
    """A row for each file and one for all."""
    rows = [f"{'file':32} {'lines':>16} {'branches':>16}"]
    totals = [0, 0, 0, 0]
    for file, one in covered.items():
        figures = [
            len(one.lines) - len(one.missed_lines()),
            len(one.lines),
            len(one.branches) - len(one.missed_branches()),
            len(one.branches),
        ]
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        rows.append(_row(file, figures))
    return "\n".join([*rows, _row("all", totals)])


def _row(name: str, figures: Sequence[int]) -> str:
    hit, lines, taken, branches = figures
    return f"{name:32} {_share(hit, lines):>16} {_share(taken, branches):>16}"


def _share(part: int, whole: int) -> str:
    # rounded down: 100 % is said of nothing less
    return f"{part}/{whole} {part * 1000 // whole / 10:5.1f} %" if whole else "-"


def complaints(covered: Mapping[str, Covered], exceptions: Sequence[Unreachable]) -> list[str]:
    """Lines and branches that were missed without a reason, and reasons without a miss."""
    found: list[str] = []
    left = {(item.file, item.code, item.outcome) for item in exceptions}
    used: set[tuple[str, str, str]] = set()
    for file, one in covered.items():
        found += [f"{file}:{line}: never run" for line in one.missed_lines()]
        for probe, outcome in one.missed_branches():
            key = (file, probe.code, outcome)
            used.add(key)
            if key not in left:
                found.append(f"{file}:{probe.line}: never {outcome}: {probe.code}")
    found += [
        f"{file}: not missed, but excepted as never {outcome}: {code}" for file, code, outcome in left - used
    ]
    return found


def read_exceptions(path: Path = EXCEPTIONS) -> list[Unreachable]:
    """The committed exceptions."""
    return msgspec.json.decode(path.read_bytes(), type=list[Unreachable])


def main() -> int:
    """Exit code 1 when a line or a branch is missed without a reason, or when a test fails."""
    sys.stderr.write("coverage: compiling a copy of the contracts with probes and running the tests ...\n")
    try:
        covered = measure()
    except (CompileError, CoverageError) as error:
        sys.stderr.write(f"coverage: {error}\n")
        return 1
    sys.stdout.write(table(covered) + "\n")
    found = complaints(covered, read_exceptions())
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
