"""The model's commands as signed calls of the contracts, and what was emitted as the model says it."""

from collections.abc import Callable, Sequence
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak

from chain import calls, typed_data
from chain.address_book import AddressBook
from chain.calls import AssignItem, Call, FinanceItem
from chain.errors import decode_revert
from chain.logs import RawLog
from chain.signers import LocalSigner
from chain.text import word_bytes, word_text
from chain.translate import Translator
from domain import events, intents
from domain.ids import Digest
from domain.intents import InvoiceUse
from domain.ledger import Refusal
from domain.ledger import commands as c
from domain.ledger.journal import ClaimRefused, ItemRefused, LedgerEvent

_INVOICE_USE = keccak(b"InvoiceUse(bytes32 fingerprint,uint64 total,uint64 amount,uint40 issuedAt)")

_OF_ONE_INTENT: dict[type[Any], Callable[..., Call]] = {
    intents.Issue: calls.issue,
    intents.Cancel: calls.cancel,
    intents.Assign: calls.assign,
    intents.Export: calls.export,
    intents.Finance: calls.finance,
    intents.Buyback: calls.buy_back,
    intents.Mandate: calls.grant_mandate,
    intents.Pledge: calls.pledge,
    intents.Release: calls.release,
    intents.Realise: calls.realise,
    intents.Pay: calls.pay,
    intents.Redeem: calls.redeem,
    intents.Revoke: calls.revoke,
}


def invoice_set(uses: Sequence[InvoiceUse]) -> Digest:
    """The EIP-712 hash of an intent's invoices."""
    kinds = ["bytes32", "bytes32", "uint64", "uint64", "uint40"]
    hashes = [
        keccak(
            encode(kinds, [_INVOICE_USE, word_bytes(use.fingerprint), use.total, use.amount, use.issued_at])
        )
        for use in uses
    ]
    return word_text(keccak(b"".join(hashes)))


class Encoder:
    """For one deployment and the keys of a cast."""

    def __init__(self, book: AddressBook, keys: dict[str, LocalSigner]) -> None:
        self._book = book
        self._keys = keys
        self._translator = Translator(book)

    def digest(self, intent: Any) -> Digest:
        """What the contract computes."""
        return typed_data.digest(intent, self._book)

    def call(self, command: c.Command) -> Call:
        """The call of the contract's function."""
        call: Call = self._encoders[type(command)](command)
        return call

    def emitted(self, logs: Sequence[RawLog]) -> tuple[LedgerEvent, ...]:
        """As the model says it."""
        translated = (self._translator.translate(log) for log in logs)
        return tuple(_as_model(event) for event in translated if event is not None)

    @property
    def _encoders(self) -> dict[type[Any], Callable[[Any], Call]]:
        book = self._book
        return {
            c.Carry: self._carry,
            c.FinanceUnderMandate: self._finance_under_mandate,
            c.AssignMany: lambda command: calls.assign_many(
                book, [AssignItem(item.intent, *self._signatures(item)) for item in command.items]
            ),
            c.FinanceMany: lambda command: calls.finance_many(
                book, [self._finance_item(item) for item in command.items]
            ),
            c.ReleaseExposure: lambda command: calls.release_exposure(book, command.lots),
            c.Claim: lambda command: calls.claim(book, command.lots),
            c.FlagOverdue: lambda command: calls.flag_overdue(book, command.receivable),
            c.DeclareDefault: lambda command: calls.declare_default(book, command.receivable),
            c.Freeze: lambda command: calls.freeze(book, command.lots, command.order),
            c.Unfreeze: lambda command: calls.unfreeze(book, command.lots, command.order),
            c.Suspend: lambda command: calls.suspend(book, command.receivable, command.order),
            c.Resume: lambda command: calls.resume(book, command.receivable, command.order),
            c.WriteOff: lambda command: calls.write_off(book, command.receivable, command.order),
            c.ForceMove: lambda command: calls.force_move(
                book, command.lot, command.to, command.amount, command.order
            ),
            c.Mint: lambda command: calls.mint(
                book, command.currency, command.to, command.amount, command.credit_ref
            ),
            c.UpdateParty: lambda command: calls.update_party(
                book, command.party, command.status, command.roles, command.kyb_until_s, command.reason
            ),
            c.Pause: lambda command: calls.pause(self._place(command.place), command.rights),
            c.Unpause: lambda command: calls.unpause(self._place(command.place), command.rights),
        }

    def _carry(self, command: c.Carry) -> Call:
        item = command.item
        return _OF_ONE_INTENT[type(item.intent)](self._book, item.intent, *self._signatures(item))

    def _finance_under_mandate(self, command: c.FinanceUnderMandate) -> Call:
        signed, mandate = command.item.signed, command.item.mandate
        return calls.finance_under_mandate(self._book, signed.intent, mandate, *self._signatures(signed))

    def _finance_item(self, item: c.Signed[intents.Finance] | c.Quoted) -> FinanceItem:
        if isinstance(item, c.Quoted):
            return FinanceItem(item.signed.intent, item.mandate, *self._signatures(item.signed))
        return FinanceItem(item.intent, None, *self._signatures(item))

    def _signatures(self, item: c.Signed[Any]) -> list[bytes]:
        """One packed group for each argument, in the order in which the command has the signers."""
        return [
            b"".join(self._keys[signer].sign_digest(item.digest) for signer in group)
            for group in item.signers
        ]

    def _place(self, place: str | int) -> str:
        return self._book.cash_address(place) if isinstance(place, int) else self._book.address(place)


def _as_model(event: events.Event) -> LedgerEvent:
    if isinstance(event, events.IntentFailed):
        return ItemRefused(event.index, event.digest, _reason(event.reason))
    if isinstance(event, events.ClaimFailed):
        return ClaimRefused(event.lot, _reason(event.reason))
    return event


def _reason(data: bytes) -> Refusal:
    error = decode_revert(data)
    return Refusal(error.name, tuple(error.values.values()))
