"""`tally demo`: the whole story on a system of its own, which is gone afterwards."""

import logging
import tempfile
from pathlib import Path

from api import logs
from scripts import screen
from scripts.story.papers import read_folder
from scripts.story.performance import perform
from scripts.story.play import genesis
from scripts.system.embedded import Terms, running


async def demo(invoices: Path, *, as_json: bool) -> None:
    """Play and prove. Raises Failure where anything differs from what it must be."""
    logs.configure(level=logging.ERROR)
    console = screen.notices() if as_json else screen.results()
    genesis_s = genesis(read_folder(invoices))
    with tempfile.TemporaryDirectory(prefix="tally-demo-") as folder:
        terms = Terms(Path(folder), keep=False, genesis_s=genesis_s)
        async with running(terms, lambda text: console.print(f"[dim]{text}[/]")) as system:
            performance = await perform(system, invoices, console)
    if as_json:
        screen.print_json(performance.document)
    performance.require_proof()
