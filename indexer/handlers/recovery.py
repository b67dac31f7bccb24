"""Recovery of parties: who would get a party's keys, and how far it has come.

The signers that it brings when it is carried out come as `SignerChanged` and `ThresholdChanged`.
"""

from typing import Any, Final

from domain.events import (
    RecoveryCancelled,
    RecoveryExecuted,
    RecoveryProposed,
    RecoverySeconded,
    RecoverySignerProposed,
    RecoveryThresholdProposed,
    RecoveryVetoed,
)
from indexer.changes import Changes, Fact
from indexer.models import Recovery, RecoverySigner, RecoveryState, RecoveryThreshold


def proposed(event: RecoveryProposed, fact: Fact, changes: Changes) -> None:
    """It takes the place of an earlier one; the same may be proposed again."""
    changes.put(
        fact,
        Recovery,
        party=event.party,
        id=event.id,
        state=RecoveryState.PROPOSED.value,
        proposer=event.proposer,
        seconder=None,
        ready_s=0,
        version=event.version,
        reason=event.reason,
        tx_hash=fact.tx_hash,
        proposed_s=fact.time_s,
    )


def signer_proposed(event: RecoverySignerProposed, fact: Fact, changes: Changes) -> None:
    """A key that the party would get."""
    changes.put(
        fact,
        RecoverySigner,
        party=event.party,
        id=event.id,
        signer=event.signer,
        powers=event.powers,
        expires_s=event.expires,
    )


def threshold_proposed(event: RecoveryThresholdProposed, fact: Fact, changes: Changes) -> None:
    """How many signers a power would need."""
    changes.put(
        fact, RecoveryThreshold, party=event.party, id=event.id, power=event.power, threshold=event.threshold
    )


def seconded(event: RecoverySeconded, fact: Fact, changes: Changes) -> None:
    """A second account stands behind it, and the time for a veto begins to run."""
    changes.update(
        fact,
        Recovery,
        {"party": event.party},
        state=RecoveryState.SECONDED.value,
        seconder=event.seconder,
        ready_s=event.ready_at,
    )


def vetoed(event: RecoveryVetoed, fact: Fact, changes: Changes) -> None:
    """The party still has a key."""
    _ended(event.party, RecoveryState.VETOED, fact, changes)


def cancelled(event: RecoveryCancelled, fact: Fact, changes: Changes) -> None:
    """The guardian stopped it."""
    _ended(event.party, RecoveryState.CANCELLED, fact, changes)


def executed(event: RecoveryExecuted, fact: Fact, changes: Changes) -> None:
    """The party has its new keys."""
    _ended(event.party, RecoveryState.EXECUTED, fact, changes)


def _ended(party: str, state: RecoveryState, fact: Fact, changes: Changes) -> None:
    changes.update(fact, Recovery, {"party": party}, state=state.value)


HANDLERS: Final[dict[type[Any], Any]] = {
    RecoveryProposed: proposed,
    RecoverySignerProposed: signer_proposed,
    RecoveryThresholdProposed: threshold_proposed,
    RecoverySeconded: seconded,
    RecoveryVetoed: vetoed,
    RecoveryCancelled: cancelled,
    RecoveryExecuted: executed,
}
