"""The invoice before the ledger: which identifier names a party, and which steps exist in which state."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.invoice import (
    STEPS,
    ForbiddenInvoiceStep,
    InvoiceParty,
    InvoiceState,
    InvoiceStep,
    next_state,
)
from domain.parties import PartyIdentifier

USCC = PartyIdentifier("USCC", "91330203MA2AFX7T0B", "CN")
VAT = PartyIdentifier("VAT", "CN91330203MA2AFX7T0B")
SWEDISH = PartyIdentifier("0007", "5566778899")
NATIONAL = PartyIdentifier("NATIONAL", "5566778899", "SE")
GLN = PartyIdentifier("GLN", "7350000001204")
OTHER = PartyIdentifier("OTHER", "K-17", "SE")
ADDRESS = PartyIdentifier("0088", "7350000001211")


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (InvoiceParty("甲", "CN", vat=VAT, registration=USCC, others=(GLN,), endpoint=ADDRESS), USCC),
        (InvoiceParty("A", "SE", vat=VAT, registration=SWEDISH, others=(GLN,), endpoint=ADDRESS), VAT),
        (InvoiceParty("A", "SE", registration=SWEDISH, others=(GLN,), endpoint=ADDRESS), SWEDISH),
        (InvoiceParty("A", "SE", registration=NATIONAL, others=(OTHER, GLN), endpoint=ADDRESS), GLN),
        (InvoiceParty("A", "SE", registration=NATIONAL, others=(OTHER,), endpoint=ADDRESS), NATIONAL),
        (InvoiceParty("A", "SE", others=(OTHER,), endpoint=ADDRESS), OTHER),
        (InvoiceParty("A", "SE", endpoint=ADDRESS), ADDRESS),
        (InvoiceParty("A", "SE"), PartyIdentifier("NAME", "A", "SE")),
    ],
)
def test_the_most_telling_identifier_comes_first(party: InvoiceParty, expected: PartyIdentifier) -> None:
    assert party.primary_identifier == expected


def test_an_identifier_given_twice_is_listed_once() -> None:
    party = InvoiceParty("A", "SE", vat=VAT, others=(GLN, OTHER, GLN), endpoint=GLN)
    assert party.identifiers == (VAT, GLN, OTHER)


def test_a_tax_statement_that_many_companies_share_identifies_nobody() -> None:
    party = InvoiceParty("Bolaget AB", "SE", tax_registration="Godkänd för F-skatt")
    assert party.primary_identifier.scheme == "NAME"


def test_the_straight_way_leads_to_the_ledger() -> None:
    state = InvoiceState.DRAFT
    for step in ("submit", "pass_checks", "confirm", "accept", "issue"):
        state = next_state(state, InvoiceStep(step))
    assert state is InvoiceState.ISSUED


@pytest.mark.parametrize("state", [InvoiceState.REJECTED, InvoiceState.EXPIRED, InvoiceState.CANCELLED])
def test_rejected_expired_and_cancelled_may_be_submitted_again(state: InvoiceState) -> None:
    assert next_state(state, InvoiceStep.SUBMIT) is InvoiceState.SUBMITTED


@pytest.mark.parametrize(("state", "step"), list(product(InvoiceState, InvoiceStep)))
def test_every_step_that_is_not_listed_is_refused(state: InvoiceState, step: InvoiceStep) -> None:
    if step in STEPS[state]:
        assert next_state(state, step) is STEPS[state][step]
        return
    with pytest.raises(ForbiddenInvoiceStep) as refused:
        next_state(state, step)
    assert refused.value.code == "invoice.forbidden_step"
    assert refused.value.values == {"state": state, "step": step}


@given(st.lists(st.sampled_from(InvoiceStep), max_size=30))
def test_nothing_is_issued_that_was_not_confirmed_and_accepted(steps: list[InvoiceStep]) -> None:
    state, taken = InvoiceState.DRAFT, []
    for step in steps:
        if step in STEPS[state]:
            state = next_state(state, step)
            taken.append(step)
    if state is InvoiceState.ISSUED:
        last_submission = len(taken) - 1 - taken[::-1].index(InvoiceStep.SUBMIT)
        since = taken[last_submission:]
        assert {InvoiceStep.PASS_CHECKS, InvoiceStep.CONFIRM, InvoiceStep.ACCEPT} <= set(since)


def test_once_confirmed_the_debtor_cannot_go_back() -> None:
    for state in (InvoiceState.CONFIRMED, InvoiceState.ACCEPTED):
        assert not {InvoiceStep.REJECT, InvoiceStep.DISPUTE, InvoiceStep.CANCEL} & set(STEPS[state])
