"""Who an invoice is between, and whether it is known already."""

from dataclasses import dataclass

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
from domain.invoice import InvoiceDocument


def document_of(invoice: Invoice) -> InvoiceDocument:
    """The document as it was read."""
    return msgspec.convert(invoice.document, InvoiceDocument)


@dataclass(frozen=True, slots=True)
class Ends:
    """Who an invoice is between; the buyer is None while nobody is admitted under what the document names."""

    seller: PartyAddress
    buyer: PartyAddress | None


async def ends_of(work: UnitOfWork, document: InvoiceDocument) -> Ends:
    """The caller's party as seller, if one of the seller's identifiers is its own, and the buyer.

    Of several parties the buyer is the one with the most telling identifier. Raises `not-your-invoice`.
    """
    sellers, buyers = document.seller.identifiers, document.buyer.identifiers
    owners = await parties.find_by_identifiers(work.session, (*sellers, *buyers))
    if work.caller.party not in {owners.get(identifier.canonical()) for identifier in sellers}:
        named = [identifier.canonical() for identifier in sellers]
        raise NOT_YOUR_INVOICE("the seller is another party than yours", place="seller", identifiers=named)
    found = (owners.get(identifier.canonical()) for identifier in buyers)
    return Ends(work.caller.party, next((owner for owner in found if owner is not None), None))


async def fingerprint_of(reading: Reading, document: InvoiceDocument, ends: Ends) -> Fingerprint:
    """The fingerprint under identifiers and country by which the parties were admitted, whatever the file
    uses.
    """
    admitted = [party for party in (ends.seller, ends.buyer) if party is not None]
    legal = await parties.legal_identifiers(reading.session, admitted)
    seller = legal[ends.seller]
    return fingerprint(
        reading.policy.consortium_secret,
        country=seller.country,
        seller=seller,
        buyer=legal[ends.buyer] if ends.buyer is not None else document.buyer.primary_identifier,
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
