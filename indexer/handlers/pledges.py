"""Pledges: what owner and pledgee agreed on; the charge itself, title and cash have events of their own."""

from typing import Any, Final

from domain.events import Pledged, PledgeRealised, PledgeReleased
from domain.ids import LotId, receivable_of
from indexer.changes import Changes, Fact
from indexer.models import PledgeAgreement, PledgeStep


def pledged(event: Pledged, fact: Fact, changes: Changes) -> None:
    """A loan against a lot."""
    _agreed(
        event,
        fact,
        changes,
        step=PledgeStep.PLEDGED.value,
        lot=event.lot,
        secured_minor=event.secured,
        cash_minor=event.advance,
    )


def released(event: PledgeReleased, fact: Fact, changes: Changes) -> None:
    """Less is secured than before, or nothing."""
    _agreed(
        event,
        fact,
        changes,
        step=PledgeStep.RELEASED.value,
        lot=event.lot,
        secured_minor=event.secured,
        cash_minor=event.repayment,
    )


def realised(event: PledgeRealised, fact: Fact, changes: Changes) -> None:
    """The lot was sold free of its pledge."""
    _agreed(
        event,
        fact,
        changes,
        step=PledgeStep.REALISED.value,
        lot=event.child,
        secured_minor=0,
        cash_minor=event.price,
        buyer=event.buyer,
        to_pledgee_minor=event.to_pledgee,
    )


def _agreed(
    event: Pledged | PledgeReleased | PledgeRealised,
    fact: Fact,
    changes: Changes,
    *,
    lot: LotId,
    **columns: Any,
) -> None:
    changes.insert(
        fact,
        PledgeAgreement,
        receivable=receivable_of(lot),
        lot=lot,
        owner=event.owner,
        pledgee=event.pledgee,
        evidence=event.evidence,
        digest=event.digest,
        tx_hash=fact.tx_hash,
        agreed_s=fact.time_s,
        **columns,
    )


HANDLERS: Final[dict[type[Any], Any]] = {
    Pledged: pledged,
    PledgeReleased: released,
    PledgeRealised: realised,
}
