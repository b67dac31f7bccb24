"""Who is in good standing, and whether enough of a party's keys signed.

`signers` are the keys whose signatures a command carries, in the order in which they are packed.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain import events
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Digest, PartyAddress
from domain.intents import IntentKind, Revoke
from domain.ledger.commands import Signed, UpdateParty
from domain.ledger.journal import Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import Office
from domain.ledger.state import Party
from domain.parties import PartyStatus, Power, Role

ANY_POWER = len(Power)
SIGNATURE_BYTES = 65


def require_signed(
    journal: Journal, party: PartyAddress, power: Power, digest: Digest, signers: Sequence[str]
) -> None:
    """Refuse unless the party is active and as many of its keys signed as the power needs."""
    standing = _active(journal, party)
    _check_not_revoked(journal, party, digest)
    have = _count_signers(journal, party, standing, power, signers)
    need = standing.thresholds.get(power, 1)
    if have < need:
        raise LedgerRefusal("PartiesBelowThreshold", party, power, have, need)


def require_signed_by(  # one more than `require_signed`: the key that alone may sign
    journal: Journal, party: PartyAddress, key: str, power: Power, digest: Digest, signers: Sequence[str]
) -> None:
    """The same for exactly one key, whatever the threshold: a mandate names the key it trusts."""
    standing = _active(journal, party)
    _check_not_revoked(journal, party, digest)
    if _count_signers(journal, party, standing, power, signers) != 1:
        raise LedgerRefusal("PartiesBadSignatureEncoding", SIGNATURE_BYTES * len(signers))
    if signers[0] != key:
        raise LedgerRefusal("PartiesQuoterDiffers", key, signers[0])


def require_active(journal: Journal, party: PartyAddress, roles: Role) -> None:
    """Refuse unless the party is active and has all the roles."""
    missing = roles & ~_active(journal, party).roles
    if missing:
        raise LedgerRefusal("PartiesRoleMissing", party, missing)


def revoke(journal: Journal, signed: Signed[Revoke]) -> None:
    """Any one key withdraws a signature, also while the party is suspended."""
    intent = signed.intent
    journal.check_deadline(intent.deadline)
    standing = known_party(journal, intent.party)
    if _count_signers(journal, intent.party, standing, ANY_POWER, signed.signers[0]) == 0:
        raise LedgerRefusal("PartiesBelowThreshold", intent.party, ANY_POWER, 0, 1)
    _check_not_revoked(journal, intent.party, intent.digest)
    journal.change(revoked=journal.state.revoked | {(intent.party, intent.digest)})
    journal.emit(
        events.IntentRevoked(intent.party, intent.digest),
        events.IntentUsed(signed.digest, IntentKind.REVOKE, 0, journal.sender),
    )


def update_party(journal: Journal, command: UpdateParty) -> None:
    """The registrar changes a party's standing; its keys stay."""
    journal.require_office(Office.REGISTRAR)
    standing = known_party(journal, command.party)
    if command.status == PartyStatus.NONE or not command.roles or command.reason == ZERO_DIGEST:
        raise LedgerRefusal("PartiesZeroValue")
    changed = replace(standing, status=command.status, roles=command.roles, kyb_until_s=command.kyb_until_s)
    journal.change(parties=written(journal.state.parties, command.party, changed))
    journal.emit(
        events.PartyChanged(command.party, command.status, command.roles, command.kyb_until_s, command.reason)
    )


def known_party(journal: Journal, party: PartyAddress) -> Party:
    """Refuses a party that was never admitted."""
    found = journal.state.parties.get(party)
    if found is None:
        raise LedgerRefusal("PartiesUnknown", party)
    return found


def _active(journal: Journal, party: PartyAddress) -> Party:
    found = known_party(journal, party)
    if found.status != PartyStatus.ACTIVE:
        raise LedgerRefusal("PartiesNotActive", party, found.status)
    if journal.now_s >= found.kyb_until_s:
        raise LedgerRefusal("PartiesKybExpired", party, found.kyb_until_s)
    return found


def _check_not_revoked(journal: Journal, party: PartyAddress, digest: Digest) -> None:
    if (party, digest) in journal.state.revoked:
        raise LedgerRefusal("PartiesIntentRevoked", party, digest)


def _count_signers(
    journal: Journal, party: PartyAddress, standing: Party, power: int, signers: Sequence[str]
) -> int:
    """Every signature must be good, also those beyond the threshold; ascending, so that none counts twice."""
    previous: str = ZERO_ADDRESS
    for signer in signers:
        _check_signer(journal, party, standing, power, signer)
        if int(signer, 16) <= int(previous, 16):
            raise LedgerRefusal("PartiesSignersNotAscending", previous, signer)
        previous = signer
    return len(signers)


def _check_signer(journal: Journal, party: PartyAddress, standing: Party, power: int, signer: str) -> None:
    grant = standing.signers.get(signer)
    if grant is None or grant.powers == 0:
        raise LedgerRefusal("PartiesSignerUnknown", party, signer)
    if journal.now_s >= grant.expires_s:
        raise LedgerRefusal("PartiesSignerExpired", party, signer, grant.expires_s)
    if power != ANY_POWER and not grant.powers >> power & 1:
        raise LedgerRefusal("PartiesSignerLacksPower", party, signer, power)
