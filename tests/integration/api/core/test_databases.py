"""The same system on PostgreSQL, and sessions that keep to what they are for."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from api.auth import audit
from api.auth.caller import Caller
from api.auth.models import ApiKey
from api.db import AppTable, Databases
from api.http import idempotency
from api.http.problems import Problem
from domain.ids import ZERO_ADDRESS
from tests.support.api import prepare_issue, running_system, settings_for
from tests.support.chain import fresh_ledger

CALLER = Caller("key", ZERO_ADDRESS, frozenset())


def an_api_key(key_id: str) -> AppTable:
    return ApiKey(id=key_id, secret_hash="0" * 64, party=ZERO_ADDRESS, scopes=[], label="x", created_ms=0)


async def write_as_a_reader(databases: Databases) -> None:
    async with databases.reading() as session:
        session.add(an_api_key("written by a reader"))
        await session.flush()


async def stop_halfway(databases: Databases) -> None:
    async with databases.writing() as session:
        session.add(an_api_key("undone"))
        await session.flush()
        raise RuntimeError("halfway")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_the_system_runs_on_either_database(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with fresh_ledger() as ledger:
        settings = settings_for(tmp_path, ledger)
        if database == "postgresql":
            url = request.getfixturevalue("postgres_url")
            settings = settings.model_copy(update={"app_database_url": url, "mirror_database_url": url})
            settings = type(settings).model_validate(settings.model_dump())
        async with running_system(tmp_path, ledger, settings=settings) as system:
            buyer = await system.admit("Buyer", roles=["debtor"], signers=2, thresholds={"confirm": 2})
            seller = await system.admit("Seller")
            digest = await prepare_issue(system, buyer, seller)
            answers = await asyncio.gather(buyer.sign(digest), buyer.sign(digest, 1), seller.sign(digest))
            assert [answer.status_code for answer in answers] == [200, 200, 200]
            shown = (await buyer.http.get(f"/v1/intents/{digest}")).json()
            assert shown["operation"]["state"] == "done"
            assert (await system.caller(None).get("/readyz")).json()["ready"] is True
            for target in ("/v1/operations/%00", "/v1/invoices/%00", "/v1/parties?cursor=%00"):
                answer = await system.registrar.get(target)
                assert answer.status_code < 500, answer.text

            databases = system.application.resources.databases
            with pytest.raises(DBAPIError):
                await write_as_a_reader(databases)
            with pytest.raises(RuntimeError, match="halfway"):
                await stop_halfway(databases)
            async with databases.reading() as session:
                assert await session.get(ApiKey, "undone") is None
                assert len((await session.scalars(select(ApiKey))).all()) == 4
                assert await audit.first_broken(session) is None


async def test_processes_that_share_postgresql_do_not_work_on_one_key_at_once(
    tmp_path: Path, postgres_url: str
) -> None:
    async with fresh_ledger() as ledger:
        settings = settings_for(tmp_path, ledger).model_dump()
        settings |= {"app_database_url": postgres_url, "mirror_database_url": postgres_url}
        settings_here = type(settings_for(tmp_path, ledger)).model_validate(settings)
        async with running_system(tmp_path, ledger, settings=settings_here, sending=False) as system:
            databases = system.application.resources.databases
            async with databases.writing() as one:
                assert await idempotency.find(one, CALLER, "k", "hash") is None
                async with databases.writing() as other:
                    with pytest.raises(Problem) as refusal:
                        await idempotency.find(other, CALLER, "k", "hash")
                    assert refusal.value.kind.code == "idempotency-in-flight"
                    assert await idempotency.find(other, CALLER, "another", "hash") is None
