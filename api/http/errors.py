"""Every error that leaves the application leaves it as problem+json."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from api.http.problems import (
    INTERNAL,
    MALFORMED_JSON,
    MEDIA_TYPE,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    VALIDATION_FAILED,
    Problem,
    define,
)
from api.http.translation import problem_of
from chain.errors import ChainError
from domain.errors import DomainError
from indexer.queries import BadCursor

_LOG: Final = structlog.get_logger("api.http")
_HTTP_ERROR: Final = define("http-error", 400, "The request cannot be read", "请求无法解析")
_BY_STATUS: Final = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}
_FAULTS_MAX: Final = 50


def install(app: FastAPI) -> None:
    """Handle everything that a route or the framework raises."""
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_error)
    for refusal in (Problem, DomainError, ChainError, BadCursor, SQLAlchemyError):
        app.add_exception_handler(refusal, _on_refusal)


def respond(
    document: Mapping[str, Any], request: Request, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem document as the answer to a request."""
    body = {
        **document,
        "instance": request.url.path,
        "request_id": getattr(request.state, "request_id", None),
    }
    return JSONResponse(
        body, status_code=document["status"], headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


async def _on_refusal(request: Request, error: Exception) -> JSONResponse:
    problem = problem_of(error)
    if problem is None:
        return await _on_error(request, error)
    # One that says when to ask again is as it should be, and may come ten thousand times.
    if problem.kind.status >= 500 and "retry_after_s" not in problem.values:
        _LOG.error("refused", code=problem.kind.code, error=str(error))
    return respond(problem.document(), request, _headers(problem))


def _headers(problem: Problem) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if problem.kind.status == 401 else {}
    if "retry_after_s" in problem.values:
        headers["Retry-After"] = str(problem.values["retry_after_s"])
    return headers


async def _on_error(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("fault", exc_info=error)
    return respond(INTERNAL("the fault is logged under the request id").document(), request)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 400
    problem = _BY_STATUS.get(status, _HTTP_ERROR)(str(getattr(error, "detail", "")))
    headers = getattr(error, "headers", None)
    return respond({**problem.document(), "status": status}, request, headers)


async def _on_validation(request: Request, error: Exception) -> JSONResponse:
    found = list(error.errors()) if isinstance(error, RequestValidationError) else []
    if any(fault["type"] == "json_invalid" for fault in found):
        return respond(MALFORMED_JSON(str(found[0].get("ctx", {}).get("error", ""))).document(), request)
    faults = [_fault(fault) for fault in found[:_FAULTS_MAX]]
    detail = "; ".join(f"{fault['place']}: {fault['message']}" for fault in faults[:3])
    return respond(VALIDATION_FAILED(detail, errors=faults).document(), request)


def _fault(fault: Mapping[str, Any]) -> dict[str, str]:
    """`in` is body, query, path or header; `place` a JSON pointer (RFC 6901) into it."""
    where, *path = (str(part) for part in fault["loc"])
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    code = "unknown-field" if fault["type"] == "extra_forbidden" else str(fault["type"])
    return {"in": where, "place": pointer, "code": code, "message": str(fault["msg"])}
