"""Ids of the ledger as clients write them: decimal text, since a lot id is beyond what JSON numbers hold
exactly.
"""

import re
from typing import Annotated

from pydantic import Field

from api.http.problems import NOT_FOUND
from domain.ids import LotId, ReceivableId

_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_ID_MAX = (1 << 63) - 1

ReceivableIdText = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,18}$", examples=["12"])]
LotIdText = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,18}$", examples=["201326593"])]


def to_receivable_id(text: str) -> ReceivableId:
    """The receivable of a path or body; text that is no id names no receivable. Raises `not-found`."""
    return ReceivableId(_number(text, "receivable"))


def to_lot_id(text: str) -> LotId:
    """The lot of a path or body; text that is no id names no lot. Raises `not-found`."""
    return LotId(_number(text, "lot"))


def _number(text: str, what: str) -> int:
    if _ID.fullmatch(text) is None or int(text) > _ID_MAX:
        raise NOT_FOUND(f"no such {what}")
    return int(text)
