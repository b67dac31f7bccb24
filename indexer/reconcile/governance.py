"""Rights of modules, pauses, rules and administrative roles."""

from collections.abc import AsyncIterator

from sqlmodel import select

from chain.bindings import access_manager, rulebook, shared
from chain.bindings.codes import Rules
from chain.calls import Call
from chain.text import address_bytes, word_bytes
from indexer.models import FunctionRole, ModuleRight, PauseState, RoleGrant, Rule
from indexer.reconcile.compare import Context, Difference, against, ask, missing, rows_of


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """Rules both ways; of the rest every mirrored row, and every contract that can be paused."""
    for part in (_rights, _pauses, _rules, _grants, _functions):
        async for difference in part(context):
            yield difference


async def _rights(context: Context) -> AsyncIterator[Difference | None]:
    async for rows in rows_of(context.session, ModuleRight):
        asked = [Call(row.contract, shared.encode_rights_of(address_bytes(row.module))) for row in rows]
        for row, data in zip(rows, await ask(context, asked), strict=True):
            found = None if data is None else {"rights": shared.decode_rights_of(data)}
            for difference in against(row, found):
                yield difference


async def _pauses(context: Context) -> AsyncIterator[Difference | None]:
    book = context.book
    contracts = [
        book.address("Ledger"),
        book.address("Invoices"),
        *(entry.address for entry in book.cash.values()),
    ]
    answers = await ask(context, [Call(contract, shared.encode_paused()) for contract in contracts])
    for contract, data in zip(contracts, answers, strict=True):
        paused = 0 if data is None else shared.decode_paused(data)
        row = await context.session.get(PauseState, contract)
        if row is not None:
            yield next(against(row, {"paused": paused}))
        else:
            yield missing(PauseState, contract) if paused else None


async def _rules(context: Context) -> AsyncIterator[Difference | None]:
    """Currency 0 for every parameter, and each currency of the deployment where it may have its own."""
    keys = [(param, 0) for param in range(1, Rules.LAST + 1)]
    keys += [(Rules.MIN_LOT_MINOR, currency) for currency in context.book.cash]
    target = context.book.address("Rulebook")
    answers = await ask(context, [Call(target, rulebook.encode_schedule_of(*key)) for key in keys])
    for (param, currency), data in zip(keys, answers, strict=True):
        values, effectives = ((), ()) if data is None else rulebook.decode_schedule_of(data)
        on_chain = dict(zip(effectives, values, strict=True))
        statement = select(Rule).where(Rule.param == param, Rule.currency == currency)
        mirrored = {row.effective_s: row for row in await context.session.scalars(statement)}
        for effective in on_chain.keys() - mirrored.keys():
            yield missing(Rule, param, currency, effective)
        for effective, row in mirrored.items():
            known = effective in on_chain
            for difference in against(row, {"value": on_chain[effective]} if known else None):
                yield difference


async def _grants(context: Context) -> AsyncIterator[Difference | None]:
    target = context.book.address("AccessManager")
    async for rows in rows_of(context.session, RoleGrant):
        asked = [
            Call(target, access_manager.encode_get_access(row.role, address_bytes(row.account)))
            for row in rows
        ]
        for row, data in zip(rows, await ask(context, asked), strict=True):
            if data is None:
                yield next(against(row, None))
                continue
            since, delay, pending_delay, pending_from = access_manager.decode_get_access(data)
            # An announced delay counts: the mirror has what was decided, not what already holds.
            decided = pending_delay if pending_from else delay
            for difference in against(row, {"since_s": since, "delay_seconds": decided}):
                yield difference


async def _functions(context: Context) -> AsyncIterator[Difference | None]:
    target = context.book.address("AccessManager")
    async for rows in rows_of(context.session, FunctionRole):
        asked = [
            Call(
                target,
                access_manager.encode_get_target_function_role(
                    address_bytes(row.target), word_bytes(row.selector)
                ),
            )
            for row in rows
        ]
        for row, data in zip(rows, await ask(context, asked), strict=True):
            role = None if data is None else {"role": access_manager.decode_get_target_function_role(data)}
            for difference in against(row, role):
                yield difference
