"""Webhooks: `/v1/webhooks`."""

from typing import Annotated, Final

from fastapi import Query, Request

from api.auth.caller import Scope
from api.deps import Read, Work, application_of, needs
from api.http.pagination import PAGE_DEFAULT, LimitQuery, PageView, cut, page_view
from api.http.routing import router
from api.webhooks import repository, service
from api.webhooks.schemas import (
    AttemptView,
    ReplayBody,
    SecretRotationBody,
    WebhookBody,
    WebhookChangesBody,
    WebhookView,
)

ROUTER: Final = router("/webhooks", "webhooks")
_MANAGERS: Final = needs(Scope.SUBSCRIBE)
_ONCE: Final = "secret"

AttemptCursor = Annotated[str | None, Query(pattern=r"^att_[0-9a-z]{26}$", description="As `next` has it.")]


@ROUTER.post("", status_code=201, dependencies=[_MANAGERS])
async def create_webhook(body: WebhookBody, work: Work, request: Request) -> WebhookView:
    """Have events sent to an address of one's own; the secret is in this answer and never again."""
    row, secret = await service.create(work, application_of(request).webhook_terms, body)
    work.shown_once.add(_ONCE)
    return WebhookView.of(row, secret)


@ROUTER.get("", dependencies=[_MANAGERS])
async def list_webhooks(read: Read) -> list[WebhookView]:
    """All of the party's, of which there are few."""
    return [WebhookView.of(row) for row in await service.listed(read.session, read.caller)]


@ROUTER.get("/{webhook_id}", dependencies=[_MANAGERS])
async def get_webhook(webhook_id: str, read: Read) -> WebhookView:
    """How far a webhook is, and what keeps it from going on."""
    return WebhookView.of(await service.find(read.session, read.caller, webhook_id))


@ROUTER.get("/{webhook_id}/deliveries", dependencies=[_MANAGERS])
async def list_deliveries(
    webhook_id: str,
    read: Read,
    request: Request,
    cursor: AttemptCursor = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[AttemptView]:
    """What came of the newest requests to the receiver, the last one first."""
    row = await service.find(read.session, read.caller, webhook_id)
    found = await repository.attempts(read.session, row.id, after=cursor, limit=limit + 1)
    page, next_cursor = cut(found, limit, lambda attempt: attempt.id)
    return page_view(request, [AttemptView.of(attempt) for attempt in page], next_cursor)


@ROUTER.post("/{webhook_id}/changes", dependencies=[_MANAGERS])
async def change_webhook(
    webhook_id: str, body: WebhookChangesBody, work: Work, request: Request
) -> WebhookView:
    """Another address, other types of events, another label."""
    terms = application_of(request).webhook_terms
    return WebhookView.of(await service.change(work, terms, webhook_id, body))


@ROUTER.post("/{webhook_id}/secret-rotation", dependencies=[_MANAGERS])
async def rotate_webhook_secret(webhook_id: str, body: SecretRotationBody, work: Work) -> WebhookView:
    """A new secret, in this answer and never again; for some hours each event is signed with both."""
    row, secret = await service.rotate(work, webhook_id, body.overlap_hours)
    work.shown_once.add(_ONCE)
    return WebhookView.of(row, secret)


@ROUTER.post("/{webhook_id}/test", dependencies=[_MANAGERS])
async def test_webhook(webhook_id: str, work: Work) -> WebhookView:
    """Send an event of type `Test` once; what comes of it is among the deliveries."""
    return WebhookView.of(await service.ask_for_test(work, webhook_id))


@ROUTER.post("/{webhook_id}/pause", dependencies=[_MANAGERS])
async def pause_webhook(webhook_id: str, work: Work) -> WebhookView:
    """Send nothing for a while; nothing is lost."""
    return WebhookView.of(await service.pause(work, webhook_id))


@ROUTER.post("/{webhook_id}/resumption", dependencies=[_MANAGERS])
async def resume_webhook(webhook_id: str, work: Work) -> WebhookView:
    """Go on where it was paused or disabled."""
    return WebhookView.of(await service.resume(work, webhook_id))


@ROUTER.post("/{webhook_id}/replay", dependencies=[_MANAGERS])
async def replay_webhook(webhook_id: str, body: ReplayBody, work: Work) -> WebhookView:
    """Send everything after a position again; receivers know each event by its id."""
    return WebhookView.of(await service.replay(work, webhook_id, body.after))


@ROUTER.post("/{webhook_id}/deletion", dependencies=[_MANAGERS])
async def delete_webhook(webhook_id: str, work: Work) -> WebhookView:
    """Forget it, its secrets and its deliveries; the answer is what it was."""
    return WebhookView.of(await service.remove(work, webhook_id))
