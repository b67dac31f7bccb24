"""Whose signature is it, and does it count: the ledger's own checks, made before anything is sent.

The mirror's signers are asked, and a refusal has the name the contract would give it, so that a client sees
the same error wherever it is found. Signers that are contracts (ERC-1271) sign on the ledger only, not over
HTTP.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from api.db import MirrorSession
from api.http.translation import contract_refusal
from api.intents.models import IntentRequirement, IntentSignature
from chain.errors import SignerError
from chain.signers import recover_signer
from chain.text import word_bytes
from domain.ids import Digest, PartyAddress
from domain.parties import Power
from indexer import queries
from indexer.models import Signer

ANY_POWER: Final = len(Power)
"""Of a requirement: any one key of the party will do, whatever it may sign otherwise."""


def power_of(requirement: IntentRequirement) -> Power | None:
    """The power that the keys of a requirement need, None where any one key will do."""
    return None if requirement.power == ANY_POWER else Power(requirement.power)


def recover(digest: Digest, signature: str) -> str:
    """The checksummed address that signed the digest. Raises the problem `PartiesBadSignature`."""
    try:
        return recover_signer(digest, word_bytes(signature))
    except SignerError as error:
        refusal = contract_refusal("PartiesBadSignature", signer=None)
        refusal.detail = error.message
        raise refusal from error


async def check_signer(
    mirror: MirrorSession, party: PartyAddress, signer: str, powers: Iterable[Power], now_s: int
) -> None:
    """Refuse a key that the party has not authorised for one of the powers, in the order of the contract's
    checks.
    """
    grant = await mirror.get(Signer, (party, signer))
    if grant is None or grant.powers == 0:
        raise contract_refusal("PartiesSignerUnknown", party=party, signer=signer)
    if grant.expires_s <= now_s:
        raise contract_refusal("PartiesSignerExpired", party=party, signer=signer, expires=grant.expires_s)
    for power in powers:
        if not grant.powers & power.bit:
            raise contract_refusal("PartiesSignerLacksPower", party=party, signer=signer, power=power.value)


async def have_and_need(
    mirror: MirrorSession,
    requirement: IntentRequirement,
    signatures: Sequence[IntentSignature],
    now_s: int,
) -> tuple[list[str], int]:
    """The signers that still count for a requirement, and how many the party's threshold asks for."""
    party, power = PartyAddress(requirement.party), power_of(requirement)
    valid = {
        grant.signer
        for grant in await queries.signers_of(mirror, party)
        if (power is None or grant.powers & power.bit) and grant.expires_s > now_s
    }
    signed = [row.signer for row in signatures if row.party == party and row.signer in valid]
    return signed, 1 if power is None else (await queries.thresholds_of(mirror, party))[power]
