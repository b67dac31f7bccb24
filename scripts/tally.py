"""The command line `tally`. Every verb imports what it needs when it is used, so that help is there at once."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from scripts.exits import ExitCode, Failure, run

SAMPLES: Final = Path(__file__).parent / "samples"
DATA: Final = Path("data")

EXIT_CODES: Final = (
    "Exit codes: 0 ok · 1 the result differs from what it must be · 2 bad use · 3 something is missing · "
    "4 node, database or service unavailable · 130 interrupted"
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Receivables that can be cut to the cent, passed on, financed, paid once and traced. 契",
    epilog=EXIT_CODES,
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object as the last line of standard output.")]
Invoices = Annotated[
    Path | None,
    typer.Option(
        "--invoices", envvar="INVOICES", help="Folder of e-invoices; the project's samples if left out."
    ),
]


@app.callback()
def options() -> None:
    """Receivables that can be cut to the cent, passed on, financed, paid once and traced. 契"""


@app.command()
def demo(invoices: Invoices = None, as_json: Json = False) -> None:
    """Play the whole story on real invoices and prove the result. 演示"""
    from scripts.verbs.demo import demo as play

    run(play(invoices or SAMPLES, as_json=as_json))


def main() -> None:
    """Run a verb; errors are one line on standard error and an exit code."""
    try:
        app()
    except Failure as failure:
        sys.stderr.write(f"tally: {failure.text()}\n")
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.stderr.write("tally: interrupted\n")
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)


if __name__ == "__main__":
    main()
