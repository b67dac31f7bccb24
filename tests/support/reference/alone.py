"""The cast without any chain: addresses and digests are hashes of names and values."""

import hashlib
from collections.abc import Sequence
from typing import Any

from domain.ids import Digest, PartyAddress
from domain.intents import InvoiceUse
from domain.ledger.rights import Office
from tests.support.reference.cast import (
    FORMER_UNTIL_S,
    ROLES,
    STRANGER,
    Cast,
    key_of,
    opening_cash,
    opening_state,
    player,
)
from tests.support.reference.desk import Desk, Dice, Hashes


def digest(value: Any) -> Digest:
    """Of anything, the same every time."""
    return Digest("0x" + hashlib.sha256(repr(value).encode()).hexdigest())


def invoice_set(uses: Sequence[InvoiceUse]) -> Digest:
    """Of a sequence, whatever its type."""
    return digest(tuple(uses))


def address(name: str) -> PartyAddress:
    """Of a party, or of a contract."""
    return PartyAddress(key_of(f"address of {name}").address)


CAST = Cast(
    players={name: player(name, address(name)) for name in ROLES},
    stranger=player(STRANGER, address(STRANGER)),
    officers={office: key_of(office.value).address for office in Office},
    settlement=address("settlement"),
    relayer=key_of("relayer").address,
)
OPENING = opening_cash(CAST, opening_state(CAST), FORMER_UNTIL_S)


def fresh_desk() -> Desk:
    """With the opening books."""
    return Desk(CAST, Hashes(digest, invoice_set), Dice(), OPENING, FORMER_UNTIL_S)
