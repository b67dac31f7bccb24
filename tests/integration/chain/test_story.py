"""Issue, assign, finance, pay, claim on real contracts, through calls and typed data, read back as events."""

import pytest

from chain import calls
from chain.client import LedgerClient
from chain.translate import Translator
from domain import events
from domain.ids import ZERO_ADDRESS, Fingerprint
from domain.intents import Assign, Finance, InvoiceUse, Issue, Pay
from domain.parties import Role
from domain.receivable import Cause, ReceivableState
from tests.support.chain import DAY_S, Actor, DeployedLedger, random_salt, random_word

pytestmark = pytest.mark.asyncio(loop_scope="session")

CNY = 156
FACE = 1_000_00
DAYS_TO_DUE = 90


async def events_since(client: LedgerClient, block: int) -> list[events.Event]:
    """Everything our contracts said after a block."""
    found = await client.logs(block + 1, await client.block_number())
    translator = Translator(client.book)
    return [event for log in found.logs if (event := translator.translate(log)) is not None]


async def issue_receivable(ledger: DeployedLedger, debtor: Actor, creditor: Actor) -> events.ReceivableIssued:
    """A receivable of FACE, due in DAYS_TO_DUE days."""
    now = await ledger.now()
    today = now - now % DAY_S
    intent = Issue(
        debtor=debtor.address,
        creditor=creditor.address,
        face=FACE,
        due=today + DAYS_TO_DUE * DAY_S,
        currency=CNY,
        terms_hash=random_word(),
        invoices=(
            InvoiceUse(Fingerprint(random_word()), total=FACE, amount=FACE, issued_at=today - 5 * DAY_S),
        ),
        deadline=now + 3600,
        salt=random_salt(),
    )
    before = await ledger.client.block_number()
    await ledger.send(calls.issue(ledger.book, intent, debtor.sign(intent), creditor.sign(intent)))
    said = await events_since(ledger.client, before)
    return next(event for event in said if isinstance(event, events.ReceivableIssued))


async def test_a_receivable_is_issued_passed_on_financed_paid_and_claimed(deployed: DeployedLedger) -> None:
    core = await deployed.admit("core", Role.DEBTOR, signers=2, threshold=2)
    first, second = [await deployed.admit(name, Role.SUPPLIER) for name in ("first", "second")]
    bank = await deployed.admit("bank", Role.BANK)
    await deployed.mint(bank, CNY, FACE)
    await deployed.mint(core, CNY, FACE)

    issued = await issue_receivable(deployed, core, first)
    assert (issued.debtor, issued.creditor, issued.face) == (core.address, first.address, FACE)

    start = await deployed.client.block_number()
    assign = Assign(
        first.address,
        second.address,
        issued.lot,
        0,
        400_00,
        random_word(),
        await deployed.deadline(),
        random_salt(),
    )
    await deployed.send(calls.assign(deployed.book, assign, first.sign(assign), second.sign(assign)))
    moved = next(e for e in await events_since(deployed.client, start) if isinstance(e, events.LotMoved))
    assert (moved.from_, moved.to, moved.first, moved.amount) == (first.address, second.address, 0, 400_00)
    assert (moved.parent_left, moved.cause) == (600_00, Cause.ASSIGN)

    start = await deployed.client.block_number()
    finance = Finance(
        bank=bank.address, seller=second.address, lot=moved.child, seq=0, amount=400_00, price=395_00, fees=0,
        fees_to=ZERO_ADDRESS, rate_ppm=50_000, day_count=360, recourse=0,
        registration_ref=random_word(), notice_ref=random_word(), terms_hash=random_word(),
        deadline=await deployed.deadline(), salt=random_salt(),
    )  # fmt: skip
    await deployed.send(calls.finance(deployed.book, finance, bank.sign(finance), second.sign(finance)))
    said = await events_since(deployed.client, start)
    financed = next(event for event in said if isinstance(event, events.Financed))
    cash = next(event for event in said if isinstance(event, events.Transfer))
    assert (financed.bank, financed.seller, financed.price) == (bank.address, second.address, 395_00)
    assert (cash.from_, cash.to, cash.value) == (bank.address, second.address, 395_00)

    start = await deployed.client.block_number()
    pay = Pay(core.address, issued.id, FACE, 0, await deployed.deadline(), random_salt())
    await deployed.send(calls.pay(deployed.book, pay, core.sign(pay)))
    await deployed.send(calls.claim(deployed.book, [issued.lot, financed.child]))
    said = await events_since(deployed.client, start)
    claims = {event.owner: event.principal for event in said if isinstance(event, events.LotClaimed)}
    states = [event.to for event in said if isinstance(event, events.ReceivableStateChanged)]
    assert claims == {first.address: 600_00, bank.address: 400_00}
    assert states[-1] is ReceivableState.SETTLED
