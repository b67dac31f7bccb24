"""`tally up`: the whole system with the story's data, kept running; the state stays in a folder between
runs.
"""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from api import logs
from scripts import screen
from scripts.story.cast import Cast
from scripts.story.papers import read_folder
from scripts.story.performance import perform
from scripts.story.play import genesis
from scripts.system.embedded import System, Terms, running
from scripts.system.folder import Folder, write_private

HEARTBEAT_S: Final = 60
"""A block at least this often: business time is the time of the newest block, and must not stand still."""


async def up(invoices: Path, data: Path, port: int) -> None:
    """Start, play the story the first time, and go on until interrupted."""
    logs.configure(level=logging.WARNING)
    folder = Folder.at(data)
    console = screen.results()
    papers = read_folder(invoices)
    _start_anew_if_half_played(folder, console)
    terms = Terms(folder.root, keep=True, genesis_s=genesis(papers), port=port)
    async with running(terms, lambda text: console.print(f"[dim]{text}[/]")) as system:
        if not folder.api_keys.exists():
            await _play_first(system, folder, invoices, console)
        _announce(system, folder, console)
        await _heartbeat(system)


def _start_anew_if_half_played(folder: Folder, console: Console) -> None:
    """A story that was interrupted cannot go on: its people's API keys went with it. It begins again."""
    if folder.playing.exists():
        aside = folder.set_aside()
        console.print(f"[dim]the first start was interrupted; what it left is in {aside} 上次启动中断[/]")


async def _play_first(system: System, folder: Folder, invoices: Path, console: Console) -> None:
    folder.playing.touch()
    performance = await perform(system, invoices, console)
    performance.require_proof()
    write_private(folder.api_keys, _keys(performance.telling.cast))
    folder.playing.unlink()


def _keys(cast: Cast) -> Mapping[str, Any]:
    return {
        member.name: {
            "id": member.address,
            "parts": sorted(part.value for part in member.parts),
            "people": {
                person.title: {"signer": person.signer.address, "api_key": person.api_key}
                for person in member.people
            },
        }
        for member in cast.members
    }


def _announce(system: System, folder: Folder, console: Console) -> None:
    console.print()
    console.print("[bold green]Tallystick is up 系统已启动[/]; Ctrl-C ends it, the state stays")
    for label, value in (
        ("API", f"{system.base_url}/v1"),
        ("documentation 文档", f"{system.base_url}/docs"),
        ("ready 就绪", f"{system.base_url}/readyz"),
        ("chain RPC 节点", f"{system.node.url} (chain {system.node.chain_id})"),
        ("API keys 密钥", f"{folder.api_keys} (mode 0600)"),
        ("keystore 密钥库", f"{folder.keystore}"),
        ("state 状态", f"{folder.root}"),
    ):
        console.print(f"  {label:<18} {value}")


async def _heartbeat(system: System) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        head = await system.node.head()
        await system.reach(head.timestamp + HEARTBEAT_S)
