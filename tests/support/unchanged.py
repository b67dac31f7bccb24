"""Has anything changed? Everything that the system knows, as one value a table."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import select

from api.tables import METADATA
from indexer.digest import digest_tables
from tests.support.api import System

MOVING: Final = frozenset({"chain_block", "mirror_cursor"})
"""An empty block changes nothing that anybody owns."""


async def everything(system: System) -> dict[str, str]:
    """A digest of every table of the API and of the mirror."""
    databases = system.application.resources.databases
    found = {}
    async with databases.reading() as session:
        for table in METADATA.sorted_tables:
            rows = (await session.execute(select(table).order_by(*table.primary_key))).all()
            found[f"app.{table.name}"] = hashlib.sha256(repr(rows).encode()).hexdigest()
    async with databases.mirror() as mirror:
        digests = await digest_tables(mirror)
    return found | {f"ledger.{name}": row.sha256 for name, row in digests.items() if name not in MOVING}


@asynccontextmanager
async def nothing_changes(system: System) -> AsyncIterator[None]:
    """What happens inside leaves no trace in any table."""
    before = await everything(system)
    yield
    after = await everything(system)
    changed = {name for name in before if before[name] != after[name]}
    assert not changed, f"changed: {sorted(changed)}"
