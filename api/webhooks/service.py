"""Setting webhooks up. A party's keys with the scope manage the party's; an auditor's are for auditors."""

from dataclasses import dataclass
from typing import Final

from api.auth.caller import Caller, Scope
from api.db import ReadSession, serialize
from api.events.routes import UNKNOWN_POSITION, known_types, mark_of
from api.http.problems import NOT_FOUND, define
from api.ids import new_id, now_ms
from api.webhooks import repository
from api.webhooks.models import Webhook, WebhookState
from api.webhooks.schemas import WebhookBody, WebhookChangesBody
from api.webhooks.signing import Sealer, new_secret
from api.webhooks.targets import check_url
from api.work import UnitOfWork
from domain.ids import ZERO_ADDRESS
from indexer import queries
from indexer.branches import UnknownMark

TOO_MANY_WEBHOOKS: Final = define(
    "too-many-webhooks", 409, "The party has too many webhooks", "该参与方的事件推送订阅过多"
)
WEBHOOK_DISABLED: Final = define(
    "webhook-not-active", 409, "The webhook is not active", "该事件推送订阅未启用"
)
_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What this process allows."""

    per_party_max: int
    any_target: bool


async def create(work: UnitOfWork, terms: Terms, body: WebhookBody) -> tuple[Webhook, str]:
    """A webhook and its secret. Raises `bad-webhook-url`, `too-many-webhooks`, `unknown-event-type`,
    `unknown-position`.
    """
    check_url(body.url, any_target=terms.any_target)
    await serialize(work.session, f"webhooks {work.caller.party}")
    own = await repository.of_party(work.session, *_owner(work.caller))
    if len(own) >= terms.per_party_max:
        raise TOO_MANY_WEBHOOKS("delete one first", webhooks_max=terms.per_party_max)
    webhook_id, secret, now = new_id("whk"), new_secret(), now_ms()
    row = Webhook(
        id=webhook_id,
        party=work.caller.party,
        key_id=work.caller.key_id,
        sees_all=work.caller.has(Scope.AUDIT),
        url=body.url,
        types=None if body.types is None else sorted(known_types(body.types)),
        label=body.label,
        position=await _position(work, body.after),
        secret=_sealer(work).seal(secret, webhook_id),
        created_ms=now,
        changed_ms=now,
    )
    work.session.add(row)
    await work.session.flush()
    return row, secret


async def listed(session: ReadSession, caller: Caller) -> list[Webhook]:
    """All that the caller may manage."""
    return [row for row in await repository.of_party(session, *_owner(caller)) if _manages(caller, row)]


async def find(session: ReadSession, caller: Caller, webhook_id: str) -> Webhook:
    """One of them. Raises `not-found`."""
    row = await session.get(Webhook, webhook_id)
    if row is None or not _manages(caller, row):
        raise NOT_FOUND("no such webhook")
    return row


async def change(work: UnitOfWork, terms: Terms, webhook_id: str, body: WebhookChangesBody) -> Webhook:
    """Another address, other types, another label. Raises `bad-webhook-url` and `unknown-event-type`."""
    row = await _touched(work, webhook_id)
    if body.url is not None:
        check_url(body.url, any_target=terms.any_target)
        row.url = body.url
    if body.types is not None or body.all_types:
        row.types = sorted(known_types(body.types)) if body.types else None
    if body.label is not None:
        row.label = body.label
    return await _saved(work, row)


async def remove(work: UnitOfWork, webhook_id: str) -> Webhook:
    """Forget a webhook and what came of its attempts."""
    row = await find(work.session, work.caller, webhook_id)
    await repository.forget_attempts(work.session, row.id, keep=0)
    await work.session.delete(row)
    await work.session.flush()
    return row


async def rotate(work: UnitOfWork, webhook_id: str, overlap_hours: int) -> tuple[Webhook, str]:
    """A new secret; the old one signs beside it for some hours."""
    row = await _touched(work, webhook_id)
    secret = new_secret()
    row.old_secret, row.secret = row.secret, _sealer(work).seal(secret, row.id)
    row.old_secret_until_ms = now_ms() + overlap_hours * _HOUR_MS
    return await _saved(work, row), secret


async def ask_for_test(work: UnitOfWork, webhook_id: str) -> Webhook:
    """Have an event sent that did not happen, once, whether or not the webhook is paused."""
    row = await _touched(work, webhook_id)
    row.test_id = new_id("test")
    return await _saved(work, row)


async def pause(work: UnitOfWork, webhook_id: str) -> Webhook:
    """Send nothing until it is resumed. Raises `webhook-not-active`."""
    row = await _touched(work, webhook_id)
    if row.state != WebhookState.ACTIVE:
        raise WEBHOOK_DISABLED(f"it is {row.state}")
    row.state = WebhookState.PAUSED
    return await _saved(work, row)


async def resume(work: UnitOfWork, webhook_id: str) -> Webhook:
    """Go on at the position where it stopped, at once, as if nothing had failed."""
    row = await _touched(work, webhook_id)
    row.state, row.reason = WebhookState.ACTIVE, None
    row.failures, row.failing_since_ms, row.next_attempt_ms = 0, None, None
    return await _saved(work, row)


async def replay(work: UnitOfWork, webhook_id: str, after: str) -> Webhook:
    """Go back, or on, to a position. Raises `unknown-position`."""
    row = await _touched(work, webhook_id)
    row.position = await _position(work, after)
    row.failures, row.next_attempt_ms = 0, None
    return await _saved(work, row)


def _owner(caller: Caller) -> tuple[str, str]:
    # An office is no party: what it sets up is its key's.
    return ("" if caller.party == ZERO_ADDRESS else caller.party), caller.key_id


def _manages(caller: Caller, row: Webhook) -> bool:
    """Whoever could turn an auditor's webhook to an address of its own would see all that it sees."""
    party, key_id = _owner(caller)
    return (row.party == party or row.key_id == key_id) and (not row.sees_all or caller.has(Scope.AUDIT))


async def _touched(work: UnitOfWork, webhook_id: str) -> Webhook:
    """The row, which from now on is this caller's doing."""
    row = await find(work.session, work.caller, webhook_id)
    await work.session.refresh(row, with_for_update=True)
    row.key_id = work.caller.key_id
    row.changed_ms = max(now_ms(), row.changed_ms + 1)
    return row


async def _saved(work: UnitOfWork, row: Webhook) -> Webhook:
    await work.session.flush()
    return row


async def _position(work: UnitOfWork, after: str | None) -> str:
    end, branches = await queries.where_it_is(work.mirror)
    if after is None:
        return str(end)
    mark = mark_of(after)
    try:
        branches.left_at(mark)
    except UnknownMark as error:
        raise UNKNOWN_POSITION(str(error)) from error
    return str(mark)


def _sealer(work: UnitOfWork) -> Sealer:
    return Sealer(work.policy.consortium_secret)
