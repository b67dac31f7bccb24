"""How the ledger says no."""

from dataclasses import dataclass

from domain.errors import DomainError


@dataclass(frozen=True, slots=True)
class Refusal:
    """A Solidity error: its name, and its values in the order of the declaration."""

    name: str
    arguments: tuple[int | str, ...]


class LedgerRefusal(DomainError):
    """The command has no effect at all."""

    code = "ledger.refusal"

    def __init__(self, name: str, *arguments: int | str) -> None:
        super().__init__(f"{name}({', '.join(str(argument) for argument in arguments)})")
        self.refusal = Refusal(name, arguments)
