"""Settlement: the debtor pays, holders receive, and who else has a right to a lot."""

from typing import Any, Final

from domain.events import ChargePaid, ClaimFailed, LotClaimed, PaymentReceived
from domain.ids import receivable_of
from indexer.changes import Changes, Fact
from indexer.models import ChargePayment, Claim, Lot, Payment, Receivable


def paid(event: PaymentReceived, fact: Fact, changes: Changes) -> None:
    """A payment, and the receivable's totals after it."""
    changes.insert(
        fact,
        Payment,
        receivable=event.receivable,
        installment=event.installment,
        debtor=event.debtor,
        principal_minor=event.principal,
        interest_minor=event.interest,
        paid_minor=event.paid,
        interest_paid_minor=event.interest_paid,
        digest=event.digest,
        tx_hash=fact.tx_hash,
        paid_s=fact.time_s,
    )
    changes.update(
        fact,
        Receivable,
        {"id": event.receivable},
        paid_minor=event.paid,
        interest_paid_minor=event.interest_paid,
        interest_owed_minor=event.interest_owed,
        interest_through_s=event.interest_through,
        installments=event.installment,
    )


def claimed(event: LotClaimed, fact: Fact, changes: Changes) -> None:
    """A lot's share was paid out."""
    changes.insert(
        fact,
        Claim,
        receivable=receivable_of(event.lot),
        lot=event.lot,
        owner=event.owner,
        principal_minor=event.principal,
        interest_minor=event.interest,
        claimed_through=event.claimed_through,
        tx_hash=fact.tx_hash,
        claimed_s=fact.time_s,
    )
    changes.update(fact, Lot, {"id": event.lot}, claimed_through=event.claimed_through)
    changes.update(fact, Receivable, {"id": receivable_of(event.lot)}, claimed_minor=event.claimed)


def charge_paid(event: ChargePaid, fact: Fact, changes: Changes) -> None:
    """Part of the claim just before went to the chargee."""
    changes.insert(
        fact,
        ChargePayment,
        receivable=receivable_of(event.lot),
        lot=event.lot,
        party=event.party,
        amount_minor=event.amount,
        tx_hash=fact.tx_hash,
        paid_s=fact.time_s,
    )


def claim_failed(_event: ClaimFailed, _fact: Fact, _changes: Changes) -> None:
    """A lot of a claim received nothing: a fact, and nothing else."""


HANDLERS: Final[dict[type[Any], Any]] = {
    PaymentReceived: paid,
    LotClaimed: claimed,
    ChargePaid: charge_paid,
    ClaimFailed: claim_failed,
}
