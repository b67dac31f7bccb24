"""Signed intents: each takes effect at most once, or is revoked."""

from typing import Any, Final

from domain.events import IntentFailed, IntentRevoked, IntentUsed
from indexer.changes import Changes, Fact
from indexer.models import IntentRevocation, IntentUse


def used(event: IntentUsed, fact: Fact, changes: Changes) -> None:
    """An intent took effect."""
    changes.insert(
        fact,
        IntentUse,
        digest=event.digest,
        kind=event.kind,
        subject=event.subject,
        relayer=event.relayer,
        tx_hash=fact.tx_hash,
        used_s=fact.time_s,
    )


def revoked(event: IntentRevoked, fact: Fact, changes: Changes) -> None:
    """A party withdrew its signatures."""
    changes.insert(fact, IntentRevocation, party=event.party, digest=event.digest)


def failed(_event: IntentFailed, _fact: Fact, _changes: Changes) -> None:
    """An item of a batch had no effect: a fact, and nothing else."""


HANDLERS: Final[dict[type[Any], Any]] = {IntentUsed: used, IntentRevoked: revoked, IntentFailed: failed}
