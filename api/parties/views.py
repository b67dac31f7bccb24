"""A party as one caller may see it: name and standing for everybody, the rest for itself, the registrar and
auditors.
"""

from api.auth.caller import Caller, Scope
from api.auth.visibility import may_see
from api.http.schemas import instant
from api.parties import repository
from api.parties.models import PartyProfile
from api.parties.schemas import IdentifierView, PartyStanding, PartyView, SignerView
from api.work import Reading
from domain.calendar import DAY_SECONDS, date_of
from domain.ids import PartyAddress
from domain.parties import PartyStatus, Role, powers_in
from indexer import queries
from indexer.models import Party


async def view(reading: Reading, profile: PartyProfile) -> PartyView:
    """The party as the caller may see it; `pending` while the ledger has not admitted it."""
    address = PartyAddress(profile.address)
    party = await queries.party(reading.mirror, address)
    if not _sees_all(reading.caller, address):
        return _limited(profile, party)
    thresholds = await queries.thresholds_of(reading.mirror, address)
    return _limited(profile, party).model_copy(
        update={
            "kyb_until": date_of(party.kyb_until_s - DAY_SECONDS).isoformat() if party else None,
            "identifiers": await _identifiers(reading, address),
            "signers": await _signers(reading, address),
            "thresholds": {power.name.lower(): need for power, need in thresholds.items()},
        }
    )


def _sees_all(caller: Caller, address: PartyAddress) -> bool:
    return may_see(caller, [address]) or caller.has(Scope.REGISTER)


def _limited(profile: PartyProfile, party: Party | None) -> PartyView:
    return PartyView(
        id=profile.address,
        name=profile.name,
        country=profile.country,
        roles=[role.name.lower() for role in Role(party.roles) if role.name] if party else [],
        status=_status(party),
        kyb_until=None,
        identifiers=None,
        signers=None,
        thresholds=None,
    )


def _status(party: Party | None) -> PartyStanding:
    if party is None:
        return "pending"
    return "active" if party.status == PartyStatus.ACTIVE else "suspended"


async def _identifiers(reading: Reading, address: PartyAddress) -> list[IdentifierView]:
    return [
        IdentifierView(scheme=row.scheme, value=row.value, country=row.country, check=row.check)
        for row in await repository.identifiers(reading.session, address)
    ]


async def _signers(reading: Reading, address: PartyAddress) -> list[SignerView]:
    return [
        SignerView(
            address=row.signer,
            powers=[power.name.lower() for power in powers_in(row.powers)],
            expires_at=instant(row.expires_s),
        )
        for row in await queries.signers_of(reading.mirror, address)
    ]
