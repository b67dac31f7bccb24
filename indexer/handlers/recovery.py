"""Recovery of parties: facts only. The signers that it brings come as `SignerChanged`, which have rows."""

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


def kept_as_fact(_event: Any, _fact: Fact, _changes: Changes) -> None:
    """Who proposed, seconded or withdrew what is read from the facts."""


HANDLERS: Final[dict[type[Any], Any]] = {
    RecoveryProposed: kept_as_fact,
    RecoverySignerProposed: kept_as_fact,
    RecoveryThresholdProposed: kept_as_fact,
    RecoverySeconded: kept_as_fact,
    RecoveryVetoed: kept_as_fact,
    RecoveryCancelled: kept_as_fact,
    RecoveryExecuted: kept_as_fact,
}
