"""Parties, their signers and how many of these must sign."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import PartyAddress
from domain.parties import Power
from indexer.models import Party, Signer, Threshold
from indexer.queries.pages import Page, page_of


async def party(session: AsyncSession, address: PartyAddress) -> Party | None:
    """The party with this address."""
    return await session.get(Party, address)


async def parties(session: AsyncSession, *, cursor: str | None = None, limit: int = 50) -> Page[Party]:
    """All parties by address."""
    return await page_of(session, select(Party), [col(Party.address)], cursor, limit)


async def signers_of(session: AsyncSession, party: PartyAddress) -> Sequence[Signer]:
    """The signers that hold any power, expired ones included, by address; a party has few."""
    statement = select(Signer).where(Signer.party == party, Signer.powers != 0)
    return (await session.scalars(statement.order_by(col(Signer.signer)))).all()


async def thresholds_of(session: AsyncSession, party: PartyAddress) -> dict[Power, int]:
    """How many signers each power needs, all powers listed; 1 where the party has set nothing."""
    rows = (await session.scalars(select(Threshold).where(Threshold.party == party))).all()
    return dict.fromkeys(Power, 1) | {Power(row.power): row.threshold for row in rows}
