"""Mandates: what a bank's quoting key may buy, and how much of that is bought."""

from typing import Any, Final

from domain.events import MandateExposure, MandateGranted
from indexer.changes import Changes, Fact
from indexer.models import Mandate, MandateHolding


def granted(event: MandateGranted, fact: Fact, changes: Changes) -> None:
    """A mandate exists; nothing is bought under it yet."""
    changes.insert(
        fact,
        Mandate,
        id=event.id,
        bank=event.bank,
        debtor=event.debtor,
        quoter=event.quoter,
        currency=event.currency,
        limit_minor=event.limit,
        min_rate_ppm=event.min_rate_ppm,
        day_count=event.day_count,
        max_tenor_days=event.max_tenor_days,
        recourse=event.recourse,
        valid_from_s=event.valid_from,
        valid_until_s=event.valid_until,
        tx_hash=fact.tx_hash,
        granted_s=fact.time_s,
    )


def exposed(event: MandateExposure, fact: Fact, changes: Changes) -> None:
    """A lot was bought under it, or less of the lot counts than before."""
    changes.put(fact, MandateHolding, lot=event.lot, mandate=event.id, held_minor=event.held)
    changes.update(fact, Mandate, {"id": event.id}, exposure_minor=event.exposure)


HANDLERS: Final[dict[type[Any], Any]] = {MandateGranted: granted, MandateExposure: exposed}
