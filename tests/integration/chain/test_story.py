"""Issue, assign, finance, pay, claim on real contracts, through calls and typed data, read back as events."""

import pytest

from chain import calls
from chain.bindings.lens import LotView
from chain.errors import ContractReverted, decode_revert
from chain.reader import LedgerReader, ReceivableRecord
from domain import events
from domain.ids import ZERO_ADDRESS, Fingerprint, LotId
from domain.parties import PartyStatus, Role
from domain.receivable import Cause, ReceivableState
from tests.support.chain import DAY_S, DeployedLedger, fresh_ledger, random_word
from tests.support.trade import CNY, Trade, only

pytestmark = pytest.mark.asyncio(loop_scope="session")

FACE = 1_000_00


async def lots(reader: LedgerReader, receivable: ReceivableRecord) -> list[LotView]:
    """All lots of one receivable."""
    pages = reader.lots([(receivable.id, receivable.lot_count)])
    return [view async for page in pages for view in page]


async def test_a_receivable_is_issued_passed_on_financed_paid_and_claimed(deployed: DeployedLedger) -> None:
    trade = Trade(deployed)
    core = await deployed.admit("core", Role.DEBTOR, signers=2, threshold=2)
    first, second = [await deployed.admit(name, Role.SUPPLIER) for name in ("first", "second")]
    bank = await deployed.admit("bank", Role.BANK)
    await deployed.mint(bank, CNY, FACE)
    await deployed.mint(core, CNY, FACE)

    issued = await trade.issue(core, first, FACE)
    assert (issued.debtor, issued.creditor, issued.face) == (core.address, first.address, FACE)

    moved = await trade.assign(first, second, issued.lot, 400_00)
    assert (moved.from_, moved.to, moved.first, moved.amount) == (first.address, second.address, 0, 400_00)
    assert (moved.parent_left, moved.cause) == (600_00, Cause.ASSIGN)

    said = await trade.finance(bank, second, moved.child, 400_00, price=395_00)
    financed, cash = only(events.Financed, said), only(events.Transfer, said)
    assert (financed.bank, financed.seller, financed.price) == (bank.address, second.address, 395_00)
    assert (cash.from_, cash.to, cash.value) == (bank.address, second.address, 395_00)

    paid = await trade.pay(core, issued.id, FACE)
    assert (paid.principal, paid.interest, paid.installment) == (FACE, 0, 1)
    said = await trade.send(calls.claim(deployed.book, [issued.lot, financed.child]))
    claims = {event.owner: event.principal for event in said if isinstance(event, events.LotClaimed)}
    assert claims == {first.address: 600_00, bank.address: 400_00}


