"""A process that sends webhooks, and kills itself between a receiver's answer and its being written down.

Run as `python -m tests.support.courier_child KILL_AT`: at which delivery, counted from 1; 0 is never.
Settings come from `TALLY_…` variables; it mirrors nothing and says `sending` when it has begun.
"""

import asyncio
import os
import signal
import sys

from api.bootstrap import build
from api.settings import Settings


async def main(settings: Settings, kill_at: int) -> None:
    count = 0

    def delivered(_event_id: str) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    application = await build(settings, signers={}, delivered=delivered)
    sys.stdout.write("sending\n")
    sys.stdout.flush()
    await application.tell_forever()


if __name__ == "__main__":
    asyncio.run(main(Settings(_env_file=None), int(sys.argv[1])))
