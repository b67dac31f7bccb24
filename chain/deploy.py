"""Put a new ledger on a chain: contracts, module rights, rules, roles; the deployer ends with nothing.

All addresses follow from the deployer and its nonces, so every transaction is signed before the first is sent
and all go out in one request. Then everything is read back and compared with what was wanted.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chain import abi, wiring
from chain.address_book import AddressBook, ContractEntry
from chain.compile import Build, Progress, compile_contracts
from chain.errors import DeploymentError
from chain.fees import ZERO_FEES, Fees
from chain.keccak import keccak
from chain.logs import Header, MinedReceipt, quantity, read_existing_header, read_receipt
from chain.roles import GovernanceAccounts
from chain.rpc import JsonRpc, Request, parse
from chain.signers.protocol import Signer
from chain.text import ADDRESS_BYTES, address_bytes, checksum, word_bytes, word_text
from chain.tx import Transaction
from domain.calendar import date_of, due_instant
from domain.money import CURRENCIES, Currency
from domain.rules import CN, LedgerParameter, RuleSet

TIMEOUT_S: Final = 30.0
_POLL_INTERVAL_S: Final = 0.005
MINT_LIMIT_PER_DAY_MINOR: Final = 10**15
_GAS_PER_CODE_BYTE: Final = 250
"""200 to store it, the rest for reading it as call data and for running the constructor."""
_GAS_FIXED: Final = 1_000_000
_GAS_WIRING: Final = 300_000
_GAS_ROLES: Final = 6_000_000
_CLOCK_MARGIN_S: Final = 60
"""The first rules take effect this long after the block in which deploying began: later than the last of its
transactions, since a rule cannot be set for the past."""


@dataclass(frozen=True, slots=True)
class DeploymentTerms:
    """What to deploy. `currencies` each get a cash contract with the same daily mint limit.

    `rules` should be those that the API asks before anybody signs: the Rulebook gets what they hold.
    """

    governance: GovernanceAccounts
    currencies: tuple[Currency, ...] = tuple(CURRENCIES.values())
    rules: RuleSet = CN
    mint_limit_per_day_minor: int = MINT_LIMIT_PER_DAY_MINOR
    fees: Fees = ZERO_FEES


@dataclass(frozen=True, slots=True)
class Deployment:
    """The address book, and where the time went."""

    book: AddressBook
    send_ms: float
    check_ms: float


ReachTime = Callable[[int], Awaitable[None]]
"""Returns when a block at or after a timestamp exists; `DevNode.set_time` on a development chain."""


async def deploy(
    rpc_url: str,
    deployer: Signer,
    terms: DeploymentTerms,
    *,
    reach_time: ReachTime | None = None,
    progress: Progress | None = None,
) -> Deployment:
    """Deploy and check. Raises CompileError, DeploymentError and the errors of a node.

    Without `reach_time` this waits, about a minute, until the chain's clock is where the rules take effect.
    """
    build = await asyncio.to_thread(compile_contracts, progress=progress)
    compiled = time.perf_counter()
    rpc = JsonRpc(rpc_url, TIMEOUT_S)
    try:
        deploying = _Deploying(rpc, deployer, terms, build)
        book = await deploying.send()
        sent = time.perf_counter()
        await wiring.check(rpc, book, terms.governance, deployer.address)
        await (reach_time or deploying.wait_for)(deploying.effective)
    finally:
        await rpc.close()
    return Deployment(
        book=book,
        send_ms=(sent - compiled) * 1000,
        check_ms=(time.perf_counter() - sent) * 1000,
    )


class _Deploying:
    """One run: collects transactions with consecutive nonces, then sends them together."""

    def __init__(self, rpc: JsonRpc, deployer: Signer, terms: DeploymentTerms, build: Build) -> None:
        self._rpc = rpc
        self._deployer = deployer
        self._terms = terms
        self._build = build
        self._nonce = 0
        self._chain_id = 0
        self._raw: list[bytes] = []
        self._labels: list[str] = []
        self._hashes: list[str] = []
        self._created: list[tuple[str, str]] = []
        self.effective = 0

    async def send(self) -> AddressBook:
        """Everything up to the last receipt."""
        genesis = await self._look_around()
        addresses = await self._create_contracts()
        cash = await self._create_cash(addresses)
        await self._wire(addresses, cash)
        # One after the other: anvil takes the members of a batch at the same time, and a nonce that it checks
        # while it mines the one before can wait in its pool for ever.
        for raw in self._raw:
            (sent,) = await self._rpc.batch([Request("eth_sendRawTransaction", ("0x" + raw.hex(),))])
            parse(sent, str)
        blocks = await self._receipts()
        entries = await self._entries()
        return AddressBook(
            chain_id=self._chain_id,
            genesis_hash=genesis,
            deployed_block=min(blocks),
            build=self._build.key,
            contracts={name: entries[address] for name, address in addresses.items()},
            cash={currency: entries[address] for currency, address in cash.items()},
        )

    async def wait_for(self, timestamp: int) -> None:
        """Poll until the chain's clock is there."""
        while (await self._header("latest")).timestamp < timestamp:  # noqa: ASYNC110  # HTTP has no event
            await asyncio.sleep(1)

    async def _look_around(self) -> str:
        chain_id, nonce = await self._rpc.batch(
            [
                Request("eth_chainId", ()),
                Request("eth_getTransactionCount", (self._deployer.address, "pending")),
            ]
        )
        self._chain_id = quantity(parse(chain_id, str))
        self._nonce = quantity(parse(nonce, str))
        # of the next block: the newest one of an idle chain may be hours old
        self.effective = (await self._header("pending")).timestamp + _CLOCK_MARGIN_S
        return (await self._header("0x0")).hash

    async def _header(self, tag: str) -> Header:
        (raw,) = await self._rpc.batch([Request("eth_getBlockByNumber", (tag, False))])
        return read_existing_header(raw)

    async def _create_contracts(self) -> dict[str, str]:
        """In the order in which each needs those before it."""
        made: dict[str, str] = {}
        for name, needs in wiring.CONSTRUCTORS.items():
            arguments = [self._deployer.address if need == wiring.DEPLOYER else made[need] for need in needs]
            made[name] = await self._create(name, [address_bytes(address) for address in arguments])
        return made

    async def _create_cash(self, made: dict[str, str]) -> dict[int, str]:
        shared = [address_bytes(made["AccessManager"]), address_bytes(made["Parties"])]
        limit = self._terms.mint_limit_per_day_minor
        return {
            currency.numeric: await self._create(
                "Cash",
                [*shared, currency.numeric, f"Deposit in {currency.code}", f"d{currency.code}", limit],
            )
            for currency in self._terms.currencies
        }

    async def _create(self, contract: str, arguments: Sequence[object]) -> str:
        compiled = self._build.contracts[contract]
        constructor = next(entry for entry in compiled.abi if entry["type"] == "constructor")
        kinds = [entry["type"] for entry in constructor["inputs"]]
        code = abi.encode(compiled.bytecode, kinds, arguments)
        address = create_address(self._deployer.address, self._nonce)
        self._created.append((contract, address))
        await self._add(f"create {contract}", None, code, _GAS_FIXED + _GAS_PER_CODE_BYTE * len(code))
        return address

    async def _wire(self, made: dict[str, str], cash: dict[int, str]) -> None:
        """As administrator without delay; the last transaction maps the roles and gives that up."""
        for label, call in wiring.module_rights(made, cash):
            await self._add(label, call.to, call.data, _GAS_WIRING)
        for param, value, effective in self._rules():
            call = wiring.rule(made, param, value, effective)
            await self._add(f"rule {param}", call.to, call.data, _GAS_WIRING)
        call = wiring.hand_over(made, cash, self._terms.governance, self._deployer.address)
        await self._add("hand over", call.to, call.data, _GAS_ROLES)

    def _rules(self) -> Iterator[tuple[LedgerParameter, int, int]]:
        """(parameter, value, from when): what is in force at the start, then what is known to come."""
        day = date_of(self.effective)
        for parameter, value in self._terms.rules.ledger_values(day).items():
            yield parameter, value, self.effective
        for parameter, dated in self._terms.rules.ledger_changes(day):
            yield parameter, dated.value, due_instant(dated.effective)

    async def _add(self, label: str, to: str | None, data: bytes, gas: int) -> None:
        transaction = Transaction(
            chain_id=self._chain_id, nonce=self._nonce, to=to, data=data, gas=gas, fees=self._terms.fees
        )
        signed = await self._deployer.sign_transaction(transaction)
        self._nonce += 1
        self._raw.append(signed.raw)
        self._labels.append(label)
        self._hashes.append(signed.hash)

    async def _receipts(self) -> list[int]:
        """Block of each transaction, once all are mined. Raises DeploymentError for one that failed."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                while len(receipts := await self._mined()) < len(self._hashes):  # noqa: ASYNC110
                    await asyncio.sleep(_POLL_INTERVAL_S)
        except TimeoutError:
            raise DeploymentError(f"the chain did not mine the deployment in {TIMEOUT_S:.0f} s") from None
        for label, receipt in zip(self._labels, receipts, strict=True):
            if not receipt.succeeded:
                raise DeploymentError(f"{label} failed", values={"step": label})
        return [receipt.block_number for receipt in receipts]

    async def _mined(self) -> list[MinedReceipt]:
        """Receipts of the transactions that are in a block."""
        raw_receipts = await self._rpc.batch(
            [Request("eth_getTransactionReceipt", (hashed,)) for hashed in self._hashes]
        )
        return [receipt for raw in raw_receipts if (receipt := read_receipt(raw)) is not None]

    async def _entries(self) -> dict[str, ContractEntry]:
        """Address → entry, the code on the chain compared with the compiler's."""
        codes = await self._rpc.batch(
            [Request("eth_getCode", (address, "latest")) for _, address in self._created]
        )
        entries: dict[str, ContractEntry] = {}
        for (contract, address), raw in zip(self._created, codes, strict=True):
            code = word_bytes(parse(raw, str))
            if not self._build.contracts[contract].is_code(code):
                raise DeploymentError(f"{address} does not have the code of {contract}")
            entries[address] = ContractEntry(address=address, code_hash=word_text(keccak(code)))
        return entries


def create_address(deployer: str, nonce: int) -> str:
    """Address of the contract that a transaction creates: last 20 bytes of keccak(rlp([sender, nonce]))."""
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8)
    # RLP: a byte below 0x80 stands for itself, anything else has its length before it
    tail = number if 0 < nonce < 0x80 else bytes([0x80 + len(number)]) + number
    items = bytes([0x80 + ADDRESS_BYTES]) + address_bytes(deployer) + tail
    return checksum(keccak(bytes([0xC0 + len(items)]) + items)[-ADDRESS_BYTES:])
