"""Money of a request against the currency of a receivable."""

from api.http.schemas import MoneyBody
from domain.errors import CurrencyMismatch
from domain.money import currency_by_numeric, format_amount


def minor_in(money: MoneyBody, numeric: int) -> int:
    """Minor units, positive and in the currency of this ISO 4217 number. Raises MoneyError."""
    amount_minor = money.positive_minor()
    if money.numeric() != numeric:
        code = currency_by_numeric(numeric).code
        raise CurrencyMismatch(f"it is in {code}", place="currency", values={"currency": code})
    return amount_minor


def in_words(amount_minor: int, numeric: int) -> str:
    """`1234.50 EUR`, as people read it before they sign."""
    code = currency_by_numeric(numeric).code
    return f"{format_amount(amount_minor, code)} {code}"
