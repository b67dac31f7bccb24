"""Reading webhooks, and moving them on: a delivery moves a row only from where it found it."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, or_, update
from sqlmodel import col, delete, select

from api.db import ReadSession, WriteSession
from api.webhooks.models import Webhook, WebhookAttempt, WebhookState

ATTEMPTS_KEPT: Final = 500
"""Of each webhook: what came of the newest ones."""


async def of_party(session: ReadSession, party: str, key_id: str) -> Sequence[Webhook]:
    """Those of a party, and those that a key of no party made, oldest first."""
    statement = select(Webhook).where(or_(col(Webhook.party) == party, col(Webhook.key_id) == key_id))
    return (await session.scalars(statement.order_by(col(Webhook.id)))).all()


async def awake(session: ReadSession) -> dict[str, int]:
    """Those that there is something to do for, and when each was changed last by a command."""
    statement = select(Webhook.id, Webhook.changed_ms).where(
        or_(col(Webhook.state) == WebhookState.ACTIVE, col(Webhook.test_id).is_not(None))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def troubled(session: ReadSession) -> dict[str, int]:
    """How many fail now, and how many were given up."""
    failing = func.count().filter(
        col(Webhook.state) == WebhookState.ACTIVE, col(Webhook.failing_since_ms).is_not(None)
    )
    disabled = func.count().filter(col(Webhook.state) == WebhookState.DISABLED)
    row = (await session.execute(select(failing, disabled))).one()
    return {"failing": row[0], "disabled": row[1]}


async def move(session: WriteSession, found: Webhook, **columns: Any) -> bool:
    """Change a row that is as it was `found`; false where a command came between."""
    statement = (
        update(Webhook)
        .where(col(Webhook.id) == found.id)
        .where(col(Webhook.changed_ms) == found.changed_ms, col(Webhook.position) == found.position)
        .values(**columns)
    )
    done = await session.execute(statement)
    return bool(done.rowcount)  # type: ignore[attr-defined]  # an update has one


async def attempts(
    session: ReadSession, webhook_id: str, *, after: str | None, limit: int
) -> Sequence[WebhookAttempt]:
    """The newest first; `after` is the id of the last one seen."""
    statement = select(WebhookAttempt).where(WebhookAttempt.webhook_id == webhook_id)
    if after is not None:
        statement = statement.where(col(WebhookAttempt.id) < after)
    return (await session.scalars(statement.order_by(col(WebhookAttempt.id).desc()).limit(limit))).all()


async def forget_attempts(session: WriteSession, webhook_id: str, *, keep: int = ATTEMPTS_KEPT) -> None:
    """All but the newest."""
    newest = (
        select(WebhookAttempt.id)
        .where(WebhookAttempt.webhook_id == webhook_id)
        .order_by(col(WebhookAttempt.id).desc())
        .limit(keep)
    )
    await session.execute(
        delete(WebhookAttempt).where(
            col(WebhookAttempt.webhook_id) == webhook_id, col(WebhookAttempt.id).not_in(newest)
        )
    )
