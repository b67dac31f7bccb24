"""What `tally index` asks of every block, by its settings and its option."""

from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from indexer.sealing import NO_PROOFS, Proofs
from scripts.verbs.index import _proofs

VALIDATORS = ["0x" + "01" * 20, "0x" + "02" * 20]


def settings(**given: Any) -> Settings:
    return Settings(
        _env_file=None,
        app_database_url="sqlite+aiosqlite:///app.db",
        mirror_database_url="sqlite+aiosqlite:///mirror.db",
        rpc_url="http://127.0.0.1:8545",
        address_book=Path("book.json"),
        **given,
    )


SEALED = {"validators": " ".join(VALIDATORS), "block_hash_rule": "qbft"}


@pytest.mark.parametrize(
    ("given", "verify", "expected"),
    [
        ({}, False, NO_PROOFS),
        (SEALED, False, NO_PROOFS),
        ({}, True, Proofs(receipts=True, validators=[])),
        ({"mirror_verify": True}, False, Proofs(receipts=True, validators=[])),
        (SEALED, True, Proofs(receipts=True, validators=VALIDATORS)),
        (SEALED | {"mirror_verify": True}, False, Proofs(receipts=True, validators=VALIDATORS)),
    ],
)
def test_seals_are_asked_for_with_verify_and_validators_only(
    given: dict[str, Any], verify: bool, expected: Proofs
) -> None:
    assert _proofs(settings(**given), verify=verify) == expected
