"""Parties: organisations, their signers and thresholds."""

from typing import Any, Final

from domain.events import PartyAdmitted, PartyChanged, SignerChanged, ThresholdChanged
from domain.parties import PartyStatus
from indexer.changes import Changes, Fact
from indexer.models import Party, Signer, Threshold


def admitted(event: PartyAdmitted, fact: Fact, changes: Changes) -> None:
    """A party exists; the admission is its first version."""
    changes.insert(
        fact,
        Party,
        address=event.party,
        legal_id_hash=event.legal_id_hash,
        status=PartyStatus.ACTIVE.value,
        roles=event.roles,
        kyb_until_s=event.kyb_until,
        admitted_s=event.admitted_at,
        version=1,
    )


def changed(event: PartyChanged, fact: Fact, changes: Changes) -> None:
    """Status, roles or the end of KYB; the reason stays in the facts."""
    changes.update(
        fact,
        Party,
        {"address": event.party},
        status=event.status.value,
        roles=event.roles,
        kyb_until_s=event.kyb_until,
    )


def signer_changed(event: SignerChanged, fact: Fact, changes: Changes) -> None:
    """A key came, changed or went (powers 0)."""
    changes.put(
        fact, Signer, party=event.party, signer=event.signer, powers=event.powers, expires_s=event.expires
    )
    changes.update(fact, Party, {"address": event.party}, version=event.version)


def threshold_changed(event: ThresholdChanged, fact: Fact, changes: Changes) -> None:
    """A power needs another number of signers."""
    changes.put(fact, Threshold, party=event.party, power=event.power, threshold=event.threshold)
    changes.update(fact, Party, {"address": event.party}, version=event.version)


HANDLERS: Final[dict[type[Any], Any]] = {
    PartyAdmitted: admitted,
    PartyChanged: changed,
    SignerChanged: signer_changed,
    ThresholdChanged: threshold_changed,
}
