"""The same key and request give the same answer and one effect, whatever happens in between."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from api.outbox.models import Operation
from chain.signers import LocalSigner
from tests.integration.api.core.test_http import assert_problem
from tests.support.api import System, party_body, prepare_issue

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def admissions(system: System) -> int:
    async with system.application.resources.databases.reading() as session:
        return len((await session.scalars(select(Operation).where(Operation.kind == "admit"))).all())


def body() -> dict[str, Any]:
    return party_body("Once", [LocalSigner.generate()])


async def test_a_command_without_a_key_is_refused(system: System) -> None:
    answer = await system.registrar.post("/v1/parties", body(), headers={"Idempotency-Key": ""})
    assert_problem(answer, 400, "idempotency-key-missing")


async def test_a_retry_gets_the_same_answer_and_has_no_second_effect(system: System) -> None:
    given, headers = body(), {"Idempotency-Key": "retry-1"}
    before = await admissions(system)
    first = await system.registrar.post("/v1/parties", given, headers=headers)
    reordered = dict(reversed(given.items()))
    again = await system.registrar.post("/v1/parties", reordered, headers=headers)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await admissions(system) == before + 1


async def test_a_retry_without_the_first_answer_resumes_the_operation(system: System) -> None:
    given, headers = body(), {"Idempotency-Key": "resume-1"}
    first = await system.registrar.post("/v1/parties", given, headers=headers, wait=0)
    assert (first.status_code, first.json()["state"]) == (202, "queued")
    again = await system.registrar.post("/v1/parties", given, headers=headers)
    assert (again.status_code, again.json()["state"]) == (201, "done")
    assert again.json()["id"] == first.json()["id"]


async def test_the_key_with_another_body_or_path_is_refused(system: System) -> None:
    headers = {"Idempotency-Key": "reused-1"}
    await system.registrar.post("/v1/parties", body(), headers=headers)
    before = await admissions(system)
    assert_problem(
        await system.registrar.post("/v1/parties", body(), headers=headers), 422, "idempotency-key-reused"
    )
    member = await system.admit("Other path")
    path = f"/v1/parties/{member.address}/suspension"
    answer = await system.registrar.post(path, {"reason": "x"}, headers=headers)
    assert_problem(answer, 422, "idempotency-key-reused")
    assert await admissions(system) == before + 1


async def test_the_key_belongs_to_the_caller(system: System) -> None:
    buyer, seller = await system.admit("Buyer", roles=["debtor"]), await system.admit("Seller")
    digest = await prepare_issue(system, buyer, seller)
    headers = {"Idempotency-Key": "shared-1"}
    one = await buyer.sign(digest, headers=headers)
    two = await seller.sign(digest, headers=headers)
    assert (one.status_code, two.status_code) == (200, 200)
    assert two.json()["state"] == "complete"


async def test_a_refused_request_leaves_its_key_free(system: System) -> None:
    headers = {"Idempotency-Key": "refused-1"}
    wrong = {**body(), "thresholds": {"confirm": 9}}
    answer = await system.registrar.post("/v1/parties", wrong, headers=headers)
    assert_problem(answer, 422, "threshold-unreachable")
    assert (await system.registrar.post("/v1/parties", body(), headers=headers)).status_code == 201


async def test_a_failed_operation_is_answered_the_same_way_again(system: System) -> None:
    given, headers = body(), {"Idempotency-Key": "failed-1"}
    given["signers"][0]["address"] = "0x" + "00" * 20
    first = await system.registrar.post("/v1/parties", given, headers=headers)
    again = await system.registrar.post("/v1/parties", given, headers=headers)
    assert first.status_code == again.status_code == 422
    assert first.json()["operation_id"] == again.json()["operation_id"]


async def test_of_many_at_once_one_works_and_all_end_with_one_effect(system: System) -> None:
    given, headers = body(), {"Idempotency-Key": "at-once-1"}
    before = await admissions(system)
    answers = await asyncio.gather(
        *(system.registrar.post("/v1/parties", given, headers=headers) for _ in range(8))
    )
    codes = sorted({answer.status_code for answer in answers})
    assert codes in ([201], [201, 409])
    for answer in answers:
        if answer.status_code == 409:
            assert_problem(answer, 409, "idempotency-in-flight")
    assert await admissions(system) == before + 1