async def test_late_payment_carries_interest_and_a_claim_that_fails_says_why() -> None:
    async with fresh_ledger() as ledger:
        trade = Trade(ledger)
        core, supplier = (
            await ledger.admit("core", Role.DEBTOR),
            await ledger.admit("supplier", Role.SUPPLIER),
        )
        await ledger.mint(core, CNY, 2 * FACE)
        issued = await trade.issue(core, supplier, FACE, days=1)
        await ledger.node.set_time(issued.due + 3 * DAY_S)
        said = await trade.send(calls.flag_overdue(ledger.book, issued.id))
        assert only(events.OverdueChanged, said).blocking == 1

        head = await ledger.client.head()
        owed = await LedgerReader(ledger.client, head.number).owed(issued.id, head.timestamp)
        assert owed == (FACE, FACE * 500 * 3 // 10**6)
        paid = await trade.pay(core, issued.id, sum(owed))
        assert (paid.principal, paid.interest) == owed

        said = await trade.send(calls.claim(ledger.book, [issued.lot, LotId(issued.lot + 5)]))
        failed = only(events.ClaimFailed, said)
        assert failed.lot == issued.lot + 5
        assert only(events.LotClaimed, said).interest == owed[1]
        assert decode_revert(failed.reason).name == "LedgerUnknownLot"


async def test_the_reader_sees_what_the_events_said_at_the_block_it_names() -> None:
    async with fresh_ledger() as ledger:
        trade = Trade(ledger)
        core, supplier = (
            await ledger.admit("core", Role.DEBTOR),
            await ledger.admit("supplier", Role.SUPPLIER),
        )
        await ledger.mint(core, CNY, FACE)
        issued = await trade.issue(core, supplier, FACE)
        before = LedgerReader(ledger.client, await ledger.client.block_number())
        moved = await trade.assign(supplier, await ledger.admit("next", Role.SUPPLIER), issued.lot, 1_00)
        await trade.pay(core, issued.id, FACE)
        now = LedgerReader(ledger.client, await ledger.client.block_number())

        (then_receivable,) = [one async for page in before.receivables() for one in page]
        (receivable,) = [one async for page in now.receivables() for one in page]
        assert (then_receivable.state, then_receivable.paid) == (ReceivableState.ACTIVE, 0)
        assert (receivable.state, receivable.paid, receivable.lot_count) == (ReceivableState.SETTLED, FACE, 2)
        assert (receivable.debtor, receivable.terms_hash) == (core.address, issued.terms_hash)

        assert [view.lot.amount for view in await lots(before, then_receivable)] == [FACE]
        found = await lots(now, receivable)
        assert [(view.id, view.lot.amount, view.lot.parent) for view in found] == [
            (issued.lot, FACE - 1_00, 0),
            (moved.child, 1_00, issued.lot),
        ]
        assert [lot.id for lot in await now.chain_of_title(moved.child)] == [moved.child, issued.lot]
        claims = {one.lot: one.principal async for one in now.claimable(receivable)}
        assert claims == {issued.lot: FACE - 1_00, moved.child: 1_00}

        settlement = ledger.book.address("Settlement")
        assert await now.cash_balances(CNY, [core.address, settlement]) == [0, FACE]
        assert await now.cash_supply(CNY) == FACE


async def test_the_reader_reads_parties_signers_and_invoices(deployed: DeployedLedger) -> None:
    party = await deployed.admit("party", Role.DEBTOR | Role.BANK, signers=2, threshold=2)
    reader = LedgerReader(deployed.client, await deployed.client.block_number())
    (known,) = await reader.parties([party.address])
    assert (known.status, known.roles) == (PartyStatus.ACTIVE, Role.DEBTOR | Role.BANK)
    assert known.thresholds == 0x22222222
    with pytest.raises(ContractReverted, match="PartiesUnknown"):
        await reader.parties([party.address, ZERO_ADDRESS])
    keys = [party.signers[0].address, deployed.relayer.address]
    assert [one.powers for one in await reader.signers([(party.address, key) for key in keys])] == [255, 0]
    (invoice,) = await reader.invoices([Fingerprint(random_word())])
    assert (invoice.total, invoice.used) == (0, 0)


async def test_more_receivables_than_a_page_are_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chain.reader.RECEIVABLES_PAGE", 2)
    monkeypatch.setattr("chain.reader.LOTS_PAGE", 2)
    monkeypatch.setattr("chain.reader.LOTS_A_REQUEST", 3)
    monkeypatch.setattr("chain.reader.REQUESTS_AHEAD", 1)
    async with fresh_ledger() as ledger:
        trade = Trade(ledger)
        core, supplier = (
            await ledger.admit("core", Role.DEBTOR),
            await ledger.admit("supplier", Role.SUPPLIER),
        )
        issued = [await trade.issue(core, supplier, FACE) for _ in range(5)]
        for seq in range(5):
            await trade.assign(supplier, core, issued[0].lot, 1_00, seq=seq)
        reader = LedgerReader(ledger.client, await ledger.client.block_number())
        receivables = [one async for page in reader.receivables() for one in page]
        assert [one.id for one in receivables] == [1, 2, 3, 4, 5]
        sizes = [(one.id, one.lot_count) for one in receivables]
        found = [view.id async for page in reader.lots(sizes) for view in page]
        assert found == [*range(issued[0].lot, issued[0].lot + 6), *(one.lot for one in issued[1:])]
