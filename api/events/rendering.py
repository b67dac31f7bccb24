"""A domain event as JSON: amounts as money, instants as text, codes as names, ids as text.

What a field is follows from its type, or, where that is an integer, from its name; a field that is in no list
here is a loud failure at import, so that no new one is shown as what it is not.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import IntEnum, IntFlag
from typing import Any, Final, get_args, get_type_hints

from api.http.schemas import MoneyView, instant
from api.http.translation import JSON_INTEGER_MAX, jsonable
from domain import events
from domain.errors import DomainError
from domain.ids import LotId, ReceivableId
from domain.intents import IntentKind, Recourse
from domain.lots import LotFlag
from domain.money import currency_by_numeric
from domain.parties import Power, Role, powers_in

_MONEY: Final = frozenset(
    {
        "advance",
        "amount",
        "claimed",
        "exposure",
        "face",
        "fees",
        "held",
        "interest",
        "interest_lost",
        "interest_owed",
        "interest_paid",
        "limit",
        "min_lot_minor",
        "paid",
        "parent_left",
        "per_day_minor",
        "price",
        "principal",
        "principal_lost",
        "recourse_limit",
        "repayment",
        "secured",
        "to_pledgee",
        "total",
        "used",
    }
)
_INSTANTS: Final = frozenset(
    {
        "admitted_at",
        "due",
        "effective",
        "expires",
        "interest_through",
        "issued",
        "kyb_until",
        "ready_at",
        "since",
        "valid_from",
        "valid_until",
    }
)
_COUNTS: Final = frozenset(
    {
        "blocking",
        "claimed_through",
        "close_window_seconds",
        "day_count",
        "depth",
        "grace_days",
        "index",
        "installment",
        "installments",
        "late_rate_ppm_per_day",
        "lot_count",
        "max_depth",
        "max_lots",
        "max_tenor_days",
        "min_rate_ppm",
        "param",
        "parent_seq",
        "paused",
        "rate_ppm",
        "receivables",
        "rights",
        "seq",
        "threshold",
        "version",
    }
)
_TEXTS: Final = frozenset({"first", "subject"})
_INSTANT_MAX: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())

AGREED_FLAGS: Final = LotFlag.PLEDGED | LotFlag.RECOURSE | LotFlag.MANDATED
"""Flags that come from agreements; the others are orders and where the lot lives."""

_Render = Callable[[Any, int], Any]
"""A field's value, and the currency of the event, to JSON."""


def render(event: events.Event, currency: int) -> dict[str, Any]:
    """The fields of an event under their names; its amounts are of `currency` (ISO 4217 number)."""
    return {
        shown: how(getattr(event, name), currency) for name, shown, how in _PLANS[type(event)]
    } | _agreed_flags(event)


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an event of OpenZeppelin's administration, which has no meaning here."""
    texts = {
        name: "0x" + value.hex() if isinstance(value, bytes) else value for name, value in values.items()
    }
    return jsonable(texts)


def _agreed_flags(event: events.Event) -> dict[str, Any]:
    """Apart from the others, since not everybody who sees those may see them."""
    match event:
        case events.LotFlagsChanged(flags=flags) | events.LotImported(flags=flags):
            return {"agreed_flags": _names_of(LotFlag(flags & AGREED_FLAGS))}
    return {}


def _money(value: int, currency: int) -> dict[str, str]:
    try:
        return MoneyView.of(value, currency).model_dump()
    except DomainError:
        # Whatever stands on the ledger is passed on: one strange amount must not end everybody's stream.
        return {"minor": str(value), "currency": str(currency)}


def _instant(value: int, _currency: int) -> str | None:
    return instant(min(value, _INSTANT_MAX)) if value else None


def _text(value: Any, _currency: int) -> str:
    return str(value)


def _bytes(value: bytes, _currency: int) -> str:
    return f"0x{value.hex()}"


def _same(value: Any, _currency: int) -> Any:
    return value


def _count(value: int, _currency: int) -> int | str:
    return value if value <= JSON_INTEGER_MAX else str(value)


def _currency_code(value: int, _currency: int) -> str:
    try:
        return currency_by_numeric(value).code
    except DomainError:
        return str(value)


def _name(value: IntEnum, _currency: int) -> str:
    return value.name.lower()


def _code(enum: type[IntEnum]) -> _Render:
    names = {member.value: member.name.lower() for member in enum}
    return lambda value, _currency: names.get(value, str(value))


def _order_flags(value: int, _currency: int) -> list[str]:
    return _names_of(LotFlag(value & ~AGREED_FLAGS))


def _roles(value: int, _currency: int) -> list[str]:
    return _names_of(Role(value))


def _powers(value: int, _currency: int) -> list[str]:
    return [power.name.lower() for power in powers_in(value)]


def _names_of(mask: IntFlag) -> list[str]:
    return [member.name.lower() for member in mask if member.name]


_BY_NAME: Final[dict[str, _Render]] = {
    **dict.fromkeys(_MONEY, _money),
    **dict.fromkeys(_INSTANTS, _instant),
    **dict.fromkeys(_COUNTS, _count),
    **dict.fromkeys(_TEXTS, _text),
    "currency": _currency_code,
    "flags": _order_flags,
    "kind": _code(IntentKind),
    "power": _code(Power),
    "powers": _powers,
    "recourse": _code(Recourse),
    "roles": _roles,
}
_BY_EVENT: Final[dict[tuple[type[Any], str], _Render]] = {
    (events.Transfer, "value"): _money,
    (events.RuleScheduled, "value"): _text,
}
_BY_TYPE: Final[dict[Any, _Render]] = {LotId: _text, ReceivableId: _text, bool: _same, bytes: _bytes}


def _plan(kind: type[Any]) -> tuple[tuple[str, str, _Render], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (field.name, _shown_as(field.name), _how(kind, field.name, hints[field.name]))
        for field in fields(kind)
    )


def _shown_as(name: str) -> str:
    return name.removesuffix("_").removesuffix("_minor")


def _how(kind: type[Any], name: str, hint: Any) -> _Render:
    if hint is int:
        return _BY_EVENT.get((kind, name)) or _BY_NAME[name]
    if isinstance(hint, type) and issubclass(hint, IntEnum):
        return _name
    # what is left are addresses, words and names, each a kind of text
    return _BY_TYPE.get(hint, _text)


_PLANS: Final = {kind: _plan(kind) for kind in get_args(events.Event)}
