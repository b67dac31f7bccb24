"""A development chain: one anvil as a child of this process, on a port of its own, ended by nobody else.

Zero fees, a block for every transaction, a clock that can be set. With a state file the chain goes on where
it stopped; anvil writes the file every few seconds and when it is told to end, so even `kill -9` of anvil
costs a few seconds only. It ends with this process, however that ends.
"""

import asyncio
import contextlib
import fcntl
import os
import platform
import secrets
import shutil
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import msgspec

from chain.compile import CONTRACTS
from chain.errors import DevNodeError
from chain.logs import Header, quantity, read_existing_header
from chain.networks import DEV_CHAIN_IDS
from chain.rpc import JsonRpc, Request, parse

STATE_INTERVAL_S: Final = 5
START_TIMEOUT_S: Final = 20.0
LOCK_TIMEOUT_S: Final = 5.0
_LOCK_POLL_S: Final = 0.05
STOP_TIMEOUT_S: Final = 20.0
"""Ending includes writing the state, which takes a second for tens of thousands of blocks."""
STATES_KEPT: Final = 256
"""Blocks back from the head at which calls can be made; more would go to a folder outside the project."""
BLOCK_GAS_LIMIT: Final = 10**10
"""Never full: anvil mines when a transaction arrives, and forgets those that did not fit into that block."""
_MACHINES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
_LISTENING: Final = b"Listening on "

# `read` returns when the pipe closes, which happens when our process ends, however it ends. A pipe works on
# every system, and anvil gets SIGTERM, on which it writes its state.
_WATCHDOG: Final = 'read -r _; kill -TERM "-$1"'


class _Identity(msgspec.Struct, frozen=True):
    """What a state file belongs to; `timestamp` is the first block's, seconds.

    anvil makes a first block at every start and keeps it beside those that it loads: only when it is the same
    block again does the chain have one.
    """

    chain_id: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class DevNodeSettings:
    """`timestamp` (seconds) is the genesis of a new chain, None is now. Only a `state_file` makes it stay.

    It is written every `state_interval_s`, and at the end.
    """

    state_file: Path | None = None
    state_interval_s: int = STATE_INTERVAL_S
    timestamp: int | None = None
    port: int = 0


class DevNode:
    """`async with DevNode(settings) as node:`, or `start` and `stop`. Raises DevNodeError."""

    def __init__(self, settings: DevNodeSettings | None = None) -> None:
        self._settings = settings or DevNodeSettings()
        self._process: asyncio.subprocess.Process | None = None
        self._watchdog: asyncio.subprocess.Process | None = None
        self._lock: IO[bytes] | None = None
        self._output: asyncio.Task[None] | None = None
        self._rpc: JsonRpc | None = None
        self._timestamp = 0
        self.chain_id = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start anvil, wait until it answers, and check that what answers is our child."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End what `start` started; the state is on disk when this returns."""
        if self._rpc:
            await self._rpc.close()
        if self._watchdog:
            with contextlib.suppress(ProcessLookupError):
                self._watchdog.kill()
            await self._watchdog.wait()
        if self._process:
            await _end(self._process)
        if self._output:
            self._output.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._output
        if self._lock:
            self._lock.close()
        self._rpc = self._watchdog = self._process = self._output = self._lock = None

    async def set_time(self, timestamp: int) -> None:
        """Mine a block at `timestamp` (seconds), from which the clock goes on; it never goes back."""
        head = await self.head()
        if timestamp < head.timestamp:
            raise DevNodeError(f"the clock cannot go back from {head.timestamp} to {timestamp}")
        # one after the other: anvil works on the members of a batch at the same time
        await self._call(("evm_setNextBlockTimestamp", timestamp))
        await self._call(("evm_mine",))

    async def head(self) -> Header:
        """The newest block."""
        (raw,) = await self._call(("eth_getBlockByNumber", "latest", False))
        return read_existing_header(raw)

    async def _start(self) -> None:
        resumed = await self._take_state()
        arguments = _arguments(self._settings, self.chain_id, self._timestamp)
        self._process = await asyncio.create_subprocess_exec(
            anvil_binary(),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; we end the node in order
            pass_fds=[self._lock.fileno()] if self._lock else [],
        )
        self._watchdog = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            _WATCHDOG,
            "watchdog",
            str(self._process.pid),
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        output = self._process.stdout
        if output is None:
            raise DevNodeError("anvil has no output to read")
        self.url = f"http://{await self._listening(output)}"
        self._output = asyncio.create_task(_drain(output))
        self._rpc = JsonRpc(self.url, START_TIMEOUT_S)
        (raw,) = await self._call(("eth_chainId",))
        if quantity(parse(raw, str)) != self.chain_id:
            raise DevNodeError(f"{self.url} is not the chain that was started")
        if resumed:
            # anvil would go on with the time of the first block, and blocks could be older than their parents
            await self._call(("anvil_setTime", (await self.head()).timestamp))

    async def _take_state(self) -> bool:
        """Choose the chain id, lock the state; whether there is a chain to go on with."""
        state = self._settings.state_file
        self.chain_id = DEV_CHAIN_IDS[secrets.randbelow(len(DEV_CHAIN_IDS))]
        wanted = self._settings.timestamp
        self._timestamp = int(time.time()) if wanted is None else wanted
        if state is None:
            return False
        state.parent.mkdir(parents=True, exist_ok=True)
        self._lock = state.with_suffix(".lock").open("wb")
        await _locked(self._lock, state.name)
        identity = state.with_suffix(".chain.json")
        if identity.exists() and _restore(state):
            known = msgspec.json.decode(identity.read_bytes(), type=_Identity)
            self.chain_id, self._timestamp = known.chain_id, known.timestamp
            return True
        identity.write_bytes(msgspec.json.encode(_Identity(self.chain_id, self._timestamp)))
        return False

    async def _listening(self, output: asyncio.StreamReader) -> str:
        """Host and port, from the words of our own child: nobody else's node can be mistaken for it."""
        said: list[bytes] = []
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                async for line in output:
                    said.append(line)
                    if line.startswith(_LISTENING):
                        return line.removeprefix(_LISTENING).decode().strip()
        except TimeoutError:
            raise DevNodeError(f"anvil did not start in {START_TIMEOUT_S:.0f} s") from None
        raise DevNodeError(f"anvil ended: {b''.join(said[-5:]).decode(errors='replace').strip()}")

    async def _call(self, *requests: Sequence[object]) -> list[msgspec.Raw]:
        if self._rpc is None:
            raise DevNodeError("the node is not running")
        return await self._rpc.batch([Request(str(method), params) for method, *params in requests])


