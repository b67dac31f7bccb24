"""The whole story on a stage, from the first admission to the proof."""

import time
from datetime import date, timedelta
from typing import Any, Final

from scripts.exits import ExitCode, Failure
from scripts.story.acts.admission import admit_everybody
from scripts.story.acts.importing import import_all
from scripts.story.acts.issuing import plan_issues
from scripts.story.acts.proving import Proof, prove
from scripts.story.cast import Cast
from scripts.story.client import ApiClient
from scripts.story.narration import Narrator
from scripts.story.papers import Paper, due_day, submission_day
from scripts.story.summary import summary
from scripts.story.telling import Stage, Telling
from scripts.story.timeline import Timeline, instant

DAYS_BEFORE: Final = 10
"""The ledger is there this long before the first invoice: the rules must be in force by then."""


def genesis(papers: list[Paper]) -> int:
    """When the ledger of a story begins. Raises Failure where no file is an invoice that it could tell of."""
    days = [submission_day(paper.document) for paper in papers if paper.document is not None]
    if not days:
        raise Failure(ExitCode.BAD_USE, "no file is an invoice that can become a receivable", rule="invoices")
    return instant(min(days) - timedelta(days=DAYS_BEFORE), 0)


async def play(
    stage: Stage, cast: Cast, papers: list[Paper], narrator: Narrator
) -> tuple[Telling, Proof, dict[str, Any]]:
    """Play it, prove it, sum it up. Raises Refused and Unexpected where the system does what it must not."""
    started = time.perf_counter()
    async with ApiClient(stage.base_url) as client:
        timeline = Timeline(_clock(stage, narrator))
        telling = Telling(stage, client, cast, narrator, timeline)
        await admit_everybody(telling, _last_day(papers))
        await import_all(telling, papers)
        plan_issues(telling)
        await timeline.play()
        proof = await prove(telling)
    return telling, proof, summary(telling, proof, time.perf_counter() - started)


def _clock(stage: Stage, narrator: Narrator) -> Any:
    shown: list[int] = [0]

    async def reach(instant_s: int) -> None:
        await stage.reach(instant_s)
        if instant_s // 86_400 != shown[0]:
            shown[0] = instant_s // 86_400
            narrator.day(instant_s)

    return reach


def _last_day(papers: list[Paper]) -> date:
    return max(due_day(paper.document) for paper in papers if paper.document is not None)
