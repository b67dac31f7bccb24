"""The command line `tally`. A verb imports what it needs when it is used, so that help is there at once."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from scripts.exits import ExitCode, Failure, run

SAMPLES: Final = Path(__file__).parent / "samples"

EXIT_CODES: Final = (
    "Exit codes: 0 ok · 1 the result differs from what it must be · 2 bad use · 3 something is missing · "
    "4 node, database or service unavailable · 130 interrupted"
)
API_KEY_VARIABLE: Final = "TALLY_API_KEY"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Receivables that can be cut to the cent, passed on, financed, paid once and traced. 契",
    epilog=EXIT_CODES,
)
index = typer.Typer(no_args_is_help=True, help="The SQL mirror of the ledger. 镜像")
keys = typer.Typer(no_args_is_help=True, help="Keys in the keystore. 密钥")
app.add_typer(index, name="index")
app.add_typer(keys, name="keys")

Json = Annotated[bool, typer.Option("--json", help="One JSON object as the last line of standard output.")]
Verify = Annotated[
    bool, typer.Option("--verify", help="Prove each block by its receipts before it is mirrored.")
]
Invoices = Annotated[
    Path | None,
    typer.Option(envvar="INVOICES", help="Folder of e-invoices; the project's samples if left out."),
]
Data = Annotated[Path, typer.Option(help="Folder of the state.")]
Url = Annotated[str, typer.Option(envvar="TALLY_URL", help="Where the API listens.")]
ApiKey = Annotated[str, typer.Option(envvar=API_KEY_VARIABLE, help="API key; better given in the variable.")]


@app.command()
def demo(invoices: Invoices = None, as_json: Json = False) -> None:
    """Play the whole story on real invoices and prove the result. 演示"""
    from scripts.verbs.demo import demo as verb

    run(verb(invoices or SAMPLES, as_json=as_json))


@app.command()
def up(
    invoices: Invoices = None,
    data: Data = Path("data"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free one.")] = 8080,
) -> None:
    """Start the system with the story's data and keep it running. 启动"""
    from scripts.verbs.up import up as verb

    run(verb(invoices or SAMPLES, data, port))


@app.command()
def deploy(
    governance: Annotated[
        str | None, typer.Option(help="Account that governs; a development chain gets a key of its own.")
    ] = None,
) -> None:
    """Deploy the contracts, make the lanes' keys, bring both schemas up to date. 部署"""
    from scripts.verbs.deploy import deploy_all as verb

    run(verb(governance))


@app.command()
def api() -> None:
    """Serve the HTTP API until interrupted. 接口服务"""
    from scripts.verbs.services import api as verb

    run(verb())


@app.command()
def sender() -> None:
    """Send what the outbox holds until interrupted. 发送服务"""
    from scripts.verbs.services import sender as verb

    run(verb())


@index.command("run")
def index_run(verify: Verify = False) -> None:
    """Follow the chain until interrupted; a second one stands by and takes over. 同步"""
    from scripts.verbs.index import index_run as verb

    run(verb(verify=verify))


@index.command("rebuild")
def index_rebuild(
    verify: Verify = False,
    archive: Annotated[
        Path | None, typer.Option(help="Folder with what the node no longer has, from `archive`.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make the mirror anew from the chain and compare it with the old one. 重建"""
    from scripts.verbs.index import index_rebuild as verb

    run(verb(verify=verify, as_json=as_json, archive=archive))


@index.command("check")
def index_check(as_json: Json = False) -> None:
    """Compare mirror and chain, field by field. 核对"""
    from scripts.verbs.index import index_check as verb

    run(verb(as_json=as_json))


@index.command("archive")
def index_archive(
    to: Annotated[Path, typer.Option(help="Folder of the files, always the same one.")],
    before_block: Annotated[int | None, typer.Option(min=0, help="What ends before this block.")] = None,
    before: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="What ends before this day (UTC).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Move old, final events into files that prove themselves. 归档"""
    from scripts.verbs.archive import index_archive as verb

    run(verb(to, before_block=before_block, before=before, as_json=as_json))


@index.command("restore")
def index_restore(
    folder: Annotated[Path, typer.Option("--from", help="Folder of the files.")], as_json: Json = False
) -> None:
    """Bring everything that was archived back into the mirror. 恢复"""
    from scripts.verbs.archive import index_restore as verb

    run(verb(folder, as_json=as_json))


@index.command("prove")
def index_prove(
    folder: Annotated[Path, typer.Option("--from", help="Folder of the files.")], as_json: Json = False
) -> None:
    """Hold archived events against the chain, headers and receipts computed anew. 核验"""
    from scripts.verbs.archive import index_prove as verb

    run(verb(folder, as_json=as_json))


@app.command()
def trace(
    receivable: Annotated[int, typer.Argument(min=1, help="Number of the receivable.")],
    serial: Annotated[
        int | None, typer.Argument(min=0, help="One serial of it; all lots if left out.")
    ] = None,
    url: Url = "http://127.0.0.1:8080",
    api_key: ApiKey = "",
    as_json: Json = False,
) -> None:
    """Show where a receivable's title and money went. 追溯"""
    from scripts.verbs.client import trace as verb

    run(verb(url, api_key, receivable, serial, as_json=as_json))


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="E-invoices, UBL 2.1 or CII.")],
    url: Url = "http://127.0.0.1:8080",
    api_key: ApiKey = "",
    as_json: Json = False,
) -> None:
    """Bring invoices in as drafts, one line a file. 导入发票"""
    from scripts.verbs.client import import_files as verb

    run(verb(url, api_key, files, as_json=as_json))


@keys.command("new")
def keys_new(
    name: Annotated[str, typer.Argument(help="Name of the key.")],
    chain_id: Annotated[int, typer.Option(help="Chain it is for; cheap to open on development chains only.")],
) -> None:
    """Make a key; its address is printed. 新建"""
    from scripts.verbs.keys import new

    new(name, chain_id)


@keys.command("list")
def keys_list(as_json: Json = False) -> None:
    """Names and addresses. 列表"""
    from scripts.verbs.keys import list_all

    list_all(as_json=as_json)


@keys.command("show")
def keys_show(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """The address of a key, once its password has opened it. 地址"""
    from scripts.verbs.keys import show

    show(name)


@app.command()
def bench(
    name: Annotated[str | None, typer.Argument(help="Which benchmark; the list of them if left out.")] = None,
    as_json: Json = False,
    part: Annotated[
        list[str] | None,
        typer.Option(
            help="Of index: flat, peers, real, live, growth, check; all but the last two if left out. "
            "Of questions: sqlite, postgres; both if left out."
        ),
    ] = None,
    events: Annotated[
        int | None,
        typer.Option(min=1, help="Of index and questions: how many; 100,000 and 10,000,000 if left out."),
    ] = None,
) -> None:
    """Measure, and print the figures beside their targets. 基准"""
    from scripts.bench.registry import bench as verb

    verb(name, as_json=as_json, parts=part or (), events=events)


@app.command()
def doctor(as_json: Json = False) -> None:
    """What is installed and what answers. 自检"""
    from scripts.verbs.doctor import doctor as verb

    run(verb(as_json=as_json))


def main() -> None:
    """Run a verb; errors are one line on standard error and an exit code."""
    try:
        app()
    except Failure as failure:
        sys.stderr.write(f"tally: {failure.text()}\n")
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.stderr.write("tally: interrupted 已中断\n")
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not complain about it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)


if __name__ == "__main__":
    main()
