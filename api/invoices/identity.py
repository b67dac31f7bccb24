"""Who an invoice is between, and whether it is known already."""

import msgspec

from api.db import serialize
from api.invoices import repository
from api.invoices.models import FREEING, Invoice
from api.invoices.problems import INVOICE_DUPLICATE, NOT_YOUR_INVOICE
from api.invoices.standing import standing
from api.parties import service as parties
from api.work import Reading, UnitOfWork
from domain.fingerprints import fingerprint
from domain.ids import Fingerprint, PartyAddress
from domain.invoice import InvoiceDocument, InvoiceParty
from domain.parties import PartyIdentifier


def document_of(invoice: Invoice) -> InvoiceDocument:
    """The document as it was read."""
    return msgspec.convert(invoice.document, InvoiceDocument)


async def require_seller(work: UnitOfWork, document: InvoiceDocument) -> PartyAddress:
    """The caller's party, if one of the seller's identifiers is its own. Raises `not-your-invoice`."""
    for identifier in document.seller.identifiers:
        if await parties.find_by_identifier(work.session, identifier) == work.caller.party:
            return work.caller.party
    named = [identifier.canonical() for identifier in document.seller.identifiers]
    raise NOT_YOUR_INVOICE("the seller is another party than yours", place="seller", identifiers=named)


async def find_buyer(reading: Reading, document: InvoiceDocument) -> PartyAddress | None:
    """The party that has one of the buyer's identifiers, the most telling first; None if nobody was admitted
    so.
    """
    for identifier in document.buyer.identifiers:
        found = await parties.find_by_identifier(reading.session, identifier)
        if found is not None:
            return found
    return None


async def fingerprint_of(
    reading: Reading, document: InvoiceDocument, seller: PartyAddress, buyer: PartyAddress | None
) -> Fingerprint:
    """The fingerprint under identifiers and country by which the parties were admitted, whichever the file
    uses.
    """
    return fingerprint(
        reading.policy.consortium_secret,
        country=(await parties.require_known(reading.session, seller)).country,
        seller=await _admitted_as(reading, seller, document.seller),
        buyer=await _admitted_as(reading, buyer, document.buyer),
        number=document.number,
        issued_on=document.issued_on,
        currency=document.currency,
    )


async def require_unknown(work: UnitOfWork, mark: Fingerprint, *, but: str | None = None) -> None:
    """Refuse an invoice that another one, in whatever spelling, stands in the way of.

    Raises `invoice-duplicate`.
    """
    await serialize(work.session, mark)
    other = await repository.taking(work.session, mark)
    if other is None or other.id == but:
        return
    state = await standing(work, other)
    if state not in FREEING:
        raise INVOICE_DUPLICATE(f"it was brought in before and is {state}", state=state, invoice_id=other.id)
    other.state = state
    await work.session.flush()


async def _admitted_as(
    reading: Reading, address: PartyAddress | None, named: InvoiceParty
) -> PartyIdentifier:
    if address is None:
        return named.primary_identifier
    return await parties.legal_identifier(reading.session, address)
