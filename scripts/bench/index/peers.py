"""Other indexers on the flat load: npm projects in contracts/bench/peers, installed when first asked for.

Ponder runs until it says that it is through, and is ended then; SQD's processor ends by itself. Neither sends
telemetry, and neither reaches more than the node and the database that it is told of.
"""

import hashlib
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import make_url

from chain.compile import CONTRACTS
from chain.files import exclusive
from scripts.bench.forge import CACHE
from scripts.bench.index.backfill import NO_SERVER, Field
from scripts.bench.index.child import Ended, run
from scripts.bench.index.flat import Recorded
from scripts.bench.index.outcome import Outcome
from scripts.bench.index.task import Answer
from scripts.bench.index.verify import Shape, difference, plain_url
from scripts.system.postgres import empty_database

PEERS: Final = CONTRACTS / "bench" / "peers"
PONDER: Final = "Ponder, as it comes"
PONDER_TUNED: Final = "Ponder, tuned"
SQD: Final = "SQD evm-processor"
NAMES: Final = (PONDER, PONDER_TUNED, SQD)
TUNED_URLS: Final = 40

_MANIFESTS: Final = ("package.json", "package-lock.json")
_NPM_CI: Final = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
_QUIET: Final = {"PONDER_TELEMETRY_DISABLED": "true", "DO_NOT_TRACK": "1", "NO_COLOR": "1"}
_STARTED: Final = ("Started backfill indexing", "Started fetching backfill JSON-RPC data")
_THROUGH: Final = "Completed backfill indexing across all chains"
_PONDER_TABLES: Final = Shape("bench.fact", "bench.latest", "bench.total")
_SQD_TABLES: Final = Shape("fact", "latest", "(SELECT id AS party, amount_minor FROM total) AS named")


class _Line(msgspec.Struct):
    """A line of Ponder's log; `time` in milliseconds."""

    msg: str = ""
    time: float = 0.0


async def peers(field: Field) -> list[Outcome]:
    """All of them, each into an empty database."""
    as_it_comes = await _ponder(field, PONDER, 1)
    tuned = await _ponder(field, PONDER_TUNED, TUNED_URLS)
    return [as_it_comes, tuned, await _sqd(field)]


async def _ponder(field: Field, name: str, urls: int) -> Outcome:
    folder = PEERS / "ponder"
    problem = await _missing(field, folder)
    if problem or field.cluster is None:
        return Outcome(name, field.events, problem=problem)
    field.notice(f"{name} ...")
    program = folder / "node_modules" / "ponder" / "dist" / "esm" / "bin" / "ponder.js"
    options = ("--schema", "bench", "--port", "0", "--hostname", "127.0.0.1")
    command = (_node(folder), str(program), "--log-format", "json", "start", *options)
    with empty_database(field.cluster) as url:
        settings = {**_settings(field, url), "BENCH_URLS": str(urls)}
        ended = await run(command, folder, settings, until=_THROUGH)
        lines = [_line(line) for line in ended.output.splitlines()]
        started = [line.time for line in lines if line.msg in _STARTED]
        through = [line.time for line in lines if line.msg == _THROUGH]
        if not started or not through:
            return _failed(field, name, ended)
        wrong = difference(url, _PONDER_TABLES, field.content)
        return _outcome(field, name, ended, (through[0] - min(started)) / 1000, wrong)


async def _sqd(field: Field) -> Outcome:
    folder = PEERS / "sqd"
    problem = await _missing(field, folder)
    if problem or field.cluster is None:
        return Outcome(SQD, field.events, problem=problem)
    field.notice(f"{SQD} ...")
    with empty_database(field.cluster) as url:
        database = {"DB_HOST": str(field.cluster), "DB_NAME": str(make_url(url).database), "DB_USER": "tally"}
        settings = {**_settings(field, url), **database}
        ended = await run((_node(folder), "main.js"), folder, settings)
        if ended.code != 0:
            return _failed(field, SQD, ended)
        answer = msgspec.json.decode(ended.output.splitlines()[-1], type=Answer)
        wrong = difference(url, _SQD_TABLES, field.content)
        return _outcome(field, SQD, ended, answer.seconds["all"], wrong)


def _outcome(field: Field, name: str, ended: Ended, seconds: float, wrong: str) -> Outcome:
    problem = f"wrong: {wrong}" if wrong else ""
    return Outcome(name, field.events, seconds, ended.wall_s, ended.peak_mb, problem)


def _failed(field: Field, name: str, ended: Ended) -> Outcome:
    return Outcome(name, field.events, problem=f"not measured: it failed: {ended.last_words}")


def _settings(field: Field, url: str) -> dict[str, str]:
    """What both projects read from their environment."""
    chain = field.chain
    return {
        **_QUIET,
        "BENCH_RPC_URL": chain.rpc_url,
        "BENCH_CHAIN_ID": str(chain.book.chain_id),
        "BENCH_CONTRACT": chain.book.address("Ledger"),
        "BENCH_TOPIC0": "0x" + Recorded.TOPIC0.hex(),
        "BENCH_FIRST_BLOCK": str(chain.book.deployed_block),
        "BENCH_LAST_BLOCK": str(chain.through),
        "BENCH_DATABASE": plain_url(url),
    }


def _line(text: str) -> _Line:
    try:
        return msgspec.json.decode(text, type=_Line)
    except msgspec.MsgspecError:
        return _Line()


def _node(folder: Path) -> str:
    """The node that a project brings along because it wants a newer one, else the one on the path."""
    own = folder / "node_modules" / ".bin" / "node"
    return str(own) if own.exists() else "node"


async def _missing(field: Field, folder: Path) -> str:
    """Why a project cannot be measured; installs what it needs, once."""
    if field.cluster is None:
        return NO_SERVER
    stamp = folder / "node_modules" / ".tallystick.stamp"
    wanted = hashlib.sha256(b"".join((folder / name).read_bytes() for name in _MANIFESTS)).hexdigest()
    with exclusive(CACHE / "bench.lock"):
        if stamp.is_file() and stamp.read_text() == wanted:
            return ""
        field.notice(f"installing {folder.name} into {folder.relative_to(CONTRACTS.parent)}/node_modules ...")
        try:
            ended = await run(_NPM_CI, folder, {})
        except (FileNotFoundError, TimeoutError) as error:
            return f"not measured: npm ci: {str(error) or type(error).__name__}"
        if ended.code != 0:
            return f"not measured: npm ci failed: {ended.last_words}"
        stamp.write_text(wanted)
        return ""
