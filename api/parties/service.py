"""Members of the network: admitted by the registrar, found by their identifiers, suspended and reinstated."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Final

from api.db import ReadSession
from api.http.problems import NOT_FOUND, define
from api.ids import now_ms
from api.outbox import service as outbox
from api.outbox.models import Lane, Operation, OperationKind, OperationState
from api.outbox.service import Followup
from api.parties import repository
from api.parties.checks import check
from api.parties.models import PartyIdentifierRow, PartyProfile
from api.parties.schemas import PartyBody
from api.work import UnitOfWork
from chain import calls
from chain.calls import SignerGrant, ThresholdGrant
from chain.text import party_address
from domain.calendar import DAY_SECONDS, due_instant
from domain.commitments import commitment
from domain.ids import Digest, PartyAddress
from domain.parties import PartyIdentifier, PartyStatus, Power, Role, power_mask
from indexer import queries

PARTY_EXISTS = define(
    "party-exists", 409, "The identifier belongs to a party already", "该标识已属于其他参与方"
)
THRESHOLD_UNREACHABLE = define(
    "threshold-unreachable",
    422,
    "Fewer signers have the power than must sign",
    "持有该权限的签署人少于签署门限",
)
_LEGAL_ID: Final = b"tallystick.legal-id.v1\n"


async def register(work: UnitOfWork, body: PartyBody) -> Operation:
    """Ask the ledger to admit an organisation; its name and identifiers are kept here.

    Raises `party-exists`, `threshold-unreachable`, UnknownScheme and MalformedIdentifier.
    """
    identifiers = [
        PartyIdentifier(row.scheme, row.value, row.country or body.country) for row in body.identifiers
    ]
    await _require_new(work.session, identifiers)
    _require_reachable(body)
    legal_id_hash = legal_id(work.policy.consortium_secret, identifiers[0])
    address = party_address(work.book.chain_id, work.book.address("Parties"), legal_id_hash)
    await _store(work, body, identifiers, address, legal_id_hash)
    call = calls.admit(
        work.book,
        legal_id_hash,
        roles_of(body.roles),
        due_instant(body.kyb_until) + DAY_SECONDS,
        [
            SignerGrant(
                row.address,
                power_mask(*(Power[name.upper()] for name in row.powers)),
                int(row.expires_at.timestamp()),
            )
            for row in body.signers
        ],
        [ThresholdGrant(Power[name.upper()], count) for name, count in body.thresholds.items()],
    )
    return await outbox.enqueue(
        work,
        lane=Lane.REGISTRAR,
        kind=OperationKind.ADMIT,
        call=call,
        subject_ref=address,
        visible_to=[address],
    )


async def change_standing(
    work: UnitOfWork, address: PartyAddress, status: PartyStatus, reason: str
) -> Operation:
    """Suspend a party or take the suspension back; its signers and what it owns are not touched."""
    party = await queries.party(work.mirror, address)
    if party is None:
        raise NOT_FOUND("no such party")
    decision = {"party": address, "status": status.name.lower(), "reason": reason, "at_s": work.now_s}
    call = calls.update_party(
        work.book, address, status, Role(party.roles), party.kyb_until_s, commitment(decision)
    )
    return await outbox.enqueue(
        work,
        lane=Lane.REGISTRAR,
        kind=OperationKind.UPDATE_PARTY,
        call=call,
        subject_ref=address,
        visible_to=[address],
    )


async def find_by_identifier(session: ReadSession, identifier: PartyIdentifier) -> PartyAddress | None:
    """The party that has this identifier, however it is spelt."""
    return await repository.owner_of(session, identifier)


async def find_by_identifiers(
    session: ReadSession, identifiers: Iterable[PartyIdentifier]
) -> dict[str, PartyAddress]:
    """The parties that have these identifiers, by canonical identifier."""
    return await repository.owners_of(session, {identifier.canonical() for identifier in identifiers})


async def legal_identifiers(
    session: ReadSession, addresses: Iterable[PartyAddress]
) -> dict[PartyAddress, PartyIdentifier]:
    """The identifiers by which parties were admitted; their country is always given."""
    rows = await repository.legal_identifiers(session, addresses)
    return {PartyAddress(row.address): PartyIdentifier(row.scheme, row.value, row.country) for row in rows}


async def names_of(session: ReadSession, addresses: Iterable[PartyAddress]) -> dict[PartyAddress, str]:
    """Names by address; a party that is not in our register is named by its address."""
    wanted = list(addresses)
    known = {row.address: row.name for row in await repository.profiles(session, wanted)}
    return {address: known.get(address, address) for address in wanted}


async def require_known(session: ReadSession, address: PartyAddress) -> PartyProfile:
    """The member of an address. Raises `not-found`."""
    profile = await repository.profile(session, address)
    if profile is None:
        raise NOT_FOUND("no such party")
    return profile


def legal_id(secret: bytes, identifier: PartyIdentifier) -> Digest:
    """What the ledger knows an organisation by: an HMAC, so that nobody can try tax numbers against it."""
    message = _LEGAL_ID + identifier.canonical().encode()
    return Digest("0x" + hmac.new(secret, message, hashlib.sha256).hexdigest())


def roles_of(names: Sequence[str]) -> Role:
    """Role flags of names."""
    roles = Role(0)
    for name in names:
        roles |= Role[name.upper()]
    return roles


async def _on_admitted(work: UnitOfWork, operation: Operation) -> None:
    """A refused party is forgotten, so that a corrected request can come."""
    if operation.state == OperationState.FAILED:
        await repository.remove(work.session, operation.subject_ref)
    else:
        operation.result = {"party_id": operation.subject_ref}


FOLLOWUPS: Final[dict[OperationKind, Followup]] = {OperationKind.ADMIT: _on_admitted}


async def _require_new(session: ReadSession, identifiers: Sequence[PartyIdentifier]) -> None:
    for position, identifier in enumerate(identifiers):
        owner = await repository.owner_of(session, identifier)
        if owner is not None or identifier.canonical() in {row.canonical() for row in identifiers[:position]}:
            raise PARTY_EXISTS(identifier.canonical(), party=owner, place=f"/identifiers/{position}")


def _require_reachable(body: PartyBody) -> None:
    for power, need in body.thresholds.items():
        have = sum(power in signer.powers for signer in {row.address: row for row in body.signers}.values())
        if have < need:
            raise THRESHOLD_UNREACHABLE(
                power, power=power, have=have, need=need, place=f"/thresholds/{power}"
            )


async def _store(
    work: UnitOfWork,
    body: PartyBody,
    identifiers: Sequence[PartyIdentifier],
    address: PartyAddress,
    legal_id_hash: Digest,
) -> None:
    work.session.add(
        PartyProfile(
            address=address,
            legal_id_hash=legal_id_hash,
            name=body.name,
            country=body.country,
            created_ms=now_ms(),
        )
    )
    await work.session.flush()
    work.session.add_all(
        PartyIdentifierRow(
            address=address,
            position=position,
            scheme=identifier.scheme,
            value=identifier.value,
            country=identifier.country,
            canonical=identifier.canonical(),
            check=check(identifier).value,
        )
        for position, identifier in enumerate(identifiers)
    )
    await work.session.flush()
