"""Call data of every command: who is called, with what. Building a call sends nothing.

Commands take intents of `domain` and signatures as `chain.signers.encode_signatures` packs them. Each
function raises AddressBookError where the book does not know the contract, and nothing else: the intents are
checked already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

import msgspec

from chain.address_book import AddressBook
from chain.bindings import (
    access_manager,
    cash,
    codes,
    enforcement,
    exports,
    financing,
    invoices,
    issuance,
    parties,
    pledges,
    rulebook,
    settlement,
    shared,
    transfers,
)
from chain.text import address_bytes, word_bytes
from domain.ids import Digest, LotId, PartyAddress, ReceivableId
from domain.intents import (
    Assign,
    Buyback,
    Cancel,
    Export,
    Finance,
    InvoiceUse,
    Issue,
    Mandate,
    Pay,
    Pledge,
    Realise,
    Redeem,
    Release,
    Revoke,
    SetSigner,
    SetThreshold,
    VetoRecovery,
)
from domain.parties import PartyStatus, Power, Role

AT_ONCE: Final = 0
"""`when` of a delayed operation: as soon as the delay of the role has passed."""

_NO_MANDATE: Final = financing.Mandate(
    bank=bytes(20),
    quoter=bytes(20),
    debtor=bytes(20),
    currency=0,
    limit=0,
    min_rate_ppm=0,
    day_count=0,
    max_tenor_days=0,
    recourse=0,
    valid_from=0,
    valid_until=0,
    deadline=0,
    salt=0,
)
"""The mandate of an item whose bank signed itself."""

S = TypeVar("S", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Call:
    """What a transaction does: checksummed address and call data."""

    to: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SignerGrant:
    """A first signer of a party: `powers` as `domain.parties.power_mask`, valid until `expires` (seconds)."""

    signer: str
    powers: int
    expires: int


@dataclass(frozen=True, slots=True)
class ThresholdGrant:
    """How many distinct signers a power needs."""

    power: Power
    threshold: int


@dataclass(frozen=True, slots=True)
class AssignItem:
    """One hop of a batch with the signatures of both sides."""

    intent: Assign
    owner_signatures: bytes
    receiver_signatures: bytes


@dataclass(frozen=True, slots=True)
class FinanceItem:
    """One purchase of a batch; with a mandate `bank_signatures` is the one of its quoter."""

    intent: Finance
    mandate: Mandate | None
    bank_signatures: bytes
    seller_signatures: bytes


def admit(
    book: AddressBook,
    legal_id_hash: Digest,
    roles: Role,
    kyb_until: int,
    signers: Sequence[SignerGrant],
    thresholds: Sequence[ThresholdGrant],
) -> Call:
    """REGISTRAR: admit an organisation; its address is `chain.text.party_address`."""
    data = parties.encode_admit(word_bytes(legal_id_hash), roles, kyb_until, *_grants(signers, thresholds))
    return Call(book.address("Parties"), data)


def update_party(
    book: AddressBook, party: PartyAddress, status: PartyStatus, roles: Role, kyb_until: int, reason: Digest
) -> Call:
    """REGISTRAR: change standing, roles or the end of KYB; `reason` is the hash of the decision."""
    data = parties.encode_update(
        address_bytes(party), codes.Status(status), roles, kyb_until, word_bytes(reason)
    )
    return Call(book.address("Parties"), data)


def set_signer(book: AddressBook, intent: SetSigner, signatures: bytes) -> Call:
    """Anyone carries it; signed by the party (ADMIN)."""
    return Call(
        book.address("Parties"), parties.encode_set_signer(bound(parties.SetSigner, intent), signatures)
    )


def set_threshold(book: AddressBook, intent: SetThreshold, signatures: bytes) -> Call:
    """Anyone carries it; signed by the party (ADMIN)."""
    data = parties.encode_set_threshold(bound(parties.SetThreshold, intent), signatures)
    return Call(book.address("Parties"), data)


def revoke(book: AddressBook, intent: Revoke, signature: bytes) -> Call:
    """Anyone carries it; signed by any one signer of the party."""
    return Call(book.address("Parties"), parties.encode_revoke(bound(parties.Revoke, intent), signature))


def propose_recovery(
    book: AddressBook,
    party: PartyAddress,
    signers: Sequence[SignerGrant],
    thresholds: Sequence[ThresholdGrant],
    reason: Digest,
) -> Call:
    """REGISTRAR, called directly: new signers for a party that lost its keys; `reason` hashes why."""
    data = parties.encode_propose_recovery(
        address_bytes(party), *_grants(signers, thresholds), word_bytes(reason)
    )
    return Call(book.address("Parties"), data)


def second_recovery(book: AddressBook, party: PartyAddress, proposal: Digest) -> Call:
    """SECONDER, called directly by another account than the proposer's; ready 24 hours later."""
    data = parties.encode_second_recovery(address_bytes(party), word_bytes(proposal))
    return Call(book.address("Parties"), data)


