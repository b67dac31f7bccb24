"""Field types of the ledger's structs under their Solidity names, so that the two can be compared."""

import re
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from domain.errors import FieldOutOfRange
from domain.ids import Digest, Fingerprint, LotId, PartyAddress, ReceivableId

U8 = Annotated[int, "uint8"]
U16 = Annotated[int, "uint16"]
U24 = Annotated[int, "uint24"]
U32 = Annotated[int, "uint32"]
U40 = Annotated[int, "uint40"]
U64 = Annotated[int, "uint64"]
Address = Annotated[PartyAddress, "address"]
Lot = Annotated[LotId, "uint64"]
Receivable = Annotated[ReceivableId, "uint64"]
Word = Annotated[Digest, "bytes32"]
FingerprintWord = Annotated[Fingerprint, "bytes32"]

_HEX_SHAPE = {"address": re.compile(r"0x[0-9a-fA-F]{40}"), "bytes32": re.compile(r"0x[0-9a-f]{64}")}


@cache
def solidity_fields(struct: type[Any]) -> tuple[tuple[str, str], ...]:
    """(field name, Solidity type) of each field that is a plain word; nested structs are left out."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple((name, get_args(hint)[1]) for name, hint in hints.items() if get_origin(hint) is Annotated)


def check_words(struct: object) -> None:
    """Refuse values that the Solidity type of their field cannot hold, before anybody signs them."""
    struct_type: Any = type(struct)
    for name, kind in solidity_fields(struct_type):
        value = getattr(struct, name)
        if not _fits(value, kind):
            raise FieldOutOfRange(
                f"not a {kind}", place=f"{struct_type.__name__}.{name}", values={"given": value}
            )


def _fits(value: object, kind: str) -> bool:
    if kind in _HEX_SHAPE:
        return isinstance(value, str) and _HEX_SHAPE[kind].fullmatch(value) is not None
    if not isinstance(value, int) or isinstance(value, bool):  # True is an int in Python, but no amount
        return False
    return 0 <= value < 1 << int(kind.removeprefix("uint"))
