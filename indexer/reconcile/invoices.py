"""How much of each invoice is used."""

from collections.abc import AsyncIterator

from chain.reader import LedgerReader
from domain.ids import Fingerprint
from indexer.models import InvoiceUse
from indexer.reconcile.compare import Context, Difference, against, rows_of


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """Every fingerprint; one that the chain does not know has a total of 0 there."""
    reader = LedgerReader(context.client, context.block)
    async for rows in rows_of(context.session, InvoiceUse):
        records = await reader.invoices([Fingerprint(row.fingerprint) for row in rows])
        for row, record in zip(rows, records, strict=True):
            for difference in against(row, {"total_minor": record.total, "used_minor": record.used}):
                yield difference
