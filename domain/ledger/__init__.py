"""A reference model of the ledger: the same commands, the same books, the same refusals, without any chain.

`apply(state, command, now_s)` gives the books after a command and what the ledger emits, or raises
`LedgerRefusal` with the name and the values of the Solidity error, checked in the order of the contracts.
The arithmetic is that of `domain.lots`, `domain.settlement` and `domain.pricing`; none is written twice.

Left to the contracts: how signatures are encoded and recovered (a command says which keys signed), EIP-712
digests (a command brings them), gas, the rights of modules, and changes of signers, roles and rules.
"""

from domain.ledger.apply import apply
from domain.ledger.refusal import LedgerRefusal, Refusal
from domain.ledger.state import LedgerState

__all__ = ["LedgerRefusal", "LedgerState", "Refusal", "apply"]
