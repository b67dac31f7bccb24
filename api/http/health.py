"""Is the process alive, is it ready, and what can it refuse."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.db import applied_revision, newest_revision
from api.deps import application_of
from api.http.problems import CATALOGUE, CATALOGUE_PATH, NOT_FOUND, ProblemType
from api.http.schemas import View
from api.webhooks import repository as webhooks
from chain.errors import ChainError
from indexer import queries

ROUTER: Final = APIRouter(tags=["service"])

CHECK_S: Final = 2.0
"""How long a check may take: whoever asks whether we are ready does not wait for a node that hangs."""


class ProblemTypeView(View):
    """An entry of the catalogue."""

    type: str
    code: str
    status: int
    title: str
    title_zh: str

    @classmethod
    def of(cls, kind: ProblemType) -> "ProblemTypeView":
        return cls(
            type=kind.uri, code=kind.code, status=kind.status, title=kind.title, title_zh=kind.title_zh
        )


@ROUTER.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@ROUTER.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Database, migrations, chain, mirror and webhooks, each with what is wrong; 503 if anything is."""
    names = ("database", "chain", "mirror", "webhooks")
    checks_of_all = (_database(request), _chain(request), _mirror(request), _webhooks(request))
    found = await asyncio.gather(*(_in_time(check) for check in checks_of_all))
    checks = dict(zip(names, found, strict=True))
    ready = all(check["ok"] for check in checks.values())
    return JSONResponse({"ready": ready, "checks": checks}, status_code=200 if ready else 503)


@ROUTER.get(CATALOGUE_PATH)
async def list_problems() -> list[ProblemTypeView]:
    """Every problem the service can answer with, by code."""
    return [ProblemTypeView.of(CATALOGUE[code]) for code in sorted(CATALOGUE)]


@ROUTER.get(f"{CATALOGUE_PATH}/{{code}}")
async def get_problem(code: str) -> ProblemTypeView:
    """One problem."""
    if code not in CATALOGUE:
        raise NOT_FOUND("no such problem")
    return ProblemTypeView.of(CATALOGUE[code])


async def _in_time(check: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    try:
        async with asyncio.timeout(CHECK_S):
            return await check
    except TimeoutError:
        return {"ok": False, "error": "timeout"}


async def _database(request: Request) -> dict[str, Any]:
    try:
        async with application_of(request).resources.databases.reading() as session:
            await session.execute(text("SELECT 1"))
            applied = await applied_revision(session)
    except SQLAlchemyError as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": applied == newest_revision(), "revision": applied}


async def _chain(request: Request) -> dict[str, Any]:
    client = application_of(request).client
    try:
        await client.check_chain()
    except ChainError as error:
        return {"ok": False, "error": error.code}
    return {"ok": True, "chain_id": client.book.chain_id, "genesis_hash": client.book.genesis_hash}


async def _webhooks(request: Request) -> dict[str, Any]:
    """A receiver that fails is its owner's concern, and does not make the service unready."""
    try:
        async with application_of(request).resources.databases.reading() as session:
            return {"ok": True, **await webhooks.troubled(session)}
    except SQLAlchemyError as error:
        return {"ok": False, "error": type(error).__name__}


async def _mirror(request: Request) -> dict[str, Any]:
    application = application_of(request)
    if application.feed is not None and application.feed.trouble is not None:
        return {"ok": False, "error": application.feed.trouble}
    try:
        head = await application.client.block_number()
        async with application.resources.databases.mirror() as mirror:
            position = await queries.position(mirror)
            checked = await queries.last_check(mirror)
    except (ChainError, SQLAlchemyError) as error:
        return {"ok": False, "error": type(error).__name__}
    lag = head - position.block_number if position is not None else None
    if checked is not None and checked.differences:
        return {"ok": False, "error": "indexer.differs", "block": checked.block_number}
    ok = lag is not None and lag <= application.settings.mirror_lag_blocks_max
    return {"ok": ok, "block": position.block_number if position is not None else None, "lag_blocks": lag}
