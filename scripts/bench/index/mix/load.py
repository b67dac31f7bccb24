"""A chain with so many events of the real mix, made once and kept: same contracts, same traffic."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from chain.address_book import AddressBook
from chain.compile import compile_contracts
from chain.deploy import DeploymentTerms, deploy
from chain.devnode import DevNode, DevNodeSettings
from chain.files import exclusive, write_atomically
from chain.roles import GovernanceAccounts
from chain.signers import LocalSigner
from scripts.bench.forge import CACHE
from scripts.bench.index.mix.blocks import BlockMaker
from scripts.bench.index.mix.cast import Cast, governance_keys, key
from scripts.bench.index.mix.lives import Life

LIVES_AT_ONCE: Final = 12
"""Receivables at the same step of their lives in one block: about 50 events a block."""
KEPT: Final = CACHE / "index"
NEVER_S: Final = 1_000_000
_ADMITTED_AT_ONCE: Final = 40
_DECIDING: Final = ("blocks.py", "cast.py", "lives.py", "load.py")

Progress = Callable[[int], None]


class Mix(msgspec.Struct, frozen=True):
    """What a kept chain has: `events` from block `first` through block `through`, its last."""

    events: int
    receivables: int
    first: int
    through: int


@dataclass(frozen=True, slots=True)
class MixChain:
    """A node that has the mix."""

    node: DevNode
    book: AddressBook
    mix: Mix


async def kept_mix(events: int, progress: Progress) -> Path:
    """Folder of the kept chain with at least so many events, which is made first if there is none."""
    kept = await asyncio.to_thread(_kept_folder, events)
    with exclusive(KEPT / "making.lock"):
        if not kept.is_dir():
            await _make(events, kept, progress)
    return kept


@asynccontextmanager
async def mix_chain(kept: Path, folder: Path) -> AsyncIterator[MixChain]:
    """A node on a copy of a kept chain, the copy in `folder`."""
    copied = folder / "mix"
    await asyncio.to_thread(shutil.copytree, kept, copied)
    mix = msgspec.json.decode((copied / "mix.json").read_bytes(), type=Mix)
    book = AddressBook.read(copied / "book.json")
    async with DevNode(_settings(copied)) as node:
        yield MixChain(node, book, mix)


def _kept_folder(events: int) -> Path:
    """Named after all that decides what is on the chain."""
    digest = hashlib.sha256(compile_contracts().key.encode())
    for name in _DECIDING:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return KEPT / f"{events}-{digest.hexdigest()[:16]}"


def _settings(folder: Path) -> DevNodeSettings:
    # Written once, at the end: hundreds of megabytes every few seconds would be what is measured.
    return DevNodeSettings(state_file=folder / "chain.json", state_interval_s=NEVER_S)


async def _make(events: int, kept: Path, progress: Progress) -> None:
    draft = kept.with_name(f"{kept.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    async with DevNode(_settings(draft)) as node:
        keys = governance_keys()
        accounts = GovernanceAccounts(**{role: one.address for role, one in keys.items()})
        made = await deploy(node.url, key("deployer"), DeploymentTerms(accounts), reach_time=node.set_time)
        maker = await BlockMaker.on(node.url, made.book)
        try:
            mix = await _trade(node, maker, keys, events, progress)
        finally:
            await maker.rpc.close()
    made.book.write(draft / "book.json")
    write_atomically(draft / "mix.json", msgspec.json.encode(mix))
    for old in KEPT.glob(f"{events}-*"):
        if old != draft:
            shutil.rmtree(old)
    draft.rename(kept)


async def _trade(
    node: DevNode, maker: BlockMaker, keys: dict[str, LocalSigner], events: int, progress: Progress
) -> Mix:
    cast = Cast.of(maker.book)
    first = (await node.head()).number + 1
    done = await _open(maker, cast, keys)
    receivables = 0
    while done < events:
        now = (await node.head()).timestamp
        numbers = range(receivables + 1, receivables + LIVES_AT_ONCE + 1)
        lives = [Life(maker.book, cast, number, now).steps() for number in numbers]
        receivables += LIVES_AT_ONCE
        # Those that pay at once are through two blocks earlier than the others.
        while step := [call for life in lives for call in next(life, [])]:
            done += await maker.block(step)
        debtor = cast.debtors[receivables // LIVES_AT_ONCE % len(cast.debtors)]
        credit = debtor.credit(receivables, amount_minor=1_000_000_00)
        done += await maker.block([credit], keys["settlement_bank"])
        progress(done)
    return Mix(done, receivables, first, (await node.head()).number)


async def _open(maker: BlockMaker, cast: Cast, keys: dict[str, LocalSigner]) -> int:
    """Admit everybody and give those cash who pay."""
    members = cast.everybody()
    done = 0
    for first in range(0, len(members), _ADMITTED_AT_ONCE):
        admissions = [one.admission() for one in members[first : first + _ADMITTED_AT_ONCE]]
        done += await maker.block(admissions, keys["registrar"])
    opening = [one.credit("opening") for one in (*cast.debtors, *cast.banks)]
    return done + await maker.block(opening, keys["settlement_bank"])
