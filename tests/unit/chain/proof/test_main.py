from pathlib import Path

import msgspec
import pytest

from chain.proof.__main__ import main
from chain.proof.evidence import log_evidence
from chain.proof.qbft import HashRule
from tests.support.blocks import hashed, made_block, made_log, made_receipt
from tests.support.seals import Validators, sealed

VALIDATORS = Validators(4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    receipts = [made_receipt([made_log(hashed(1))])]
    _, counted = made_block(receipts)
    block = sealed(VALIDATORS, [VALIDATORS.key(one) for one in VALIDATORS.addresses], receipts=receipts)
    path = tmp_path / "evidence.json"
    path.write_bytes(msgspec.json.encode(log_evidence(block, counted, 0, HashRule.QBFT)))
    return path


def test_evidence_that_holds_is_told_with_what_it_proves(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--validators", *VALIDATORS.addresses]) == 0
    said = msgspec.json.decode(capsys.readouterr().out)
    assert (said["topics"], said["sealers"]) == ([hashed(1)], list(VALIDATORS.addresses))
    assert main([str(file), "--block-hash", said["blockHash"]]) == 0


def test_evidence_that_does_not_hold_ends_with_one_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--block-hash", hashed("other")]) == 1
    assert capsys.readouterr().err.startswith("not proven: block 7: block hash: expected 0x")
    file.write_text("{}")
    assert main([str(file), "--block-hash", hashed("other")]) == 1
    file.unlink()
    assert main([str(file), "--block-hash", hashed("other")]) == 1


def test_somebody_has_to_be_trusted(file: Path) -> None:
    with pytest.raises(SystemExit):
        main([str(file)])
