"""Calls against the golden ABIs: eth_abi reads back what was asked for."""

from dataclasses import fields
from typing import Any

import pytest
from eth_abi.abi import decode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain import calls
from chain.address_book import AddressBook
from chain.bindings.codes import Rights, Rules
from chain.bindings.tables import FUNCTIONS
from chain.calls import AssignItem, Call, FinanceItem, SignerGrant, ThresholdGrant
from chain.text import checksum
from chain.typed_data import verifying_contract
from domain.ids import Digest, LotId, PartyAddress, ReceivableId
from domain.intents import (
    Assign,
    Buyback,
    Cancel,
    Export,
    Finance,
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
from tests.support.abi_values import canonical, golden_abis
from tests.support.intents import INTENTS

PARTY = PartyAddress("0x2222222222222222222222222222222222222222")
SIGNER = "0x4444444444444444444444444444444444444444"
WORD = Digest("0x" + "33" * 32)

SIGNED: dict[type[Any], tuple[str, Any, int]] = {
    Issue: ("issue", calls.issue, 2),
    Cancel: ("cancel", calls.cancel, 2),
    Assign: ("assign", calls.assign, 2),
    Finance: ("finance", calls.finance, 2),
    Buyback: ("buyBack", calls.buy_back, 2),
    Mandate: ("grantMandate", calls.grant_mandate, 1),
    Pledge: ("pledge", calls.pledge, 2),
    Release: ("release", calls.release, 2),
    Realise: ("realise", calls.realise, 3),
    Export: ("export", calls.export, 2),
    Pay: ("pay", calls.pay, 1),
    Redeem: ("redeem", calls.redeem, 1),
    Revoke: ("revoke", calls.revoke, 1),
    VetoRecovery: ("vetoRecovery", calls.veto_recovery, 1),
    SetSigner: ("setSigner", calls.set_signer, 1),
    SetThreshold: ("setThreshold", calls.set_threshold, 1),
}
"""intent → function, builder, number of signature sets"""


def arguments(book: AddressBook, call: Call, contract: str, function: str) -> tuple[Any, ...]:
    """What the contract's function would receive."""
    targets = [entry.address for name, entry in book.entries() if name == contract]
    assert call.to in targets
    assert call.data[:4] == FUNCTIONS[contract][function]
    entry = next(e for e in golden_abis()[contract] if e["type"] == "function" and e["name"] == function)
    return decode([canonical(parameter) for parameter in entry["inputs"]], call.data[4:])


def plain(value: Any) -> Any:
    """An intent as eth_abi gives it back."""
    if isinstance(value, str):
        return value.lower() if len(value) == 42 else bytes.fromhex(value[2:])
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        return tuple(plain(getattr(value, field.name)) for field in fields(value))
    return value


@pytest.mark.parametrize("kind", SIGNED, ids=[kind.__name__ for kind in SIGNED])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_signed_intent_arrives_field_by_field(
    book: AddressBook, kind: type[Any], data: st.DataObject
) -> None:
    function, build, signature_sets = SIGNED[kind]
    intent = data.draw(INTENTS[kind])
    signatures = [bytes([number]) * 65 for number in range(signature_sets)]
    call = build(book, intent, *signatures)
    contract = {"Redeem": "Cash"}.get(kind.__name__) or next(
        name for name, entry in book.entries() if entry.address == verifying_contract(intent, book)
    )
    assert arguments(book, call, contract, function) == (plain(intent), *signatures)


def test_every_intent_has_a_call() -> None:
    assert SIGNED.keys() == INTENTS.keys()


@given(st.lists(INTENTS[Assign], max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_batch_keeps_each_item_with_its_signatures(book: AddressBook, intents: list[Assign]) -> None:
    items = [AssignItem(intent, b"\x01" * 65, b"\x02" * 65) for intent in intents]
    (found,) = arguments(book, calls.assign_many(book, items), "Transfers", "assignMany")
    assert found == tuple((plain(intent), b"\x01" * 65, b"\x02" * 65) for intent in intents)


@given(INTENTS[Finance], INTENTS[Mandate])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_quote_shows_its_mandate_in_full(book: AddressBook, intent: Finance, mandate: Mandate) -> None:
    call = calls.finance_under_mandate(book, intent, mandate, b"\x01" * 65, b"\x02" * 65)
    found = arguments(book, call, "Financing", "financeUnderMandate")
    assert found == (plain(intent), plain(mandate), b"\x01" * 65, b"\x02" * 65)


@given(INTENTS[Finance], INTENTS[Mandate])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_batch_of_purchases_has_a_mandate_or_a_zero_one_in_each_item(
    book: AddressBook, intent: Finance, mandate: Mandate
) -> None:
    items = [FinanceItem(intent, given_one, b"\x01" * 65, b"\x02" * 65) for given_one in (mandate, None)]
    (found,) = arguments(book, calls.finance_many(book, items), "Financing", "financeMany")
    none = tuple("0x" + "00" * 20 if isinstance(part, str) else 0 for part in plain(mandate))
    assert found == tuple(
        (plain(intent), shown, b"\x01" * 65, b"\x02" * 65) for shown in (plain(mandate), none)
    )


def test_a_party_is_admitted_with_signers_and_thresholds(book: AddressBook) -> None:
    call = calls.admit(
        book,
        WORD,
        Role.DEBTOR | Role.BANK,
        9,
        [SignerGrant(SIGNER, 255, 10)],
        [ThresholdGrant(Power.CONFIRM, 2)],
    )
    assert arguments(book, call, "Parties", "admit") == (
        bytes.fromhex("33" * 32),
        5,
        9,
        ((SIGNER, 255, 10),),
        ((1, 2),),
    )


def test_a_party_is_updated_for_a_reason(book: AddressBook) -> None:
    call = calls.update_party(book, PARTY, PartyStatus.SUSPENDED, Role.DEBTOR, 9, WORD)
    assert arguments(book, call, "Parties", "update") == (PARTY, 2, 1, 9, bytes.fromhex("33" * 32))


def test_what_anyone_may_do(book: AddressBook) -> None:
    call = calls.claim(book, [LotId(7), LotId(8)])
    assert arguments(book, call, "Settlement", "claim") == ((7, 8),)
    call = calls.flag_overdue(book, ReceivableId(3))
    assert arguments(book, call, "Settlement", "flagOverdue") == (3,)
    call = calls.declare_default(book, ReceivableId(3))
    assert arguments(book, call, "Settlement", "declareDefault") == (3,)
    call = calls.release_exposure(book, [LotId(7), LotId(8)])
    assert arguments(book, call, "Financing", "releaseExposure") == ((7, 8),)


def test_what_is_done_under_an_order_carries_its_hash(book: AddressBook) -> None:
    order = bytes.fromhex("33" * 32)
    for build, function in ((calls.freeze, "freeze"), (calls.unfreeze, "unfreeze")):
        call = build(book, [LotId(7), LotId(8)], WORD)
        assert arguments(book, call, "Enforcement", function) == ((7, 8), order)
    for build_one, function in (
        (calls.suspend, "suspend"),
        (calls.resume, "resume"),
        (calls.write_off, "writeOff"),
    ):
        call = build_one(book, ReceivableId(3), WORD)
        assert arguments(book, call, "Enforcement", function) == (3, order)
    call = calls.force_move(book, LotId(7), PARTY, 5, WORD)
    assert arguments(book, call, "Enforcement", "forceMove") == (7, PARTY, 5, order)


def test_money_and_rules(book: AddressBook) -> None:
    call = calls.mint(book, 978, PARTY, 5, WORD)
    assert call.to == book.cash_address(978)
    assert arguments(book, call, "Cash", "mint") == (PARTY, 5, bytes.fromhex("33" * 32))
    call = calls.schedule_rule(book, Rules.MAX_DEPTH, 0, 5, 9)
    assert arguments(book, call, "Rulebook", "schedule") == (Rules.MAX_DEPTH, 0, 5, 9)


def test_pausing_is_for_one_contract(book: AddressBook) -> None:
    ledger = book.address("Ledger")
    assert arguments(book, calls.pause(ledger, Rights.PAY), "Ledger", "pause") == (Rights.PAY,)
    assert arguments(book, calls.unpause(ledger, Rights.PAY), "Ledger", "unpause") == (Rights.PAY,)


def test_a_delayed_operation_is_announced_and_carried_out_with_the_same_data(book: AddressBook) -> None:
    inner = calls.schedule_rule(book, Rules.MAX_DEPTH, 0, 5, 9)
    announced, carried_out = calls.delayed(book, inner)
    target = inner.to.lower()
    assert arguments(book, announced, "AccessManager", "schedule") == (target, inner.data, calls.AT_ONCE)
    assert arguments(book, carried_out, "AccessManager", "execute") == (target, inner.data)
    assert checksum(bytes.fromhex(target[2:])) == inner.to
