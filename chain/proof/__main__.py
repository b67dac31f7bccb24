"""Checks evidence of a log without a node: `python -m chain.proof FILE --block-hash 0x…`, or `--validators`.

Writes what is proven as JSON. Ends with 1 and one line on standard error where the evidence does not hold.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from chain.errors import ProofError
from chain.proof.evidence import TrustedHash, TrustedValidators, read_evidence, verify_log_evidence


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 proven, 1 not."""
    parser = argparse.ArgumentParser(prog="python -m chain.proof", description="check evidence of a log")
    parser.add_argument("evidence", type=Path, help="a file with the evidence as JSON")
    trust = parser.add_mutually_exclusive_group(required=True)
    trust.add_argument("--block-hash", help="the hash of the block, from where you trust it")
    trust.add_argument("--validators", nargs="+", help="addresses of the validators at that block")
    given = parser.parse_args(arguments)
    trusted = (
        TrustedHash(given.block_hash) if given.block_hash else TrustedValidators(frozenset(given.validators))
    )
    try:
        proven = verify_log_evidence(read_evidence(given.evidence.read_bytes()), trusted)
    except (ProofError, OSError) as error:
        sys.stderr.write(f"not proven: {error}\n")
        return 1
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(proven)).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
