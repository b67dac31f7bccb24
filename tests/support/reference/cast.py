"""Who plays in the checks of the reference model, with which keys, and under which rules.

Everything is the same in every run but the addresses, which follow from the chain.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from chain.signers import LocalSigner
from domain.calendar import WEEKENDS, due_instant
from domain.ids import Digest, PartyAddress
from domain.ledger import apply
from domain.ledger.commands import Mint
from domain.ledger.rights import Office
from domain.ledger.state import CashBook, LedgerState, Party, Signer
from domain.parties import PartyStatus, Power, Role, power_mask
from domain.rules import BEGINNING, DatedValue, LedgerParameter, RuleSet

ALL_POWERS = power_mask(*Power)
FAR_FUTURE_S = (1 << 40) - 1
CURRENCIES = (156, 978)
STARTS_S = due_instant(date(2026, 3, 2)) + 9 * 3600
FORMER_UNTIL_S = STARTS_S + 1
"""When the keys that once signed have run out, before the first command."""
MINT_LIMIT_MINOR = 2**63 + 10**9
"""Above the limit of the supply, so that both can be reached."""
OPENING_BALANCE_MINOR = 20_000

_P = LedgerParameter


def _dated(value: int, *later: tuple[date, int]) -> tuple[DatedValue, ...]:
    return (DatedValue(value, BEGINNING, "test"), *(DatedValue(new, day, "test") for day, new in later))


CHANGE_DAY = date(2026, 4, 1)
RULES = RuleSet(
    "model",
    WEEKENDS,
    {
        _P.MAX_TERM_DAYS: _dated(60, (CHANGE_DAY, 30)),
        _P.MAX_DEPTH: _dated(3, (CHANGE_DAY, 2)),
        _P.MAX_LOTS: _dated(5),
        _P.MIN_LOT_MINOR: _dated(5, (CHANGE_DAY, 20)),
        _P.LATE_RATE_PPM_PER_DAY: _dated(9_999, (CHANGE_DAY, 500)),
        _P.GRACE_DAYS: _dated(3),
        _P.CLOSE_WINDOW_SECONDS: _dated(86_400),
        _P.STATUTORY_TERM_DAYS: _dated(25),
    },
)
"""Narrow limits, so that short sequences meet them, and a day on which some of them change."""


@dataclass(frozen=True, slots=True)
class Player:
    """A party: `keys` sign for it (as many as `threshold`), `quoter` only quotes, `former` has run out."""

    name: str
    roles: Role
    threshold: int
    address: PartyAddress
    keys: tuple[LocalSigner, ...]
    quoter: LocalSigner
    former: LocalSigner

    def signers(self) -> tuple[str, ...]:
        """The keys that sign well, in the order of their addresses."""
        return ascending(key.address for key in self.keys[: self.threshold])


ROLES: Mapping[str, Role] = {
    "buyer": Role.DEBTOR | Role.LARGE_BUYER,
    "mill": Role.DEBTOR | Role.SUPPLIER,
    "maker": Role.SUPPLIER | Role.SMALL_SUPPLIER,
    "trader": Role.SUPPLIER,
    "bank": Role.BANK,
    "fund": Role.BANK | Role.SUPPLIER,
    "registry": Role.REGISTRY,
}
STRANGER = "stranger"
"""Somebody with keys who was never admitted."""
TWO_SIGN = "buyer"


@dataclass(frozen=True)
class Cast:
    """Players by name, the accounts that hold offices, and every key by its address."""

    players: Mapping[str, Player]
    stranger: Player
    officers: Mapping[Office, str]
    settlement: PartyAddress
    relayer: str

    @property
    def everybody(self) -> tuple[Player, ...]:
        """The stranger too."""
        return (*self.players.values(), self.stranger)

    def keys(self) -> dict[str, LocalSigner]:
        """Address → key."""
        return {
            key.address: key
            for player in self.everybody
            for key in (*player.keys, player.quoter, player.former)
        }

    def at(self, address: str) -> Player:
        """The player at an address; whoever else is asked for is the stranger."""
        return next((player for player in self.everybody if player.address == address), self.stranger)

    def having(self, role: Role) -> list[Player]:
        """Those admitted with a role."""
        return [player for player in self.players.values() if role in player.roles]


def player(name: str, address: PartyAddress) -> Player:
    """Keys follow from the name."""
    return Player(
        name=name,
        roles=ROLES.get(name, Role(0)),
        threshold=2 if name == TWO_SIGN else 1,
        address=address,
        keys=(key_of(f"{name} 1"), key_of(f"{name} 2")),
        quoter=key_of(f"{name} quoter"),
        former=key_of(f"{name} former"),
    )


def opening_state(cast: Cast) -> LedgerState:
    """The books right after everybody was admitted."""
    return LedgerState(
        rules=RULES,
        settlement=cast.settlement,
        officers={office: frozenset({account}) for office, account in cast.officers.items()},
        parties={player.address: _party(player) for player in cast.players.values()},
        cash={currency: CashBook(MINT_LIMIT_MINOR) for currency in CURRENCIES},
    )


def opening_cash(cast: Cast, state: LedgerState, now_s: int) -> LedgerState:
    """The books once everybody has some cash."""
    for command in opening_commands(cast):
        state, _ = apply(state, command, now_s)
    return state


def opening_commands(cast: Cast) -> list[Mint]:
    """Cash for everybody in every currency."""
    return [
        Mint(
            sender=cast.officers[Office.SETTLEMENT_BANK],
            currency=currency,
            to=player.address,
            amount=OPENING_BALANCE_MINOR,
            credit_ref=word(f"opening credit of {player.name} in {currency}"),
        )
        for currency in CURRENCIES
        for player in cast.players.values()
    ]


def grants(player: Player) -> dict[str, Signer]:
    """The keys of a player as the ledger knows them."""
    return {
        **{key.address: Signer(ALL_POWERS, FAR_FUTURE_S) for key in player.keys},
        player.quoter.address: Signer(power_mask(Power.QUOTE), FAR_FUTURE_S),
        player.former.address: Signer(ALL_POWERS, FORMER_UNTIL_S),
    }


def ascending(addresses: Iterable[str]) -> tuple[str, ...]:
    """Addresses as the contract wants signers."""
    return tuple(sorted(addresses, key=lambda address: int(address, 16)))


def word(text: str) -> Digest:
    """A hash that is the same in every run."""
    return Digest("0x" + hashlib.sha256(text.encode()).hexdigest())


def key_of(text: str) -> LocalSigner:
    """A key that is the same in every run."""
    return LocalSigner(hashlib.sha256(f"key of {text}".encode()).digest())


def _party(player: Player) -> Party:
    thresholds = dict.fromkeys(Power, player.threshold)
    return Party(PartyStatus.ACTIVE, player.roles, FAR_FUTURE_S, grants(player), thresholds)
