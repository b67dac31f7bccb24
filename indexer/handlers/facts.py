"""Events that are facts and change no projection."""

from typing import Any, Final

from domain.events import (
    BoughtBack,
    ChargePaid,
    InvoiceReleased,
    LotCharged,
    LotExported,
    LotFlagsChanged,
    MandateExposure,
    MandateGranted,
    Pledged,
    PledgeRealised,
    PledgeReleased,
    ReceivableOrdered,
    ReceivableWrittenOff,
)
from indexer.changes import Changes, Fact


def kept(_event: Any, _fact: Fact, _changes: Changes) -> None:
    """A fact, and nothing else."""


HANDLERS: Final[dict[type[Any], Any]] = dict.fromkeys(
    (
        BoughtBack,
        ChargePaid,
        InvoiceReleased,
        LotCharged,
        LotExported,
        LotFlagsChanged,
        MandateExposure,
        MandateGranted,
        Pledged,
        PledgeRealised,
        PledgeReleased,
        ReceivableOrdered,
        ReceivableWrittenOff,
    ),
    kept,
)
