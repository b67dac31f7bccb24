"""Several nodes of one network as one: when one does not answer, or does not make sense, the next is asked.

Nothing can be lost on the way: whoever follows a chain checks that each block is the child of the one before
it, whoever told it.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from chain.errors import NodeUnavailable, WrongChain
from chain.rpc import JsonRpc, Request

Admit = Callable[[JsonRpc], Awaitable[None]]


class Endpoints:
    """At least one address. `admit` checks one before it is used, and raises WrongChain."""

    def __init__(self, urls: Sequence[str], timeout_s: float, admit: Admit) -> None:
        self._nodes = [JsonRpc(url, timeout_s) for url in urls]
        self._admitted: set[int] = set()
        self._admit = admit
        self._current = 0

    def __len__(self) -> int:
        return len(self._nodes)

    async def close(self) -> None:
        """Close all connections."""
        for node in self._nodes:
            await node.close()

    async def admit_all(self) -> None:
        """Check every node again. Raises WrongChain for any, and NodeUnavailable where none answers."""
        problem: NodeUnavailable | None = None
        self._admitted.clear()
        for place, node in enumerate(self._nodes):
            try:
                await self._admit(node)
            except NodeUnavailable as error:
                problem = error
            else:
                self._admitted.add(place)
        if not self._admitted and problem is not None:
            raise problem

    async def batch(self, requests: Sequence[Request]) -> list[msgspec.Raw]:
        """See `JsonRpc.batch`. Raises NodeUnavailable only where no node answers."""
        problem: NodeUnavailable | WrongChain | None = None
        for _ in self._nodes:
            try:
                return await (await self._node(self._current)).batch(requests)
            except (NodeUnavailable, WrongChain) as error:
                problem = error
                self.distrust()
        raise NodeUnavailable(f"none of {len(self._nodes)} nodes: {problem}") from problem

    async def each(self, requests: Sequence[Request]) -> list[list[msgspec.Raw] | None]:
        """The answer of every node, None for one that does not answer or is of another chain."""
        answers: list[list[msgspec.Raw] | None] = []
        for place in range(len(self._nodes)):
            try:
                answers.append(await (await self._node(place)).batch(requests))
            except (NodeUnavailable, WrongChain):
                answers.append(None)
        return answers

    def distrust(self) -> None:
        """Ask the next node from now on."""
        self._current = (self._current + 1) % len(self._nodes)

    async def _node(self, place: int) -> JsonRpc:
        node = self._nodes[place]
        if place not in self._admitted:
            await self._admit(node)
            self._admitted.add(place)
        return node
