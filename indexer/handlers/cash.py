"""Cash tokens: balances and supply follow from transfers alone, mints and redemptions say why."""

from typing import Any, Final

from domain.events import CashMinted, CashRedeemed, CurrencySet, MintLimitChanged, Transfer
from domain.ids import ZERO_ADDRESS
from indexer.changes import Changes, Fact
from indexer.models import CashBalance, CashLimit, CashMovement, CashMovementKind, CashSupply, CurrencyCash


def transferred(event: Transfer, fact: Fact, changes: Changes) -> None:
    """Both ends of a movement; the zero address stands for the supply, and mints have rows of their own."""
    for holder, delta in ((event.from_, -event.value), (event.to, event.value)):
        if holder == ZERO_ADDRESS:
            changes.add(fact, CashSupply, {"currency": fact.currency}, -delta)
        else:
            changes.add(fact, CashBalance, {"holder": holder, "currency": fact.currency}, delta)
    if ZERO_ADDRESS not in (event.from_, event.to):
        _moved(
            fact,
            changes,
            kind=CashMovementKind.MOVE.value,
            from_party=event.from_,
            to_party=event.to,
            amount_minor=event.value,
        )


def minted(event: CashMinted, fact: Fact, changes: Changes) -> None:
    """Cash came against a bank credit notice."""
    _moved(
        fact,
        changes,
        kind=CashMovementKind.MINT.value,
        to_party=event.to,
        amount_minor=event.amount,
        reference=event.credit_ref,
    )


def redeemed(event: CashRedeemed, fact: Fact, changes: Changes) -> None:
    """Cash went against a payment order."""
    _moved(
        fact,
        changes,
        kind=CashMovementKind.REDEEM.value,
        from_party=event.holder,
        amount_minor=event.amount,
        reference=event.account_ref,
        digest=event.digest,
    )


def limit_changed(event: MintLimitChanged, fact: Fact, changes: Changes) -> None:
    """How much may be minted in a day."""
    changes.put(fact, CashLimit, currency=fact.currency, per_day_minor=event.per_day_minor)


def currency_set(event: CurrencySet, fact: Fact, changes: Changes) -> None:
    """The ledger settles a currency in a token."""
    changes.put(fact, CurrencyCash, currency=event.currency, cash=event.cash)


def _moved(fact: Fact, changes: Changes, **columns: Any) -> None:
    changes.insert(
        fact,
        CashMovement,
        currency=fact.currency,
        tx_hash=fact.tx_hash,
        moved_s=fact.time_s,
        **columns,
    )


HANDLERS: Final[dict[type[Any], Any]] = {
    Transfer: transferred,
    CashMinted: minted,
    CashRedeemed: redeemed,
    MintLimitChanged: limit_changed,
    CurrencySet: currency_set,
}
