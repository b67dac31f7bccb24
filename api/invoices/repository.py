"""Reading and finding invoices."""

from collections.abc import Sequence

from sqlmodel import col, or_, select

from api.auth.caller import Caller, Scope
from api.db import ReadSession, WriteSession
from api.http.problems import NOT_FOUND
from api.invoices.models import FREEING, Invoice
from domain.ids import Fingerprint
from domain.invoice import InvoiceState


async def get(session: ReadSession, invoice_id: str) -> Invoice:
    """The invoice of an id. Raises `not-found`."""
    return _found(await session.get(Invoice, invoice_id))


async def get_for_update(session: WriteSession, invoice_id: str) -> Invoice:
    """The same, held against other commands until the transaction ends."""
    statement = select(Invoice).where(Invoice.id == invoice_id).with_for_update()
    return _found((await session.scalars(statement)).one_or_none())


async def find_by_digest(session: ReadSession, digest: str) -> Invoice | None:
    """The invoice whose `Issue` has this digest."""
    return (await session.scalars(select(Invoice).where(Invoice.intent_digest == digest))).one_or_none()


async def of_receivable(session: ReadSession, receivable_id: int) -> Sequence[Invoice]:
    """The invoices that became a receivable."""
    statement = select(Invoice).where(Invoice.receivable_id == receivable_id)
    return (await session.scalars(statement.order_by(col(Invoice.id)))).all()


async def taking(session: ReadSession, fingerprint: Fingerprint) -> Invoice | None:
    """The one invoice that stands in the way of another with its fingerprint."""
    statement = select(Invoice).where(
        Invoice.fingerprint == fingerprint, col(Invoice.state).not_in(sorted(FREEING))
    )
    return (await session.scalars(statement)).one_or_none()


async def visible(
    session: ReadSession,
    caller: Caller,
    *,
    role: str | None,
    states: Sequence[InvoiceState],
    after: str | None,
    limit: int,
) -> Sequence[Invoice]:
    """Invoices in the order of their ids: the caller's as seller, as buyer once submitted, or all to an
    auditor.
    """
    as_seller = col(Invoice.seller) == caller.party
    as_buyer = (col(Invoice.buyer) == caller.party) & (col(Invoice.state) != InvoiceState.DRAFT.value)
    statement = select(Invoice)
    if role == "seller":
        statement = statement.where(as_seller)
    elif role == "buyer":
        statement = statement.where(as_buyer)
    elif not caller.has(Scope.AUDIT):
        statement = statement.where(or_(as_seller, as_buyer))
    if states:
        statement = statement.where(col(Invoice.state).in_([state.value for state in states]))
    if after is not None:
        statement = statement.where(Invoice.id > after)
    return (await session.scalars(statement.order_by(col(Invoice.id)).limit(limit))).all()


def _found(invoice: Invoice | None) -> Invoice:
    if invoice is None:
        raise NOT_FOUND("no such invoice")
    return invoice
