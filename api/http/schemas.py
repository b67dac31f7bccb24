"""What bodies and answers of all folders are made of."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Self

from eth_utils.address import is_address, to_checksum_address
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from domain.ids import PartyAddress
from domain.money import currency_by_numeric, currency_of, format_amount, parse_amount, require_positive

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line ends, and those that turn the direction of writing (UAX 9)."""


class Body(BaseModel):
    """What a client sends: a field we do not know is refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_controls(cls, value: object) -> object:
        # PostgreSQL cannot hold NUL; the others make a name look like another, or drive a terminal.
        found = _CONTROLS.search(value) if isinstance(value, str) else None
        if found is not None:
            raise ValueError(f"text must not contain the control character U+{ord(found[0]):04X}")
        return value


class View(BaseModel):
    """What a client is shown."""

    model_config = ConfigDict(frozen=True)


def _party_address(text: str) -> PartyAddress:
    if not is_address(text):
        raise ValueError("expected a party id: 0x and 40 hexadecimal digits")
    return PartyAddress(to_checksum_address(text))


PartyId = Annotated[
    str, AfterValidator(_party_address), Field(examples=["0x52908400098527886E0F7030069857D2E4169EE7"])
]
"""A party's address; any capitalisation is read, the checksummed one (EIP-55) is used."""

AmountText = Annotated[str, Field(max_length=24, examples=["12345.67"])]


class MoneyBody(Body):
    """An amount as clients write it: decimal text and currency code, never a number."""

    amount: AmountText
    currency: Annotated[str, Field(min_length=3, max_length=3, examples=["CNY"])]

    def positive_minor(self) -> int:
        """Minor units, at least one. Raises MoneyError."""
        return require_positive(parse_amount(self.amount, self.currency), "amount")

    def numeric(self) -> int:
        """ISO 4217 number of the currency. Raises UnknownCurrency."""
        return currency_of(self.currency).numeric


class MoneyView(View):
    """An amount as clients are shown it."""

    amount: AmountText
    currency: str

    @classmethod
    def of(cls, amount_minor: int, currency_numeric: int) -> Self:
        code = currency_by_numeric(currency_numeric).code
        return cls(amount=format_amount(amount_minor, code), currency=code)


def instant(seconds: int) -> str:
    """Business or ledger time, RFC 3339 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_ms(milliseconds: int) -> str:
    """Wall-clock time of an audit column, RFC 3339 in UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
