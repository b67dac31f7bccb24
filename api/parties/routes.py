"""Organisations and their keys to the API."""

from typing import Annotated, Final

from fastapi import Path, Query, Request

from api.auth import service as auth
from api.auth.caller import Scope
from api.auth.models import ApiKey
from api.auth.visibility import require_visible
from api.deps import Read, Work, needs
from api.http.pagination import PAGE_DEFAULT, CursorQuery, LimitQuery, PageView, cut, page_view
from api.http.problems import SCOPE_MISSING
from api.http.routing import router
from api.http.schemas import PartyId, instant_ms
from api.ids import now_ms
from api.intents import service as intents
from api.intents.schemas import IntentView
from api.outbox.schemas import OperationView
from api.parties import authority, repository, service, views
from api.parties.schemas import (
    ApiKeyBody,
    ApiKeyView,
    PartyBody,
    PartyView,
    RotationBody,
    SignerBody,
    StandingBody,
    ThresholdBody,
)
from domain.ids import PartyAddress
from domain.parties import PartyIdentifier, PartyStatus

ROUTER: Final = router("/parties", "parties")
_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS
_MEMBERS: Final = needs(Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY)

PartyPath = Annotated[PartyId, Path(description="The party's address.")]


@ROUTER.post("", status_code=201, dependencies=[needs(Scope.REGISTER)])
async def register_party(body: PartyBody, work: Work) -> OperationView:
    """Admit an organisation with its first signers; the party's id is the operation's `subject_ref`."""
    return OperationView.of(await service.register(work, body))


