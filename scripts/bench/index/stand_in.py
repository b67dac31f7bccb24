"""A stand-in for a node, for volume only: the flat load as anvil would tell it, from arithmetic.

anvil keeps some kilobytes an event in memory, ten million of them no machine has. What the mirror asks for
(blocks, logs, code) is answered in the spelling of a node, block by block as it is asked, so the mirror runs
all of its own code. Nothing here executes or proves anything.
"""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, Final

import msgspec
from typing_extensions import override

from chain.address_book import AddressBook, ContractEntry
from chain.keccak import keccak
from chain.text import checksum, word_text
from scripts.bench.index.flat import IDS, PARTIES, Recorded, Size

CHAIN_ID: Final = 31_337
CONTRACT: Final = checksum(bytes.fromhex("f1a7" * 10))
DEPLOYED: Final = 1
FIRST: Final = DEPLOYED + 1
"""The first block with events."""

_CODE: Final = "0xf1a7"
_SCATTER: Final = 0x9E3779B97F4A7C15F39CC0605CEDC8341082276BF3A27251F86C6A11D0C18E95
_GENESIS_S: Final = 1_700_000_000
_BLOCK_S: Final = 2

_LOG: Final = (
    '{"address":"%s","topics":["%s","0x%064x","0x%064x","0x%064x"],"data":"0x%064x%064x%064x%064x",'
    '"blockHash":"%s","blockNumber":"%s","blockTimestamp":"%s","transactionHash":"%s",'
    '"transactionIndex":"0x0","logIndex":"%s","removed":false}'
)
_BLOCK: Final = (
    '{"number":"%s","hash":"%s","parentHash":"%s","timestamp":"%s","logsBloom":"0x%0512x",'
    '"gasLimit":"0x2540be400","gasUsed":"0x989680","transactions":["%s"]}'
)


def book() -> AddressBook:
    """Where the load is said to come from."""
    entry = ContractEntry(CONTRACT, word_text(keccak(bytes.fromhex(_CODE[2:]))))
    return AddressBook(
        chain_id=CHAIN_ID,
        genesis_hash=_hash(0),
        deployed_block=DEPLOYED,
        build="bench",
        contracts={"Ledger": entry},
        cash={},
    )


class Handler(BaseHTTPRequestHandler):
    """Answers a batch of JSON-RPC over a connection that is kept; `size` is set by who serves it."""

    protocol_version = "HTTP/1.1"
    size: Size

    def do_POST(self) -> None:  # the name that http.server looks for
        """One batch."""
        asked = msgspec.json.decode(self.rfile.read(int(self.headers["content-length"])))
        members = (f'{{"jsonrpc":"2.0","id":{one["id"]},"result":{self._result(one)}}}' for one in asked)
        body = f"[{','.join(members)}]".encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:  # the base class names it so
        """Nobody reads it."""

    def _result(self, request: dict[str, Any]) -> str:
        params = request["params"]
        match request["method"]:
            case "eth_getBlockByNumber":
                return _block(int(params[0], 16))
            case "eth_getLogs":
                return f"[{','.join(_logs(self.size, params[0]))}]"
            case "eth_blockNumber":
                return f'"{DEPLOYED + self.size.blocks:#x}"'
            case "eth_chainId":
                return f'"{CHAIN_ID:#x}"'
            case "eth_getCode":
                return f'"{_CODE}"'
        raise ValueError(f"a stand-in knows nothing of {request['method']}")


def _logs(size: Size, wanted: dict[str, Any]) -> Iterator[str]:
    address, topic = CONTRACT.lower(), word_text(Recorded.TOPIC0)
    for block in range(max(FIRST, int(wanted["fromBlock"], 16)), int(wanted["toBlock"], 16) + 1):
        begin = (block - FIRST) * size.events_a_block
        place = _hash(block), hex(block), hex(_time(block)), _hash(-block)
        for index in range(min(size.events_a_block, size.events - begin)):
            number = begin + index
            said = (
                1 + number * 7_919 % IDS,
                0xA11CE0000 + number * 31 % PARTIES,
                number << 128,
                1 + number * 104_729 % 1_000_000,
                number // IDS,
                1_800_000_000 + number,
                156,
            )
            yield _LOG % (address, topic, *said, *place, hex(index))


def _block(number: int) -> str:
    spelt = hex(number), _hash(number), _hash(number - 1), hex(_time(number))
    return _BLOCK % (*spelt, 1 if number >= FIRST else 0, _hash(-number))


def _time(block: int) -> int:
    return _GENESIS_S + block * _BLOCK_S


def _hash(number: int) -> str:
    """Scattered like a hash; those of transactions have negative numbers."""
    return f"0x{(number + 1) * _SCATTER % (1 << 256):064x}"
