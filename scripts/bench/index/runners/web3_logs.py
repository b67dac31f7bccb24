"""What a plain script does: web3.py's get_logs and process_log, range by range, into no database."""

import time
from typing import Any, Final

from web3 import HTTPProvider, Web3

from scripts.bench.index.task import Answer, Task

BLOCKS_A_RANGE: Final = 160

_FIELDS: Final = (
    ("id", "uint64", True),
    ("party", "address", True),
    ("evidence", "bytes32", True),
    ("amount", "uint64", False),
    ("seq", "uint64", False),
    ("due", "uint40", False),
    ("currency", "uint16", False),
)
_ABI: Final[list[dict[str, Any]]] = [
    {
        "type": "event",
        "name": "Recorded",
        "anonymous": False,
        "inputs": [{"name": name, "type": kind, "indexed": indexed} for name, kind, indexed in _FIELDS],
    }
]


def main() -> None:
    """See the package."""
    task = Task.given()
    book = task.read_book()
    web3 = Web3(HTTPProvider(task.rpc_url))
    address = book.address("Ledger")
    event: Any = web3.eth.contract(address=Web3.to_checksum_address(address), abi=_ABI).events.Recorded()
    started = time.perf_counter()
    amount = 0
    for first in range(book.deployed_block, task.through + 1, BLOCKS_A_RANGE):
        last = min(first + BLOCKS_A_RANGE - 1, task.through)
        logs = web3.eth.get_logs(
            {"fromBlock": first, "toBlock": last, "address": Web3.to_checksum_address(address)}
        )
        for log in logs:
            amount += event.process_log(log)["args"]["amount"]
    seconds = time.perf_counter() - started
    Answer({"all": seconds}, amount).say()


if __name__ == "__main__":
    main()