@ROUTER.get("")
async def list_parties(
    read: Read,
    request: Request,
    identifier: Annotated[str | None, Query(max_length=100, examples=["VAT:DE123456789"])] = None,
    country: Annotated[str, Query(pattern=r"^[A-Z]{2}$|^$")] = "",
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[PartyView]:
    """Anybody finds a party by one of its identifiers (`SCHEME:value`); only the registrar and auditors see
    them all.
    """
    if identifier is not None:
        scheme, _, value = identifier.partition(":")
        owner = await service.find_by_identifier(read.session, PartyIdentifier(scheme, value, country))
        rows = [await service.require_known(read.session, owner)] if owner is not None else []
        return page_view(request, [await views.view(read, row) for row in rows], None)
    if not read.caller.scopes & {Scope.REGISTER, Scope.AUDIT}:
        own = await repository.profile(read.session, read.caller.party)
        return page_view(request, [await views.view(read, own)] if own is not None else [], None)
    found = await repository.page(read.session, after=cursor, limit=limit + 1)
    page, next_cursor = cut(found, limit, lambda row: row.address)
    return page_view(request, [await views.view(read, row) for row in page], next_cursor)


@ROUTER.get("/{party_id}")
async def get_party(party_id: PartyPath, read: Read) -> PartyView:
    """A party; strangers see its name and standing."""
    return await views.view(read, await service.require_known(read.session, PartyAddress(party_id)))


@ROUTER.post("/{party_id}/suspension", status_code=201, dependencies=[needs(Scope.REGISTER)])
async def suspend_party(party_id: PartyPath, body: StandingBody, work: Work) -> OperationView:
    """Stop all keys of a party at once; its claims keep being paid into its account."""
    party = PartyAddress(party_id)
    return OperationView.of(await service.change_standing(work, party, PartyStatus.SUSPENDED, body.reason))


@ROUTER.post("/{party_id}/reinstatement", status_code=201, dependencies=[needs(Scope.REGISTER)])
async def reinstate_party(party_id: PartyPath, body: StandingBody, work: Work) -> OperationView:
    """End a suspension."""
    party = PartyAddress(party_id)
    return OperationView.of(await service.change_standing(work, party, PartyStatus.ACTIVE, body.reason))


@ROUTER.post("/{party_id}/signers", status_code=201, dependencies=[_MEMBERS])
async def set_signer(party_id: PartyPath, body: SignerBody, work: Work) -> IntentView:
    """Give a key of one's party powers until a time: an intent that its signers sign (`admin`)."""
    return await intents.view(work, await authority.set_signer(work, PartyAddress(party_id), body))


@ROUTER.post("/{party_id}/signers/{signer}/removal", status_code=201, dependencies=[_MEMBERS])
async def remove_signer(
    party_id: PartyPath, signer: Annotated[PartyId, Path(description="The key's address.")], work: Work
) -> IntentView:
    """Take all powers from a key of one's party: an intent that its signers sign (`admin`)."""
    return await intents.view(work, await authority.remove_signer(work, PartyAddress(party_id), signer))


@ROUTER.post("/{party_id}/thresholds", status_code=201, dependencies=[_MEMBERS])
async def set_threshold(party_id: PartyPath, body: ThresholdBody, work: Work) -> IntentView:
    """Say how many keys of one's party have to sign with a power: an intent that they sign (`admin`)."""
    return await intents.view(work, await authority.set_threshold(work, PartyAddress(party_id), body))


@ROUTER.post("/{party_id}/api-keys", status_code=201, dependencies=[needs(Scope.REGISTER)])
async def mint_api_key(party_id: PartyPath, body: ApiKeyBody, work: Work) -> ApiKeyView:
    """Make a key for a party; the key itself is in this answer and never again, not even in a retry's."""
    party = PartyAddress(party_id)
    await service.require_known(work.session, party)
    key_id, api_key = await auth.mint_key(
        work.session,
        party=party,
        scopes=body.scopes,
        label=body.label,
        signer=body.signer,
        expires_ms=_in_days(body.expires_in_days),
    )
    work.shown_once.add("api_key")
    return _key_view(await work.session.get_one(ApiKey, key_id), api_key)


@ROUTER.get("/{party_id}/api-keys")
async def list_api_keys(party_id: PartyPath, read: Read) -> list[ApiKeyView]:
    """The keys of the caller's own party, or of any for the registrar."""
    if not read.caller.has(Scope.REGISTER):
        require_visible(read.caller, [PartyAddress(party_id)], "party")
    return [_key_view(key) for key in await auth.keys_of(read.session, PartyAddress(party_id))]


@ROUTER.post("/{party_id}/api-keys/{key_id}/rotation", status_code=201)
async def rotate_api_key(party_id: PartyPath, key_id: str, body: RotationBody, work: Work) -> ApiKeyView:
    """A new key with the same rights; the old one goes on for a while. For the registrar, and for the key
    itself; the new key is in this answer and never again.
    """
    if not work.caller.has(Scope.REGISTER) and work.caller.key_id != key_id:
        raise SCOPE_MISSING("only the registrar rotates another's key", scopes=[Scope.REGISTER])
    new_key_id, api_key = await auth.replace_key(
        work.session,
        PartyAddress(party_id),
        key_id,
        overlap_ms=body.overlap_hours * _HOUR_MS,
        expires_ms=_in_days(body.expires_in_days),
    )
    work.shown_once.add("api_key")
    return _key_view(await work.session.get_one(ApiKey, new_key_id), api_key)


@ROUTER.post("/{party_id}/api-keys/{key_id}/revocation", dependencies=[needs(Scope.REGISTER)])
async def revoke_api_key(party_id: PartyPath, key_id: str, work: Work) -> ApiKeyView:
    """End a key now."""
    return _key_view(await auth.revoke_key(work.session, PartyAddress(party_id), key_id))


def _in_days(days: int | None) -> int | None:
    return now_ms() + days * _DAY_MS if days is not None else None


def _key_view(key: ApiKey, api_key: str | None = None) -> ApiKeyView:
    return ApiKeyView(
        key_id=key.id,
        party=key.party,
        label=key.label,
        scopes=key.scopes,
        signer=key.signer,
        created_at=instant_ms(key.created_ms),
        expires_at=instant_ms(key.expires_ms) if key.expires_ms is not None else None,
        revoked_at=instant_ms(key.revoked_ms) if key.revoked_ms is not None else None,
        replaced_by=key.replaced_by,
        api_key=api_key,
    )
