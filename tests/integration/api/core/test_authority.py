"""A party changes its own keys with those it has; nobody else does, and it cannot lock itself out."""

from typing import Any

import pytest

from api.auth.caller import Scope
from chain.signers import LocalSigner
from tests.support.api import EVERY_POWER, Member, System
from tests.support.stack import ok, refusal
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATER = "2099-01-01T00:00:00Z"


def grant(key: LocalSigner, *powers: str, until: str = LATER) -> dict[str, Any]:
    return {"address": key.address, "powers": list(powers), "expires_at": until}


async def ask(member: Member, path: str, body: Any) -> Any:
    return await member.http.post(f"/v1/parties/{member.address}/{path}", body)


async def signed(member: Member, intent: dict[str, Any], *signers: int) -> dict[str, Any]:
    """What becomes of the intent when these keys have signed."""
    answer: dict[str, Any] = {}
    for signer in signers:
        answer = ok(await member.sign(intent["digest"], signer), 200)
    return answer


async def keys_of(member: Member) -> dict[str, list[str]]:
    party = ok(await member.http.get(f"/v1/parties/{member.address}"), 200)
    return {row["address"]: row["powers"] for row in party["signers"]}


async def test_a_new_key_signs_when_those_of_before_have_let_it_in(system: System) -> None:
    member = await system.admit("Growing", signers=2, thresholds={"admin": 2})
    key = LocalSigner.generate()
    intent = ok(await ask(member, "signers", grant(key, "accept", "admin")))
    assert [line["value"] for line in intent["summary"]] == [key.address, "accept, admin", LATER]
    assert intent["signatures"][0]["need"] == 2
    await signed(member, intent, 0)
    assert key.address not in await keys_of(member)
    done = await signed(member, intent, 1)
    assert done["operation"]["state"] == "done"
    assert (await keys_of(member))[key.address] == ["accept", "admin"]
    grown = Member(member.address, (*member.signers, key), member.http)
    again = ok(await ask(grown, "thresholds", {"power": "admin", "threshold": 3}))
    assert (await signed(grown, again, 0, 2))["operation"]["state"] == "done"
    party = ok(await member.http.get(f"/v1/parties/{member.address}"), 200)
    assert party["thresholds"]["admin"] == 3


async def test_a_removed_key_signs_nothing_any_more(system: System) -> None:
    member = await system.admit("Shrinking", signers=2)
    lost = member.signers[1]
    intent = ok(await ask(member, f"signers/{lost.address}/removal", {}))
    assert [line["value"] for line in intent["summary"]] == [lost.address, "none 无", "-"]
    await signed(member, intent, 0)
    assert set(await keys_of(member)) == {member.signers[0].address}
    other = ok(await ask(member, "signers", grant(LocalSigner.generate(), "pay")))
    refusal(await member.sign(other["digest"], 1), 422, "PartiesSignerUnknown")


async def test_of_two_changes_of_one_version_the_second_is_stale(system: System) -> None:
    """A change that was signed before another came first has no effect: it is signed anew or not at all."""
    member = await system.admit("Busy")
    first, second = [ok(await ask(member, "signers", grant(LocalSigner.generate(), "pay"))) for _ in range(2)]
    result = await signed(member, first, 0)
    assert result["operation"]["state"] == "done"
    body = refusal(await member.sign(second["digest"]), 409, "PartiesStaleVersion")
    assert body["values"] == {"party": member.address, "given": 1, "current": 2}
    refusal(await member.sign(first["digest"]), 409, "intent-not-open")
    assert len(await keys_of(member)) == 2


