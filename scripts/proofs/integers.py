"""A solver for halmos: bit vectors as integers, by cvc5.

Run as `python integers.py QUERY.smt2` in halmos's own environment. Solvers that work on bits give up on products and
quotients of 256 bits; as integers, with the remainder taken wherever a result could be too large, the same queries are
decided in seconds. Nothing is assumed that the bits do not say: the translation is cvc5's, and it is exact.
"""

import sys
from pathlib import Path

import cvc5


def main(path: Path) -> None:
    """Prints what the query asks for: sat or unsat, and a model where there is one."""
    solver = cvc5.Solver()
    solver.setOption("produce-models", "true")
    solver.setOption("solve-bv-as-int", "sum")
    parser = cvc5.InputParser(solver)
    # the word that halmos declares leaves integers out
    query = path.read_text("utf-8").replace("(set-logic QF_AUFBV)", "(set-logic ALL)")
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, query, path.name)
    answer = ""
    while not (command := parser.nextCommand()).isNull():
        if command.getCommandName() == "get-model" and answer != "sat":
            continue
        said = str(command.invoke(solver, parser.getSymbolManager())).strip()
        if said:
            answer = answer or said
            sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
