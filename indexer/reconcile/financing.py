"""Mandates with what counts against their limits, and lots in other registers."""

from collections.abc import AsyncIterator

from chain.bindings import exports, financing
from chain.calls import Call
from chain.text import address_bytes, word_bytes, word_text
from indexer.models import LotExport, Mandate, MandateHolding
from indexer.reconcile.compare import Context, Difference, against, ask, rows_of


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """Every mirrored row: the contracts list none. Of a mandate they keep the exposure and no terms."""
    for part in (_mandates, _holdings, _exports):
        async for difference in part(context):
            yield difference


async def _mandates(context: Context) -> AsyncIterator[Difference | None]:
    target = context.book.address("Financing")
    async for rows in rows_of(context.session, Mandate):
        asked = [Call(target, financing.encode_exposure_of(word_bytes(row.id))) for row in rows]
        for row, data in zip(rows, await ask(context, asked), strict=True):
            granted, exposure = (False, 0) if data is None else financing.decode_exposure_of(data)
            for difference in against(row, {"exposure_minor": exposure} if granted else None):
                yield difference


async def _holdings(context: Context) -> AsyncIterator[Difference | None]:
    target = context.book.address("Financing")
    async for rows in rows_of(context.session, MandateHolding):
        asked = [Call(target, financing.encode_exposure_of_lot(row.lot)) for row in rows]
        for row, data in zip(rows, await ask(context, asked), strict=True):
            if data is None:
                yield next(against(row, None))
                continue
            mandate, held = financing.decode_exposure_of_lot(data)
            for difference in against(row, {"mandate": word_text(mandate), "held_minor": held}):
                yield difference


async def _exports(context: Context) -> AsyncIterator[Difference | None]:
    """By the other register's reference: it stands for this lot and no other."""
    target = context.book.address("Exports")
    async for rows in rows_of(context.session, LotExport):
        asked = [
            Call(
                target,
                exports.encode_lot_of(address_bytes(row.registry_party), word_bytes(row.registry_ref)),
            )
            for row in rows
        ]
        for row, data in zip(rows, await ask(context, asked), strict=True):
            for difference in against(row, None if data is None else {"child": exports.decode_lot_of(data)}):
                yield difference
