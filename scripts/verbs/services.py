"""`tally api`, `tally sender`: one part of the system in this process."""

import logging
import os

from api import logs
from api.app import create_app
from api.bootstrap import build, open_signers
from scripts.exits import ExitCode, Failure
from scripts.system.processes import settings
from scripts.system.server import serving


async def api() -> None:
    """Answer requests until interrupted; sending and indexing are other processes'."""
    logs.configure(level=logging.INFO)
    application = await build(settings(sends=False), signers={})
    host, port = os.environ.get("TALLY_API_HOST", "127.0.0.1"), int(os.environ.get("TALLY_API_PORT", "8080"))
    try:
        async with serving(create_app(application), host, port):
            await application.tell_forever()
    finally:
        await application.close()


async def sender() -> None:
    """Send what the outbox holds until interrupted."""
    logs.configure(level=logging.INFO)
    configured = settings(sends=True)
    signers = open_signers(configured)
    if not signers:
        raise Failure(
            ExitCode.MISSING, "no signer: run `tally deploy`", rule="settings", place="TALLY_KEYSTORE_DIR"
        )
    application = await build(configured, signers=signers)
    try:
        await application.send_forever()
    finally:
        await application.close()
