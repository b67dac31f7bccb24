"""`tally index run|rebuild|check`: the mirror in this process, without the API but for its settings."""

import asyncio
import logging
from pathlib import Path
from typing import Any

from api import logs
from api.settings import Settings
from chain.address_book import AddressBook
from chain.node import ChainNode
from indexer.db import make_engine
from indexer.queries import Position
from indexer.rebuild import rebuild as rebuild_mirror
from indexer.schema import migrate
from indexer.sealing import NO_PROOFS, Proofs
from indexer.watch import watch
from indexer.worker import MirrorWorker
from scripts import screen
from scripts.exits import ExitCode, Failure
from scripts.system.checks import check_mirror
from scripts.system.processes import settings


async def index_run(*, verify: bool) -> None:
    """Follow the chain until interrupted; another indexer that follows already is stood by for."""
    logs.configure(level=logging.INFO)
    configured, client = await settings_and_client()
    url = configured.mirror_database_url.get_secret_value()
    engine = make_engine(url)
    heads_url = configured.heads_url
    worker = MirrorWorker(
        client,
        engine,
        finality_blocks=configured.finality_blocks,
        proofs=_proofs(configured, verify=verify),
        heads_url=heads_url.get_secret_value() if heads_url else None,
    )
    try:
        with screen.progress_bar("mirroring 同步", None) as (progress, task):

            def shown(position: Position, target: int) -> None:
                progress.update(task, total=target, completed=position.block_number)

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(worker.run_forever(standby=True, on_progress=shown))
                if configured.mirror_check_every_s:
                    checking = watch(
                        client, url, configured.mirror_check_every_s, wanted=lambda: worker.leading
                    )
                    tasks.create_task(checking)
    finally:
        await engine.dispose()
        await client.close()


async def index_rebuild(*, verify: bool, as_json: bool, archive: Path | None = None) -> None:
    """Make the mirror anew from the chain, and say whether the old one was right. Raises Failure where it
    was not.
    """
    configured, client = await settings_and_client()
    async with client:
        with screen.progress_bar("rebuilding 重建", None) as (progress, task):

            def shown(position: Position, target: int) -> None:
                progress.update(task, total=target, completed=position.block_number)

            made = await rebuild_mirror(
                client,
                configured.mirror_database_url.get_secret_value(),
                shown,
                finality_blocks=configured.finality_blocks,
                proofs=_proofs(configured, verify=verify),
                archive=archive,
            )
    differing = [difference.table for difference in made.differences]
    document = {"through_block": made.through.block_number, "differing_tables": differing, "kept": made.kept}
    if as_json:
        screen.print_json(document)
    else:
        screen.results().print(f"rebuilt through block {made.through.block_number}")
    if differing:
        raise Failure(ExitCode.DIFFERS, f"the old mirror differed in {', '.join(differing)}", rule="mirror")


async def index_check(*, as_json: bool) -> None:
    """Compare mirror and chain, field by field. Raises Failure where they differ."""
    configured, client = await settings_and_client()
    url = configured.mirror_database_url.get_secret_value()
    async with client:
        with screen.progress_bar("comparing 核对", None) as (progress, task):
            checked = await check_mirror(
                client, url, lambda _part, count: progress.update(task, completed=count)
            )
    differences: list[dict[str, Any]] = [
        {
            "table": one.table,
            "key": one.key,
            "field": one.field,
            "mirror": str(one.mirror),
            "chain": str(one.chain),
        }
        for one in checked.differences
    ]
    if as_json:
        document = {"block": checked.block, "fields": checked.fields, "differences": differences}
        screen.print_json({**document, "cash_supply_equals_balances": checked.cash_holds})
    else:
        screen.results().print(
            f"block {checked.block}: {checked.fields} fields, {len(differences)} differences"
        )
        for one in differences:
            screen.results().print(
                f"  {one['table']} {one['key']} {one['field']}: {one['mirror']} / {one['chain']}"
            )
    if differences or not checked.cash_holds:
        raise Failure(
            ExitCode.DIFFERS,
            f"{len(differences)} differences; `tally index rebuild` 镜像不一致",
            rule="mirror",
        )


def _proofs(configured: Settings, *, verify: bool) -> Proofs:
    if not (verify or configured.mirror_verify):
        return NO_PROOFS
    return Proofs(receipts=True, validators=configured.validator_addresses)


async def settings_and_client() -> tuple[Settings, ChainNode]:
    """What is configured, and its node, with the mirror's schema brought to the newest revision."""
    configured = settings(sends=False)
    book = AddressBook.read(configured.address_book)
    await asyncio.to_thread(migrate, configured.mirror_database_url.get_secret_value())
    client = await ChainNode.connect(configured.rpc_urls, book, hash_rule=configured.block_hash_rule)
    return configured, client
