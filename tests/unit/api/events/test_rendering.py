"""Events as JSON: every field of every event is what it says it is."""

import json
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from api.events.rendering import plain, render
from domain import events
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, LotId, ReceivableId
from domain.lots import LotFlag
from domain.parties import Role

KINDS = get_args(events.Event)
STRANGE = {int: 2**64 - 1, bool: True, bytes: b"\x00\xff", str: "text"}


def sample(kind: type[Any], number: int) -> events.Event:
    """An event all of whose integers are `number`."""
    hints = get_type_hints(kind)
    values = {}
    for field in fields(kind):
        hint = hints[field.name]
        base = getattr(hint, "__supertype__", hint)
        is_enum = isinstance(base, type) and issubclass(base, int) and base not in (int, bool)
        values[field.name] = next(iter(base)) if is_enum else number if base is int else STRANGE[base]
    event: events.Event = kind(**values)
    return event


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("number", [0, 1, 2**64 - 1])
def test_whatever_is_on_the_ledger_can_be_shown(kind: type[Any], number: int) -> None:
    shown = render(sample(kind, number), 156)
    names = {name.removesuffix("_").removesuffix("_minor") for name in (f.name for f in fields(kind))}
    assert names <= set(shown)
    text = json.dumps(shown)
    assert all(abs(value) < 2**53 for value in _integers(json.loads(text)))


def _integers(value: Any) -> list[int]:
    if isinstance(value, dict):
        return [one for item in value.values() for one in _integers(item)]
    if isinstance(value, list):
        return [one for item in value for one in _integers(item)]
    return [value] if isinstance(value, int) else []


def test_amounts_are_money_instants_are_text_and_ids_are_text() -> None:
    event = events.ReceivableIssued(
        ReceivableId(7),
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        LotId(117440513),
        1_000_00,
        86_400,
        156,
        ZERO_DIGEST,
        ZERO_DIGEST,
    )
    shown = render(event, 156)
    assert shown["id"] == "7"
    assert shown["lot"] == "117440513"
    assert shown["face"] == {"amount": "1000.00", "currency": "CNY"}
    assert shown["due"] == "1970-01-02T00:00:00Z"
    assert shown["currency"] == "CNY"


def test_an_amount_in_no_currency_that_we_know_is_passed_on_as_it_is() -> None:
    assert render(events.Transfer(ZERO_ADDRESS, ZERO_ADDRESS, 5), 1)["value"] == {
        "minor": "5",
        "currency": "1",
    }


def test_flags_that_were_agreed_are_apart_from_orders() -> None:
    flags = int(LotFlag.FROZEN | LotFlag.PLEDGED)
    shown = render(events.LotFlagsChanged(ReceivableId(7), LotId(1), flags, 1, ZERO_DIGEST), 156)
    assert (shown["flags"], shown["agreed_flags"]) == (["frozen"], ["pledged"])


def test_roles_are_names() -> None:
    event = events.PartyAdmitted(ZERO_ADDRESS, ZERO_DIGEST, int(Role.BANK | Role.AUDITOR), 0, 1)
    shown = render(event, 0)
    assert (shown["roles"], shown["kyb_until"]) == (["bank", "auditor"], None)


def test_what_has_no_meaning_here_is_shown_plainly() -> None:
    assert plain({"roleId": 2**64 - 1, "account": "0x1", "data": b"\x01"}) == {
        "roleId": str(2**64 - 1),
        "account": "0x1",
        "data": "0x01",
    }
