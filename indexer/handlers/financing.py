"""Financing: title against cash, and back under recourse."""

from typing import Any, Final

from domain.events import BoughtBack, Financed
from domain.ids import receivable_of
from indexer.changes import Changes, Fact
from indexer.models import BuyBack, Financing


def financed(event: Financed, fact: Fact, changes: Changes) -> None:
    """A bank bought a lot; the title and the cash have events of their own."""
    changes.insert(
        fact,
        Financing,
        child=event.child,
        receivable=receivable_of(event.child),
        bank=event.bank,
        seller=event.seller,
        amount_minor=event.amount,
        price_minor=event.price,
        fees_minor=event.fees,
        fees_to=event.fees_to,
        rate_ppm=event.rate_ppm,
        day_count=event.day_count,
        recourse=event.recourse,
        registration_ref=event.registration_ref,
        notice_ref=event.notice_ref,
        terms_hash=event.terms_hash,
        digest=event.digest,
        tx_hash=fact.tx_hash,
        financed_s=fact.time_s,
    )


def bought_back(event: BoughtBack, fact: Fact, changes: Changes) -> None:
    """The seller took a lot back; the title and the cash have events of their own."""
    changes.insert(
        fact,
        BuyBack,
        child=event.child,
        receivable=receivable_of(event.child),
        bank=event.bank,
        seller=event.seller,
        amount_minor=event.amount,
        price_minor=event.price,
        evidence=event.evidence,
        digest=event.digest,
        tx_hash=fact.tx_hash,
        bought_back_s=fact.time_s,
    )


HANDLERS: Final[dict[type[Any], Any]] = {Financed: financed, BoughtBack: bought_back}
