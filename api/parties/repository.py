"""Reading and writing members' names and identifiers."""

from collections.abc import Iterable, Sequence

from sqlmodel import col, delete, select

from api.db import ReadSession, WriteSession
from api.parties.models import PartyIdentifierRow, PartyProfile
from domain.ids import PartyAddress
from domain.parties import PartyIdentifier


async def profile(session: ReadSession, address: str) -> PartyProfile | None:
    """A member by address."""
    return await session.get(PartyProfile, address)


async def profiles(session: ReadSession, addresses: Iterable[str]) -> Sequence[PartyProfile]:
    """Those of the addresses that are members."""
    statement = select(PartyProfile).where(col(PartyProfile.address).in_(list(addresses)))
    return (await session.scalars(statement)).all()


async def page(session: ReadSession, *, after: str | None, limit: int) -> Sequence[PartyProfile]:
    """Members by address."""
    statement = select(PartyProfile).order_by(col(PartyProfile.address)).limit(limit)
    if after is not None:
        statement = statement.where(PartyProfile.address > after)
    return (await session.scalars(statement)).all()


async def identifiers(session: ReadSession, address: str) -> Sequence[PartyIdentifierRow]:
    """A member's identifiers, the legal one first."""
    statement = select(PartyIdentifierRow).where(PartyIdentifierRow.address == address)
    return (await session.scalars(statement.order_by(col(PartyIdentifierRow.position)))).all()


async def owner_of(session: ReadSession, identifier: PartyIdentifier) -> PartyAddress | None:
    """Whose identifier it is, however it is spelt."""
    statement = select(PartyIdentifierRow.address).where(
        PartyIdentifierRow.canonical == identifier.canonical()
    )
    address = (await session.scalars(statement)).one_or_none()
    return None if address is None else PartyAddress(address)


async def owners_of(session: ReadSession, canonical: Iterable[str]) -> dict[str, PartyAddress]:
    """Whose identifiers they are, by canonical identifier; those that nobody has are left out."""
    wanted = col(PartyIdentifierRow.canonical).in_(list(canonical))
    rows = (await session.scalars(select(PartyIdentifierRow).where(wanted))).all()
    return {row.canonical: PartyAddress(row.address) for row in rows}


async def legal_identifiers(session: ReadSession, addresses: Iterable[str]) -> Sequence[PartyIdentifierRow]:
    """The first identifier of each of these members."""
    statement = select(PartyIdentifierRow).where(
        col(PartyIdentifierRow.address).in_(list(addresses)), PartyIdentifierRow.position == 0
    )
    return (await session.scalars(statement)).all()


async def remove(session: WriteSession, address: str) -> None:
    """Forget a member that the ledger refused."""
    await session.execute(delete(PartyIdentifierRow).where(col(PartyIdentifierRow.address) == address))
    await session.execute(delete(PartyProfile).where(col(PartyProfile.address) == address))
