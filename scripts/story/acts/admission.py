"""Act 1: the registrar admits everybody under the identifiers by which they are known."""

from datetime import date, timedelta
from typing import Any, Final

from domain.calendar import due_instant
from domain.ids import PartyAddress
from domain.parties import Power
from scripts.story.people import Member, Part, Person
from scripts.story.telling import Telling

KYB_DAYS: Final = 1_000
"""How long beyond the end of the story a check of a party and its signers' keys are good for."""

_ROLES: Final[dict[Part, tuple[str, ...]]] = {
    Part.CORE: ("debtor", "large_buyer"),
    Part.DEBTOR: ("debtor",),
    Part.TIER_1: ("supplier", "small_supplier"),
    Part.TIER_2: ("supplier", "small_supplier"),
    Part.TIER_3: ("supplier", "small_supplier"),
    Part.BANK: ("bank",),
    Part.AUDITOR: ("auditor",),
    Part.SETTLEMENT_BANK: ("settlement_bank",),
}
"""A core enterprise is a large buyer, and those who supply it are small or medium enterprises."""

_SCOPES: Final = {
    Power.CONFIRM: ("confirm",),
    Power.ACCEPT: ("submit",),
    Power.ASSIGN: ("submit",),
    Power.QUOTE: ("quote",),
    Power.FINANCE: ("finance",),
    Power.PAY: ("pay",),
}


async def admit_everybody(telling: Telling, last_day: date) -> None:
    """Admit the cast, and mint an API key for every person, bound to that person's signing key."""
    telling.narrator.act("1", "Admission", "准入")
    until = last_day + timedelta(days=KYB_DAYS)
    for member in telling.cast.members:
        took = await _admit(telling, member, until)
        for person in member.people:
            took += await _mint_key(telling, member, person)
        if member.parts - {Part.DEBTOR, Part.TIER_1}:
            _tell(telling, member, took)
    others = [member for member in telling.cast.members if not member.parts - {Part.DEBTOR, Part.TIER_1}]
    if others:
        names = ", ".join(member.name for member in others[:6]) + (", …" if len(others) > 6 else "")
        telling.narrator.step("admit", "准入", f"{len(others)} other parties named by the invoices: {names}")
    for member in telling.cast.members:
        if member.other_names:
            identifier = member.identifiers[0]
            also = ", ".join(member.other_names)
            text = f"{identifier.scheme} {identifier.value} is {member}; invoices also call it {also}"
            telling.narrator.note(text)


def roles_of(member: Member) -> list[str]:
    """What a member is admitted as; nobody is both large and small."""
    roles = {role for part in member.parts for role in _ROLES[part]}
    return sorted(roles - {"small_supplier"} if "large_buyer" in roles else roles)


async def _admit(telling: Telling, member: Member, until: date) -> float:
    body = {
        "name": member.name,
        "country": member.country,
        "identifiers": [
            {"scheme": one.scheme, "value": one.value, "country": one.country or member.country}
            for one in member.identifiers
        ],
        "roles": roles_of(member),
        "kyb_until": until.isoformat(),
        "signers": [_signer(person, until) for person in member.people],
        "thresholds": {"confirm": 2} if member.checks_confirming else {},
    }
    answer = await telling.client.post(telling.stage.registrar_key, "/v1/parties", body)
    member.address = PartyAddress(answer.body["subject_ref"])
    return answer.milliseconds


def _signer(person: Person, until: date) -> dict[str, Any]:
    return {
        "address": person.signer.address,
        "powers": [power.name.lower() for power in person.powers],
        "expires_at": due_instant(until),
    }


async def _mint_key(telling: Telling, member: Member, person: Person) -> float:
    scopes = {"read", "subscribe", *(scope for power in person.powers for scope in _SCOPES.get(power, ()))}
    if Part.AUDITOR in member.parts:
        scopes.add("audit")
    body = {"label": person.title, "scopes": sorted(scopes), "signer": person.signer.address}
    path = f"/v1/parties/{member.address}/api-keys"
    answer = await telling.client.post(telling.stage.registrar_key, path, body)
    person.api_key = answer.body["api_key"]
    return answer.milliseconds


def _tell(telling: Telling, member: Member, milliseconds: float) -> None:
    parts = ", ".join(f"{part} {part.chinese}" for part in sorted(member.parts))
    identifier = member.identifiers[0]
    checked = "; confirming takes maker and checker 双人复核" if member.checks_confirming else ""
    text = f"{member.name} [{identifier.scheme} {identifier.value}] as {parts}{checked}"
    telling.narrator.step("admit", "准入", text, milliseconds)
