"""After a crash of everything: a development chain that lost its last seconds gets them back.

The outbox keeps every transaction as it was signed. Those that the chain does not know any more are sent
again, in the order in which they were made; a chain that lost nothing is sent nothing.
"""

from sqlmodel import col, select

from api.bootstrap import Application
from api.outbox.models import Operation
from chain.text import word_bytes


async def resend_lost(application: Application) -> int:
    """Send what the chain has lost, and count it. Raises NodeError where the chain does not take it.

    For a chain of one's own only, before the sender starts: on any other, an unknown transaction may yet
    come.
    """
    lost: list[Operation] = []
    async with application.resources.databases.reading() as session:
        senders = (await session.scalars(select(Operation.sender).distinct())).all()
        for sender in filter(None, senders):
            mined = await application.client.nonce(sender, "latest")
            found = await session.scalars(
                select(Operation).where(
                    Operation.sender == sender,
                    col(Operation.nonce) >= mined,
                    col(Operation.raw_tx).is_not(None),
                )
            )
            lost += found.all()
    for operation in sorted(lost, key=lambda one: (one.id, one.nonce)):
        await application.client.send_raw_transaction(word_bytes(operation.raw_tx or ""))
    return len(lost)
