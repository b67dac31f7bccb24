"""More traffic on a chain that has the mix: more receivables, and credits where only blocks matter."""

from collections.abc import Iterator

from chain.calls import Call
from scripts.bench.index.mix.blocks import BlockMaker
from scripts.bench.index.mix.cast import Cast, governance_keys
from scripts.bench.index.mix.lives import Life
from scripts.bench.index.mix.load import MixChain


class Traffic:
    """Goes on for as long as the node runs, whichever mirror looks on."""

    def __init__(self, chain: MixChain, maker: BlockMaker) -> None:
        self.maker = maker
        self.bank = governance_keys()["settlement_bank"]
        self._chain = chain
        self._cast = Cast.of(chain.book)
        self._receivables = chain.mix.receivables
        self._credits = 0

    async def head(self) -> int:
        """Number of the newest block."""
        return (await self._chain.node.head()).number

    async def steps(self) -> Iterator[list[Call]]:
        """The lives of receivables one after the other, a step a block, without end.

        To be used within an hour: the intents hold no longer.
        """
        return self._steps((await self._chain.node.head()).timestamp)

    def credit(self) -> Call:
        """Cash for a supplier, by the settlement bank; never the same twice."""
        self._credits += 1
        supplier = self._cast.suppliers[self._credits % len(self._cast.suppliers)]
        return supplier.credit("traffic", self._credits, amount_minor=100_00)

    async def mine(self, count: int) -> int:
        """Blocks with one credit each; the answer is the number of the last."""
        for _ in range(count):
            await self.maker.block([self.credit()], self.bank)
        return await self.head()

    def _steps(self, now: int) -> Iterator[list[Call]]:
        while True:
            self._receivables += 1
            yield from Life(self._chain.book, self._cast, self._receivables, now).steps()
