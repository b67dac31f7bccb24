"""Everything that can go wrong between us and the chain, each with a stable code.

    ChainError
    ├── NodeError                    chain.node
    │   ├── NodeUnavailable          chain.node_unavailable      no connection, time-out, HTTP status
    │   ├── NodeRejected             chain.node_rejected         the node answered with a JSON-RPC error
    │   │   ├── NonceTooLow          chain.nonce_too_low         the nonce is used: look for the receipt
    │   │   ├── AlreadyKnown         chain.already_known         the same transaction is in the pool
    │   │   └── Underpriced          chain.underpriced           the pool has that nonce at no lower fee
    │   └── MalformedAnswer          chain.malformed_answer      an answer that is not what the protocol says
    │       └── BlockNotSealed       chain.block_not_sealed      a block without the seals that make it final
    ├── WrongChain                   chain.wrong_chain           chain id, genesis or code is not the book's
    ├── ContractReverted             chain.contract_reverted     the contract's own error with its values
    ├── DecodeError                  chain.decode                words that are not what the ABI says
    │   └── UnknownEvent             chain.unknown_event         a topic our contracts do not have
    ├── ProofError                   chain.proof
    │   ├── ProofMalformed           chain.proof_malformed     bytes or text that are no RLP, node, receipt, …
    │   ├── ProofMismatch            chain.proof_mismatch      something recomputed is not what is stated
    │   └── SealsInsufficient        chain.proof_seals         not signed by enough validators, or by others
    ├── AddressBookError             chain.address_book
    ├── CompileError                 chain.compile
    ├── DeploymentError              chain.deployment
    ├── DevNodeError                 chain.devnode
    └── SignerError                  chain.signer

Errors of libraries (web3, aiohttp, eth_abi, solcx) are translated once, where the call is made, and stay the
cause.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from chain.bindings.errors import ERRORS, ErrorShape
from chain.text import checksum

SELECTOR_BYTES = 4
NESTING_MAX = 4
"""How deep `bytes` values are opened as errors: our contracts nest once, a hostile one might nest for ever.
"""

SHOWN_MAX = 256
"""Characters of a value that a message shows; `values` has it whole."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class ChainError(Exception):
    """A failure with the values behind it, so that a caller can answer by name and not by text."""

    code: ClassVar[str] = "chain.error"

    def __init__(self, message: str, *, values: Mapping[str, object] | None = None) -> None:
        # nodes quote revert data in their messages, and PostgreSQL stores no text with a NUL in it
        self.message = message.replace("\x00", _REPLACEMENT)
        super().__init__(self.message)
        self.values: dict[str, object] = dict(values or {})


class NodeError(ChainError):
    code = "chain.node"


class NodeUnavailable(NodeError):
    code = "chain.node_unavailable"


class NodeRejected(NodeError):
    code = "chain.node_rejected"


class NonceTooLow(NodeRejected):
    code = "chain.nonce_too_low"


class AlreadyKnown(NodeRejected):
    code = "chain.already_known"


class Underpriced(NodeRejected):
    code = "chain.underpriced"


class MalformedAnswer(NodeError):
    code = "chain.malformed_answer"


class BlockNotSealed(MalformedAnswer):
    code = "chain.block_not_sealed"


class WrongChain(ChainError):
    code = "chain.wrong_chain"


class DecodeError(ChainError):
    code = "chain.decode"


class UnknownEvent(DecodeError):
    code = "chain.unknown_event"


class ProofError(ChainError):
    code = "chain.proof"


class ProofMalformed(ProofError):
    code = "chain.proof_malformed"


class ProofMismatch(ProofError):
    """What was recomputed is not what is stated; `values` has `where`, `what`, `expected` and `found`."""

    code = "chain.proof_mismatch"

    def __init__(self, where: str, what: str, *, expected: object, found: object) -> None:
        super().__init__(
            f"{where}: {what}: expected {_shortened(expected)}, found {_shortened(found)}",
            values={"where": where, "what": what, "expected": expected, "found": found},
        )


class SealsInsufficient(ProofError):
    code = "chain.proof_seals"


class AddressBookError(ChainError):
    code = "chain.address_book"


class CompileError(ChainError):
    code = "chain.compile"


class DeploymentError(ChainError):
    code = "chain.deployment"


class DevNodeError(ChainError):
    code = "chain.devnode"


class SignerError(ChainError):
    code = "chain.signer"


class ContractReverted(ChainError):
    """A contract refused: `name` and `values` as the contract declares them, `data` as it came.

    `name` is `Error` for a reason string, `Panic` for a failed check of the compiler, `Unknown` for a
    selector that no contract of ours has, and `Empty` when the contract said nothing.
    """

    code = "chain.contract_reverted"

    def __init__(self, name: str, values: Mapping[str, object], data: bytes) -> None:
        shown = ", ".join(f"{key}={value}" for key, value in values.items())
        super().__init__(f"{name}({shown})", values=values)
        self.name = name
        self.data = data

    @property
    def selector(self) -> str:
        """First four bytes of the revert data as hex; empty when the contract said nothing."""
        return "0x" + self.data[:SELECTOR_BYTES].hex() if self.data else ""


@dataclass(frozen=True, slots=True)
class _Standard:
    shape: ErrorShape
    selector: bytes


_ERROR = _Standard(ErrorShape("Error", (("message", "string"),)), bytes.fromhex("08c379a0"))
_PANIC = _Standard(ErrorShape("Panic", (("code", "uint256"),)), bytes.fromhex("4e487b71"))
_SHAPES = {**ERRORS, _ERROR.selector: _ERROR.shape, _PANIC.selector: _PANIC.shape}


def decode_revert(data: bytes) -> ContractReverted:
    """Name the error in revert data; never raises, since the node may answer with anything.

    Addresses become checksummed text, words and bytes become 0x text, and a `bytes` value that is itself an
    error (a reason passed on) becomes `{"name": …, "values": …}`.
    """
    return _decode(data, 0)


def _decode(data: bytes, depth: int) -> ContractReverted:
    if not data:
        return ContractReverted("Empty", {}, data)
    shape = _SHAPES.get(data[:SELECTOR_BYTES])
    if shape is None:
        return ContractReverted("Unknown", {"data": "0x" + data.hex()}, data)
    from chain import dynamic

    try:
        decoded = dynamic.decode([kind for _, kind in shape.arguments], data[SELECTOR_BYTES:])
    except DecodeError:
        return ContractReverted("Unknown", {"data": "0x" + data.hex()}, data)
    values = {
        name: _presentable(kind, value, depth)
        for (name, kind), value in zip(shape.arguments, decoded, strict=True)
    }
    return ContractReverted(shape.name, values, data)


def _shortened(value: object) -> str:
    """A bloom has 514 characters, and a line of a log is read by people."""
    text = str(value)
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _presentable(kind: str, value: object, depth: int) -> object:
    if kind == "address" and isinstance(value, bytes):
        return checksum(value)
    if isinstance(value, str):
        return value.replace("\x00", _REPLACEMENT)
    if isinstance(value, bytes):
        if kind == "bytes" and value[:SELECTOR_BYTES] in _SHAPES and depth < NESTING_MAX:
            nested = _decode(value, depth + 1)
            return {"name": nested.name, "values": nested.values}
        return "0x" + value.hex()
    return value
