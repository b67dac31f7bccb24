"""Parties as the registrar describes them and as others see them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from api.auth.caller import Scope
from api.http.samples import sampled
from api.http.schemas import Body, PartyId, View

RoleName = Literal[
    "debtor",
    "supplier",
    "bank",
    "auditor",
    "settlement_bank",
    "operator",
    "large_buyer",
    "small_supplier",
    "registry",
]
PowerName = Literal["issue", "confirm", "accept", "assign", "quote", "finance", "pay", "admin"]


class IdentifierBody(Body):
    """An identifier as its register or an invoice writes it; `country` is the party's where left out."""

    scheme: Annotated[str, Field(min_length=1, max_length=16, examples=["VAT"])]
    value: Annotated[str, Field(min_length=1, max_length=80, examples=["DE123456789"])]
    country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$")] = None


class SignerBody(Body):
    """A key of the party, and what it may sign until when."""

    model_config = sampled(
        address="0x52908400098527886E0F7030069857D2E4169EE7",
        powers=["confirm", "accept"],
        expires_at="2030-01-01T00:00:00Z",
    )

    address: PartyId
    powers: Annotated[list[PowerName], Field(min_length=1, max_length=8)]
    expires_at: Annotated[AwareDatetime, Field(examples=["2030-01-01T00:00:00Z"])]


class PartyBody(Body):
    """An organisation to admit. The first identifier is the one it is known by on the ledger."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["华东机械制造有限公司"])]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["CN"])]
    identifiers: Annotated[list[IdentifierBody], Field(min_length=1, max_length=10)]
    roles: Annotated[
        list[RoleName],
        Field(
            min_length=1,
            max_length=9,
            description="`large_buyer` and `small_supplier` are classes by law, beside the role in trade; "
            "`registry` is another register of receivables.",
        ),
    ]
    kyb_until: Annotated[date, Field(description="Last day on which its verification holds.")]
    signers: Annotated[list[SignerBody], Field(min_length=1, max_length=20)]
    thresholds: Annotated[
        dict[PowerName, Annotated[int, Field(strict=True, ge=1, le=15)]],
        Field(default_factory=dict, max_length=8),
    ]


class ThresholdBody(Body):
    """How many of the party's keys have to sign with a power."""

    model_config = sampled(power="confirm", threshold=2)

    power: PowerName
    threshold: Annotated[int, Field(strict=True, ge=1, le=15)]


class StandingBody(Body):
    """Why a party is suspended or reinstated; the hash of it goes to the ledger."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ApiKeyBody(Body):
    """A key for a person or a machine of the party; `signer` binds it to that person's signing key."""

    label: Annotated[str, Field(min_length=1, max_length=80)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    signer: PartyId | None = None
    expires_in_days: Annotated[int, Field(strict=True, ge=1, le=3660)] | None = None


class RotationBody(Body):
    """The old key goes on for `overlap_hours`, so that no machine is without one; the new one has no end if
    none is given.
    """

    overlap_hours: Annotated[int, Field(strict=True, ge=0, le=720)] = 24
    expires_in_days: Annotated[int, Field(strict=True, ge=1, le=3660)] | None = None


class IdentifierView(View):
    """`check` says what the check digits say; the value is as it was given."""

    scheme: str
    value: str
    country: str
    check: str


class SignerView(View):
    address: str
    powers: list[str]
    expires_at: str


PartyStanding = Literal["pending", "active", "suspended"]


class PartyView(View):
    """A party. Strangers see who it is, not who signs for it: the lower half is null for them."""

    id: str
    name: str
    country: str
    roles: list[str]
    status: PartyStanding
    kyb_until: str | None
    identifiers: list[IdentifierView] | None
    signers: list[SignerView] | None
    thresholds: dict[str, int] | None


class ApiKeyView(View):
    """A key to the API; `api_key` is there once, in the answer that made it."""

    key_id: str
    party: str
    label: str
    scopes: list[str]
    signer: str | None
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    replaced_by: str | None
    api_key: str | None = None
