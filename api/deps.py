"""What routes ask for by type. A route that changes something takes `Work`, every other takes `Read`.

    @router.post("/claims", dependencies=[needs(Scope.SUBMIT, Scope.FINANCE)])
    async def claim(body: ClaimBody, work: Work) -> OperationView: ...

`Work` is the command's transaction with all it may consult; the route class (`api.http.routing`) opens it
before the route runs and commits it together with the idempotency record and the audit entry after it.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import HTTPBearer, OAuth2

from api.auth import caller as auth
from api.auth.service import authenticate
from api.http.problems import SCOPE_MISSING
from api.work import Reading, UnitOfWork, reading

if TYPE_CHECKING:
    from api.bootstrap import Application

_BEARER = HTTPBearer(
    auto_error=False, description="API key or access token: `Authorization: Bearer tly_<id>_<secret>`"
)
_OAUTH = OAuth2(
    auto_error=False,
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(
            tokenUrl="/v1/oauth/token", scopes={str(scope): "" for scope in auth.Scope}
        )
    ),
)


def application_of(request: Request) -> "Application":
    """The wired application behind the web framework."""
    application: Application = request.app.state.application
    return application


async def current_caller(
    request: Request,
    _key: Annotated[Any, Security(_BEARER)] = None,
    _token: Annotated[Any, Security(_OAUTH)] = None,
) -> auth.Caller:
    """Who calls; the route class has found out already when the request is a command."""
    known: auth.Caller | None = getattr(request.state, "caller", None)
    if known is None:
        known = await authenticate(
            application_of(request).resources.databases, request.headers.get("authorization")
        )
        request.state.caller = known
    return known


Caller = Annotated[auth.Caller, Depends(current_caller)]


async def _reading(request: Request, caller: Caller) -> AsyncIterator[Reading]:
    async with reading(application_of(request).resources, caller) as opened:
        yield opened


def _work(request: Request, _caller: Caller) -> UnitOfWork:
    work: UnitOfWork = request.state.work
    return work


Read = Annotated[Reading, Depends(_reading)]
Work = Annotated[UnitOfWork, Depends(_work)]


def needs(*scopes: auth.Scope) -> Any:
    """A route dependency: the caller's key has at least one of these scopes."""

    async def check(caller: Caller) -> None:
        if not caller.scopes.intersection(scopes):
            wanted = sorted(scopes)
            raise SCOPE_MISSING(f"needs one of: {', '.join(wanted)}", scopes=wanted)

    return Depends(check)
