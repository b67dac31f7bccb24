"""Finding the evidence behind hops."""

from collections.abc import Iterable, Sequence

from sqlmodel import col, select

from api.db import ReadSession
from api.transfers.models import AssignmentEvidence

CHUNK = 500
"""SQLite takes a bounded number of parameters in a statement."""


async def evidence_of(session: ReadSession, words: Iterable[str]) -> dict[str, AssignmentEvidence]:
    """What is kept of these commitments, by commitment."""
    wanted: Sequence[str] = sorted(set(words))
    found: dict[str, AssignmentEvidence] = {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        statement = select(AssignmentEvidence).where(col(AssignmentEvidence.evidence).in_(some))
        found |= {row.evidence: row for row in await session.scalars(statement)}
    return found
