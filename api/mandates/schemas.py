"""Mandates as banks give them and see them."""

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field

from api.http.samples import sampled
from api.http.schemas import Body, MoneyBody, MoneyView, PartyId, View, instant
from api.parties.refs import Names, PartyRef
from domain.intents import Recourse
from indexer.models import Mandate

RATE_PPM_MAX: Final = 1_000_000
TENOR_DAYS_MAX: Final = 3_660

RecourseName = Literal["without", "with"]
Standing = Literal["in_force", "to_come", "over", "withdrawn"]


class MandateBody(Body):
    """What a key of the bank may buy alone: receivables of one debtor in one currency, up to `limit` of face
    held at any time, not cheaper than `min_rate_ppm`, due in at most `max_tenor_days`.
    """

    model_config = sampled(
        quoter="0x52908400098527886E0F7030069857D2E4169EE7",
        debtor="0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        limit={"amount": "5000000.00", "currency": "EUR"},
        min_rate_ppm=32000,
        day_count=360,
        max_tenor_days=180,
        recourse="without",
        valid_from="2026-06-01T00:00:00Z",
        valid_until="2027-06-01T00:00:00Z",
    )

    quoter: PartyId
    debtor: PartyId
    limit: MoneyBody
    min_rate_ppm: Annotated[int, Field(strict=True, ge=0, le=RATE_PPM_MAX)]
    day_count: Literal[360, 365]
    max_tenor_days: Annotated[int, Field(strict=True, ge=1, le=TENOR_DAYS_MAX)]
    recourse: RecourseName
    valid_from: AwareDatetime
    valid_until: AwareDatetime


class MandateView(View):
    """A mandate and how much of its limit is used; `id` is the digest that the bank signed."""

    id: str
    state: Standing
    bank: PartyRef
    quoter: str
    debtor: PartyRef
    limit: MoneyView
    exposure: MoneyView
    min_rate_ppm: int
    day_count: int
    max_tenor_days: int
    recourse: RecourseName
    valid_from: str
    valid_until: str
    granted_at: str

    @classmethod
    def of(cls, mandate: Mandate, names: Names, *, now_s: int, is_withdrawn: bool) -> "MandateView":
        return cls(
            id=mandate.id,
            state="withdrawn" if is_withdrawn else _standing(mandate, now_s),
            bank=PartyRef.of(mandate.bank, names),
            quoter=mandate.quoter,
            debtor=PartyRef.of(mandate.debtor, names),
            limit=MoneyView.of(mandate.limit_minor, mandate.currency),
            exposure=MoneyView.of(mandate.exposure_minor, mandate.currency),
            min_rate_ppm=mandate.min_rate_ppm,
            day_count=mandate.day_count,
            max_tenor_days=mandate.max_tenor_days,
            recourse="with" if mandate.recourse == Recourse.WITH else "without",
            valid_from=instant(mandate.valid_from_s),
            valid_until=instant(mandate.valid_until_s),
            granted_at=instant(mandate.granted_s),
        )


def _standing(mandate: Mandate, now_s: int) -> Standing:
    if now_s < mandate.valid_from_s:
        return "to_come"
    return "in_force" if now_s < mandate.valid_until_s else "over"
