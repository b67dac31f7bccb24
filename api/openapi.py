"""The OpenAPI document: what FastAPI finds, and what the edge adds to every route."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Yours to choose. Same key and request, same answer; another request is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
}
_PREFER: Final = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "`wait=10` (RFC 7240): answer when the mirror has the effect, after 30 seconds at most.",
    "schema": {"type": "string"},
    "example": "wait=10",
}
_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457. Further members are the numbers and names behind the refusal.",
    "required": ["type", "code", "status", "title", "title_zh"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "title_zh": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": ["string", "null"]},
        "values": {"type": "object"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
_OAUTH_ERROR: Final = {
    "type": "object",
    "description": "RFC 6749, section 5.2.",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}


def install(app: FastAPI) -> None:
    """Serve the document with the parts that the framework does not know."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(
                get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the documented way to extend it


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    document["components"]["schemas"] |= {"Problem": _PROBLEM, "OAuthError": _OAUTH_ERROR}
    for path in document["paths"].values():
        for method, operation in path.items():
            # The edge answers what the framework would have answered with its own shape.
            operation["responses"].pop("422", None)
            if method == "post" and "oauth" not in operation["tags"]:
                operation.setdefault("parameters", []).extend([_IDEMPOTENCY_KEY, _PREFER])
    for unused in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)
    return document
