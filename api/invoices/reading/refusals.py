"""Collecting refusals: a file is read to its end and everything wrong with it is said at once."""

from api.invoices.reading.catalogue import RULES
from domain.errors import DomainError
from domain.invoice import InvoiceRefusal

REFUSALS_MAX = 100
"""More would only repeat themselves; a hostile file shall not make a long answer."""

VALUE_LENGTH_MAX = 120


class InvoiceRefused(DomainError):
    """The file cannot be read as an invoice that becomes a receivable; `refusals` says all that is in the
    way.
    """

    code = "invoice.refused"

    def __init__(self, refusals: tuple[InvoiceRefusal, ...]) -> None:
        first = refusals[0]
        super().__init__(
            first.message_en, place=first.place, values={"rules": [found.rule for found in refusals]}
        )
        self.refusals = refusals


class Refusals:
    """What has been found so far, in the order in which it was found."""

    def __init__(self) -> None:
        self._found: list[InvoiceRefusal] = []

    def add(self, rule: str, place: str = "", line: int = 0, **values: object) -> None:
        """Note a breach of a catalogued rule; `values` fill its messages."""
        refusal = refusal_of(rule, place, line, **values)
        if len(self._found) < REFUSALS_MAX and refusal not in self._found:
            self._found.append(refusal)

    def raise_if_any(self) -> None:
        """Raise InvoiceRefused with everything found."""
        if self._found:
            raise InvoiceRefused(tuple(self._found))


def refusal_of(rule: str, place: str = "", line: int = 0, **values: object) -> InvoiceRefusal:
    """A breach of a catalogued rule in both languages; values are cut to a bounded length."""
    shown = {name: _short(value) for name, value in values.items()}
    english, chinese = RULES[rule]
    return InvoiceRefusal(
        rule, place, line, english.format_map(shown), chinese.format_map(shown), values=shown
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= VALUE_LENGTH_MAX else f"{text[: VALUE_LENGTH_MAX - 1]}…"