def veto_recovery(book: AddressBook, intent: VetoRecovery, signature: bytes) -> Call:
    """Anyone carries it; signed by any one signer of the party."""
    data = parties.encode_veto_recovery(bound(parties.VetoRecovery, intent), signature)
    return Call(book.address("Parties"), data)


def execute_recovery(
    book: AddressBook,
    party: PartyAddress,
    signers: Sequence[SignerGrant],
    thresholds: Sequence[ThresholdGrant],
    reason: Digest,
) -> Call:
    """Anyone, with the arguments of the proposal, once it is ready."""
    data = parties.encode_execute_recovery(
        address_bytes(party), *_grants(signers, thresholds), word_bytes(reason)
    )
    return Call(book.address("Parties"), data)


def issue(book: AddressBook, intent: Issue, debtor_signatures: bytes, creditor_signatures: bytes) -> Call:
    """Anyone carries it; signed by debtor (CONFIRM) and creditor (ACCEPT)."""
    data = issuance.encode_issue(bound(issuance.Issue, intent), debtor_signatures, creditor_signatures)
    return Call(book.address("Issuance"), data)


def cancel(book: AddressBook, intent: Cancel, debtor_signatures: bytes, creditor_signatures: bytes) -> Call:
    """Anyone carries it; signed by debtor (CONFIRM) and creditor (ACCEPT)."""
    data = issuance.encode_cancel(bound(issuance.Cancel, intent), debtor_signatures, creditor_signatures)
    return Call(book.address("Issuance"), data)


def assign(book: AddressBook, intent: Assign, owner_signatures: bytes, receiver_signatures: bytes) -> Call:
    """Anyone carries it; signed by owner (ASSIGN) and receiver (ACCEPT)."""
    data = transfers.encode_assign(bound(transfers.Assign, intent), owner_signatures, receiver_signatures)
    return Call(book.address("Transfers"), data)


def assign_many(book: AddressBook, items: Sequence[AssignItem]) -> Call:
    """Anyone carries it; an item that fails is reported by `IntentFailed` and harms no other."""
    encoded = [
        transfers.AssignItem(
            bound(transfers.Assign, item.intent), item.owner_signatures, item.receiver_signatures
        )
        for item in items
    ]
    return Call(book.address("Transfers"), transfers.encode_assign_many(encoded))


def finance(book: AddressBook, intent: Finance, bank_signatures: bytes, seller_signatures: bytes) -> Call:
    """Anyone carries it; signed by bank (FINANCE) and seller (ASSIGN). Title and cash move together."""
    data = financing.encode_finance(bound(financing.Finance, intent), bank_signatures, seller_signatures)
    return Call(book.address("Financing"), data)


def finance_under_mandate(
    book: AddressBook, intent: Finance, mandate: Mandate, quoter_signature: bytes, seller_signatures: bytes
) -> Call:
    """Anyone carries it; signed by the mandate's quoter (QUOTE) and the seller (ASSIGN)."""
    data = financing.encode_finance_under_mandate(
        bound(financing.Finance, intent),
        bound(financing.Mandate, mandate),
        quoter_signature,
        seller_signatures,
    )
    return Call(book.address("Financing"), data)


