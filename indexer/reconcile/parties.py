"""Parties, signers, thresholds, recoveries and revocations."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlmodel import col, select

from chain.bindings import ledger, parties
from chain.calls import Call
from chain.text import address_bytes, checksum, party_address, word_bytes, word_text
from domain.ids import Digest
from domain.parties import Power
from indexer.models import IntentRevocation, Party, Recovery, RecoveryState, Signer, Threshold
from indexer.reconcile.compare import Context, Difference, against, ask, missing, rows_of

_NIBBLE = 15
_PENDING = (RecoveryState.PROPOSED.value, RecoveryState.SECONDED.value)


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """Every party with its thresholds, what blocks it and its recovery, every signer, every revocation."""
    async for rows in rows_of(context.session, Party):
        async for difference in _parties(context, list(rows)):
            yield difference
        async for difference in _recoveries(context, list(rows)):
            yield difference
    target = context.book.address("Parties")
    async for signers in rows_of(context.session, Signer):
        asked = [
            Call(target, parties.encode_signer_of(address_bytes(row.party), address_bytes(row.signer)))
            for row in signers
        ]
        for row, data in zip(signers, await ask(context, asked), strict=True):
            for difference in against(row, None if data is None else _grant(data)):
                yield difference
    async for revocations in rows_of(context.session, IntentRevocation):
        asked = [
            Call(target, parties.encode_is_revoked(address_bytes(row.party), word_bytes(row.digest)))
            for row in revocations
        ]
        for revocation, data in zip(revocations, await ask(context, asked), strict=True):
            known = data is not None and parties.decode_is_revoked(data)
            for difference in against(revocation, {} if known else None):
                yield difference


def _grant(data: bytes) -> Mapping[str, Any]:
    powers, expires = parties.decode_signer_of(data)
    return {"powers": powers, "expires_s": expires}


async def _parties(context: Context, rows: list[Party]) -> AsyncIterator[Difference | None]:
    book = context.book
    asked = [
        Call(book.address("Parties"), parties.encode_party_of(address_bytes(row.address))) for row in rows
    ]
    blocked = [
        Call(book.address("Ledger"), ledger.encode_blocking_count(address_bytes(row.address))) for row in rows
    ]
    found = zip(rows, await ask(context, asked), await ask(context, blocked), strict=True)
    thresholds = await _thresholds(context, rows)
    for row, data, blocking in found:
        stored = None if data is None else parties.decode_party_of(data)
        if stored is None or blocking is None:
            yield next(against(row, None))
            continue
        legal_id = Digest(row.legal_id_hash)
        expected = {
            "address": party_address(book.chain_id, book.address("Parties"), legal_id),
            "status": int(stored.status),
            "roles": stored.roles,
            "kyb_until_s": stored.kyb_until,
            "admitted_s": stored.admitted_at,
            "version": stored.version,
            "blocking": ledger.decode_blocking_count(blocking),
        }
        for difference in against(row, expected):
            yield difference
        for power in Power:
            yield _threshold(row.address, power, stored.thresholds, thresholds)


async def _recoveries(context: Context, rows: list[Party]) -> AsyncIterator[Difference | None]:
    """The chain keeps what is pending, the mirror also what came of it."""
    target = context.book.address("Parties")
    asked = [Call(target, parties.encode_recovery_of(address_bytes(row.address))) for row in rows]
    for row, data in zip(rows, await ask(context, asked), strict=True):
        if data is None:
            continue
        proposal, proposer, ready, version = parties.decode_recovery_of(data)
        pending = proposal != bytes(32)
        mirrored = await context.session.get(Recovery, row.address)
        if mirrored is None:
            yield missing(Recovery, row.address) if pending else None
        elif not pending:
            ended = mirrored.state not in _PENDING
            yield None if ended else next(against(mirrored, {"state": "ended"}))
        else:
            expected = {
                "id": word_text(proposal),
                "proposer": checksum(proposer),
                "ready_s": ready,
                "version": version,
                "state": (RecoveryState.SECONDED if ready else RecoveryState.PROPOSED).value,
            }
            for difference in against(mirrored, expected):
                yield difference


async def _thresholds(context: Context, rows: list[Party]) -> dict[tuple[str, int], Threshold]:
    addresses = [row.address for row in rows]
    found = await context.session.scalars(select(Threshold).where(col(Threshold.party).in_(addresses)))
    return {(row.party, row.power): row for row in found}


def _threshold(
    party: str, power: Power, mask: int, mirrored: dict[tuple[str, int], Threshold]
) -> Difference | None:
    """A power never set has a nibble of 0 on the chain and no row in the mirror."""
    on_chain = mask >> 4 * power & _NIBBLE
    row = mirrored.get((party, power))
    if row is None:
        return missing(Threshold, party, power.value) if on_chain else None
    return next(against(row, {"threshold": on_chain}))
