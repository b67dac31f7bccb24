"""The edge: what happens around every route.

Reads get an entity tag. Commands (every POST) are authenticated, checked for content type and idempotency
key, and run in one transaction that is committed here, together with the idempotency record and the audit
entry; with `Prefer: wait=…` the answer comes when the mirror has the effect.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from typing_extensions import override

from api.auth import audit
from api.deps import application_of, current_caller
from api.http import idempotency
from api.http.errors import respond
from api.http.models import IdempotencyRecord
from api.http.problems import MEDIA_TYPE, UNSUPPORTED_MEDIA_TYPE
from api.outbox.models import Operation, OperationState
from api.work import Reading, reading, unit_of_work

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Renderer = Callable[[Reading, Operation], Awaitable[BaseModel]]
"""Makes the answer of a route from the present state of the operation it started; one for each answer model.
"""

WAIT_MAX_S: Final = 30
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])", re.ASCII)
_JSON: Final = "application/json"

PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {
        "description": "Refused (RFC 9457): `code` names the rule, the catalogue is at `/v1/problems`.",
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": "/v1/problems/LedgerStaleLot",
                    "code": "LedgerStaleLot",
                    "status": 409,
                    "title": "The lot has changed since",
                    "title_zh": "凭证段已发生变化",
                    "values": {"lot": 16777217, "given": 0, "current": 1},
                },
            }
        },
    }
}


class TallyRoute(APIRoute):
    """A route with the edge around it."""

    @override
    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()
        if "POST" not in (self.methods or ()):
            return _tagged(inner)

        async def handle(request: Request) -> Response:
            return await _Command(self, inner, request).run()

        return handle

    @property
    def content_types(self) -> frozenset[str]:
        """What a body may be: what the route's description says, JSON if it says nothing."""
        described = (self.openapi_extra or {}).get("requestBody", {}).get("content", {})
        return frozenset(described) or frozenset({_JSON})


def router(prefix: str, tag: str) -> APIRouter:
    """The router of a business folder, below `/v1`."""
    return APIRouter(prefix=f"/v1{prefix}", tags=[tag], route_class=TallyRoute, responses=PROBLEM_RESPONSES)


def wait_seconds(request: Request) -> int:
    """How long the client prefers to wait (RFC 7240), bounded; 0 if it does not say."""
    match = _WAIT.search(request.headers.get("prefer", ""))
    return min(int(match[1]), WAIT_MAX_S) if match else 0


class _Command:
    """One POST on its way through the edge."""

    def __init__(self, route: TallyRoute, inner: Handler, request: Request) -> None:
        self._route = route
        self._inner = inner
        self._request = request
        self._application = application_of(request)

    async def run(self) -> Response:
        request = self._request
        caller = await current_caller(request)
        media_type = self._media_type()
        key = idempotency.key_of(request)
        body = await request.body()
        self._require_media_type(media_type, body)
        given = idempotency.request_hash(request, body, is_json=media_type == _JSON)
        with self._application.in_flight.hold(caller, key):
            record, response = await self._transact(key, given)
        return await self._answer(record, response)

    async def _transact(self, key: str, given: str) -> tuple[IdempotencyRecord, Response | None]:
        """Run the route once and commit; None instead of its response when this is a retry."""
        application, request = self._application, self._request
        caller = await current_caller(request)
        async with unit_of_work(application.resources, caller) as work:
            known = await idempotency.find(work.session, caller, key, given)
            if known is not None:
                return known, None
            request.state.work = work
            response = await self._inner(request)
            record = await idempotency.store(work, key, given, response)
            await audit.record(
                work,
                action=self._route.name,
                subject=dict(request.path_params),
                digest=f"0x{given}",
                status=response.status_code,
            )
        if work.started:
            application.outbox.wake()
        return record, response

    async def _answer(self, record: IdempotencyRecord, response: Response | None) -> Response:
        renderer = self._application.renderers.get(self._route.response_model)
        if record.operation_id is None or renderer is None:
            return response or _stored(record)
        wait_s = wait_seconds(self._request)
        operation = await self._application.outbox.finished(record.operation_id, wait_s)
        if operation.state == OperationState.FAILED and operation.problem is not None:
            return respond({**operation.problem, "operation_id": operation.id}, self._request)
        async with reading(self._application.resources, await current_caller(self._request)) as opened:
            view = await renderer(opened, operation)
        done = operation.state == OperationState.DONE
        answer = JSONResponse(view.model_dump(mode="json"), status_code=record.status if done else 202)
        answer.headers["Location"] = f"/v1/operations/{operation.id}"
        if wait_s:
            answer.headers["Preference-Applied"] = f"wait={wait_s}"
        if response is None:
            answer.headers[idempotency.REPLAYED] = "true"
        return answer

    def _media_type(self) -> str:
        return self._request.headers.get("content-type", "").partition(";")[0].strip().lower()

    def _require_media_type(self, media_type: str, body: bytes) -> None:
        if body and media_type not in self._route.content_types:
            accepted = sorted(self._route.content_types)
            raise UNSUPPORTED_MEDIA_TYPE(f"send {' or '.join(accepted)}", accepted=accepted)


def _stored(record: IdempotencyRecord) -> Response:
    return Response(
        record.body, status_code=record.status, media_type=_JSON, headers={idempotency.REPLAYED: "true"}
    )


def _tagged(inner: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        response = await inner(request)
        body = getattr(response, "body", None)
        if response.status_code != 200 or not body:
            return response
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag})
        response.headers["ETag"] = tag
        return response

    return handle
