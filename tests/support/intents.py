"""Random intents for tests: every value that its Solidity type can hold."""

from typing import Any, Final, get_args

from hypothesis import strategies as st

from chain.text import checksum
from domain.ids import Digest, PartyAddress
from domain.intents import Cancel, Intent, InvoiceUse, Issue, Redeem
from domain.words import solidity_fields

addresses = st.binary(min_size=20, max_size=20).map(lambda raw: PartyAddress(checksum(raw)))
words = st.binary(min_size=32, max_size=32).map(lambda raw: Digest("0x" + raw.hex()))


def unsigned(bits: int) -> st.SearchStrategy[int]:
    """uint<bits>, with its ends more often than chance would have them."""
    last = (1 << bits) - 1
    return st.one_of(st.just(0), st.just(last), st.integers(0, last))


VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "address": addresses,
    "bytes32": words,
    **{f"uint{bits}": unsigned(bits) for bits in (8, 16, 24, 32, 40, 64)},
}
"""A strategy for each Solidity type that an intent has."""


def any_of(struct: type[Any], **chosen: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A struct with any value in each field that is not chosen."""
    drawn = {name: VALUES[kind] for name, kind in solidity_fields(struct)}  # type: ignore[arg-type]
    return st.builds(struct, **(drawn | chosen))


_uses = st.lists(any_of(InvoiceUse), max_size=4).map(tuple)
_CHOSEN: Final[dict[type[Any], dict[str, st.SearchStrategy[Any]]]] = {
    Issue: {"invoices": _uses},
    Cancel: {"invoices": _uses},
    Redeem: {"currency": st.sampled_from([156, 978])},
}

INTENTS: Final[dict[type[Any], st.SearchStrategy[Any]]] = {
    kind: any_of(kind, **_CHOSEN.get(kind, {})) for kind in get_args(Intent)
}
"""A strategy for each intent; cash exists in CNY (156) and EUR (978)."""