def finance_many(book: AddressBook, items: Sequence[FinanceItem]) -> Call:
    """Anyone carries it; an item that fails is reported by `IntentFailed` and harms no other."""
    encoded = [
        financing.FinanceItem(
            bound(financing.Finance, item.intent),
            bound(financing.Mandate, item.mandate) if item.mandate else _NO_MANDATE,
            item.bank_signatures,
            item.seller_signatures,
        )
        for item in items
    ]
    return Call(book.address("Financing"), financing.encode_finance_many(encoded))


def buy_back(book: AddressBook, intent: Buyback, bank_signatures: bytes, seller_signatures: bytes) -> Call:
    """Anyone carries it; signed by bank (FINANCE) and seller (PAY)."""
    data = financing.encode_buy_back(bound(financing.Buyback, intent), bank_signatures, seller_signatures)
    return Call(book.address("Financing"), data)


def grant_mandate(book: AddressBook, mandate: Mandate, bank_signatures: bytes) -> Call:
    """Anyone carries it; signed by the bank (FINANCE). The digest is its id; `revoke` withdraws it."""
    data = financing.encode_grant_mandate(bound(financing.Mandate, mandate), bank_signatures)
    return Call(book.address("Financing"), data)


def release_exposure(book: AddressBook, lots: Sequence[LotId]) -> Call:
    """Anyone: take off a mandate's exposure what was paid of lots or is no longer held."""
    return Call(book.address("Financing"), financing.encode_release_exposure(lots))


def pledge(book: AddressBook, intent: Pledge, owner_signatures: bytes, pledgee_signatures: bytes) -> Call:
    """Anyone carries it; signed by owner (ASSIGN) and pledgee (FINANCE)."""
    data = pledges.encode_pledge(bound(pledges.Pledge, intent), owner_signatures, pledgee_signatures)
    return Call(book.address("Pledges"), data)


def release(book: AddressBook, intent: Release, owner_signatures: bytes, pledgee_signatures: bytes) -> Call:
    """Anyone carries it; signed by the pledgee (FINANCE), and by the owner (PAY) where it repays."""
    data = pledges.encode_release(bound(pledges.Release, intent), owner_signatures, pledgee_signatures)
    return Call(book.address("Pledges"), data)


def realise(
    book: AddressBook,
    intent: Realise,
    owner_signatures: bytes,
    pledgee_signatures: bytes,
    buyer_signatures: bytes,
) -> Call:
    """Anyone carries it; signed by owner (ASSIGN), pledgee (FINANCE) and, where another, buyer (PAY)."""
    data = pledges.encode_realise(
        bound(pledges.Realise, intent), owner_signatures, pledgee_signatures, buyer_signatures
    )
    return Call(book.address("Pledges"), data)


def export(book: AddressBook, intent: Export, owner_signatures: bytes, registry_signatures: bytes) -> Call:
    """Anyone carries it; signed by owner (ASSIGN) and registry (ACCEPT)."""
    data = exports.encode_export(bound(exports.Export, intent), owner_signatures, registry_signatures)
    return Call(book.address("Exports"), data)


def pay(book: AddressBook, intent: Pay, signatures: bytes) -> Call:
    """Anyone carries it; signed by the debtor (PAY)."""
    return Call(book.address("Settlement"), settlement.encode_pay(bound(settlement.Pay, intent), signatures))


def claim(book: AddressBook, lots: Sequence[LotId]) -> Call:
    """Anyone: pay each lot's open share to its owner; `ClaimFailed` reports a lot that gets nothing."""
    return Call(book.address("Settlement"), settlement.encode_claim(lots))


def flag_overdue(book: AddressBook, receivable: ReceivableId) -> Call:
    """Anyone: flag a receivable that is due and unpaid, which blocks its debtor."""
    return Call(book.address("Settlement"), settlement.encode_flag_overdue(receivable))


def declare_default(book: AddressBook, receivable: ReceivableId) -> Call:
    """Anyone: a receivable unpaid at the end of its grace period is in default."""
    return Call(book.address("Settlement"), settlement.encode_declare_default(receivable))


