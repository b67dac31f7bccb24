"""Business time is the timestamp of the mirrored head block (ADR 0008)."""

from api.db import MirrorSession
from indexer import queries


async def business_now_s(mirror: MirrorSession) -> int:
    """Seconds since 1970 UTC; 0 while the mirror has no block, when nothing on the ledger can be asked for
    anyway.
    """
    position = await queries.position(mirror)
    return position.time_s if position is not None else 0
