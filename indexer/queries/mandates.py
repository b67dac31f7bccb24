"""Mandates of banks, and what parties have revoked."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import Digest, PartyAddress
from indexer.models import IntentRevocation, Mandate
from indexer.queries.pages import Page, page_of


async def mandate(session: AsyncSession, mandate_id: Digest) -> Mandate | None:
    """The mandate with this id."""
    return await session.get(Mandate, mandate_id)


async def mandates(
    session: AsyncSession, *, bank: PartyAddress | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Mandate]:
    """Mandates by id, of one bank or of all."""
    statement = select(Mandate)
    if bank is not None:
        statement = statement.where(Mandate.bank == bank)
    return await page_of(session, statement, [col(Mandate.id)], cursor, limit)


async def revoked_by(session: AsyncSession, party: PartyAddress, digests: Sequence[str]) -> set[str]:
    """Those of the digests that the party has revoked."""
    statement = select(IntentRevocation.digest).where(
        IntentRevocation.party == party, col(IntentRevocation.digest).in_(digests)
    )
    return set(await session.scalars(statement))
