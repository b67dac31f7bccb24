"""The stream tells each caller what it may see, in order, once, wherever it begins again."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from api.auth.caller import Scope
from api.http.problems import CATALOGUE
from api.stream import frames, hub
from chain import calls
from chain.rpc import JsonRpc, Request
from domain.ids import PartyAddress
from tests.support.api import Http, Member, System
from tests.support.chain import random_word
from tests.support.following import until
from tests.support.streams import Server, Told

CNY = 156
MINTED = "CashMinted"


async def credit(system: System, to: PartyAddress, amount: int, times: int = 1) -> int:
    """Cash, past the service; the answer is the block of the last."""
    for _ in range(times):
        call = calls.mint(system.ledger.book, CNY, to, amount, random_word())
        receipt = await system.ledger.send(call, system.ledger.governance["settlement_bank"])
    return receipt.block_number


def nothing_open(system: System) -> bool:
    return system.application.seats.taken == 0


async def auditor(system: System, member: Member) -> Http:
    return system.caller(await system.mint_key(member.address, [Scope.READ, Scope.AUDIT]))


def amounts(told: list[Told]) -> list[str]:
    return [one.body["data"]["amount"]["amount"] for one in told if one.type == "CashMinted"]


async def test_a_party_is_told_of_its_own_and_an_auditor_of_everything(
    system: System, server: Server
) -> None:
    first, second = await system.admit("First"), await system.admit("Second")
    async with (
        server.listening(first.http, types=MINTED) as own,
        server.listening(await auditor(system, second), types=MINTED) as everything,
    ):
        await credit(system, second.address, 7_00)
        block = await credit(system, first.address, 5_00)
        seen, whole = await own.until(block), await everything.until(block)
        assert (amounts(seen), amounts(whole)) == (["5.00"], ["7.00", "5.00"])
        assert await own.silent(0.2)
    minted = whole[0]
    assert minted.body["data"] == {
        "to": second.address,
        "amount": {"amount": "7.00", "currency": "CNY"},
        "credit_ref": minted.body["data"]["credit_ref"],
    }
    assert minted.id == minted.body["id"] == f"0:{block - 1}:{minted.body['log_index']}"


async def test_a_client_that_comes_back_gets_what_it_missed_and_nothing_twice(
    system: System, server: Server
) -> None:
    member = await system.admit("Member")
    async with server.listening(member.http, types=MINTED) as stream:
        first = await stream.until(await credit(system, member.address, 1_00))
    await credit(system, member.address, 2_00)
    last = await credit(system, member.address, 3_00)
    async with server.listening(member.http, types=MINTED, last=first[-1].id) as stream:
        missed = await stream.until(last)
        assert amounts(missed) == ["2.00", "3.00"]
        more = await stream.until(await credit(system, member.address, 4_00))
    async with server.listening(member.http, types=MINTED, after="0:0") as stream:
        everything = await stream.until(more[-1].body["block_number"])
    assert amounts(everything) == ["1.00", "2.00", "3.00", "4.00"]
    ids = [one.id for one in everything]
    assert len(set(ids)) == len(ids)
    assert [one.id for one in (*first, *missed, *more)] == ids


async def test_another_branch_is_told_of_and_what_is_on_it(system: System, server: Server) -> None:
    member = await system.admit("Member")
    common = await credit(system, member.address, 1_00)
    async with server.listening(member.http, types=MINTED, after="0:0") as stream:
        await stream.until(common)
        orphaned = await stream.until(await credit(system, member.address, 2_00, times=3))
        left = orphaned[-1]
        await _reorganise(system, 3)
        turn = await stream.next()
        assert (turn.type, turn.body["block_number"]) == ("Reorganised", common)
        assert turn.id == turn.body["data"]["resume_after"] == f"0:{common}"
        assert turn.body["id"] == f"reorganised:1:0:{common}"
        block = await credit(system, member.address, 9_00)
        anew = await stream.until(block)
        assert amounts(anew) == ["9.00"]
        assert {one.id.partition(":")[0] for one in anew} == {"1"}
    async with server.listening(member.http, types=MINTED, last=left.id) as stream:
        assert (await stream.next()).body == turn.body
        assert [one.id for one in await stream.until(block)] == [one.id for one in anew]
    async with server.listening(member.http, types=MINTED, last=turn.id) as stream:
        assert [one.id for one in await stream.until(block)] == [one.id for one in anew]


async def test_only_the_types_that_were_asked_for_come(system: System, server: Server) -> None:
    member = await system.admit("Member")
    async with server.listening(member.http, after="0:0", types="CashMinted,PartyAdmitted") as stream:
        block = await credit(system, member.address, 1_00)
        assert [one.type for one in await stream.until(block)] == ["PartyAdmitted", "CashMinted"]
        last = await credit(system, member.address, 2_00)
        assert amounts(await stream.until(last)) == ["2.00"]


@pytest.mark.parametrize("feeding", [True], ids=["together"], indirect=True)
class TestOnce:
    """What does not depend on who tells of a block."""

    async def test_a_heartbeat_takes_the_position_on_past_what_is_not_for_the_client(
        self, system: System, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(frames, "HEARTBEAT_S", 0.1)
        first, second = await system.admit("First"), await system.admit("Second")
        async with server.listening(first.http) as stream:
            block = await credit(system, second.address, 1_00)
            async with asyncio.timeout(5):
                while stream.position != f"0:{block}":
                    assert await stream._block() is None

    async def test_a_key_that_is_revoked_ends_its_stream(
        self, system: System, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(frames, "HEARTBEAT_S", 0.1)
        member = await system.admit("Member")
        (key,) = (await member.http.get(f"/v1/parties/{member.address}/api-keys")).json()
        async with server.listening(member.http) as stream:
            path = f"/v1/parties/{member.address}/api-keys/{key['key_id']}/revocation"
            assert (await system.registrar.post(path)).status_code == 200
            assert await stream.rest() == []

    async def test_the_end_of_the_service_ends_every_stream_at_once(
        self, system: System, server: Server
    ) -> None:
        member = await system.admit("Member")
        async with server.listening(member.http) as one, server.listening(member.http) as other:
            telling = system.tasks[0]
            telling.cancel()
            async with asyncio.timeout(1):
                assert (await one.rest(), await other.rest()) == ([], [])

    async def test_streams_are_limited_for_a_party_and_for_all_and_say_so(
        self, system: System, server: Server
    ) -> None:
        first, second = await system.admit("First"), await system.admit("Second")
        url = f"{server.url}/v1/events/stream"
        async with server.listening(first.http), server.listening(first.http), server.listening(first.http):
            refused = await server.client.get(url, headers=first.http.headers)
            assert (refused.status_code, refused.json()["code"]) == (429, "too-many-streams")
            assert refused.headers["retry-after"] == "30"
            async with server.listening(second.http), server.listening(second.http):
                full = await server.client.get(url, headers=system.registrar.headers)
                assert (full.status_code, full.json()["code"]) == (503, "streams-full")
                assert full.json()["title_zh"] == CATALOGUE["streams-full"].title_zh
        await until(lambda: nothing_open(system), 5)
        async with server.listening(first.http):
            assert system.application.seats.taken == 1

    async def test_a_crowd_is_refused_politely_while_others_are_served(
        self, system: System, server: Server
    ) -> None:
        first, second = await system.admit("First"), await system.admit("Second")
        async with AsyncExitStack() as stack:
            for member in (first, first, first, second, second):
                await stack.enter_async_context(server.listening(member.http))
            url, stranger = f"{server.url}/v1/events/stream", {"Authorization": "Bearer nobody"}
            # on a busy machine so many clients of one's own take their time
            asked = [server.client.get(url, headers=stranger, timeout=60) for _ in range(200)]
            *refused, page = await asyncio.gather(
                *asked, server.client.get(f"{server.url}/v1/events", headers=first.http.headers, timeout=60)
            )
            assert {(one.status_code, one.headers["retry-after"]) for one in refused} == {(503, "30")}
            assert page.status_code == 200
            assert system.application.seats.taken == 5
        await until(lambda: nothing_open(system), 5)

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"after": "yesterday"}, "unknown-position"),
            ({"after": "7:1:0"}, "unknown-position"),
            ({"types": "LotMoved,Nothing"}, "unknown-event-type"),
        ],
    )
    async def test_what_cannot_be_followed_is_refused_before_it_begins(
        self, system: System, server: Server, query: dict[str, str], code: str
    ) -> None:
        url = f"{server.url}/v1/events/stream"
        answer = await server.client.get(url, params=query, headers=system.registrar.headers)
        assert (400 <= answer.status_code < 500, answer.json()["code"]) == (True, code)
        assert system.application.seats.taken == 0

    async def test_a_block_is_read_once_for_all_who_follow(self, system: System, server: Server) -> None:
        member, seats = await system.admit("Member"), system.application.seats
        seats._per_party = seats._overall = 100
        counts = []
        for followers in (1, 60):
            async with AsyncExitStack() as stack:
                streams = [
                    await stack.enter_async_context(server.listening(member.http, types=MINTED))
                    for _ in range(followers)
                ]
                with counted(system) as statements:
                    block = await credit(system, member.address, 1_00)
                    told = await asyncio.gather(*(stream.until(block) for stream in streams))
                assert {one[0].id for one in told} == {told[0][0].id}
                counts.append(len([text for text in statements if "chain_event" in text]))
        # the mirror is looked at now and then anyway
        assert 1 <= counts[1] <= counts[0] + 2

    @pytest.mark.parametrize("remembered", [1, 3])
    async def test_a_client_that_falls_behind_reads_on_from_the_mirror_without_a_hole(
        self, system: System, server: Server, monkeypatch: pytest.MonkeyPatch, remembered: int
    ) -> None:
        monkeypatch.setattr(hub, "MEMORY_EVENTS", remembered)
        monkeypatch.setattr(hub, "PAGE_EVENTS", 2)
        monkeypatch.setattr(hub, "BATCH_EVENTS", 2)
        member = await system.admit("Member")
        async with server.listening(member.http) as fast, server.listening(member.http) as slow:
            wanted = []
            for amount in range(1, 8):
                wanted += await fast.until(await credit(system, member.address, amount))
            told = await slow.until(wanted[-1].body["block_number"])
        assert [one.id for one in told] == [one.id for one in wanted]
        assert amounts(told)[:6] == [f"0.0{amount}" for amount in range(1, 7)]

    async def test_pages_hold_what_the_stream_tells(self, system: System, server: Server) -> None:
        member = await system.admit("Member")
        block = await credit(system, member.address, 1_00, times=5)
        async with server.listening(member.http, after="0:0") as stream:
            told = [one.body for one in await stream.until(block)]
        paged, path = [], "/v1/events?limit=2"
        while path:
            page = (await member.http.get(path)).json()
            assert len(page["items"]) <= 2
            paged += page["items"]
            path = page["next"]
        assert paged[: len(told)] == told
        rest = (await member.http.get(f"/v1/events?after={page['position']}")).json()
        assert (rest["items"], rest["next"], rest["position"]) == ([], None, page["position"])


@contextmanager
def counted(system: System) -> Iterator[list[str]]:
    """The statements that the mirror's readers are asked meanwhile."""
    engine = system.application.resources.databases.mirror_reader.sync_engine
    statements: list[str] = []

    def asked(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", asked)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", asked)


async def _reorganise(system: System, depth: int) -> None:
    rpc = JsonRpc(system.ledger.node.url, 10.0)
    await rpc.batch([Request("anvil_reorg", (depth, []))])
    await rpc.close()
