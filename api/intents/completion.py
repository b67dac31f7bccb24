"""A complete intent as the call that carries it: the signatures of each party in the order of the contract's
arguments.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from api.intents.models import IntentRecord, IntentRequirement, IntentSignature
from chain import calls
from chain.address_book import AddressBook
from chain.calls import Call
from chain.signers import encode_signatures
from chain.text import word_bytes
from domain.intents import (
    Assign,
    Buyback,
    Finance,
    Intent,
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
)

_UNSIGNED: Final = b""


def _release(book: AddressBook, intent: Release, *signatures: bytes) -> Call:
    """The owner signs where it repays."""
    owner = signatures[0] if intent.repayment else _UNSIGNED
    return calls.release(book, intent, owner, signatures[-1])


def _realise(book: AddressBook, intent: Realise, owner: bytes, pledgee: bytes, *buyer: bytes) -> Call:
    """The buyer signs where it is not the pledgee."""
    return calls.realise(book, intent, owner, pledgee, *(buyer or (_UNSIGNED,)))


_TYPES: Final[dict[str, type[Intent]]] = {
    intent_type.kind.name.lower(): intent_type
    for intent_type in (
        Issue,
        Assign,
        Buyback,
        Finance,
        Mandate,
        Pay,
        Pledge,
        Realise,
        Redeem,
        Release,
        Revoke,
        SetSigner,
        SetThreshold,
    )
}

_CARRY: Final[dict[type[Any], Callable[..., Call]]] = {
    Issue: calls.issue,
    Assign: calls.assign,
    Buyback: calls.buy_back,
    Finance: calls.finance,
    Mandate: calls.grant_mandate,
    Pay: calls.pay,
    Pledge: calls.pledge,
    Realise: _realise,
    Release: _release,
    Redeem: calls.redeem,
    Revoke: calls.revoke,
    SetSigner: calls.set_signer,
    SetThreshold: calls.set_threshold,
}


def kind_of(intent: Intent) -> str:
    """The name under which an intent is stored; its operation has the same."""
    return intent.kind.name.lower()


def intent_of(record: IntentRecord) -> Intent:
    """The intent as it was prepared."""
    return msgspec.convert(record.fields, _TYPES[record.kind])


def call_of(
    record: IntentRecord,
    required: Sequence[IntentRequirement],
    collected: Sequence[IntentSignature],
    book: AddressBook,
) -> Call:
    """The call of a complete intent. Raises AddressBookError."""
    intent = intent_of(record)
    encoded = [
        encode_signatures(
            [(row.signer, word_bytes(row.signature)) for row in collected if row.party == requirement.party]
        )
        for requirement in required
    ]
    return _CARRY[type(intent)](book, intent, *encoded)
