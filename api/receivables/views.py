"""Rows of the mirror as one caller may see them."""

from collections.abc import Sequence

from api.auth.visibility import may_see
from api.http.schemas import MoneyView
from api.invoices import service as invoices
from api.parties.refs import names_of
from api.receivables.access import entitled_to, sees_all_lots
from api.receivables.debt import open_share
from api.receivables.schemas import InvoiceRef, LotView, ReceivableDetail, ReceivableView
from api.work import Reading
from domain.ids import PartyAddress, ReceivableId
from indexer import queries
from indexer.models import InvoiceBinding, Lot, Receivable


async def receivable_views(read: Reading, rows: Sequence[Receivable]) -> list[ReceivableView]:
    """Receivables; who was first creditor is shown to those who see all lots and to itself."""
    names = await names_of(read.session, *(row.debtor for row in rows), *(row.creditor for row in rows))
    return [ReceivableView.of(row, names, shows_creditor=_shows_creditor(read, row)) for row in rows]


async def receivable_detail(read: Reading, row: Receivable) -> ReceivableDetail:
    """A receivable and the invoices behind it."""
    bindings = await queries.invoices_of_receivable(read.mirror, ReceivableId(row.id))
    (view,) = await receivable_views(read, [row])
    known = await invoices.numbers_of_receivable(read, row.id) if _shows_creditor(read, row) else {}
    refs = [_invoice_ref(binding, row, known) for binding in bindings]
    return ReceivableDetail(**view.model_dump(), invoices=refs)


async def lot_views(read: Reading, rows: Sequence[Lot]) -> list[LotView]:
    """Lots with what a claim would pay them now."""
    receivables = {row.receivable: await _receivable(read, row) for row in rows}
    debtors = (receivable.debtor for receivable in receivables.values())
    parties = (party for row in rows for party in (row.owner, row.chargee))
    names = await names_of(read.session, *parties, *debtors)
    return [
        LotView.of(
            row,
            receivable,
            await open_share(read.mirror, receivable, row),
            names,
            shows_charge=may_see(read.caller, entitled_to(row)),
        )
        for row in rows
        for receivable in [receivables[row.receivable]]
    ]


async def _receivable(read: Reading, lot: Lot) -> Receivable:
    receivable = await queries.receivable(read.mirror, ReceivableId(lot.receivable))
    if receivable is None:
        raise LookupError(f"the mirror has lot {lot.id} and not its receivable")
    return receivable


def _shows_creditor(read: Reading, receivable: Receivable) -> bool:
    return sees_all_lots(read.caller, receivable) or may_see(read.caller, [PartyAddress(receivable.creditor)])


def _invoice_ref(
    binding: InvoiceBinding, receivable: Receivable, known: dict[str, tuple[str, str]]
) -> InvoiceRef:
    invoice_id, number = known.get(binding.fingerprint, (None, None))
    return InvoiceRef(
        fingerprint=binding.fingerprint,
        amount=MoneyView.of(binding.amount_minor, receivable.currency),
        invoice_id=invoice_id,
        number=number,
    )
