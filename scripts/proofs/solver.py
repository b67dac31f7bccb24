"""The solver of the proofs: yices on bits for a moment, then bit vectors as integers, by cvc5.

Run as `python solver.py QUERY.smt2` in halmos's own environment. On bits, shifts and masks are decided at
once, but products and quotients of 256 bits never; as integers, with the remainder taken wherever a result
could be too large, it is the other way round. Nothing is assumed that the bits do not say: the translation
is cvc5's, and it is exact.
"""

import subprocess
import sys
from pathlib import Path

import cvc5

_BITS = Path(sys.executable).with_name("yices-smt2")
_SECONDS_ON_BITS = 4


def on_bits(path: Path) -> str:
    """The answer and its model, or nothing when it takes longer."""
    command = [str(_BITS), "--smt2-model-format", f"--timeout={_SECONDS_ON_BITS}", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return said if said.split("\n", 1)[0].strip() in {"sat", "unsat"} else ""


def as_integers(path: Path) -> str:
    """The answer and its model, however long it takes."""
    solver = cvc5.Solver()
    solver.setOption("produce-models", "true")
    solver.setOption("solve-bv-as-int", "sum")
    parser = cvc5.InputParser(solver)
    # the word that halmos declares leaves integers out
    query = path.read_text("utf-8").replace("(set-logic QF_AUFBV)", "(set-logic ALL)")
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, query, path.name)
    said: list[str] = []
    while not (command := parser.nextCommand()).isNull():
        if command.getCommandName() == "get-model" and said != ["sat"]:
            continue
        if answer := str(command.invoke(solver, parser.getSymbolManager())).strip():
            said.append(answer)
    return "\n".join(said) + "\n"


if __name__ == "__main__":
    query = Path(sys.argv[1])
    sys.stdout.write(on_bits(query) or as_integers(query))
