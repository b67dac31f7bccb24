"""The one bridge from logs of our contracts to the events of `domain`.

A binding and its domain event have the same name and the same field names; how a value is turned follows from
the domain's annotation. What has no domain event is listed here by name, so that a new event of a contract is
a loud failure and never a silent gap.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from enum import IntEnum
from typing import Any, Final, get_args, get_type_hints

from chain import abi
from chain.address_book import AddressBook
from chain.bindings.tables import EVENTS
from chain.errors import DecodeError, UnknownEvent
from chain.logs import RawLog
from chain.text import checksum, word_text
from domain import events
from domain.ids import Digest, Fingerprint, PartyAddress

ADMINISTRATIVE: Final = frozenset(
    {
        "Approval",  # ERC-20 by inheritance; the cash has no allowances
        "AuthorityUpdated",
        "EIP712DomainChanged",  # declared by OpenZeppelin, never emitted
        "OperationCanceled",
        "OperationExecuted",
        "OperationScheduled",
        "RoleAdminChanged",
        "RoleGrantDelayChanged",
        "RoleGranted",
        "RoleGuardianChanged",
        "RoleLabel",
        "RoleRevoked",
        "TargetAdminDelayUpdated",
        "TargetClosed",
        "TargetFunctionRoleUpdated",
    }
)
"""Events of OpenZeppelin's administration: kept as raw facts, without meaning for receivables and cash."""

_Convert = Callable[[Any], Any]
_DOMAIN_EVENTS: Final[dict[str, type[Any]]] = {kind.__name__: kind for kind in get_args(events.Event)}


class _Translation:
    """Log words → domain event, for one kind of event."""

    __slots__ = ("_codec", "_kind", "_plan")

    def __init__(self, binding: type[abi.Event], kind: type[Any]) -> None:
        hints = get_type_hints(kind)
        places = {name: index for index, name in enumerate(binding.__struct_fields__)}
        names = [field.name for field in fields(kind)]
        if places.keys() != set(names):
            raise TypeError(f"{kind.__name__} of domain does not have the fields of the contract's event")
        self._codec = binding.CODEC
        self._kind = kind
        self._plan = tuple((places[name], _conversion(hints[name])) for name in names)

    def __call__(self, topics: Sequence[str], data: str) -> events.Event:
        values = self._codec.unpack(topics, data)
        translated: events.Event = self._kind(
            *[values[place] if convert is None else convert(values[place]) for place, convert in self._plan]
        )
        return translated


class Translator:
    """Translates the logs of one deployment."""

    def __init__(self, book: AddressBook) -> None:
        self._names = {entry.address.lower(): name for name, entry in book.entries()}
        by_contract = {contract: _translations(contract) for contract in set(self._names.values())}
        self._by_address = {address: by_contract[name] for address, name in self._names.items()}

    def contract_of(self, address: str) -> str:
        """Name of our contract at an address. Raises UnknownEvent."""
        name = self._names.get(address.lower())
        if name is None:
            raise UnknownEvent(f"{address} is no contract of ours", values={"address": address})
        return name

    def translate(self, log: RawLog) -> events.Event | None:
        """The domain event of a log; None for an event of OpenZeppelin's administration (`ADMINISTRATIVE`).

        Raises UnknownEvent where a contract of ours emits what its ABI does not have, DecodeError where the
        words are not what the ABI says. Both mean that the ledger is not the one this software was built for.
        """
        try:
            translation = self._by_address[log.address][log.topics[0]]
        except (KeyError, IndexError):
            raise self._unknown(log) from None
        return None if translation is None else translation(log.topics, log.data)

    def _unknown(self, log: RawLog) -> UnknownEvent:
        topic0 = log.topics[0] if log.topics else ""
        return UnknownEvent(
            f"{self.contract_of(log.address)} has no event {topic0}",
            values={
                "address": log.address,
                "topic": topic0,
                "block": log.block_number,
                "log": log.log_index,
            },
        )


def _translations(contract: str) -> dict[str, _Translation | None]:
    by_topic: dict[str, _Translation | None] = {}
    for topic0, binding in EVENTS[contract].items():
        kind = _DOMAIN_EVENTS.get(binding.__name__)
        if kind is None and binding.__name__ not in ADMINISTRATIVE:
            raise TypeError(f"event {binding.__name__} has no counterpart in domain.events")
        by_topic[word_text(topic0)] = _Translation(binding, kind) if kind else None
    return by_topic


def _conversion(hint: Any) -> _Convert | None:
    if hint is PartyAddress or hint is str:
        return checksum
    if hint is Digest or hint is Fingerprint:
        return word_text
    if isinstance(hint, type) and issubclass(hint, IntEnum):
        return _member_of(hint)
    return None


def _member_of(enum: type[IntEnum]) -> _Convert:
    members = {member.value: member for member in enum}

    def convert(value: int) -> IntEnum:
        try:
            return members[value]
        except KeyError as error:
            raise DecodeError(f"{value} is no {enum.__name__}") from error

    return convert
