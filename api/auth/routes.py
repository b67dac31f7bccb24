"""OAuth 2.0 for machines: client credentials grant, revocation, and where both are (RFC 6749, 7009, 8414).

These answers are shaped by those standards, errors too: a client library of any vendor has to read them.
"""

import base64
import binascii
import re
from typing import Annotated, Any, Final
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse

from api.auth import tokens
from api.auth.caller import Scope
from api.auth.models import ApiKey
from api.auth.service import live_key
from api.deps import application_of
from api.http.routing import PROBLEM_RESPONSES

ROUTER: Final = APIRouter(prefix="/v1/oauth", tags=["oauth"], responses=PROBLEM_RESPONSES)
METADATA: Final = APIRouter(tags=["oauth"])
GRANT_TYPE: Final = "client_credentials"
_BASIC: Final = re.compile(r"Basic ([A-Za-z0-9+/=]{1,500})", re.IGNORECASE)
_NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}

_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/OAuthError"}}},
    }
    for status, description in {
        400: "Refused, by RFC 6749, section 5.2.",
        401: "No such client, or another secret.",
    }.items()
}

GrantType = Annotated[str, Form(max_length=100, examples=[GRANT_TYPE])]
ScopeText = Annotated[str | None, Form(max_length=500, description="Some of the key's scopes, or all.")]
ClientId = Annotated[str | None, Form(max_length=100, description="The key's id, if not by HTTP Basic.")]
ClientSecret = Annotated[str | None, Form(max_length=200, description="The key's secret.")]
Token = Annotated[str, Form(max_length=200, description="The access token that is to end.")]


class _Refused(Exception):
    """By a code of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description

    def answer(self) -> JSONResponse:
        is_client = self.error == "invalid_client"
        return JSONResponse(
            {"error": self.error, "error_description": self.description},
            status_code=401 if is_client else 400,
            headers=_NO_STORE | ({"WWW-Authenticate": 'Basic realm="tallystick"'} if is_client else {}),
        )


@ROUTER.post("/token", responses=_ERRORS)
async def issue_access_token(
    request: Request,
    grant_type: GrantType,
    scope: ScopeText = None,
    client_id: ClientId = None,
    client_secret: ClientSecret = None,
) -> JSONResponse:
    """Exchange an API key for an access token of a quarter of an hour, with all of its scopes or some."""
    databases = application_of(request).resources.databases
    try:
        key = await _client(request, client_id, client_secret)
        if grant_type != GRANT_TYPE:
            raise _Refused("unsupported_grant_type", f"only {GRANT_TYPE}")
        scopes = _scopes(key, scope)
    except _Refused as refusal:
        return refusal.answer()
    async with databases.writing() as session:
        issued = await tokens.issue(session, key, scopes)
    return JSONResponse(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": tokens.LIFETIME_S,
            "scope": " ".join(issued.scopes),
        },
        headers=_NO_STORE,
    )


@ROUTER.post("/revoke", responses=_ERRORS)
async def revoke_access_token(
    request: Request, token: Token, client_id: ClientId = None, client_secret: ClientSecret = None
) -> JSONResponse:
    """End one of the client's access tokens now; a token that is none is no error (RFC 7009)."""
    try:
        key = await _client(request, client_id, client_secret)
    except _Refused as refusal:
        return refusal.answer()
    async with application_of(request).resources.databases.writing() as session:
        await tokens.revoke(session, key, token)
    return JSONResponse({}, headers=_NO_STORE)


@METADATA.get("/.well-known/oauth-authorization-server")
async def describe_authorization_server(request: Request) -> dict[str, Any]:
    """Where tokens are had, for client libraries (RFC 8414)."""
    base = str(request.base_url).rstrip("/")
    methods = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": base,
        "token_endpoint": f"{base}/v1/oauth/token",
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": f"{base}/v1/oauth/revoke",
        "revocation_endpoint_auth_methods_supported": methods,
        "grant_types_supported": [GRANT_TYPE],
        "response_types_supported": [],
        "scopes_supported": sorted(Scope),
    }


async def _client(request: Request, client_id: str | None, client_secret: str | None) -> ApiKey:
    """The key that the request names, by HTTP Basic or in its body, not both (RFC 6749, section 2.3).

    Found without a write: a stranger must not hold up those who have one.
    """
    header = request.headers.get("authorization")
    if header is not None:
        if client_secret is not None:
            raise _Refused("invalid_request", "one way of authentication, not two")
        client_id, client_secret = _basic(header)
    async with application_of(request).resources.databases.reading() as session:
        key = await live_key(session, client_id or "", (client_secret or "").lower())
    if key is None:
        raise _Refused("invalid_client", "the API key is unknown, revoked or expired")
    return key


def _basic(header: str) -> tuple[str, str]:
    """Id and secret, each form-encoded (RFC 6749, section 2.3.1)."""
    match = _BASIC.fullmatch(header)
    try:
        text = base64.b64decode(match[1], validate=True).decode() if match else ""
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _scopes(key: ApiKey, wanted: str | None) -> list[str]:
    scopes = sorted(set(wanted.split())) if wanted else list(key.scopes)
    beyond = sorted(set(scopes) - set(key.scopes))
    if beyond or not scopes:
        raise _Refused("invalid_scope", "the key does not have what was asked for")
    return scopes
