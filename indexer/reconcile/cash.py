"""Cash: each balance, supply and daily limit, and the token of each currency."""

from collections.abc import AsyncIterator

from sqlmodel import select

from chain.bindings import cash, ledger
from chain.calls import Call
from chain.reader import LedgerReader
from chain.text import checksum
from domain.ids import ZERO_ADDRESS
from indexer.models import CashBalance, CashLimit, CashSupply, CurrencyCash
from indexer.reconcile.compare import Context, Difference, against, ask, missing, rows_of


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """Both ways for every currency of the deployment; of balances every mirrored one."""
    for currency in context.book.cash:
        async for difference in _currency(context, currency):
            yield difference
    reader = LedgerReader(context.client, context.block)
    async for rows in rows_of(context.session, CashBalance):
        by_currency: dict[int, list[CashBalance]] = {}
        for row in rows:
            by_currency.setdefault(row.currency, []).append(row)
        for currency, balances in by_currency.items():
            amounts = await reader.cash_balances(currency, [row.holder for row in balances])
            for row, amount in zip(balances, amounts, strict=True):
                for difference in against(row, {"amount_minor": amount}):
                    yield difference


async def _currency(context: Context, currency: int) -> AsyncIterator[Difference | None]:
    token = context.book.cash_address(currency)
    asked = [
        Call(context.book.address("Ledger"), ledger.encode_cash_of(currency)),
        Call(token, cash.encode_total_supply()),
        Call(token, cash.encode_mint_limit()),
    ]
    settled_in, supply, limit = await ask(context, asked)
    if settled_in is None or supply is None or limit is None:
        yield Difference("currency_cash", str(currency), "cash", token, "reverts")
        return
    address = checksum(ledger.decode_cash_of(settled_in))
    yield await _field(context, CurrencyCash, currency, "cash", address, absent=ZERO_ADDRESS)
    total = cash.decode_total_supply(supply)
    yield await _field(context, CashSupply, currency, "amount_minor", total, absent=0)
    per_day = cash.decode_mint_limit(limit)
    yield await _field(context, CashLimit, currency, "per_day_minor", per_day, absent=None)


async def _field(
    context: Context,
    model: type[CurrencyCash | CashSupply | CashLimit],
    currency: int,
    field: str,
    expected: object,
    *,
    absent: object,
) -> Difference | None:
    """`absent` is what the chain says of a currency that the mirror need not have a row for."""
    statement = select(model).where(model.currency == currency)
    row = (await context.session.scalars(statement)).one_or_none()
    if row is None:
        return None if expected == absent else missing(model, currency)
    return next(against(row, {field: expected}))
