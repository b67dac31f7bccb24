"""Invoice fingerprints and the receivables they back."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import Fingerprint, ReceivableId
from indexer.models import InvoiceBinding, InvoiceUse

BINDINGS_MAX = 1000
"""More bindings than one receivable can have; a bound on the answer, not a page."""


async def invoice_use(session: AsyncSession, fingerprint: Fingerprint) -> InvoiceUse | None:
    """How much of the invoice is used; None if no receivable is backed by it."""
    return await session.get(InvoiceUse, fingerprint)


async def invoices_of_receivable(
    session: AsyncSession, receivable_id: ReceivableId
) -> Sequence[InvoiceBinding]:
    """The invoices behind a receivable, in the order of its `Issue`."""
    order = (col(InvoiceBinding.block_number), col(InvoiceBinding.log_index))
    statement = select(InvoiceBinding).where(InvoiceBinding.receivable == receivable_id)
    return (await session.scalars(statement.order_by(*order).limit(BINDINGS_MAX))).all()
