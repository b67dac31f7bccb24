"""EIP-712 messages of the intents: the JSON a wallet shows and signs, and the digest a contract computes.

Types follow from `domain.intents` (field names in camel case, Solidity types from its annotations), so there
is one description of an intent; tests compare the digests with the `hash…` functions of the contracts.
"""

from dataclasses import fields
from typing import Any, Final

from eth_account.messages import encode_typed_data

from chain.address_book import AddressBook
from chain.keccak import keccak
from chain.text import word_text
from domain.commitments import JSON_INTEGER_MAX
from domain.ids import Digest
from domain.intents import (
    Assign,
    Buyback,
    Cancel,
    Export,
    Finance,
    Intent,
    InvoiceUse,
    Issue,
    Mandate,
    Pay,
    Pledge,
    Realise,
    Redeem,
    Release,
    Revoke,
    SetSigner,
    SetThreshold,
    VetoRecovery,
)
from domain.words import solidity_fields

DOMAIN_VERSION: Final = "1"

INTENT_MODULE: Final[dict[type[Any], str]] = {
    Issue: "Issuance",
    Cancel: "Issuance",
    Assign: "Transfers",
    Finance: "Financing",
    Buyback: "Financing",
    Mandate: "Financing",
    Pledge: "Pledges",
    Release: "Pledges",
    Realise: "Pledges",
    Export: "Exports",
    Pay: "Settlement",
    Redeem: "Cash",
    Revoke: "Parties",
    VetoRecovery: "Parties",
    SetSigner: "Parties",
    SetThreshold: "Parties",
}
"""The contract that takes each intent; its EIP-712 domain is named `Tallystick <contract>`."""

_DOMAIN_FIELDS: Final = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]

TypedData = dict[str, Any]
"""The argument of `eth_signTypedData_v4`; values are JSON, so integers beyond 2**53 are decimal text."""


def verifying_contract(intent: Intent, book: AddressBook) -> str:
    """The contract an intent is for; cash has one per currency. Raises AddressBookError."""
    if isinstance(intent, Redeem):
        return book.cash_address(intent.currency)
    return book.address(INTENT_MODULE[type(intent)])


def typed_data(intent: Intent, book: AddressBook) -> TypedData:
    """The whole message: types, domain, primary type and values. Raises AddressBookError."""
    name = type(intent).__name__
    types = {"EIP712Domain": _DOMAIN_FIELDS, name: fields_of(type(intent))}
    if isinstance(intent, Issue | Cancel):
        types[InvoiceUse.__name__] = fields_of(InvoiceUse)
    return {
        "types": types,
        "primaryType": name,
        "domain": {
            "name": f"Tallystick {INTENT_MODULE[type(intent)]}",
            "version": DOMAIN_VERSION,
            "chainId": book.chain_id,
            "verifyingContract": verifying_contract(intent, book),
        },
        "message": _message(intent),
    }


def digest(intent: Intent, book: AddressBook) -> Digest:
    """What the signers of an intent sign, as the contract computes it."""
    return digest_of(typed_data(intent, book))


def digest_of(data: TypedData) -> Digest:
    """keccak(0x1901 ‖ domain separator ‖ hash of the struct), EIP-712."""
    signable = encode_typed_data(full_message=data)
    return word_text(keccak(b"\x19" + signable.version + signable.header + signable.body))


def fields_of(struct: type[Any]) -> list[dict[str, str]]:
    """Fields in the order of the struct, which is the order of hashing."""
    kinds = dict(solidity_fields(struct))  # type: ignore[arg-type]  # a class is hashable; mypy doubts it of Any
    return [
        {"name": _camel(field.name), "type": kinds.get(field.name, f"{InvoiceUse.__name__}[]")}
        for field in fields(struct)
    ]


def _message(struct: Any) -> dict[str, Any]:
    return {_camel(field.name): _json_value(getattr(struct, field.name)) for field in fields(struct)}


def _json_value(value: object) -> object:
    """JSON numbers are exact to 2**53 only, in the browsers that wallets run in."""
    if isinstance(value, tuple):
        return [_message(item) for item in value]
    return str(value) if isinstance(value, int) and value > JSON_INTEGER_MAX else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
