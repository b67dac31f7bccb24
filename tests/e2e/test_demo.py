"""The whole story, as a newcomer starts it."""

import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.tally import REAL_INVOICES, last_json, tally

pytestmark = pytest.mark.slow


def _require_proven(document: dict[str, Any]) -> None:
    assert document["mirror_equals_chain"] is True
    assert document["cash_supply_equals_balances"] is True
    assert document["differences"] == []
    assert document["duplicates_refused"] >= 3
    for currency, face in document["face_total"].items():
        owed = Decimal(face) + Decimal(document["interest_total"][currency])
        assert (
            owed == Decimal(document["paid_total"][currency]) == Decimal(document["claimed_total"][currency])
        )


@pytest.fixture(scope="module")
def samples_story() -> subprocess.CompletedProcess[str]:
    done = tally("demo", "--json")
    assert done.returncode == 0, done.stderr
    return done


def test_the_story_on_our_own_samples_is_proven_and_summed_up_in_the_last_line(
    samples_story: subprocess.CompletedProcess[str],
) -> None:
    done = samples_story
    document = last_json(done)
    _require_proven(document)
    assert len(done.stdout.splitlines()) == 1
    assert document["invoices_read"] == 10
    assert document["invoices_refused"] == {"BR-CO-16": 1, "credit-note": 1, "prepayment": 1}
    assert document["not_issued"] == {}
    assert document["extensions"] == 8
    assert document["receivables"] == 10
    assert document["lots"] == 17
    assert document["financings"] == 4
    assert document["face_total"] == {"CNY": "12375721.51", "EUR": "114915.30"}
    assert document["interest_total"] == {"CNY": "5922.48", "EUR": "0.00"}
    assert document["cash_ms_p95"] > document["cash_ms_p50"] * 0.5 > 0
    assert document["story_seconds"] > 0


def test_the_trace_of_the_story_leads_from_an_invoice_to_the_bank_that_was_paid(
    samples_story: subprocess.CompletedProcess[str],
) -> None:
    trace = last_json(samples_story)["trace"]
    assert [hop["cause"] for hop in trace["path"]] == ["issue", "assign", "assign", "finance"]
    assert trace["invoices"][0]["number"] == "NBHS-2026-0377"
    assert trace["path"][-1]["to_party"] == trace["payee"]
    assert "银行" in trace["payee"]["name"]


@pytest.mark.skipif(not REAL_INVOICES.is_dir(), reason="no real invoices beside this checkout")
def test_the_story_on_real_invoices_keeps_their_currencies_and_refuses_by_rule() -> None:
    done = tally("demo", "--json", INVOICES=str(REAL_INVOICES))
    assert done.returncode == 0, done.stderr
    document = last_json(done)
    _require_proven(document)
    files = len(list(REAL_INVOICES.rglob("*.xml")))
    assert document["invoices_read"] + sum(document["invoices_refused"].values()) == files
    assert set(document["face_total"]) == {"DKK", "EUR", "NOK", "SEK", "USD"}
    assert {"credit-note", "payable-not-positive", "prepayment", "invoice-duplicate"} <= set(
        document["invoices_refused"]
    )
    assert document["receivables"] == document["invoices_read"] - sum(document["not_issued"].values())


def test_without_json_the_story_is_told_on_standard_output_in_both_languages(tmp_path: Path) -> None:
    samples = Path(__file__).parents[2] / "scripts" / "samples"
    for name in ("05-donghai-small.xml", "refused-credit-note.xml"):
        (tmp_path / name).write_bytes((samples / name).read_bytes())
    done = tally("demo", "--invoices", tmp_path)
    assert done.returncode == 0, done.stderr
    for words in ("Admission 准入", "1 refused 已拒绝", "credit-note", "CNY 10,000.01", "镜像与链上一致"):
        assert words in done.stdout
