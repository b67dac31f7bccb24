"""The audit log: append-only, each entry's hash over its content and the hash of the entry before it."""

from typing import Any, Final

from sqlmodel import col, select

from api.auth.models import AuditEntry
from api.db import ReadSession, WriteSession, serialize
from api.ids import now_ms
from api.work import UnitOfWork
from domain.commitments import commitment
from domain.ids import ZERO_DIGEST

_COVERED: Final = (
    "seq",
    "at_ms",
    "business_s",
    "key_id",
    "party",
    "action",
    "subject",
    "authority",
    "digest",
    "status",
    "previous_hash",
)
_PAGE: Final = 500


async def record(
    work: UnitOfWork, *, action: str, subject: dict[str, Any], digest: str, status: int
) -> AuditEntry:
    """Append what the caller does, in the transaction that does it."""
    await serialize(work.session, "audit_log")
    last = await _last(work.session)
    entry = AuditEntry(
        seq=last.seq + 1 if last else 1,
        at_ms=now_ms(),
        business_s=work.now_s,
        key_id=work.caller.key_id,
        party=work.caller.party,
        action=action,
        subject=subject,
        authority={"scopes": sorted(work.caller.scopes), "signer": work.caller.signer},
        digest=digest,
        status=status,
        previous_hash=last.hash if last else ZERO_DIGEST,
        hash="",
    )
    entry.hash = hash_of(entry)
    work.session.add(entry)
    await work.session.flush()
    return entry


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the canonical JSON of everything but the hash itself."""
    return commitment({name: getattr(entry, name) for name in _COVERED})


async def first_broken(session: ReadSession) -> int | None:
    """The number of the first entry that does not follow from the one before; None when the whole log is
    sound.
    """
    previous_hash, expected_seq = str(ZERO_DIGEST), 1
    while entries := await _page(session, expected_seq):
        for entry in entries:
            if (
                entry.seq != expected_seq
                or entry.previous_hash != previous_hash
                or entry.hash != hash_of(entry)
            ):
                return expected_seq
            previous_hash, expected_seq = entry.hash, expected_seq + 1
    return None


async def _page(session: ReadSession, first_seq: int) -> list[AuditEntry]:
    statement = (
        select(AuditEntry).where(AuditEntry.seq >= first_seq).order_by(col(AuditEntry.seq)).limit(_PAGE)
    )
    return list((await session.scalars(statement)).all())


async def _last(session: WriteSession) -> AuditEntry | None:
    statement = select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)
    return (await session.scalars(statement)).one_or_none()
