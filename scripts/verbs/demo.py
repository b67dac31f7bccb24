"""`tally demo`: the whole story on a system of its own, which is gone afterwards."""

import logging
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from api import logs
from scripts import screen
from scripts.exits import ExitCode, Failure
from scripts.story.cast import assemble
from scripts.story.client import NotWhatWasAgreed, Refused
from scripts.story.narration import Narrator
from scripts.story.papers import read_folder
from scripts.story.play import genesis, play
from scripts.story.summary import show
from scripts.story.telling import Unexpected
from scripts.system.embedded import System, Terms, running


async def demo(invoices: Path, *, as_json: bool) -> None:
    """Play and prove. Raises Failure where anything differs from what it must be."""
    logs.configure(level=logging.ERROR)
    console = screen.notices() if as_json else screen.results()
    papers = read_folder(invoices)
    with tempfile.TemporaryDirectory(prefix="tally-demo-") as folder:
        terms = Terms(Path(folder), keep=False, genesis_s=genesis(papers))
        async with running(terms, lambda text: console.print(f"[dim]{text}[/]")) as system:
            document, holds = await tell(system, invoices, console)
    if as_json:
        screen.print_json(document)
    if not holds:
        raise Failure(ExitCode.DIFFERS, "; ".join(document["differences"]) or "see the proof", rule="proof")


async def tell(system: System, invoices: Path, console: Console) -> tuple[dict[str, Any], bool]:
    """Play the story on a running system: its summary, and whether everything is proven."""
    papers = read_folder(invoices)
    cast = assemble(papers, system.key)
    narrator = Narrator(console)
    console.print(f"[bold]Tallystick 契[/]  {len(papers)} files from {invoices}, API at {system.base_url}")
    try:
        telling, proof, document = await play(system, cast, papers, narrator)
    except (Refused, Unexpected, NotWhatWasAgreed) as error:
        raise Failure(ExitCode.DIFFERS, str(error), rule="story") from error
    show(telling, document)
    return document, proof.holds
