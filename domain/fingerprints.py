"""One invoice, one financing: a keyed fingerprint that finds the same invoice again, however it is spelt.

The key is the consortium's, so that the fingerprints on the ledger cannot be guessed from invoice numbers.
The amount is left out on purpose: the same invoice with another amount must collide and be refused.
"""

import hashlib
import hmac
from datetime import date

from domain.errors import DomainError
from domain.ids import Fingerprint
from domain.parties import PartyIdentifier, canonical_value

SECRET_BYTES_MIN = 16


class EmptyFingerprintPart(DomainError):
    """A part has no letter or digit, so all such invoices of a seller would look the same."""

    code = "fingerprints.empty_part"


class WeakFingerprintSecret(DomainError):
    """The secret is too short to keep invoice numbers from being guessed."""

    code = "fingerprints.weak_secret"


def fingerprint(
    secret: bytes,
    *,
    country: str,
    seller: PartyIdentifier,
    buyer: PartyIdentifier,
    number: str,
    issued_on: date,
    currency: str,
    invoice_code: str = "",
) -> Fingerprint:
    """HMAC-SHA256 over country | seller | buyer | invoice code | number | issue date | currency, as `0x` and
    64 digits.

    Give the identifiers under which the parties are admitted, not whichever the file at hand uses: the same
    seller may write its VAT number on one copy and its GLN on another. `invoice_code` is the 发票代码 of
    paper Chinese invoices; elsewhere, and on all-electronic ones, there is none. Raises EmptyFingerprintPart,
    WeakFingerprintSecret.
    """
    if len(secret) < SECRET_BYTES_MIN:
        raise WeakFingerprintSecret(f"the secret must have at least {SECRET_BYTES_MIN} bytes", place="secret")
    parts = {
        "country": canonical_value(country),
        "seller": seller.canonical(),
        "buyer": buyer.canonical(),
        "invoice_code": canonical_value(invoice_code),
        "number": canonical_value(number),
        "issued_on": issued_on.isoformat(),
        "currency": canonical_value(currency),
    }
    for place, part in parts.items():
        if not part and place != "invoice_code":
            raise EmptyFingerprintPart("a letter or a digit is needed", place=place)
    # No canonical part holds a bar, so two different lists of parts never join to the same text.
    message = "|".join(parts.values()).encode()
    return Fingerprint("0x" + hmac.new(secret, message, hashlib.sha256).hexdigest())