def anvil_binary() -> Path:
    """The real binary of the npm package, whose start script costs 150 ms. Raises DevNodeError."""
    machine = platform.machine().lower()
    package = f"anvil-{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    binary = CONTRACTS / "node_modules" / "@foundry-rs" / package / "bin" / "anvil"
    if not binary.is_file():
        raise DevNodeError(f"no {package}: run `npm ci` in contracts/")
    return binary


def _arguments(settings: DevNodeSettings, chain_id: int, timestamp: int) -> list[str]:
    arguments = ["--host", "127.0.0.1", "--port", str(settings.port), "--chain-id", str(chain_id)]
    arguments += ["--timestamp", str(timestamp)]
    arguments += ["--base-fee", "0", "--gas-price", "0", "--accounts", "0", "--hardfork", "cancun"]
    arguments += ["--prune-history", str(STATES_KEPT), "--gas-limit", str(BLOCK_GAS_LIMIT)]
    if settings.state_file:
        arguments += ["--state", str(settings.state_file), "--state-interval", str(settings.state_interval_s)]
    return arguments


async def _locked(file: IO[bytes], name: str) -> None:
    """Hold the lock of a state file. anvil inherits it, so that it is free when anvil has written its state
    and ended, which may be a moment after its parent has.
    """
    try:
        async with asyncio.timeout(LOCK_TIMEOUT_S):
            while not _try_lock(file):  # noqa: ASYNC110  # a lock of the file system gives no sign
                await asyncio.sleep(_LOCK_POLL_S)
    except TimeoutError:
        raise DevNodeError(f"another node is using {name}") from None


def _try_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _restore(state: Path) -> bool:
    """Whether there is a state to load. One that was cut off while written gives way to the last good one.

    Raises DevNodeError where neither can be read: a chain is never begun anew in the place of an old one.
    """
    if not state.exists():
        return False
    good = state.with_suffix(".good.json")
    if _is_json(state):
        shutil.copyfile(state, good)
    elif _is_json(good):
        shutil.copyfile(good, state)
    else:
        raise DevNodeError(f"cannot read the chain in {state.name}; remove it to begin a new one")
    return True


def _is_json(path: Path) -> bool:
    try:
        msgspec.json.decode(path.read_bytes(), type=msgspec.Raw)
    except (OSError, msgspec.DecodeError):
        return False
    return True


async def _drain(output: asyncio.StreamReader) -> None:
    """anvil stops when nobody reads what it says."""
    while await output.read(65_536):
        pass


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