async def test_a_party_cannot_lock_itself_out(system: System) -> None:
    member = await system.admit("Careful", signers=2, thresholds={"admin": 2, "pay": 2})
    only = await system.admit("Alone")
    async with nothing_changes(system):
        for body in (
            grant(member.signers[1], "accept", "pay"),
            grant(member.signers[1], "accept", "admin"),
            grant(member.signers[1], *EVERY_POWER, until="2001-01-01T00:00:00Z"),
        ):
            refusal(await ask(member, "signers", body), 422, "threshold-unreachable")
        refusal(
            await ask(member, f"signers/{member.signers[0].address}/removal", {}),
            422, "threshold-unreachable",
        )  # fmt: skip
        three = await ask(member, "thresholds", {"power": "quote", "threshold": 3})
        body = refusal(three, 422, "threshold-unreachable")
        assert (body["have"], body["need"]) == (2, 3)
        refusal(
            await ask(only, f"signers/{only.signers[0].address}/removal", {}), 422, "threshold-unreachable"
        )


async def test_the_last_key_of_another_power_may_go(system: System) -> None:
    member = await system.admit("No more quotes")
    powers = [power for power in EVERY_POWER if power != "quote"]
    intent = ok(await ask(member, "signers", grant(member.signers[0], *powers)))
    await signed(member, intent, 0)
    assert set((await keys_of(member))[member.signers[0].address]) == set(powers)


async def test_nobody_else_changes_a_partys_keys(system: System) -> None:
    member, stranger = await system.admit("Owner"), await system.admit("Stranger")
    auditor = system.caller(await system.mint_key(stranger.address, [Scope.READ, Scope.AUDIT, Scope.SUBMIT]))
    key = LocalSigner.generate()
    path = f"/v1/parties/{member.address}"
    async with nothing_changes(system):
        for caller in (stranger.http, auditor):
            refusal(await caller.post(f"{path}/signers", grant(key, "admin")), 403, "party-not-yours")
            removal = f"{path}/signers/{member.signers[0].address}/removal"
            refusal(await caller.post(removal, {}), 403, "party-not-yours")
            answer = await caller.post(f"{path}/thresholds", {"power": "pay", "threshold": 1})
            refusal(answer, 403, "party-not-yours")
        refusal(await system.registrar.post(f"{path}/signers", grant(key, "admin")), 403, "scope-missing")
        refusal(await system.caller(None).post(f"{path}/signers", {}), 401, "unauthenticated")
    intent = ok(await ask(member, "signers", grant(key, "pay")))
    refusal(await stranger.sign(intent["digest"]), 403, "intent-not-yours")


async def test_a_key_without_the_power_does_not_let_others_in(system: System) -> None:
    member = await system.admit("Guarded", signers=2)
    powers = [power for power in EVERY_POWER if power != "admin"]
    intent = ok(await ask(member, "signers", grant(member.signers[1], *powers)))
    result_of_change = await signed(member, intent, 0)
    assert result_of_change["operation"]["state"] == "done"
    wanted = ok(await ask(member, "signers", grant(LocalSigner.generate(), "admin")))
    refusal(await member.sign(wanted["digest"], 1), 422, "PartiesSignerLacksPower")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("signers", {"address": "0x12", "powers": ["pay"], "expires_at": LATER}),
        ("signers", {"address": "0x" + "11" * 20, "powers": [], "expires_at": LATER}),
        ("signers", {"address": "0x" + "11" * 20, "powers": ["mint"], "expires_at": LATER}),
        ("signers", {"address": "0x" + "11" * 20, "powers": ["pay"], "expires_at": "2099-01-01T00:00:00"}),
        ("thresholds", {"power": "pay", "threshold": 0}),
        ("thresholds", {"power": "pay", "threshold": 16}),
        ("thresholds", {"power": "pay", "threshold": "2"}),
        ("thresholds", {"power": "pay", "threshold": 1, "more": 1}),
    ],
)
async def test_a_malformed_change_is_refused(system: System, path: str, body: dict[str, Any]) -> None:
    member = await system.admit("Malformed")
    async with nothing_changes(system):
        refusal(await ask(member, path, body), 422, "validation-failed")


async def test_an_unknown_key_cannot_be_removed(system: System) -> None:
    member = await system.admit("Nobody's")
    answer = await ask(member, f"signers/{LocalSigner.generate().address}/removal", {})
    refusal(answer, 422, "PartiesSignerUnknown")
