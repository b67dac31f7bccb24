"""`tally doctor`: what is installed, and what answers. Fails when chain, database or mirror of this process
is down.
"""

import asyncio
import os
import platform
import shutil
from importlib.metadata import version
from typing import Any, Final

from rich.table import Table

from chain.address_book import AddressBook
from chain.client import LedgerClient
from chain.devnode import anvil_binary
from chain.errors import ChainError
from indexer import queries
from indexer.db import make_engine, make_sessions
from scripts import screen
from scripts.exits import ExitCode, Failure
from scripts.system.processes import settings

PACKAGES: Final = ("web3", "fastapi", "sqlalchemy", "sqlmodel", "uvicorn", "coincurve", "lxml")
NODE_MAJOR_MIN: Final = 20
LAG_BLOCKS_MAX: Final = 10

Check = dict[str, Any]


async def doctor(*, as_json: bool) -> None:
    """Print what was found. Raises Failure with 3 for what is not installed, 4 for what does not answer."""
    installed = [_python(), *(_package(name) for name in PACKAGES), await _node(), _anvil(), _postgres()]
    answering = await _services()
    if as_json:
        screen.print_json({"installed": installed, "services": answering})
    else:
        table = Table("", "what", "found", header_style="bold")
        for check in (*installed, *answering):
            table.add_row(
                "✓" if check["ok"] else "✗" if check["needed"] else "–", check["name"], check["found"]
            )
        screen.results().print(table)
    for checks, code in ((installed, ExitCode.MISSING), (answering, ExitCode.UNAVAILABLE)):
        bad = [check["name"] for check in checks if check["needed"] and not check["ok"]]
        if bad:
            raise Failure(code, ", ".join(bad), rule="doctor")


def _check(name: str, found: str, *, ok: bool, needed: bool = True) -> Check:
    return {"name": name, "found": found, "ok": ok, "needed": needed}


def _python() -> Check:
    return _check("Python ≥ 3.11", platform.python_version(), ok=True)


def _package(name: str) -> Check:
    return _check(name, version(name), ok=True)


async def _node() -> Check:
    """Node compiles the contracts; an image that carries them compiled needs none."""
    program = shutil.which("node")
    if program is None:
        return _check("Node ≥ 20", "not installed", ok=False, needed=False)
    process = await asyncio.create_subprocess_exec(program, "--version", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    found = said.decode().strip()
    major = found.removeprefix("v").partition(".")[0]
    return _check("Node ≥ 20", found, ok=major.isdigit() and int(major) >= NODE_MAJOR_MIN, needed=False)


def _anvil() -> Check:
    try:
        return _check("anvil", str(anvil_binary().name), ok=True, needed=False)
    except ChainError as error:
        return _check("anvil", error.message, ok=False, needed=False)


def _postgres() -> Check:
    program = shutil.which("psql")
    return _check("PostgreSQL client", program or "not installed", ok=program is not None, needed=False)


async def _services() -> list[Check]:
    """Chain, databases and mirror of the settings; without settings there is nothing that could be down."""
    if "TALLY_RPC_URL" not in os.environ:
        return [_check("services", "TALLY_RPC_URL is not set: nothing to ask", ok=True, needed=False)]
    configured = settings(sends=False)
    databases = (
        ("database", configured.app_database_url.get_secret_value()),
        ("mirror database", configured.mirror_database_url.get_secret_value()),
    )
    checks = [await _database(name, url) for name, url in databases]
    try:
        book = AddressBook.read(configured.address_book)
        async with await LedgerClient.connect(configured.rpc_urls, book) as client:
            head = await client.block_number()
    except ChainError as error:
        return [*checks, _check("chain", error.message, ok=False)]
    chain = _check("chain", f"id {book.chain_id}, block {head}", ok=True)
    return [*checks, chain, await _mirror(databases[1][1], head)]


async def _database(name: str, url: str) -> Check:
    engine = make_engine(url, read_only=True)
    try:
        async with engine.connect():
            return _check(name, engine.dialect.name, ok=True)
    except Exception as error:  # noqa: BLE001  # whatever it is, the answer is that it is down
        return _check(name, type(error).__name__, ok=False)
    finally:
        await engine.dispose()


async def _mirror(url: str, head: int) -> Check:
    engine = make_engine(url, read_only=True)
    try:
        async with make_sessions(engine)() as session:
            position = await queries.position(session)
    except Exception as error:  # noqa: BLE001  # whatever it is, the answer is that it is down
        return _check("mirror", type(error).__name__, ok=False)
    finally:
        await engine.dispose()
    lag = head - position.block_number if position else head
    return _check("mirror", f"{lag} blocks behind", ok=position is not None and lag <= LAG_BLOCKS_MAX)
