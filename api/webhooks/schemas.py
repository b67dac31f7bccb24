"""Webhooks as clients set them up and are shown them."""

from typing import Annotated

from pydantic import Field

from api.http.schemas import Body, View, instant_ms
from api.webhooks.models import Webhook, WebhookAttempt

UrlText = Annotated[str, Field(min_length=1, max_length=500, examples=["https://erp.example.com/tallystick"])]
Types = Annotated[
    list[Annotated[str, Field(max_length=40)]],
    Field(min_length=1, max_length=100, examples=[["LotMoved", "PaymentReceived"]]),
]
Label = Annotated[str, Field(max_length=80, examples=["ERP, production"])]
PositionText = Annotated[
    str,
    Field(max_length=60, description="As `id` of an event; `0:0` is the beginning.", examples=["0:118:4"]),
]


class WebhookBody(Body):
    """Where to send what; from now on if `after` names no position."""

    url: UrlText
    types: Types | None = None
    label: Label = ""
    after: PositionText | None = None


class WebhookChangesBody(Body):
    """What is left out stays. `all_types` ends a restriction to some types."""

    url: UrlText | None = None
    types: Types | None = None
    all_types: bool = False
    label: Label | None = None


class SecretRotationBody(Body):
    """How long the old secret signs beside the new one."""

    overlap_hours: Annotated[int, Field(strict=True, ge=0, le=168)] = 24


class ReplayBody(Body):
    """Where to begin again: everything after this position is sent once more, under the same ids."""

    after: PositionText


class WebhookView(View):
    """A webhook. `position` is through which event the receiver has taken everything.

    `secret` is there once, in the answer that made it. With `sees_all` an auditor's key made it, and it ends
    with that key.
    """

    id: str
    url: str
    types: list[str] | None
    label: str
    state: Annotated[str, Field(description="`active`, `paused` by its owner, or `disabled` by us.")]
    reason: Annotated[str | None, Field(description="Why it is disabled.")]
    sees_all: bool
    position: str
    failures: Annotated[int, Field(description="In a row.")]
    failing_since: str | None
    next_attempt_at: str | None
    last_error: str | None
    delivered_at: str | None
    old_secret_until: str | None
    created_at: str
    secret: str | None = None

    @classmethod
    def of(cls, row: Webhook, secret: str | None = None) -> "WebhookView":
        return cls(
            id=row.id,
            url=row.url,
            types=row.types,
            label=row.label,
            state=row.state,
            reason=row.reason,
            sees_all=row.sees_all,
            position=row.position,
            failures=row.failures,
            failing_since=_instant(row.failing_since_ms),
            next_attempt_at=_instant(row.next_attempt_ms),
            last_error=row.last_error,
            delivered_at=_instant(row.delivered_ms),
            old_secret_until=_instant(row.old_secret_until_ms),
            created_at=instant_ms(row.created_ms),
            secret=secret,
        )


class AttemptView(View):
    """One request to the receiver; `status` is null where there was no answer."""

    id: str
    event_id: str
    event_type: str
    at: str
    took_ms: int
    status: int | None
    error: str | None

    @classmethod
    def of(cls, row: WebhookAttempt) -> "AttemptView":
        return cls(
            id=row.id,
            event_id=row.event_id,
            event_type=row.event_type,
            at=instant_ms(row.at_ms),
            took_ms=row.took_ms,
            status=row.status,
            error=row.error,
        )


def _instant(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else instant_ms(milliseconds)