def freeze(book: AddressBook, lots: Sequence[LotId], order: Digest) -> Call:
    """FREEZER: stop lots, all or none, under the order of this hash."""
    return Call(book.address("Enforcement"), enforcement.encode_freeze(lots, word_bytes(order)))


def unfreeze(book: AddressBook, lots: Sequence[LotId], order: Digest) -> Call:
    """FREEZER: let lots go again."""
    return Call(book.address("Enforcement"), enforcement.encode_unfreeze(lots, word_bytes(order)))


def suspend(book: AddressBook, receivable: ReceivableId, order: Digest) -> Call:
    """FREEZER: stop a whole receivable before its first payment."""
    return Call(book.address("Enforcement"), enforcement.encode_suspend(receivable, word_bytes(order)))


def resume(book: AddressBook, receivable: ReceivableId, order: Digest) -> Call:
    """FREEZER: let a suspended receivable go on."""
    return Call(book.address("Enforcement"), enforcement.encode_resume(receivable, word_bytes(order)))


def force_move(book: AddressBook, lot: LotId, to: PartyAddress, amount: int, order: Digest) -> Call:
    """COURT (delayed): move a lot, or its low end, whoever owns it."""
    data = enforcement.encode_force_move(lot, address_bytes(to), amount, word_bytes(order))
    return Call(book.address("Enforcement"), data)


def write_off(book: AddressBook, receivable: ReceivableId, order: Digest) -> Call:
    """COURT (delayed): give up a receivable in default, for good."""
    return Call(book.address("Enforcement"), shared.encode_write_off(receivable, word_bytes(order)))


def mint(book: AddressBook, currency: int, to: PartyAddress, amount: int, credit_ref: Digest) -> Call:
    """SETTLEMENT_BANK: `amount` minor units against the credit notice of `credit_ref`, which counts once."""
    return Call(
        book.cash_address(currency), cash.encode_mint(address_bytes(to), amount, word_bytes(credit_ref))
    )


def redeem(book: AddressBook, intent: Redeem, signatures: bytes) -> Call:
    """Anyone carries it; signed by the holder (PAY)."""
    return Call(
        book.cash_address(intent.currency), cash.encode_redeem(bound(cash.Redeem, intent), signatures)
    )


def schedule_rule(book: AddressBook, param: int, currency: int, value: int, effective: int) -> Call:
    """GOVERNANCE (delayed): a parameter of `bindings.codes.Rules` from a day to come; currency 0 is all."""
    return Call(book.address("Rulebook"), rulebook.encode_schedule(param, currency, value, effective))


def pause(contract: str, rights: int) -> Call:
    """GUARDIAN: stop the rights of the mask at the contract of this address."""
    return Call(contract, shared.encode_pause(rights))


def unpause(contract: str, rights: int) -> Call:
    """UNPAUSER (delayed): let the rights of the mask act again."""
    return Call(contract, shared.encode_unpause(rights))


def delayed(book: AddressBook, call: Call, when: int = AT_ONCE) -> tuple[Call, Call]:
    """The two transactions of a role with a delay: announce now, carry out once the delay has passed."""
    target = address_bytes(call.to)
    manager = book.address("AccessManager")
    return (
        Call(manager, access_manager.encode_schedule(target, call.data, when)),
        Call(manager, access_manager.encode_execute(target, call.data)),
    )


def _grants(
    signers: Sequence[SignerGrant], thresholds: Sequence[ThresholdGrant]
) -> tuple[list[parties.SignerGrant], list[parties.ThresholdGrant]]:
    return (
        [parties.SignerGrant(address_bytes(grant.signer), grant.powers, grant.expires) for grant in signers],
        [parties.ThresholdGrant(grant.power, grant.threshold) for grant in thresholds],
    )


def bound(struct: type[S], intent: Any) -> S:
    """An intent as the struct of the contract: the same field names, addresses and words as bytes."""
    return struct(**{field.name: _raw(getattr(intent, field.name)) for field in fields(intent)})


def _raw(value: object) -> object:
    if isinstance(value, str):
        return word_bytes(value)
    if isinstance(value, tuple):
        return [bound(invoices.InvoiceUse, item) for item in value if isinstance(item, InvoiceUse)]
    return value
