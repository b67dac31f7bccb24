"""Where an invoice stands: its stored state, and what the signatures under its `Issue` have made of it since.

Confirmed and accepted are facts about signatures, and an expired or withdrawn intent takes them back; they
are read where they are kept, with the intent, and the row changes when a command or the ledger's answer
settles them.
"""

from collections.abc import Sequence

from api.intents import service as intents
from api.intents.models import IntentState
from api.invoices.models import Invoice
from api.invoices.problems import INVOICE_STATE
from api.work import Reading
from domain.ids import Digest, PartyAddress
from domain.invoice import ForbiddenInvoiceStep, InvoiceState, InvoiceStep, next_state


async def standing(reading: Reading, invoice: Invoice) -> InvoiceState:
    """The state that an invoice is in now."""
    state = InvoiceState(invoice.state)
    if state is not InvoiceState.CHECKED or invoice.intent_digest is None:
        return state
    for step in await _steps(reading, invoice, Digest(invoice.intent_digest)):
        state = next_state(state, step)
    return state


async def after(reading: Reading, invoice: Invoice, *steps: InvoiceStep) -> InvoiceState:
    """The state that these steps lead to from where the invoice stands. Raises `invoice-state`."""
    state = await standing(reading, invoice)
    try:
        for step in steps:
            state = next_state(state, step)
    except ForbiddenInvoiceStep as error:
        raise INVOICE_STATE(error.message, state=state) from error
    return state


async def _steps(reading: Reading, invoice: Invoice, digest: Digest) -> Sequence[InvoiceStep]:
    record = await intents.get(reading.session, digest)
    state = intents.state_of(record, reading.now_s)
    if state is IntentState.COMPLETE:
        return (InvoiceStep.CONFIRM, InvoiceStep.ACCEPT)
    buyer = PartyAddress(invoice.buyer or "")
    if not await intents.is_satisfied(reading, digest, buyer):
        return ()
    if state is IntentState.WITHDRAWN:
        return (InvoiceStep.CONFIRM, InvoiceStep.DECLINE)
    if state is IntentState.EXPIRED:
        return (InvoiceStep.CONFIRM, InvoiceStep.EXPIRE)
    return (InvoiceStep.CONFIRM,)
