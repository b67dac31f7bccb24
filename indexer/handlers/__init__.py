"""What each event changes in the projections, one module a group of contracts.

A handler is a pure function of the event and its place; it writes into `Changes` and reads nothing. Every
event type of our contracts has one, if only to say that it changes no projection; anything else stops the
mirror, so that a new event is never lost.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from indexer.changes import Changes, Fact
from indexer.handlers import (
    cash,
    exports,
    financing,
    governance,
    intents,
    invoices,
    lots,
    mandates,
    parties,
    pledges,
    receivables,
    recovery,
    settlement,
    succession,
)

Handler = Callable[[Any, Fact, Changes], None]

HANDLERS: Final[Mapping[type[Any], Handler]] = (
    parties.HANDLERS
    | receivables.HANDLERS
    | lots.HANDLERS
    | invoices.HANDLERS
    | intents.HANDLERS
    | financing.HANDLERS
    | mandates.HANDLERS
    | pledges.HANDLERS
    | settlement.HANDLERS
    | exports.HANDLERS
    | cash.HANDLERS
    | governance.HANDLERS
    | recovery.HANDLERS
    | succession.HANDLERS
)

__all__ = ["HANDLERS", "Handler"]
