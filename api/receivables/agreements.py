"""Agreements whose text stays with their sides: the ledger keeps the hash."""

from typing import Annotated

from pydantic import Field

from api.http.translation import contract_refusal
from domain.ids import ZERO_DIGEST, Digest

AgreementHash = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the agreement's bytes, in hexadecimal; its sides keep the document.",
    ),
]


def evidence_of(agreement_sha256: str) -> Digest:
    """The word that the ledger keeps. Raises `LedgerZeroValue` for none."""
    word = Digest(f"0x{agreement_sha256}")
    if word == ZERO_DIGEST:
        raise contract_refusal("LedgerZeroValue")
    return word
