"""Signing: one mechanism for everything that moves."""

from typing import Annotated, Final, Literal

from fastapi import Query, Request

from api.auth.caller import Scope
from api.auth.visibility import require_visible
from api.deps import Read, Work, needs
from api.http.pagination import PAGE_DEFAULT, CursorQuery, LimitQuery, PageView, cut, page_view
from api.http.routing import router
from api.intents import repository, revocation, service
from api.intents.schemas import IntentView, SignatureBody
from api.outbox.models import Operation
from api.work import Reading

ROUTER: Final = router("/intents", "intents")


@ROUTER.get("")
async def list_intents(
    read: Read,
    request: Request,
    _waiting_for: Annotated[Literal["me"], Query(alias="waiting_for")] = "me",
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[IntentView]:
    """Intents that name the caller's party and still take signatures."""
    rows = await repository.open_for(
        read.session, read.caller.party, now_s=read.now_s, after=cursor, limit=limit + 1
    )
    page, next_cursor = cut(rows, limit, lambda row: row.digest)
    return page_view(request, [await service.view(read, record) for record in page], next_cursor)


@ROUTER.get("/{digest}")
async def get_intent(digest: str, read: Read) -> IntentView:
    """An intent with the typed data to sign, what it says in words, and who has signed."""
    record = await repository.get(read.session, repository.to_digest(digest))
    require_visible(read.caller, await repository.parties_of(read.session, record.digest), "intent")
    return await service.view(read, record)


@ROUTER.post("/{digest}/signatures")
async def sign_intent(digest: str, body: SignatureBody, work: Work) -> IntentView:
    """Add a signature. The last one needed sends the intent to the ledger; `Prefer: wait` waits for its
    effect.
    """
    record = await service.add_signature(work, repository.to_digest(digest), body.signature)
    return await service.view(work, record)


@ROUTER.post(
    "/{digest}/withdrawal",
    dependencies=[needs(Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY)],
)
async def withdraw_intent(digest: str, work: Work) -> IntentView:
    """Take back an intent that is not complete."""
    record = await service.withdraw(work, repository.to_digest(digest))
    return await service.view(work, record)


@ROUTER.post(
    "/{digest}/revocation",
    status_code=201,
    dependencies=[needs(Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY)],
)
async def revoke_intent(digest: str, work: Work) -> IntentView:
    """Take a signature back on the ledger, wherever it has got to: an intent that any one key signs."""
    record = await revocation.revoke_intent(work, repository.to_digest(digest))
    return await service.view(work, record)


async def render(reading: Reading, operation: Operation) -> IntentView:
    """The answer of a signature that completed an intent."""
    record = await repository.get(reading.session, operation.digest or "")
    return await service.view(reading, record)
