"""The story on a running system, told to a console: what `tally demo`, `up` and `bench` share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from scripts.exits import ExitCode, Failure
from scripts.story.acts.proving import Proof
from scripts.story.cast import assemble
from scripts.story.client import NotWhatWasAgreed, Refused
from scripts.story.narration import Narrator
from scripts.story.papers import read_folder
from scripts.story.play import play
from scripts.story.summary import show
from scripts.story.telling import Telling, Unexpected
from scripts.system.embedded import System


@dataclass(frozen=True, slots=True)
class Performance:
    """What was told, what was proven, and the summary as JSON."""

    telling: Telling
    proof: Proof
    document: dict[str, Any]

    def require_proof(self) -> None:
        """Raise Failure where anything differs from what it must be."""
        if not self.proof.holds:
            differences = "; ".join(self.proof.differences) or "see the proof"
            raise Failure(ExitCode.DIFFERS, differences, rule="proof")


async def perform(system: System, invoices: Path, console: Console) -> Performance:
    """Play the story. Raises Failure where the system refuses or takes what it must not."""
    papers = read_folder(invoices)
    cast = assemble(papers, system.key)
    console.print(f"[bold]Tallystick 契[/]  {len(papers)} files from {invoices}, API at {system.base_url}")
    try:
        telling, proof, document = await play(system, cast, papers, Narrator(console))
    except (Refused, Unexpected, NotWhatWasAgreed) as error:
        raise Failure(ExitCode.DIFFERS, str(error), rule="story") from error
    show(telling, document)
    return Performance(telling, proof, document)
