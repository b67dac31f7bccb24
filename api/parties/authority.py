"""A party's own keys: who may sign what until when, and how many have to; signed by those that it has."""

from collections.abc import Sequence
from typing import Final

from api.http.problems import define
from api.http.schemas import instant
from api.http.translation import contract_refusal
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.intents.schemas import SummaryLine
from api.parties.schemas import SignerBody, ThresholdBody
from api.parties.service import THRESHOLD_UNREACHABLE
from api.salt import new_salt
from api.work import UnitOfWork
from domain.ids import PartyAddress
from domain.intents import SetSigner, SetThreshold
from domain.parties import Power, power_mask, powers_in
from indexer import queries
from indexer.models import Party

PARTY_NOT_YOURS: Final = define(
    "party-not-yours", 403, "Only the party itself does this", "仅参与方本身可执行此操作"
)
_NO_POWERS: Final = 0


async def set_signer(work: UnitOfWork, party: PartyAddress, body: SignerBody) -> IntentRecord:
    """The `SetSigner` to sign by the party (ADMIN): a new key, or other powers or another end for one.

    Raises `party-not-yours` and `threshold-unreachable`.
    """
    powers = power_mask(*(Power[name.upper()] for name in body.powers))
    return await _signer(work, party, body.address, powers, int(body.expires_at.timestamp()))


async def remove_signer(work: UnitOfWork, party: PartyAddress, signer: str) -> IntentRecord:
    """The `SetSigner` that takes all powers from a key. Raises `PartiesSignerUnknown` and as `set_signer`."""
    _require_own(work, party)
    if signer not in {row.signer for row in await queries.signers_of(work.mirror, party)}:
        raise contract_refusal("PartiesSignerUnknown", party=party, signer=signer)
    return await _signer(work, party, signer, _NO_POWERS, expires_s=0)


async def set_threshold(work: UnitOfWork, party: PartyAddress, body: ThresholdBody) -> IntentRecord:
    """The `SetThreshold` to sign by the party (ADMIN). Raises as `set_signer`."""
    standing = await _standing(work, party)
    power = Power[body.power.upper()]
    have = len(await _holders(work, party, power))
    if have < body.threshold:
        raise THRESHOLD_UNREACHABLE(body.power, power=body.power, have=have, need=body.threshold)
    intent = SetThreshold(
        party=party,
        power=power,
        threshold=body.threshold,
        version=standing.version,
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    lines = [
        SummaryLine(label="Power", label_zh="权限", value=body.power),
        SummaryLine(label="Signatures needed", label_zh="所需签名数", value=str(body.threshold)),
    ]
    return await _prepare(work, intent, party, lines)


async def _signer(
    work: UnitOfWork, party: PartyAddress, signer: str, powers: int, expires_s: int
) -> IntentRecord:
    standing = await _standing(work, party)
    await _require_reachable(work, party, signer, powers if expires_s > work.now_s else _NO_POWERS)
    intent = SetSigner(
        party=party,
        signer=PartyAddress(signer),
        powers=powers,
        expires=expires_s,
        version=standing.version,
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    names = ", ".join(power.name.lower() for power in powers_in(powers))
    lines = [
        SummaryLine(label="Signer", label_zh="签署人", value=signer),
        SummaryLine(label="Powers", label_zh="权限", value=names or "none 无"),
        SummaryLine(label="Until", label_zh="有效期至", value=instant(expires_s) if powers else "-"),
    ]
    return await _prepare(work, intent, party, lines)


async def _prepare(
    work: UnitOfWork, intent: SetSigner | SetThreshold, party: PartyAddress, lines: Sequence[SummaryLine]
) -> IntentRecord:
    return await intents.prepare(
        work, intent=intent, required=[(party, Power.ADMIN)], subject_ref=f"party:{party}", summary=lines
    )


async def _standing(work: UnitOfWork, party: PartyAddress) -> Party:
    _require_own(work, party)
    standing = await queries.party(work.mirror, party)
    if standing is None:
        raise contract_refusal("PartiesUnknown", party=party)
    return standing


def _require_own(work: UnitOfWork, party: PartyAddress) -> None:
    if work.caller.party != party:
        raise PARTY_NOT_YOURS("signers are set by the party whose they are")


async def _require_reachable(work: UnitOfWork, party: PartyAddress, signer: str, powers: int) -> None:
    """A change must not leave a power with fewer keys than have to sign, nor anybody without ADMIN.

    That nobody has one of the other powers any more is the party's own business.
    """
    for power, need in (await queries.thresholds_of(work.mirror, party)).items():
        holders = await _holders(work, party, power) - {signer}
        have = len(holders | {signer} if powers & power.bit else holders)
        if have < need and (have or power is Power.ADMIN):
            name = power.name.lower()
            raise THRESHOLD_UNREACHABLE(name, power=name, have=have, need=need)


async def _holders(work: UnitOfWork, party: PartyAddress, power: Power) -> set[str]:
    rows = await queries.signers_of(work.mirror, party)
    return {row.signer for row in rows if row.powers & power.bit and row.expires_s > work.now_s}
