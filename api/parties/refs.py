"""Parties as other things mention them: the id and the name."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field

from api.db import ReadSession
from api.http.schemas import View
from api.parties import service
from domain.ids import PartyAddress

Names = Mapping[str, str]
"""Names by address."""


class PartyRef(View):
    """A party that is mentioned; the name is its address where we do not know it."""

    id: Annotated[str, Field(examples=["0x52908400098527886E0F7030069857D2E4169EE7"])]
    name: Annotated[str, Field(examples=["华东机械制造有限公司"])]

    @classmethod
    def of(cls, address: str, names: Names) -> Self:
        return cls(id=address, name=names.get(address, address))


async def names_of(session: ReadSession, *addresses: str | None) -> Names:
    """The names of all who are mentioned together, asked for at once; nobody has no name."""
    mentioned = {PartyAddress(address) for address in addresses if address}
    return {str(address): name for address, name in (await service.names_of(session, mentioned)).items()}
